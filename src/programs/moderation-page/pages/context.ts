import type { Reason } from '../../../base/reason.js'
import type { Post } from '../../../base/types.js'
import { webUrl } from '../../../protocol/url.js'
import type { Trackback } from '../../../store/store.js'
import { formatMessage } from '../../../text/message.js'
import { reasonText } from '../../reason-text.js'
import en from '../messages/en.json' with { type: 'json' }
import ja from '../messages/ja.json' with { type: 'json' }
import type { Change } from '../requests/changes.js'
import { type ListName, type Route, routeUrl } from '../requests/routes.js'
import { mostCounted, type Scope } from '../requests/scope.js'
import { type Html, html, isolated } from './html.js'

/** What the page says in one language, as `formatMessage` takes it: plain text, escaped where it is written out. */
export type PageMessages = typeof en

/** The names of what a visitor gets whose request was not served. */
export type Problem = keyof PageMessages['problems']

/** The languages that have messages; `reasonText` speaks them, too. English stands in for the others. */
const languages: Readonly<Record<'en' | 'ja', PageMessages>> = { en, ja }

/** How pages are written: language, dates, and where they are. */
export type Style = ReturnType<typeof createStyle>

/** Makes the style of the pages below a URL, for a language tag (`ja`, `ja-JP`, `ja_JP`). */
export function createStyle(base: URL, lang: string, timeZone: string | undefined, pageSize: number) {
  const asked = lang.replaceAll('_', '-')
  const tag = /^(?:en|ja)(?:-|$)/i.test(asked) ? asked : 'en'
  const language: keyof typeof languages = /^ja/i.test(tag) ? 'ja' : 'en'
  return {
    ...{ language, tag, messages: languages[language], pageSize },
    /** Fills in a message, by the rules of the language. */
    say: (message: string, values: Readonly<Record<string, unknown>>) => formatMessage(message, values, tag),
    dates: new Intl.DateTimeFormat(tag, { dateStyle: 'medium', timeStyle: 'short', timeZone }),
    numbers: new Intl.NumberFormat(tag, { maximumFractionDigits: 1, signDisplay: 'exceptZero' }),
    /** The path of the page, with a slash at its end. */
    path: base.pathname,
    /** Scheme and host of the page, as browsers see it. */
    origin: base.origin,
    /** The host of the blog, for titles. */
    site: base.host,
  }
}

/** One request that may be served: by whom, where, and what its page needs to know. */
export interface Visit extends Style, Scope {
  readonly route: Route
  /** The token of the page's forms. */
  readonly token: string
  /** How many trackbacks each list has, up to `mostCounted`. */
  readonly counts: Readonly<Partial<Record<string, number>>>
  /** What was done a moment ago. */
  readonly change: Change | null
  /** The posts that trackbacks are about, by id; `null` for those that are no longer there. */
  readonly posts: ReadonlyMap<string, Post | null>
}

/** The word for a name that may also be of others than us: then the name itself. */
export function wordFor(name: string, words: Readonly<Record<string, string>>): string {
  return (Object.hasOwn(words, name) && words[name]) || name
}

/** What a list is called. */
export function listTitle(name: ListName | 'sent' | 'blocks', { messages }: Style): string {
  return wordFor(name, { ...messages.states, ...messages.lists })
}

/** The path and query of a route. */
export function linkTo({ path }: Style, route: Route): string {
  return path + routeUrl(route)
}

/** A number of trackbacks, where counting ends at `mostCounted`. */
export function countText(count: number): string {
  return count < mostCounted ? String(count) : `${mostCounted - 1}+`
}

/** A time as people read it. */
export function timeOf(at: number, { dates }: Style): Html | null {
  const time = new Date(at)
  if (Number.isNaN(time.getTime())) return null
  return html`<time datetime="${time.toISOString()}">${dates.format(time)}</time>`
}

/** A reason in the language of the page; the words of a person, which may be in any, by themselves. */
export function phraseOf(reason: Reason, { language }: Style): Html | null {
  if (reason === '') return null
  return typeof reason === 'string' ? isolated(reason) : html`${reasonText(reason, language)}`
}

/** The post that was pinged: its title and a link; its id where it is no longer there. */
export function postOf({ postId }: Pick<Trackback, 'postId'>, { posts }: Visit): Html {
  const post = posts.get(postId)
  const name = isolated(post?.title || postId)
  const url = post ? webUrl(post.url) : null
  return url ? html`<a href="${url.href}">${name}</a>` : html`${name}`
}
