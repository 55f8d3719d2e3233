import { relations } from '../protocol/link.js'
import { parseUrl } from '../protocol/url.js'
import { decodeDocument } from '../text/charset/document.js'
import { escapeAttribute, escapeHtml } from '../text/escape.js'
import { cutText, makeExcerpt } from '../text/excerpt.js'
import { type HtmlAttributes, type HtmlHandler, tokenizeHtml } from '../text/html.js'
import { cleanText, toPlainText } from '../text/plain.js'
import { createTitleReader } from '../text/title.js'
import { createEnclosure, type ElementTest, isUserContent, isVoid, without } from '../text/user-content.js'

/** What the page of a post says about the post: what `announce` takes, without an id. Plain text, except `html`. */
export interface PostPage {
  /** The canonical URL if it is on the page's own host, else the page's URL. */
  readonly url: string
  /** `og:title`, else the `p-name` of microformats, else the page's `<title>`, else the URL. */
  readonly title: string
  /** `og:description`, else the beginning of the main text. */
  readonly excerpt: string
  /** `og:site_name`, else the host. */
  readonly blogName: string
  /** The main text, reduced to links, blocks and text; its URLs are absolute. */
  readonly html: string
  /** Where the main text was found. */
  readonly mainText: MainText
}

/** The element that holds the main text; `page` if none marks it. */
export type MainText = '.e-content' | '<article>' | '<main>' | 'page'

const longestTitle = 250
const longestExcerpt = 500
const besidesText = /^(?:header|h1|nav|aside|footer)$/
// The names of microformats, not all that begins so: `h-full` is a height.
const microformat = /^h-(?:adr|app|card|cite|entry|event|geo|item|listing|product|recipe|resume|review)$/
// What the post answers, likes or repeats is quoted by its author.
const context = /^u-(?:in-reply-to|[a-z]+-of)$/

/**
 * Reads the page of a post, for sites that have only pages: what it returns can be announced. The main text is the first
 * `.e-content` of microformats, else the first `<article>`, else the first `<main>`, else the whole page. Of the last
 * three, headers, navigation, asides and footers are left out. Text by others is left out everywhere: comments,
 * trackbacks, citations (`h-cite`), links with `rel="ugc"`. Bytes are decoded by `contentType` and the page's own
 * declarations. Pure and linear; throws only a `TypeError`, if `url` is invalid.
 *
 * ```ts
 * const page = readPostPage(await readFile('dist/hello.html'), { url: 'https://my.blog/hello' })
 * await sender.announce({ id: page.url, ...page })
 * ```
 */
export function readPostPage(
  html: string | Uint8Array,
  { url, contentType }: { readonly url: string; readonly contentType?: string | null | undefined },
): PostPage {
  const text = typeof html === 'string' ? html : decodeDocument(html, { kind: 'html', contentType }).text
  const head = createHead(url)
  const entry = createEnclosure((_, attributes) => isRoot(attributes) && !hasClass(attributes, 'h-card'))
  const inner = createEnclosure(
    (_, attributes) => isRoot(attributes) && (entry.isInside || hasClass(attributes, 'h-card')),
  )
  const name = createRegion((_, attributes) => !inner.isInside && hasClass(attributes, 'p-name'))
  // A page without a `<body>` tag: nothing is left out of it.
  const whole = createRegion(null)
  const texts = [
    ['.e-content', createRegion((_, attributes) => hasClass(attributes, 'e-content'))],
    ['<article>', createRegion((element) => element === 'article', besidesText)],
    ['<main>', createRegion((element) => element === 'main', besidesText)],
    ['page', createRegion((element) => element === 'body', besidesText)],
  ] as const
  const regions = [name, whole, ...texts.map(([, region]) => region)]
  const reader: HtmlHandler = {
    startTag(element, attributes) {
      head.startTag(element, attributes)
      inner.startTag(element, attributes)
      entry.startTag(element, attributes)
      const tag = tagOf(element, attributes, head.baseOf())
      for (const region of regions) region.startTag(element, attributes, tag)
    },
    endTag(element) {
      inner.endTag(element)
      entry.endTag(element)
      for (const region of regions) region.endTag(element)
    },
    text(text) {
      const escaped = escapeHtml(text)
      for (const region of regions) region.write(escaped)
    },
    rawText: head.rawText,
  }
  tokenizeHtml(text, without(isForeign, reader))
  const [mainText, region] = texts.find(([, { isFound }]) => isFound()) ?? (['page', whole] as const)
  const own = region.html()
  return { ...head.page(toPlainText(name.html()), own), html: own, mainText }
}

/** What others wrote, and what the author cites. */
function isForeign(element: string, attributes: HtmlAttributes): boolean {
  if (isUserContent(element, attributes)) return true
  return hasClass(attributes, 'h-cite') && !classesOf(attributes).some((name) => context.test(name))
}

function isRoot(attributes: HtmlAttributes): boolean {
  return classesOf(attributes).some((name) => microformat.test(name))
}

/** Gathers the first element of a page that passes a test, or all of the page, with what is in it. */
function createRegion(isMine: ElementTest | null, leftOut: RegExp | null = null) {
  let own: string | null = null
  /** How many elements of its own name are open, it included; 0 before it and after it. */
  let depth = isMine === null ? 1 : 0
  /** How many elements that are left out are open. */
  let outside = 0
  let html = ''
  const write = (text: string): void => {
    if (depth > 0 && outside === 0) html += text
  }
  return {
    html: () => html,
    isFound: () => own !== null,
    write,
    startTag(element: string, attributes: HtmlAttributes, tag: string): void {
      if (own === null && !isVoid(element) && isMine?.(element, attributes)) {
        own = element
        depth = 1
      } else if (depth > 0) {
        if (own === element) depth += 1
        if (leftOut?.test(element)) outside += 1
        write(tag)
      }
    },
    endTag(element: string): void {
      if (depth === 0) return
      if (own === element) depth -= 1
      write(`</${element}>`)
      if (outside > 0 && leftOut?.test(element)) outside -= 1
    },
  }
}

/** Gathers what the head of a page says. */
function createHead(address: string) {
  const pageUrl = new URL(address)
  pageUrl.hash = ''
  const properties = new Map<string, string>()
  const titleReader = createTitleReader()
  let base: string | undefined
  let canonical: string | undefined

  /** What relative URLs begin at. */
  const baseOf = (): string => base ?? pageUrl.href
  const property = (name: string): string => cleanText(properties.get(name) ?? '')

  function canonicalUrl(): string {
    const url = parseUrl(canonical ?? '', baseOf())
    return url?.host === pageUrl.host ? url.href : pageUrl.href
  }

  return {
    baseOf,
    rawText: titleReader.rawText,
    startTag(element: string, attributes: HtmlAttributes): void {
      const value = (name: string): string => attributes.get(name) ?? ''
      titleReader.startTag(element, attributes, false)
      if (element === 'base') base ??= parseUrl(value('href'), pageUrl.href)?.href
      if (element === 'link' && relations(value('rel')).includes('canonical')) canonical ??= value('href')
      const name = element === 'meta' ? value('property').toLowerCase() : ''
      if (name !== '' && !properties.has(name)) properties.set(name, value('content'))
    },
    page(name: string, mainText: string): Pick<PostPage, 'url' | 'title' | 'excerpt' | 'blogName'> {
      const url = canonicalUrl()
      return {
        url,
        title: cutText(property('og:title') || name || titleReader.read() || url, longestTitle),
        excerpt: cutText(property('og:description'), longestExcerpt) || makeExcerpt(mainText),
        blogName: cutText(property('og:site_name'), longestTitle) || new URL(url).host,
      }
    },
  }
}

function hasClass(attributes: HtmlAttributes, name: string): boolean {
  return classesOf(attributes).includes(name)
}

function classesOf(attributes: HtmlAttributes): string[] {
  return attributes.get('class')?.split(/\s+/) ?? []
}

/** A tag with its link, if it has one, and nothing else. */
function tagOf(element: string, attributes: HtmlAttributes, base: string): string {
  const attribute =
    element === 'a' ? 'href' : element === 'blockquote' || element === 'q' ? 'cite' : undefined
  const url = attribute && attributes.get(attribute)
  if (url === undefined) return `<${element}>`
  return `<${element} ${attribute}="${escapeAttribute(parseUrl(url, base)?.href ?? url)}">`
}
