import { optionCheck } from '../base/options.js'
import { resolveUrl, withoutWww } from '../protocol/url.js'
import type { Passage } from '../store/store.js'
import { escapeAttribute, escapeHtml } from '../text/escape.js'
import { formatMessage } from '../text/message.js'
import { type ShownTrackback, toItem } from './item.js'
import { type Messages, wordingFor } from './messages.js'
import type { ListData, Part, RenderParts } from './parts.js'

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
  const context = contextOf(options)
  const { id, tools } = context
  const data = dataOf(view, `${id}-heading`)
  const attributes = `lang="${escapeAttribute(tools.lang)}" dir="${tools.messages.dir}" aria-labelledby="${escapeAttribute(data.headingId)}"`
  const listed = data.total === 0 ? (['empty'] as const) : (['count', 'list'] as const)
  const names = ['heading', 'url', 'intro', ...listed, 'more'] as const
  const html = [
    `<section class="trackbacks" id="${escapeAttribute(id)}" ${attributes}>`,
    ...names.map((name) => write(name, data, context)),
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

/** What all pieces of one list share. */
type Context = ReturnType<typeof contextOf>

function contextOf(options: RenderOptions) {
  const { lang = 'en', messages: own, parts = {}, timeZone, quote = 'excerpt' } = options
  const { id = 'trackbacks', headingLevel = 2 } = options
  if (!Number.isInteger(headingLevel) || headingLevel < 1 || headingLevel > 6)
    throw new TypeError('headingLevel must be an integer from 1 to 6')
  if (quote !== 'excerpt' && quote !== 'passage') throw new TypeError("quote must be 'excerpt' or 'passage'")
  const { messages, tag } = wordingFor(lang, own)
  // In Korean the halves of a day would be called AM and PM.
  const clock = /^ko\b/i.test(tag) ? ({ hourCycle: 'h23' } as const) : {}
  const dates = new Intl.DateTimeFormat(tag, { dateStyle: 'long', timeStyle: 'short', timeZone, ...clock })
  const formatDate = (date: Date): string => dates.format(date)
  const tools = { messages, lang: tag, escapeHtml: escapeAttribute, formatDate }
  return { id, headingLevel, quote, parts, tools }
}

/** What each piece is written from. */
type Data = { [Name in keyof RenderParts]-?: Parameters<NonNullable<RenderParts[Name]>>[0] }

/** A piece as its part writes it, or as it stands. */
function write<Name extends keyof Data>(name: Name, data: Data[Name], context: Context): string {
  const standard = pieces[name](data, context)
  const part = context.parts[name] as Part<Data[Name]> | undefined
  const written: unknown = part ? part(data, { ...context.tools, standard }) : standard
  if (typeof written !== 'string') throw new TypeError('a part must return its HTML as a string')
  return written
}

/** Each piece as it stands where the blog does not write it its own way; `''` where there is nothing to say. */
const pieces: { readonly [Name in keyof Data]: (data: Data[Name], context: Context) => string } = {
  heading({ headingId }, { headingLevel, tools: { messages } }) {
    const [id, text] = [escapeAttribute(headingId), escapeHtml(messages.heading)]
    return `<h${headingLevel} class="trackbacks-heading" id="${id}">${text}</h${headingLevel}>`
  },
  url({ pingUrl }, { id, tools: { messages } }) {
    if (pingUrl === undefined) return ''
    const label = escapeAttribute(`${id}-url`)
    return `<p class="trackbacks-url"><span class="trackbacks-label" id="${label}">${escapeHtml(messages.url)}</span> \
<code class="trackbacks-ping-url" dir="ltr">${escapeHtml(pingUrl).replace(/\/+/g, '$&<wbr>')}</code> \
<button type="button" class="trackbacks-copy" data-trackback-copy="${escapeAttribute(pingUrl)}" aria-describedby="${label}" hidden>${escapeHtml(messages.copy)}</button> \
<output class="trackbacks-copied" data-trackback-copied="${escapeAttribute(messages.copied)}"></output></p>`
  },
  intro({ post }, { tools: { messages, lang } }) {
    const title = isolated(post.title ?? '', '')
    const text = formatMessage(title === '' ? messages.intro : messages.introTitled, { title }, lang)
    return `<p class="trackbacks-intro">${text}</p>`
  },
  count({ items, total }, { tools: { messages, lang } }) {
    const shown = items.length
    const message = shown === total ? messages.count : messages.countShown
    return `<p class="trackbacks-count">${escapeHtml(formatMessage(message, { shown, total }, lang))}</p>`
  },
  empty: (_, { tools }) => `<p class="trackbacks-empty">${escapeHtml(tools.messages.empty)}</p>`,
  list({ items }, context) {
    const lines = items.map((item) => write('item', item, context))
    return lines.length > 0 ? `<ol class="trackbacks-list" role="list">\n${lines.join('\n')}\n</ol>` : ''
  },
  more({ nextUrl, headingId }, { tools: { messages } }) {
    if (nextUrl === undefined) return ''
    return `<nav class="trackbacks-more" aria-labelledby="${escapeAttribute(headingId)}">\
<a class="trackbacks-next" href="${escapeAttribute(nextUrl)}" rel="next">${escapeHtml(messages.more)}</a></nav>`
  },
  /** One trackback: an h-cite, and a Comment of schema.org. */
  item(item, context) {
    const names = ['title', 'excerpt', 'blog', 'host', 'date'] as const
    const [title, excerpt, ...about] = names.map((name) => write(name, item, context))
    const meta = about.filter(Boolean).join(' · ')
    const lines = [
      `<li class="trackback h-cite u-comment" id="trackback-${escapeAttribute(item.id)}" itemscope itemtype="https://schema.org/Comment">`,
      ...[title, excerpt, meta && `<p class="trackback-meta">${meta}</p>`, '</li>'],
    ]
    return lines.filter(Boolean).join('\n')
  },
  title({ title, url }) {
    const text = isolated(title, ' lang="" itemprop="name"')
    const link =
      url === null
        ? `<span class="trackback-link p-name">${text}</span>`
        : `<a class="trackback-link u-url p-name" href="${escapeAttribute(url)}" rel="ugc nofollow noopener" itemprop="url">${text}</a>`
    return `<p class="trackback-title">${link}</p>`
  },
  excerpt({ excerpt, passage }, { quote }) {
    const text = quote === 'passage' && passage ? quoted(passage) : isolated(excerpt)
    return text && `<p class="trackback-excerpt p-content" itemprop="text">${text}</p>`
  },
  /** Some blogs are called by their host: it stands there anyway. */
  blog({ blogName, host }) {
    const isHost = withoutWww(blogName.toLowerCase()) === withoutWww(host)
    return blogName === '' || isHost
      ? ''
      : `<span class="trackback-blog p-publication" itemprop="isPartOf" itemscope itemtype="https://schema.org/Blog">\
${isolated(blogName, ' lang="" itemprop="name"')}</span>`
  },
  /** The host in ASCII always stands there: what can be read may still be meant to be misread. */
  host({ host, readableHost }) {
    if (!host) return ''
    const ascii = escapeHtml(host)
    const text =
      readableHost === null
        ? ascii
        : `${escapeHtml(readableHost)} <span class="trackback-punycode">(${ascii})</span>`
    return `<span class="trackback-host" dir="ltr">${text}</span>`
  },
  date({ receivedAt }, { tools: { formatDate } }) {
    if (!receivedAt) return ''
    return `<time class="trackback-date dt-published" datetime="${receivedAt.toISOString()}" itemprop="datePublished">\
${escapeHtml(formatDate(receivedAt))}</time>`
  },
}

/**
 * Isolates untrusted text, so that its direction does not affect the surrounding text. That of a stranger may be in any
 * language: fonts and hyphens are not those of the list's.
 */
function isolated(text: string, attributes = ' lang=""'): string {
  return text && `<bdi${attributes}>${escapeHtml(text)}</bdi>`
}

function quoted({ before, link, after }: Passage): string {
  const mark = link && `<mark>${escapeHtml(link)}</mark>`
  return `<bdi lang="">${escapeHtml(before)}${mark}${escapeHtml(after)}</bdi>`
}
