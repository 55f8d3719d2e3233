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
  const head = new Head(url)
  const entry = createEnclosure((_, attributes) => isRoot(attributes) && !hasClass(attributes, 'h-card'))
  const inner = createEnclosure(
    (_, attributes) => isRoot(attributes) && (entry.isInside || hasClass(attributes, 'h-card')),
  )
  const name = new Region((_, attributes) => !inner.isInside && hasClass(attributes, 'p-name'))
  // A page without a `<body>` tag: nothing is left out of it.
  const whole = new Region(null)
  const texts: readonly (readonly [MainText, Region])[] = [
    ['.e-content', new Region((_, attributes) => hasClass(attributes, 'e-content'))],
    ['<article>', new Region((element) => element === 'article', besidesText)],
    ['<main>', new Region((element) => element === 'main', besidesText)],
    ['page', new Region((element) => element === 'body', besidesText)],
  ]
  const regions = [name, whole, ...texts.map(([, region]) => region)]
  const reader: HtmlHandler = {
    startTag(element, attributes) {
      head.startTag(element, attributes)
      inner.startTag(element, attributes)
      entry.startTag(element, attributes)
      const tag = tagOf(element, attributes, head.base)
      for (const region of regions) region.startTag(element, attributes, tag)
    },
    endTag(element) {
      inner.endTag(element)
      entry.endTag(element)
      for (const region of regions) region.endTag(element)
    },
    text(text) {
      for (const region of regions) region.text(text)
    },
    rawText: (text, element) => head.rawText(text, element),
  }
  tokenizeHtml(text, without(isForeign, reader))
  const [mainText, region] = texts.find(([, { isFound }]) => isFound) ?? ['page', whole]
  return { ...head.page(toPlainText(name.html), region.html), html: region.html, mainText }
}

/** What others wrote, and what the author cites. */
function isForeign(element: string, attributes: HtmlAttributes): boolean {
  if (isUserContent(element, attributes)) return true
  return hasClass(attributes, 'h-cite') && !classesOf(attributes).some((name) => context.test(name))
}

function isRoot(attributes: HtmlAttributes): boolean {
  return classesOf(attributes).some((name) => microformat.test(name))
}

/** The first element of a page that passes a test, or all of the page, with what is in it. */
class Region {
  readonly #isMine: ElementTest | null
  readonly #leftOut: RegExp | null
  #element: string | null = null
  /** How many elements of its own name are open, it included; 0 before it and after it. */
  #depth = 0
  /** How many elements that are left out are open. */
  #outside = 0
  html = ''

  constructor(isMine: ElementTest | null, leftOut: RegExp | null = null) {
    this.#isMine = isMine
    this.#leftOut = leftOut
    if (isMine === null) this.#depth = 1
  }

  get isFound(): boolean {
    return this.#element !== null
  }

  startTag(element: string, attributes: HtmlAttributes, tag: string): void {
    if (this.#element === null && !isVoid(element) && this.#isMine?.(element, attributes)) {
      this.#element = element
      this.#depth = 1
      return
    }
    if (this.#depth === 0) return
    if (this.#element === element) this.#depth += 1
    if (this.#leftOut?.test(element)) this.#outside += 1
    this.#write(tag)
  }

  endTag(element: string): void {
    if (this.#depth === 0) return
    if (this.#element === element) this.#depth -= 1
    this.#write(`</${element}>`)
    if (this.#outside > 0 && this.#leftOut?.test(element)) this.#outside -= 1
  }

  text(text: string): void {
    this.#write(escapeHtml(text))
  }

  #write(html: string): void {
    if (this.#depth > 0 && this.#outside === 0) this.html += html
  }
}

/** What stands in the head of a page. */
class Head implements HtmlHandler {
  readonly #pageUrl: URL
  readonly #properties = new Map<string, string>()
  #base: string | undefined
  #canonical: string | undefined
  readonly #title = createTitleReader()

  constructor(pageUrl: string) {
    this.#pageUrl = new URL(pageUrl)
    this.#pageUrl.hash = ''
  }

  /** What relative URLs begin at. */
  get base(): string {
    return this.#base ?? this.#pageUrl.href
  }

  startTag(element: string, attributes: HtmlAttributes): void {
    const value = (name: string): string => attributes.get(name) ?? ''
    this.#title.startTag(element, attributes, false)
    if (element === 'base') this.#base ??= parseUrl(value('href'), this.#pageUrl.href)?.href
    if (element === 'link' && relations(value('rel')).includes('canonical')) this.#canonical ??= value('href')
    const property = element === 'meta' ? value('property').toLowerCase() : ''
    if (property !== '' && !this.#properties.has(property)) this.#properties.set(property, value('content'))
  }

  rawText(text: string, element: string): void {
    this.#title.rawText(text, element)
  }

  page(name: string, mainText: string): Pick<PostPage, 'url' | 'title' | 'excerpt' | 'blogName'> {
    const property = (key: string): string => cleanText(this.#properties.get(key) ?? '')
    const title = property('og:title') || name || this.#title.read()
    const excerpt = cutText(property('og:description'), longestExcerpt)
    const blogName = cutText(property('og:site_name'), longestTitle)
    const url = this.#url()
    return {
      url,
      title: cutText(title || url, longestTitle),
      excerpt: excerpt || makeExcerpt(mainText),
      blogName: blogName || new URL(url).host,
    }
  }

  #url(): string {
    const canonical = parseUrl(this.#canonical ?? '', this.base)
    return canonical?.host === this.#pageUrl.host ? canonical.href : this.#pageUrl.href
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
