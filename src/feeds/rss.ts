import { DC_NAMESPACE } from '../protocol/namespaces.js'
import { escapeXml } from '../text/escape.js'
import { element, emptyElement, type FeedItem, type FeedView, feedOf } from './feed.js'

/**
 * Writes trackbacks as RSS 2.0. Serve it as `application/rss+xml; charset=utf-8`. Throws a `TypeError` for a URL that is
 * not absolute, or not http or https.
 *
 * ```ts
 * const { items } = await store.list({ state: 'published' }, { order: 'newest', limit: 30 })
 * const rss = renderRss({
 *   title: 'Trackbacks: My blog',
 *   url: 'https://my.blog/',
 *   feedUrl: 'https://my.blog/trackbacks.rss',
 *   trackbacks: items.map((item) => ({ ...item, post: posts.get(item.postId) })),
 * })
 * ```
 */
export function renderRss(view: FeedView): string {
  const { title, url, feedUrl, description, lang, nextUrl, items } = feedOf(view)
  return `<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom" xmlns:dc="${DC_NAMESPACE}">
<channel>
<title>${escapeXml(title)}</title>
${element('link', url)}<description>${escapeXml(description)}</description>
${element('language', lang)}${emptyElement('atom:link', { rel: 'self', href: feedUrl, type: 'application/rss+xml' })}\
${nextUrl ? emptyElement('atom:link', { rel: 'next', href: nextUrl }) : ''}${items.map(rssItem).join('')}</channel>
</rss>
`
}

/** A title is text in RSS, a description HTML. */
function rssItem({ title, url, html, author, tag, receivedAt }: FeedItem): string {
  return `<item>
${element('title', title)}${element('link', url)}${element('description', html)}${element('dc:creator', author)}\
${element('guid isPermaLink="false"', tag)}${element('pubDate', receivedAt?.toUTCString())}</item>
`
}
