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
  const title = createTitleReader()
  const entry = createEnclosure((_, attributes) => isRoot(attributes) && !hasClass(attributes, 'h-card'))
  const inner = createEnclosure(
    (_, attributes) => isRoot(attributes) && (entry.isInside || hasClass(attributes, 'h-card')),
  )
  const name = createRegion((_, attributes) => !inner.isInside && hasClass(attributes, 'p-name'))
  const page = createRegion(null, besidesText)
  const marked = [
    ['.e-content', createRegion((_, attributes) => hasClass(attributes, 'e-content'))],
    ['<article>', createRegion((element) => element === 'article', besidesText)],
    ['<main>', createRegion((element) => element === 'main', besidesText)],
  ] as const
  const regions = [name, page, ...marked.map(([, region]) => region)]
  const parts: HtmlHandler[] = [head, title, inner, entry]
  const reader: HtmlHandler = {
    startTag(element, attributes, selfClosing) {
      for (const part of parts) part.startTag?.(element, attributes, selfClosing)
      const tag = tagOf(element, attributes, head.base())
      for (const region of regions) region.startTag(element, attributes, tag)
    },
    endTag(element) {
      for (const part of [inner, entry, ...regions]) part.endTag(element)
    },
    text(piece) {
      const escaped = escapeHtml(piece)
      for (const region of regions) region.write(escaped)
    },
    rawText: title.rawText,
  }
  tokenizeHtml(text, without(isForeign, reader))
  const [mainText, region] = marked.find(([, { isFound }]) => isFound()) ?? (['page', page] as const)
  const own = region.html()
  const address = head.canonicalUrl()
  const named = head.property('og:title') || toPlainText(name.html()) || title.read() || address
  return {
    url: address,
    title: cutText(named, longestTitle),
    excerpt: cutText(head.property('og:description'), longestExcerpt) || makeExcerpt(own),
    blogName: cutText(head.property('og:site_name'), longestTitle) || new URL(address).host,
    html: own,
    mainText,
  }
}

/** What others wrote, and what the author cites. */
function isForeign(element: string, attributes: HtmlAttributes): boolean {
  if (isUserContent(element, attributes)) return true
  return hasClass(attributes, 'h-cite') && !classesOf(attributes).some((name) => context.test(name))
}

function isRoot(attributes: HtmlAttributes): boolean {
  return classesOf(attributes).some((name) => microformat.test(name))
}

/** Gathers what is in the first element that passes a test, or in the page, but for elements of these names. */
function createRegion(isMine: ElementTest | null, leftOut = /^$/) {
  let isFound = false
  let html = ''
  const own = createEnclosure((...tag) => {
    const isFirst = !isFound && !isVoid(tag[0]) && isMine?.(...tag) === true
    isFound ||= isFirst
    return isFirst
  })
  const isInside = (): boolean => isMine === null || own.isInside
  const outside = createEnclosure((element) => leftOut.test(element))
  return {
    isFound: () => isFound,
    html: () => html,
    startTag(element: string, attributes: HtmlAttributes, tag: string): void {
      if (isInside() && !outside.startTag(element, attributes)) html += tag
      own.startTag(element, attributes)
    },
    endTag(element: string): void {
      own.endTag(element)
      if (isInside() && !outside.endTag(element)) html += `</${element}>`
    },
    write(text: string): void {
      if (isInside() && !outside.isInside) html += text
    },
  }
}

/** Gathers what the head of a page says. */
function createHead(address: string) {
  const pageUrl = new URL(address)
  pageUrl.hash = ''
  const properties = new Map<string, string>()
  let baseUrl: string | undefined
  let canonical: string | undefined
  /** What relative URLs begin at. */
  const base = (): string => baseUrl ?? pageUrl.href
  return {
    base,
    startTag(element: string, attributes: HtmlAttributes): void {
      const value = (name: string): string => attributes.get(name) ?? ''
      if (element === 'base') baseUrl ??= parseUrl(value('href'), pageUrl.href)?.href
      if (element === 'link' && relations(value('rel')).includes('canonical')) canonical ??= value('href')
      const name = element === 'meta' ? value('property').toLowerCase() : ''
      if (name !== '' && !properties.has(name)) properties.set(name, value('content'))
    },
    property: (name: string): string => cleanText(properties.get(name) ?? ''),
    canonicalUrl(): string {
      const url = parseUrl(canonical ?? '', base())
      return url?.host === pageUrl.host ? url.href : pageUrl.href
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
