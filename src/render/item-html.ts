import { withoutWww } from '../protocol/url.js'
import { escapeAttribute, escapeHtml } from '../text/escape.js'
import type { TrackbackItem } from './item.js'
import { type Context, foreign, piece } from './parts.js'

/** One trackback as HTML: an h-cite, and a Comment of schema.org. */
export function itemHtml(item: TrackbackItem, context: Context): string {
  const { parts } = context
  const meta = [
    piece(parts.blog, item, blog(item), context),
    piece(parts.host, item, host(item), context),
    piece(parts.date, item, date(item, context), context),
  ].filter(Boolean)
  const lines = [
    `<li class="trackback h-cite u-comment" id="trackback-${escapeAttribute(item.id)}" itemscope itemtype="https://schema.org/Comment">`,
    piece(parts.title, item, title(item), context),
    piece(parts.excerpt, item, excerpt(item, context), context),
    meta.length > 0 ? `<p class="trackback-meta">${meta.join(' · ')}</p>` : '',
    '</li>',
  ]
  return piece(parts.item, item, lines.filter(Boolean).join('\n'), context)
}

function title({ title, url }: TrackbackItem): string {
  const text = foreign(title, ' itemprop="name"')
  const link =
    url === null
      ? `<span class="trackback-link p-name">${text}</span>`
      : `<a class="trackback-link u-url p-name" href="${escapeAttribute(url)}" rel="ugc nofollow noopener" itemprop="url">${text}</a>`
  return `<p class="trackback-title">${link}</p>`
}

function excerpt({ excerpt, passage }: TrackbackItem, { quote }: Context): string {
  const [before, link, after] = [passage?.before, passage?.link, passage?.after].map((text) =>
    escapeHtml(text ?? ''),
  )
  const text =
    quote === 'passage' && passage
      ? `<bdi lang="">${before}${link && `<mark>${link}</mark>`}${after}</bdi>`
      : foreign(excerpt)
  return text && `<p class="trackback-excerpt p-content" itemprop="text">${text}</p>`
}

/** Some blogs are called by their host: it stands there anyway. */
function blog({ blogName, host }: TrackbackItem): string {
  const isHost = withoutWww(blogName.toLowerCase()) === withoutWww(host)
  return blogName === '' || isHost
    ? ''
    : `<span class="trackback-blog p-publication" itemprop="isPartOf" itemscope itemtype="https://schema.org/Blog">\
${foreign(blogName, ' itemprop="name"')}</span>`
}

/** The host in ASCII always stands there: what can be read may still be meant to be misread. */
function host({ host, readableHost }: TrackbackItem): string {
  if (!host) return ''
  const ascii = escapeHtml(host)
  const text =
    readableHost === null
      ? ascii
      : `${escapeHtml(readableHost)} <span class="trackback-punycode">(${ascii})</span>`
  return `<span class="trackback-host" dir="ltr">${text}</span>`
}

function date({ receivedAt }: TrackbackItem, { formatDate }: Context): string {
  if (!receivedAt) return ''
  return `<time class="trackback-date dt-published" datetime="${receivedAt.toISOString()}" itemprop="datePublished">\
${escapeHtml(formatDate(receivedAt))}</time>`
}
