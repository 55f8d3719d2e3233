import { resolveUrl } from '../protocol/url.js'
import { type ShownTrackback, type TrackbackItem, toItem } from '../render/item.js'
import { escapeAttribute, escapeHtml, escapeXml } from '../text/escape.js'
import { cleanText } from '../text/plain.js'

/** The post a trackback is about, as a feed names it. */
export interface FeedPost {
  /** Its permalink: an absolute http or https URL. */
  readonly url: string
  /** Plain text. @default the permalink */
  readonly title?: string | undefined
}

/** What a feed of trackbacks is made of: those of one post, or of a whole blog. */
export interface FeedView {
  /** The name of the feed, plain text: `'Trackbacks: My post'`. */
  readonly title: string
  /** The page the feed belongs to, the post or the blog: an absolute http or https URL. */
  readonly url: string
  /** Where this page of the feed is served: an absolute http or https URL. */
  readonly feedUrl: string
  /**
   * The trackbacks, in this order; feeds have the newest first. In the feed of a whole blog each carries its `post`;
   * without one it is about the page at `url`. A source that is no web page is left out: feeds are lists of links.
   */
  readonly trackbacks: readonly (ShownTrackback & { readonly post?: FeedPost | undefined })[]
  /** What the feed is, in a sentence of plain text. @default the title */
  readonly description?: string | undefined
  /** The language tag of the titles: `'ja'`. @default left out */
  readonly lang?: string | undefined
  /** Where the feed goes on: an absolute http or https URL. @default left out */
  readonly nextUrl?: string | undefined
}

/** One item, as all feeds write it. */
export type FeedItem = NonNullable<ReturnType<typeof itemOf>>

/**
 * Makes the one content of all feeds, checked and in order. Throws a `TypeError` for a URL that is not absolute, or not
 * http or https.
 */
export function feedOf(view: FeedView) {
  const { nextUrl, lang } = view
  const title = cleanText(view.title)
  const url = absolute(view.url, 'url')
  return {
    ...{ title, url, feedUrl: absolute(view.feedUrl, 'feedUrl') },
    description: cleanText(view.description ?? title),
    nextUrl: nextUrl === undefined ? undefined : absolute(nextUrl, 'nextUrl'),
    lang: lang?.replaceAll('_', '-'),
    items: view.trackbacks.flatMap(({ post, ...trackback }) => itemOf(toItem(trackback), post, url) ?? []),
  }
}

function absolute(url: string, name: string): string {
  if (resolveUrl(url) !== null) return new URL(url).href
  throw new TypeError(`${name} must be an absolute http or https URL`)
}

/** Feed readers isolate no text: here nothing may be left in it that turns what stands around it. */
function itemOf(item: TrackbackItem, about: FeedPost | undefined, page: string) {
  const { url } = item
  if (url === null) return null
  const post = { url: about ? absolute(about.url, 'post.url') : page, title: cleanText(about?.title ?? '') }
  const day = (item.receivedAt ?? EPOCH).toISOString().slice(0, 'YYYY-MM-DD'.length)
  const excerpt = cleanText(item.excerpt)
  const blogName = cleanText(item.blogName)
  const text = excerpt && `<p>${escapeHtml(excerpt)}</p>`
  const link = `<p>→ <a href="${escapeAttribute(post.url)}">${escapeHtml(post.title || post.url)}</a></p>`
  return {
    ...{ ...item, url, excerpt, blogName, post },
    title: cleanText(item.title) || url,
    /** The same in every feed and for ever: a tag URI (RFC 4151) of the blog's host, the day and the trackback's id. */
    tag: `tag:${new URL(page).hostname},${day}:trackback-${encodeURIComponent(item.id)}`,
    /** The blog it comes from; its host where it has no name. */
    author: blogName || item.host,
    /** The excerpt as HTML, and which post it is about, where the feed is about more than one. */
    html: post.url === page ? text : text + link,
  }
}

/** The date of what has none, where a format insists on one. */
export const EPOCH: Date = new Date(0)

/** An XML element around text, on a line of its own; nothing where there is no text. `tag` may have attributes. */
export function element(tag: string, text: string | undefined): string {
  return text ? `<${tag}>${escapeXml(text)}</${tag.split(' ', 1).join('')}>\n` : ''
}

/** An empty XML element with its attributes, on a line of its own. */
export function emptyElement(name: string, attributes: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(attributes).map(([key, value]) => ` ${key}="${escapeXml(value)}"`)
  return `<${name}${pairs.join('')}/>\n`
}
