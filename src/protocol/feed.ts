import { finish, type Steps } from '../base/steps.js'
import { escapeXml } from '../text/escape.js'
import { cleanText, toPlainText } from '../text/plain.js'
import { RDF_NAMESPACE, rdfAttribute, TRACKBACK_NAMESPACE } from './namespaces.js'
import { type DocumentLimits, documentLimits, pingReference, resolveUrl } from './url.js'
import { elementsOf, readXml, textOf, type XmlElement, type XmlOptions } from './xml.js'

/** One item of a feed, as far as TrackBack goes. All URLs are absolute. */
export interface FeedItem {
  /** The post's permalink; where `<link>` is that of a proxy, the original link (`feedburner:origLink`). */
  link?: string
  /** Plain, untrusted text. */
  title?: string
  /** `trackback:ping`: where pings for this item are sent. */
  pingUrl: string | null
  /** `trackback:about`: ping URLs of others that were pinged for this item. */
  about: string[]
}

/**
 * Reads the items of an RSS 0.9x, 1.0 or 2.0 or Atom feed with what the TrackBack module says about them, in either
 * spelling (PROTOCOL 71-76), and Atom's `<link rel="trackback">` (64). Feeds that are not well-formed give what can be
 * read (78). Never throws for a document.
 *
 * ```ts
 * parseFeed(bytes, { url: 'https://example.org/feed' })
 * ```
 */
export function parseFeed(
  xml: string | Uint8Array,
  feed: XmlOptions & DocumentLimits & { readonly url?: string | undefined },
): FeedItem[] {
  return finish(readFeed(xml, feed))
}

/** `parseFeed` in steps. */
export function* readFeed(...[xml, feed]: Parameters<typeof parseFeed>): Steps<FeedItem[]> {
  const { maxUrlLength, maxCandidates } = documentLimits(feed)
  const reading: Reading = { longest: maxUrlLength, left: maxCandidates, items: [] }
  yield* readItems(yield* readXml(xml, feed), feed.url, reading)
  return reading.items
}

/** The longest URL of a reading, how many items and `about` URLs are still taken, and the items so far. */
interface Reading {
  readonly longest: number
  left: number
  readonly items: FeedItem[]
}

function* readItems(element: XmlElement, base: string | undefined, reading: Reading): Steps<void> {
  for (const child of elementsOf(element)) {
    if (reading.left <= 0) return
    const inner = baseOf(child, base, reading)
    if (isCore(child) && (child.local === 'item' || child.local === 'entry')) {
      reading.items.push(readItem(child, inner, reading))
      yield
    }
    // An item that was never closed holds those that follow.
    if (!isCore(child) || !CONTENT.has(child.local)) yield* readItems(child, inner, reading)
  }
}

const CONTENT = new Set(['description', 'content', 'summary', 'title'])

/** Whether an element belongs to the feed's own format, not to a module. */
function isCore({ prefix, vocabulary }: XmlElement): boolean {
  return prefix === '' || vocabulary === 'rss' || vocabulary === 'atom'
}

function baseOf(element: XmlElement, base: string | undefined, { longest }: Reading): string | undefined {
  return resolveUrl(element.attributes.get('xml:base') ?? '', base, longest) ?? base
}

function readItem(item: XmlElement, base: string | undefined, reading: Reading): FeedItem {
  reading.left -= 1
  const { longest } = reading
  const children = elementsOf(item)
  const core = children.filter(isCore)
  const links = core.filter(({ local }) => local === 'link')
  const urlIn = (child: XmlElement, reference = '', from = base) =>
    resolveUrl(reference, baseOf(child, from, reading), longest)
  const originals = children.filter(({ local }) => local === 'origlink')
  const link =
    firstOf(originals, (child) => urlIn(child, textOf(child))) ??
    firstOf(links, (child) => urlIn(child, permalinkOf(child))) ??
    firstOf([guidOf(core), rdfAttribute(item.attributes, 'about', item.namespaces)], (text) =>
      resolveUrl(text ?? '', base, longest),
    )
  const title = titleOf(core.find(({ local }) => local === 'title'))
  const module = children.filter(({ vocabulary }) => vocabulary === 'trackback')
  const toTarget = (child: XmlElement) =>
    urlIn(child, pingReference(targetOf(child), longest), base ?? link ?? undefined)
  const targets = (local: string) => module.filter((child) => child.local === local)
  const about = targets('about')
    .slice(0, reading.left)
    .flatMap((child) => toTarget(child) ?? [])
  reading.left -= about.length
  const relations = links.filter((child) => relOf(child) === 'trackback')
  const pingUrl =
    firstOf(targets('ping'), toTarget) ??
    firstOf(relations, (child) => urlIn(child, pingReference(child.attributes.get('href') ?? '', longest)))
  return { ...(link && { link }), ...(title && { title }), pingUrl, about }
}

function firstOf<T>(list: readonly T[], read: (one: T) => string | null): string | null {
  for (const one of list) {
    const found = read(one)
    if (found !== null) return found
  }
  return null
}

/** How much of a title is read, in characters, markup included. */
const longestTitle = 4096

/** Atom's `type="html"` (in Atom 0.3 `text/html`) says that the text is HTML (PROTOCOL 119). */
function titleOf(title: XmlElement | undefined): string {
  const isHtml = /^(?:text\/)?html$/i.test(title?.attributes.get('type')?.trim() ?? '')
  const text = textOf(title, longestTitle).slice(0, longestTitle)
  return isHtml ? toPlainText(text) : cleanText(text)
}

function permalinkOf(link: XmlElement): string | undefined {
  const rel = relOf(link)
  return textOf(link).trim() || (rel === '' || rel === 'alternate' ? link.attributes.get('href') : undefined)
}

function relOf(link: XmlElement): string {
  return link.attributes.get('rel')?.trim().toLowerCase() ?? ''
}

function guidOf(core: readonly XmlElement[]): string | undefined {
  const guid = core.find(({ local }) => local === 'guid')
  return guid?.attributes.get('ispermalink')?.trim().toLowerCase() === 'false' ? undefined : textOf(guid)
}

/** What an element of the TrackBack module leads to: `rdf:resource`, else its text (PROTOCOL 76). */
function targetOf(element: XmlElement): string {
  return rdfAttribute(element.attributes, 'resource', element.namespaces) || textOf(element)
}

/** What a feed says about one of its items. */
export interface FeedTrackback {
  /** Where pings for the item are sent. @default none */
  readonly pingUrl?: string | undefined
  /** The ping URLs that were pinged for the item. @default none */
  readonly about?: readonly string[] | undefined
}

/**
 * Writes the elements of the TrackBack module that go into an item: `rdf:resource` in RSS 1.0, text in RSS 2.0 and
 * Atom (PROTOCOL 73-75). Each declares its namespace, so that nothing else in the feed has to.
 *
 * ```ts
 * generateFeedElements({ pingUrl }, 'rss2')
 * ```
 */
export function generateFeedElements(
  { pingUrl, about = [] }: FeedTrackback,
  format: 'rss1' | 'rss2' | 'atom',
): string {
  const element = (local: string, url: string): string => {
    const name = `trackback:${local} xmlns:trackback="${TRACKBACK_NAMESPACE}"`
    return format === 'rss1'
      ? `<${name} xmlns:rdf="${RDF_NAMESPACE}" rdf:resource="${escapeXml(url)}"/>`
      : `<${name}>${escapeXml(url)}</trackback:${local}>`
  }
  const ping = pingUrl ? [element('ping', pingUrl)] : []
  return [...ping, ...about.map((url) => element('about', url))].join('\n')
}
