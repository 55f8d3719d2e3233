import { escapeXml } from '../text/escape.js'
import { EPOCH, element, emptyElement, type FeedItem, type FeedView, feedOf } from './feed.js'

const THREAD_NAMESPACE = 'http://purl.org/syndication/thread/1.0'

/**
 * Writes trackbacks as Atom (RFC 4287), each in reply to its post (RFC 4685). Serve it as
 * `application/atom+xml; charset=utf-8`. The feed was last updated when its newest trackback came; one without any has
 * the date of 1970, as Atom has no feed without a date. All pages of a feed have one id. Throws a `TypeError` for a URL
 * that is not absolute, or not http or https.
 */
export function renderAtom(view: FeedView): string {
  const { title, url, feedUrl, description, lang, nextUrl, items } = feedOf(view)
  const updated = items.reduce((newest, { receivedAt }) => Math.max(newest, receivedAt?.getTime() ?? 0), 0)
  return `<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xmlns:thr="${THREAD_NAMESPACE}"${lang ? ` xml:lang="${escapeXml(lang)}"` : ''}>
${element('id', `${url.split('#', 1).join('')}#trackbacks`)}<title>${escapeXml(title)}</title>
${description === title ? '' : element('subtitle', description)}${element('updated', new Date(updated).toISOString())}\
${emptyElement('link', { rel: 'self', href: feedUrl, type: 'application/atom+xml' })}\
${emptyElement('link', { rel: 'alternate', href: url, type: 'text/html' })}\
${nextUrl ? emptyElement('link', { rel: 'next', href: nextUrl, type: 'application/atom+xml' }) : ''}\
${items.map(entry).join('')}</feed>
`
}

function entry({ tag, title, url, html, author, receivedAt, post }: FeedItem): string {
  const time = (receivedAt ?? EPOCH).toISOString()
  return `<entry>
${element('id', tag)}<title>${escapeXml(title)}</title>
${element('updated', time)}${element('published', time)}<author>${element('name', author).trimEnd()}</author>
${emptyElement('link', { rel: 'alternate', href: url })}\
${element('summary type="html"', html)}\
${emptyElement('thr:in-reply-to', { ref: post.url, href: post.url, type: 'text/html' })}</entry>
`
}
