import { escapeJson } from '../text/escape.js'
import { type FeedItem, type FeedView, feedOf } from './feed.js'

/** What `renderJsonFeed` writes: JSON Feed 1.1, with `_trackback` for what that standard has no name for. */
export interface JsonFeed {
  /** Which standard this is. */
  readonly version: 'https://jsonfeed.org/version/1.1'
  /** The name of the feed. */
  readonly title: string
  /** The page the feed belongs to: the post or the blog. */
  readonly home_page_url: string
  /** Where this page of the feed is served. */
  readonly feed_url: string
  /** What the feed is, in a sentence. */
  readonly description: string
  /** The language tag of the titles; absent where the view names none. */
  readonly language?: string
  /** Where the feed goes on; absent on the last page. */
  readonly next_url?: string
  /** The trackbacks, in the order of the view. */
  readonly items: readonly JsonFeedItem[]
}

/** One trackback of a `JsonFeed`. All of it is plain text. */
export interface JsonFeedItem {
  /** The same in every feed and for ever. */
  readonly id: string
  /** The source. */
  readonly url: string
  /** The source's URL where the ping was called nothing. */
  readonly title: string
  /** The excerpt; `''` where there is none. */
  readonly content_text: string
  /** When the ping was received (RFC 3339); absent if the date is invalid. */
  readonly date_published?: string
  /** The blog, or its host where it has no name. */
  readonly authors: readonly [{ readonly name: string }]
  /** What a page needs to show it as `renderTrackbacks` does. */
  readonly _trackback: {
    /** The trackback's id in the store. */
    readonly id: string
    /** The name of the blog it comes from; `''` where there is none. */
    readonly blog_name: string
    /** The source's host in ASCII. */
    readonly host: string
    /** The host in its own letters, where they cannot be taken for others. */
    readonly readable_host?: string
    /** The permalink of the post it is about. */
    readonly post_url: string
    /** The title of that post, where the view names it. */
    readonly post_title?: string
  }
}

/**
 * Writes trackbacks as JSON Feed 1.1, for static sites, for code in the browser and for feed readers. Serve it as
 * `application/feed+json`; it may also stand in a `<script type="application/json">`. `JSON.parse` gives a `JsonFeed`.
 * Throws a `TypeError` for a URL that is not absolute, or not http or https.
 *
 * ```ts
 * const { items, next } = await receiver.list(post.id, { after })
 * const json = renderJsonFeed({
 *   title: post.title,
 *   url: post.url,
 *   feedUrl: `${post.url}/trackbacks.json`,
 *   trackbacks: items,
 *   nextUrl: next && `${post.url}/trackbacks.json?after=${encodeURIComponent(next)}`,
 * })
 * ```
 */
export function renderJsonFeed(view: FeedView): string {
  const { title, url, feedUrl, description, lang, nextUrl, items } = feedOf(view)
  const feed: JsonFeed = {
    version: 'https://jsonfeed.org/version/1.1',
    title,
    home_page_url: url,
    feed_url: feedUrl,
    description,
    ...(lang && { language: lang }),
    ...(nextUrl && { next_url: nextUrl }),
    items: items.map(jsonItem),
  }
  return escapeJson(feed)
}

function jsonItem(item: FeedItem): JsonFeedItem {
  const { tag, url, title, excerpt, receivedAt, author, post } = item
  return {
    id: tag,
    url,
    title,
    content_text: excerpt,
    ...(receivedAt && { date_published: receivedAt.toISOString() }),
    authors: [{ name: author }],
    _trackback: {
      id: item.id,
      blog_name: item.blogName,
      host: item.host,
      ...(item.readableHost !== null && { readable_host: item.readableHost }),
      post_url: post.url,
      ...(post.title && { post_title: post.title }),
    },
  }
}
