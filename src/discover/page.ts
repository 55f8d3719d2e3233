import { finish, type Steps } from '../base/steps.js'
import { parseLinkHeader, relations } from '../protocol/link.js'
import { type RdfDescription, RdfReader } from '../protocol/rdf.js'
import { type DocumentLimits, documentLimits, pingReference, resolveUrl } from '../protocol/url.js'
import { readDocument } from '../text/charset/document.js'
import { type HtmlAttributes, tokenizeInSlices } from '../text/html.js'
import { ElementNames } from '../text/markup.js'
import { cleanText } from '../text/plain.js'
import { type Candidate, chooseAnswer, type Found, PageNames } from './candidates.js'
import { mentionsTrackback } from './scan.js'

/** What discovery found out about one page. */
export interface Discovery {
  /** Where to send a ping for the page; `null` where there is no answer, or more than one post it could be. */
  pingUrl: string | null
  /** Everything that was found up to the answer, in document order. */
  candidates: Candidate[]
  page: {
    /** The URL that answered, after redirects. */
    url: string
    /** What the page gives as `rel=canonical`, as far as it was read. */
    canonical?: string
    /** The character set it was read in; `utf-8` for a page that did not have to be read. */
    charset: string
    /** The HTTP status, where it is an error and there is therefore no page. */
    status?: number
  }
}

/** The page that a document belongs to. */
export interface PageContext extends DocumentLimits {
  /** The URL that answered, with the fragment that was asked for. */
  readonly url: string
  /**
   * The answer's header fields: `Content-Type` for the character set, `Link` for its own candidates.
   * @default none
   */
  readonly headers?: Headers | Readonly<Record<string, string | readonly string[] | undefined>> | undefined
}

/** A discovery, and whether the rest of the page could still change its answer. */
export interface Reading {
  readonly discovery: Discovery
  isFinal: boolean
}

/**
 * Finds the ping URL in HTML you already have, and reads it no further than what nothing that follows can outdo. Pure; throws
 * only a `TypeError`, if `page.url` is invalid.
 *
 * ```ts
 * const { pingUrl } = discoverInHtml(html, { url: 'https://example.org/post/5' })
 * ```
 */
export function discoverInHtml(html: string | Uint8Array, page: PageContext): Discovery {
  return finish(readPage(html, page, page.url)).discovery
}

/** `discoverInHtml` in steps, for a page that was asked for as `requestedUrl`, and of which this may be the beginning only. */
export function* readPage(
  html: string | Uint8Array,
  page: PageContext,
  requestedUrl: string,
  isWorthReading: boolean = typeof html === 'string' ? /trackback/i.test(html) : mentionsTrackback(html),
): Steps<Reading> {
  const url = new URL(page.url).href
  const { maxUrlLength, maxCandidates } = documentLimits(page)
  const worthReading = isWorthReading ? html : ''
  const { text, charset } =
    typeof worthReading === 'string'
      ? { text: worthReading, charset: 'utf-8' }
      : yield* readDocument(worthReading, { kind: 'html', contentType: fieldOf(page, 'content-type') })
  const resolveHere = resolver(url, maxUrlLength)
  const reader = new PageReader(maxCandidates, requestedUrl, resolveHere)
  const isCut = yield* reader.read(text)
  const base = resolveHere(reader.base ?? '') ?? url
  const resolve = resolver(base, maxUrlLength)
  const canonical = resolve(reader.canonical ?? '') ?? undefined
  const names = new PageNames(requestedUrl, url, canonical)
  const isPingUrl = ({ source, pingUrl }: Found): boolean => source === 'rdf' || !names.compare(pingUrl)
  const found = inHeader(fieldOf(page, 'link') ?? '', resolveHere).filter(isPingUrl)
  for (const one of reader.blocks) {
    found.push(...(Array.isArray(one) ? one : foundIn(one, resolve)).filter(isPingUrl))
    // To resolve a thousand candidates takes as long as to read them.
    yield
  }
  const { pingUrl, candidates, isFinal } = yield* chooseAnswer(found.slice(0, maxCandidates), names)
  const readAs = { url: page.url, ...(canonical === undefined ? {} : { canonical }), charset }
  return {
    discovery: { pingUrl, candidates, page: readAs },
    // The rest of a description may still come, or a `<base>` that leads relative URLs elsewhere.
    isFinal:
      reader.blocks.length === maxCandidates ||
      (isFinal && !isCut && (reader.base !== undefined || reader.blocks.every(Array.isArray))),
  }
}

function fieldOf({ headers }: PageContext, name: string): string | undefined {
  if (!headers) return undefined
  if (headers instanceof Headers) return headers.get(name) ?? undefined
  const keys = Object.keys(headers).filter((key) => key.toLowerCase() === name)
  return keys.flatMap((key) => headers[key] ?? []).join(', ') || undefined
}

interface Relation {
  readonly rel: 'link' | 'anchor'
  readonly href: string
}

type Resolve = (reference: string, clean?: typeof pingReference) => string | null

function resolver(base: string, longest: number): Resolve {
  return (reference, clean = String) => resolveUrl(clean(reference, longest), base, longest)
}

const ELEMENTS = new ElementNames(['rdf', 'description', 'a', 'link', 'base'])

/** Picks up what a page says: RDF, `rel=trackback`, `<base>` and `rel=canonical`. */
class PageReader extends RdfReader {
  /** What is relative as it is written, the rest resolved: no `<base>` leads it elsewhere. */
  readonly blocks: (RdfDescription | Relation | Found[])[] = []
  base: string | undefined
  canonical: string | undefined

  /** Whether a description was found that nothing later in the page can outdo, or as many as are looked at. */
  isDone = false

  constructor(
    private readonly most: number,
    private readonly requestedUrl: string,
    private readonly resolve: Resolve,
  ) {
    super((rdf) => this.#keep(rdf), ELEMENTS)
  }

  /** Gives whether the page ends inside a description. */
  *read(html: string): Steps<boolean> {
    yield* tokenizeInSlices(html, this)
    return this.close()
  }

  override startTag(name: string, attributes: HtmlAttributes, selfClosing: boolean): void {
    super.startTag(name, attributes, selfClosing)
    if (this.inComment) return
    if (name === 'base') this.base ??= attributes.get('href')
    if (name !== 'a' && name !== 'link') return
    const rel = relations(attributes.get('rel'))
    const isTrackback = rel.includes('trackback')
    const isCanonical = name === 'link' && rel.includes('canonical')
    const href = isTrackback || isCanonical ? attributes.get('href') : undefined
    if (href === undefined) return
    if (isTrackback) this.#keep({ rel: name === 'a' ? 'anchor' : 'link', href })
    if (isCanonical) this.canonical ??= href
  }

  #keep(block: RdfDescription | Relation): void {
    if (this.isDone) return
    const found = isRelative(block) ? null : foundIn(block, this.resolve)
    this.blocks.push(found ?? block)
    this.isDone = this.blocks.length === this.most || found?.[0]?.identifier === this.requestedUrl
  }
}

/** What leads to a ping URL, or nothing. */
function candidate(source: Found['source'], ping: string, resolve: Resolve, page?: string, title = '') {
  const pingUrl = resolve(ping, pingReference)
  if (pingUrl === null) return []
  const text = cleanText(title)
  return [{ pingUrl, ...identifierIn(page, resolve), ...(text && { title: text }), source }]
}

function foundIn(one: RdfDescription | Relation, resolve: Resolve): Found[] {
  if ('rel' in one) return candidate(one.rel, one.href, resolve)
  const { ping = '', identifier, about, title } = one
  return candidate('rdf', ping, resolve, identifier || about, title)
}

function isRelative(one: RdfDescription | Relation): boolean {
  const urls = 'rel' in one ? [one.href] : [one.ping, one.identifier || one.about]
  return urls.some((url) => url && !/^\s*https?:\/\//i.test(url))
}

/** The post that is named: a URL of the web. What names anything else names another page. */
function identifierIn(name: string | undefined, resolve: Resolve): Pick<Found, 'identifier' | 'namesNoPage'> {
  if (!name) return {}
  const identifier = resolve(name)
  return identifier === null ? { namesNoPage: true } : { identifier }
}

/** Targets and anchors resolve against the URL that was requested, never against `<base>` (PROTOCOL 96). */
function inHeader(value: string, resolve: Resolve): Found[] {
  const links = parseLinkHeader(value).filter(({ rel }) => rel.includes('trackback'))
  return links.flatMap(({ url, anchor }) => candidate('header', url, resolve, anchor))
}
