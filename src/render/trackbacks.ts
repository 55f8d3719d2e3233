import { parseUrl } from '../protocol/url.js'
import type { Trackback } from '../store/store.js'
import { escapeAttribute, escapeHtml } from '../text/escape.js'
import { wordingFor } from './messages/index.js'
import type { Messages } from './messages/messages.js'

/** What is shown of a trackback. */
export type ShownTrackback = Pick<Trackback, 'id' | 'url' | 'title' | 'excerpt' | 'blogName' | 'receivedAt'>

/** What stands under a post. */
export interface TrackbacksView {
  /** The post itself; its title is plain text. */
  readonly post: { readonly title?: string | undefined }
  /** Where pings for the post are sent: `receiver.pingUrl(post.id)`. */
  readonly pingUrl: string
  /** The trackbacks to list, in this order: `(await receiver.list(post.id)).items`. */
  readonly trackbacks: readonly ShownTrackback[]
  /** How many there are in all, where the list is one page of them. @default the number of `trackbacks` */
  readonly count?: number | undefined
}

/** How the list is written. */
export interface RenderOptions {
  /** A language tag: `'en'`, `'ja'`, `'en-GB'`; English stands in for a language not known. @default 'en' */
  readonly lang?: string | undefined
  /** 1 to 6: the level of the heading. @default 2 */
  readonly headingLevel?: number | undefined
  /** The time zone of the dates: `'Asia/Tokyo'`, `'UTC'`. @default the time zone of the process */
  readonly timeZone?: string | undefined
  /** The `id` of the section; one page may show the trackbacks of several posts. @default 'trackbacks' */
  readonly id?: string | undefined
}

interface Context {
  readonly messages: Messages
  readonly dates: Intl.DateTimeFormat
}

/**
 * Writes what stands under a post as HTML: heading, trackback URL with a copy button (hidden until
 * `trackbacksScript` shows it), and the list. Every text is escaped and isolated, whatever it holds; a source that
 * is not an http or https URL is shown without a link. Each part has a class, each trackback is an `h-cite`;
 * `trackbacksStyle` is a stylesheet for them.
 *
 * Throws a `TypeError` for a heading level out of range, and the `RangeError` of `Intl` for a time zone or a
 * malformed language tag.
 *
 * ```ts
 * const { items } = await receiver.list(post.id)
 * const html = renderTrackbacks({ post, pingUrl: receiver.pingUrl(post.id), trackbacks: items }, { lang: 'ja' })
 * ```
 */
export function renderTrackbacks(view: TrackbacksView, options: RenderOptions = {}): string {
  const { messages, tag } = wordingFor(options.lang ?? 'en')
  const { timeZone } = options
  const dates = new Intl.DateTimeFormat(tag, { dateStyle: 'long', timeStyle: 'short', timeZone })
  const heading = `h${headingLevel(options.headingLevel)}`
  const id = escapeAttribute(options.id ?? 'trackbacks')
  return `<section class="trackbacks" id="${id}" lang="${escapeAttribute(tag)}" dir="${messages.dir}" aria-labelledby="${id}-heading">
<${heading} class="trackbacks-heading" id="${id}-heading">${escapeHtml(messages.heading)}</${heading}>
${urlLine(view.pingUrl, messages)}
<p class="trackbacks-intro">${messages.intro(isolated(view.post.title ?? ''))}</p>
${list(view, { messages, dates })}
</section>
`
}

function headingLevel(level = 2): number {
  if (Number.isInteger(level) && level >= 1 && level <= 6) return level
  throw new TypeError('headingLevel must be an integer from 1 to 6')
}

function urlLine(pingUrl: string, messages: Messages): string {
  const url = escapeAttribute(pingUrl)
  return `<p class="trackbacks-url"><span class="trackbacks-label">${escapeHtml(messages.url)}</span> \
<code class="trackbacks-ping-url" dir="ltr">${escapeHtml(pingUrl)}</code> \
<button type="button" class="trackbacks-copy" data-trackback-copy="${url}" hidden>${escapeHtml(messages.copy)}</button> \
<output class="trackbacks-copied" data-trackback-copied="${escapeAttribute(messages.copied)}"></output></p>`
}

function list({ trackbacks, count = 0 }: TrackbacksView, context: Context): string {
  const { messages } = context
  const total = Math.max(count, trackbacks.length)
  if (total === 0) return `<p class="trackbacks-empty">${escapeHtml(messages.empty)}</p>`
  return `<p class="trackbacks-count">${escapeHtml(messages.count(trackbacks.length, total))}</p>
<ol class="trackbacks-list" role="list">
${trackbacks.map((trackback) => item(trackback, context)).join('\n')}
</ol>`
}

function item(trackback: ShownTrackback, { dates }: Context): string {
  const source = webUrl(trackback.url)
  const meta = [
    trackback.blogName && `<span class="trackback-blog p-publication">${isolated(trackback.blogName)}</span>`,
    source && `<span class="trackback-host" dir="ltr">${escapeHtml(source.host)}</span>`,
    date(trackback.receivedAt, dates),
  ]
  return `<li class="trackback h-cite" id="trackback-${escapeAttribute(trackback.id)}">
<p class="trackback-title">${title(trackback.title || trackback.url, source)}</p>
${trackback.excerpt && `<p class="trackback-excerpt p-content">${isolated(trackback.excerpt)}</p>\n`}\
<p class="trackback-meta">${meta.filter(Boolean).join(' ')}</p>
</li>`
}

function title(text: string, source: URL | null): string {
  if (!source) return `<span class="trackback-link p-name">${isolated(text)}</span>`
  const href = escapeAttribute(source.href)
  return `<a class="trackback-link u-url p-name" href="${href}" rel="ugc nofollow noopener">${isolated(text)}</a>`
}

function date(receivedAt: number, dates: Intl.DateTimeFormat): string {
  const time = new Date(receivedAt)
  if (Number.isNaN(time.getTime())) return ''
  const datetime = time.toISOString()
  return `<time class="trackback-date dt-published" datetime="${datetime}">${escapeHtml(dates.format(time))}</time>`
}

/** The source as a browser reads it, host in its ASCII form; `null` where following it would not lead to a page. */
function webUrl(url: string): URL | null {
  const parsed = parseUrl(url)
  if (parsed?.protocol !== 'http:' && parsed?.protocol !== 'https:') return null
  parsed.username = ''
  parsed.password = ''
  return parsed
}

/** Foreign text keeps its own direction, and cannot turn what stands around it. */
function isolated(text: string): string {
  return text && `<bdi>${escapeHtml(text)}</bdi>`
}
