import { escapeXml } from '../text/escape.js'
import { cleanText } from '../text/plain.js'
import { resolveUrl } from './url.js'
import { childrenNamed, findElement, parseXml, textOf, type XmlElement, type XmlOptions } from './xml.js'

/** One ping in a list. */
export interface ListedPing {
  /** The page that links to the post. */
  url: string
  /** Plain, untrusted text. */
  title?: string
  /** Plain, untrusted text. */
  excerpt?: string
}

/** The pings that a server lists for one post (PROTOCOL 32-39). */
export interface PingList {
  /** The post's title. */
  title?: string
  /** The post's permalink. */
  url?: string
  items: ListedPing[]
}

/**
 * Reads a list of pings: RSS 0.91, wrapped in `<response>` or bare, well-formed or not. Items without an http or https
 * URL are left out; a document that is not a list gives no items. Never throws for a document.
 *
 * ```ts
 * const { items } = parsePingList(xml)
 * ```
 */
export function parsePingList(xml: string | Uint8Array, options: XmlOptions = {}): PingList {
  const rss = findElement(parseXml(xml, options), 'rss')
  const channel = rss && findElement(rss, 'channel')
  if (!channel) return { items: [] }
  const { excerpt: _, ...post } = entryOf(channel)
  const items = itemsIn(channel).map(entryOf)
  return { ...post, items: items.filter((entry): entry is ListedPing => entry.url !== undefined) }
}

/** An item that was never closed holds those that follow. */
function itemsIn(element: XmlElement): XmlElement[] {
  return childrenNamed(element, 'item').flatMap((item) => [item, ...itemsIn(item)])
}

function entryOf(element: XmlElement): Partial<ListedPing> {
  const text = (local: string): string => cleanText(textOf(childrenNamed(element, local)[0]))
  const url = resolveUrl(text('link'))
  const title = text('title')
  const excerpt = text('description')
  return { ...(url && { url }), ...(title && { title }), ...(excerpt && { excerpt }) }
}

/** What a list says about its post. */
export interface ListedPost {
  /** The post's permalink. */
  readonly url: string
  /** @default the permalink */
  readonly title?: string | undefined
  /** @default '' */
  readonly excerpt?: string | undefined
  /** The language of the list, such as `en-us` or `ja`. @default left out */
  readonly language?: string | undefined
}

/**
 * Writes the list of a post's pings in the shape of Movable Type's `__mode=rss` (PROTOCOL 34), with everything
 * escaped that it leaves unescaped; an item without an excerpt has no `<description>`.
 */
export function generatePingList(post: ListedPost, items: readonly Readonly<ListedPing>[]): string {
  const { url, title = url, excerpt = '', language } = post
  return `<?xml version="1.0" encoding="utf-8"?>
<response>
<error>0</error>
<rss version="0.91"><channel>
${element('title', title)}${element('link', url)}${element('description', excerpt)}${language ? element('language', language) : ''}${items.map(itemElement).join('')}</channel>
</rss></response>`
}

function itemElement({ url, title = url, excerpt }: Readonly<ListedPing>): string {
  const description = excerpt ? element('description', excerpt) : ''
  return `<item>\n${element('title', title)}${element('link', url)}${description}</item>\n`
}

function element(name: string, text: string): string {
  return `<${name}>${escapeXml(text)}</${name}>\n`
}
