import { optionCheck } from '../base/options.js'
import { resolveUrl } from '../protocol/url.js'
import { escapeAttribute, escapeHtml } from '../text/escape.js'
import { formatMessage } from '../text/message.js'
import { type ShownTrackback, toItem } from './item.js'
import { itemHtml } from './item-html.js'
import { type Messages, wordingFor } from './messages.js'
import { type Context, isolated, type ListData, piece, type RenderParts } from './parts.js'

/** What stands under a post. */
export interface TrackbacksView {
  /** The post itself; its title is plain text. */
  readonly post: { readonly title?: string | null | undefined }
  /** Where pings for the post are sent: `receiver.pingUrl(post.id)`. @default none is shown, as for a closed post */
  readonly pingUrl?: string | undefined
  /** The trackbacks to list, in this order: `(await receiver.list(post.id)).items`. */
  readonly trackbacks: readonly ShownTrackback[]
  /** How many there are in all, where the list is one page of them. @default the number of `trackbacks` */
  readonly count?: number | undefined
  /** The page where the list goes on, relative to this one or absolute. @default no link to more */
  readonly nextUrl?: string | undefined
}

/** How the list is written. */
export interface RenderOptions {
  /**
   * A language tag: `'en'`, `'ja'`, `'ko'`, `'zh'`, `'zh-TW'`, `'fr'`, `'de'`, also with a region (`'en-GB'`); English
   * stands in for a language not known. With `messages` of your own it may be any language.
   * @default 'en'
   */
  readonly lang?: string | undefined
  /** Messages of your own; those left out are the language's. @default none */
  readonly messages?: { readonly [Name in keyof Messages]?: Messages[Name] | undefined } | undefined
  /** Functions that write pieces of the list in place of what stands there. @default none */
  readonly parts?: RenderParts | undefined
  /**
   * What is quoted of a source: the excerpt that its ping sent, or the passage of the page that links to the post, with
   * the link marked; the excerpt where verification has not found a passage.
   * @default 'excerpt'
   */
  readonly quote?: 'excerpt' | 'passage' | undefined
  /** 1 to 6: the level of the heading. @default 2 */
  readonly headingLevel?: number | undefined
  /** The time zone of the dates: `'Asia/Tokyo'`, `'UTC'`. @default the time zone of the process */
  readonly timeZone?: string | undefined
  /** The `id` of the section; one page may show the trackbacks of several posts. @default 'trackbacks' */
  readonly id?: string | undefined
}

const checkOptions = optionCheck('renderTrackbacks', {
  ...{ string: 'lang timeZone id', object: 'messages parts', any: 'headingLevel quote' },
})

/**
 * Writes what stands under a post as HTML: heading, trackback URL with a copy button (hidden until
 * `trackbacksScript` shows it), and the list. Every text is escaped and isolated, whatever it holds; a source that
 * is not an http or https URL is shown without a link. Each part has a class, each trackback is an `h-cite` and a
 * schema.org `Comment`; `trackbacksStyle` is a stylesheet for them.
 *
 * Throws a `TypeError` for a heading level or a `count` out of range, for a `nextUrl` that leads to no page and for a
 * part that returns no string, and the `RangeError` of `Intl` for a time zone or a malformed language tag.
 *
 * ```ts
 * const html = renderTrackbacks(await receiver.view(post), { lang: 'ja' })
 * ```
 */
export function renderTrackbacks(view: TrackbacksView, options: RenderOptions = {}): string {
  checkOptions(options)
  const { id = 'trackbacks', headingLevel: level = 2 } = options
  if (!Number.isInteger(level) || level < 1 || level > 6)
    throw new TypeError('headingLevel must be an integer from 1 to 6')
  const data = dataOf(view, `${id}-heading`)
  const context = contextOf(options)
  const { messages, lang, parts } = context
  const attributes = `lang="${escapeAttribute(lang)}" dir="${messages.dir}" aria-labelledby="${escapeAttribute(data.headingId)}"`
  const html = [
    `<section class="trackbacks" id="${escapeAttribute(id)}" ${attributes}>`,
    piece(parts.heading, data, heading(data, level, context), context),
    piece(parts.url, data, urlLine(data, `${id}-url`, context), context),
    piece(parts.intro, data, intro(data, context), context),
    ...list(data, context),
    piece(parts.more, data, more(data, context), context),
    '</section>',
  ]
  return `${html.filter(Boolean).join('\n')}\n`
}

function dataOf(view: TrackbacksView, headingId: string): ListData {
  const { post, pingUrl, trackbacks, count = 0, nextUrl } = view
  if (nextUrl !== undefined && resolveUrl(nextUrl, 'http://localhost/') === null)
    throw new TypeError('nextUrl must be an http or https URL, absolute or relative')
  if (!Number.isSafeInteger(count) || count < 0) throw new TypeError('count must be an integer of 0 or more')
  const items = trackbacks.map(toItem)
  return { post, pingUrl, items, total: Math.max(count, items.length), nextUrl, headingId }
}

function contextOf(options: RenderOptions): Context {
  const { lang = 'en', messages: own, parts = {}, timeZone, quote = 'excerpt' } = options
  const { messages, tag } = wordingFor(lang, own)
  if (quote !== 'excerpt' && quote !== 'passage') throw new TypeError("quote must be 'excerpt' or 'passage'")
  // In Korean the halves of a day would be called AM and PM.
  const clock = /^ko\b/i.test(tag) ? ({ hourCycle: 'h23' } as const) : {}
  const dates = new Intl.DateTimeFormat(tag, { dateStyle: 'long', timeStyle: 'short', timeZone, ...clock })
  const formatDate = (date: Date): string => dates.format(date)
  return { messages, lang: tag, parts, quote, escapeHtml: escapeAttribute, formatDate }
}

function heading({ headingId }: ListData, level: number, { messages }: Context): string {
  const id = escapeAttribute(headingId)
  return `<h${level} class="trackbacks-heading" id="${id}">${escapeHtml(messages.heading)}</h${level}>`
}

function intro({ post }: ListData, { messages, lang }: Context): string {
  const title = isolated(post.title ?? '')
  const text = formatMessage(title === '' ? messages.intro : messages.introTitled, { title }, lang)
  return `<p class="trackbacks-intro">${text}</p>`
}

function urlLine({ pingUrl }: ListData, labelId: string, { messages }: Context): string {
  if (pingUrl === undefined) return ''
  const label = escapeAttribute(labelId)
  return `<p class="trackbacks-url"><span class="trackbacks-label" id="${label}">${escapeHtml(messages.url)}</span> \
<code class="trackbacks-ping-url" dir="ltr">${escapeHtml(pingUrl).replace(/\/+/g, '$&<wbr>')}</code> \
<button type="button" class="trackbacks-copy" data-trackback-copy="${escapeAttribute(pingUrl)}" aria-describedby="${label}" hidden>${escapeHtml(messages.copy)}</button> \
<output class="trackbacks-copied" data-trackback-copied="${escapeAttribute(messages.copied)}"></output></p>`
}

function list(data: ListData, context: Context): string[] {
  const { items, total } = data
  const { messages, lang, parts } = context
  const empty = `<p class="trackbacks-empty">${escapeHtml(messages.empty)}</p>`
  if (total === 0) return [piece(parts.empty, data, empty, context)]
  const shown = items.length
  const message = shown === total ? messages.count : messages.countShown
  const count = `<p class="trackbacks-count">${escapeHtml(formatMessage(message, { shown, total }, lang))}</p>`
  const lines = items.map((item) => itemHtml(item, context))
  const html = lines.length > 0 ? `<ol class="trackbacks-list" role="list">\n${lines.join('\n')}\n</ol>` : ''
  return [piece(parts.count, data, count, context), piece(parts.list, data, html, context)]
}

function more({ nextUrl, headingId }: ListData, { messages }: Context): string {
  if (nextUrl === undefined) return ''
  return `<nav class="trackbacks-more" aria-labelledby="${escapeAttribute(headingId)}">\
<a class="trackbacks-next" href="${escapeAttribute(nextUrl)}" rel="next">${escapeHtml(messages.more)}</a></nav>`
}
