import type { Reason } from '../../../base/reason.js'
import { webUrl } from '../../../protocol/url.js'
import type { CheckResult, Passage, Trackback, TrackbackState } from '../../../store/store.js'
import { reasonText } from '../../reason-text.js'
import type { Style, Visit } from './context.js'
import { foreignLink, type Html, html, isolated } from './html.js'

/** A time as people read it. */
export function timeOf(at: number, { dates }: Style): Html | null {
  const time = new Date(at)
  if (Number.isNaN(time.getTime())) return null
  return html`<time datetime="${time.toISOString()}">${dates.format(time)}</time>`
}

/** A reason in the language of the page; the words of a person, which may be in any, by themselves. */
export function phraseOf(reason: Reason, { messages }: Style): Html | null {
  if (reason === '') return null
  return typeof reason === 'string'
    ? html`<bdi lang="">${reason}</bdi>`
    : html`${reasonText(reason, messages.lang)}`
}

/** The state in words; its colour says nothing more. */
export function stateBadge(state: TrackbackState, { messages }: Style): Html {
  return html`<span class="state state-${state}">${messages.states[state]}</span>`
}

/** The post that was pinged: its title and a link; its id where it is no longer there. */
export function postOf({ postId }: Trackback, { posts }: Visit): Html {
  const post = posts.get(postId)
  const name = isolated(post?.title || postId)
  const url = post ? webUrl(post.url) : null
  return url ? html`<a href="${url.href}">${name}</a>` : html`${name}`
}

/** The source as a link, by its host or whole. */
export function sourceOf(url: string, text: string = webUrl(url)?.host ?? url): Html {
  return foreignLink(url, html`<bdi class="url">${text}</bdi>`)
}

/** The passage of the source around its link, quoted. */
export function quoted({ before, link, after }: Passage, source: string): Html {
  const cite = webUrl(source)?.href
  const mark = link && html`<mark>${link}</mark>`
  return html`<blockquote class="passage"${cite && html` cite="${cite}"`}><p><bdi>${before}${mark}${after}</bdi></p></blockquote>`
}

/** A score with its sign; a dash for none. */
export function scoreOf(score: number | null, { numbers }: Style): string {
  return score === null ? '–' : numbers.format(score).replace('-', '−')
}

/** What each check said. */
export function checkList(checks: readonly CheckResult[], style: Style): Html {
  const item = ({ check, score, reason }: CheckResult): Html =>
    html`<li><b class="number">${scoreOf(score, style)}</b> <span>${checkName(check, style)}: ${phraseOf(reason, style)}</span></li>\n`
  return html`<ul class="checks" role="list">
${checks.map(item)}</ul>`
}

/** The name of a check in the language of the page. */
function checkName(name: string, { messages }: Style): string {
  return Object.hasOwn(messages.checkNames, name) ? (messages.checkNames[name] ?? name) : name
}

/** One row of a description list; nothing where there is nothing to say. */
export function fact(label: string, value: Html | string | null): Html | null {
  return value === null || value === '' ? null : html`<div><dt>${label}</dt><dd>${value}</dd></div>\n`
}
