import type { Reason } from '../../../base/reason.js'
import { webUrl, withoutWww } from '../../../protocol/url.js'
import { averageOf } from '../../../receive/checks/check.js'
import { standingDecision } from '../../../receive/moderation/history.js'
import type { AuthorAction, CheckResult, Passage, Trackback, TrackbackState } from '../../../store/store.js'
import { reasonText } from '../../reason-text.js'
import { listOf, type Route } from '../requests/routes.js'
import type { PageMessages, Style, Visit, Words } from './context.js'
import { foreignLink, type Html, html, isolated, listOfItems } from './html.js'
import { link } from './layout.js'

/** A time as people read it. */
export function timeOf(at: number, { dates }: Style): Html | null {
  const time = new Date(at)
  if (Number.isNaN(time.getTime())) return null
  return html`<time datetime="${time.toISOString()}">${dates.format(time)}</time>`
}

/** What an author did, as the button for it is called. */
export function actionName(action: AuthorAction, { actions, undo }: PageMessages): string {
  return action === 'undo' ? undo : actions[action]
}

/** A reason in the language of the page; the words of a person, which may be in any, by themselves. */
export function phraseOf(reason: Reason, { language }: Style): Html | null {
  if (reason === '') return null
  return typeof reason === 'string' ? isolated(reason) : html`${reasonText(reason, language)}`
}

/** The state in words; its colour says nothing more. What a person called spam is rejected, too. */
export function stateBadge(
  { state, action }: { readonly state: TrackbackState; readonly action?: AuthorAction | undefined },
  { messages }: Style,
): Html {
  const name = state === 'rejected' && action === 'spam' ? 'spam' : state
  return html`<span class="state state-${state}">${messages.states[name]}</span>`
}

/** The state of a trackback as it is now. */
export function stateOf({ state, history }: Trackback, style: Style): Html {
  return stateBadge({ state, action: standingDecision(history)?.action }, style)
}

/** Where a trackback comes from, when, and what for: the host unless it is the blog's name, too. */
export function metaOf(trackback: Trackback, visit: Visit, state: Html | false): Html {
  const { url, blogName, receivedAt } = trackback
  const host = webUrl(url)?.host ?? url
  const isSame = withoutWww(blogName.toLowerCase()) === withoutWww(host)
  return html`<p class="meta">${state} ${!isSame && isolated(blogName)} ${foreignLink(url, host)} ${timeOf(receivedAt, visit)} <span class="to">→ ${postOf(trackback, visit)}</span></p>`
}

/** Links to what is like a trackback. */
export function similarTo({ postId, url, blog }: Trackback, visit: Visit): Html {
  const { messages } = visit
  const host = webUrl(url)?.host
  const page = listOf(visit.route)?.page ?? 'held'
  const to = (route: Route, text: string): Html => html`${link(visit, route, text)}\n`
  return html`${to({ page, query: { post: postId } }, messages.samePost)}${host && to({ page: 'search', query: { q: `//${host}/` } }, messages.sameHost)}${blog && to({ page, query: { blog } }, messages.sameBlog)}`
}

/** The post that was pinged: its title and a link; its id where it is no longer there. */
export function postOf({ postId }: Pick<Trackback, 'postId'>, { posts }: Visit): Html {
  const post = posts.get(postId)
  const name = isolated(post?.title || postId)
  const url = post ? webUrl(post.url) : null
  return url ? html`<a href="${url.href}">${name}</a>` : html`${name}`
}

/** The passage of the source around its link, quoted. */
export function quoted({ before, link, after }: Passage, source: string): Html {
  const cite = webUrl(source)?.href
  const mark = link && html`<mark>${link}</mark>`
  return html`<blockquote class="passage"${cite && html` cite="${cite}"`}><p><bdi lang="">${before}${mark}${after}</bdi></p></blockquote>`
}

/** A score with its sign; a dash for none. */
function scoreOf(score: number | null, { numbers }: Style): string {
  return score === null ? '–' : numbers.format(score).replace('-', '−')
}

/** The score of the checks, with the names of those that decided it; `null` where none had anything to say. */
export function scoreLine(checks: readonly CheckResult[], style: Style): string | null {
  const average = averageOf(checks)
  if (average === null) return null
  const weightOf = ({ score }: CheckResult): number => (score ?? 0) * (average < 0 ? -1 : 1)
  const decisive = checks.filter((check) => weightOf(check) > 0).sort((a, b) => weightOf(b) - weightOf(a))
  const names = decisive.map(({ check }) => checkName(check, style)).join(', ')
  const { messages, say } = style
  return say(names ? messages.scoreOf : messages.score, { score: scoreOf(average, style), checks: names })
}

/** What each check said. */
export function checkList(checks: readonly CheckResult[], style: Style): Html {
  const item = ({ check, score, reason }: CheckResult): Html =>
    html`<b class="number">${scoreOf(score, style)}</b> <span>${checkName(check, style)}: ${phraseOf(reason, style)}</span>`
  return listOfItems(checks.map(item), 'checks')
}

/** The name of a check in the language of the page. */
function checkName(name: string, { messages }: Style): string {
  const names: Words = messages.checkNames
  return Object.hasOwn(names, name) ? (names[name] ?? name) : name
}

/** One row of a description list; nothing where there is nothing to say. */
export function fact(label: string, value: Html | string | null): Html | null {
  return value === null || value === '' ? null : html`<div><dt>${label}</dt><dd>${value}</dd></div>\n`
}
