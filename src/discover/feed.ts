import { type FeedItem, parseFeed } from '../protocol/feed.js'
import type { DocumentLimits } from '../protocol/url.js'
import type { XmlOptions } from '../protocol/xml.js'
import type { Found } from './candidates.js'

/** What a feed says about TrackBack. */
export interface FeedDiscovery {
  /** Every item of the feed, in its order. */
  items: FeedItem[]
}

/**
 * Finds the ping URLs of a feed's items. Pure; never throws for a document.
 *
 * ```ts
 * const { items } = discoverInFeed(xml, { url: 'https://example.org/feed' })
 * ```
 */
export function discoverInFeed(
  xml: string | Uint8Array,
  feed: XmlOptions & DocumentLimits & { readonly url: string },
): FeedDiscovery {
  return { items: parseFeed(xml, feed) }
}

/** The items of a feed that have a ping URL, as candidates for a page. */
export function candidatesOf(items: readonly FeedItem[]): Found[] {
  return items.flatMap(({ pingUrl, link, title }): Found[] => {
    if (pingUrl === null) return []
    return [{ pingUrl, ...(link && { identifier: link }), ...(title && { title }), source: 'feed' }]
  })
}
