import { webUrl, withoutWww } from '../../../protocol/url.js'
import { averageOf } from '../../../receive/checks/check.js'
import { standingDecision } from '../../../receive/policy/history.js'
import { titleOf } from '../../../render/item.js'
import type { CheckResult, HistoryEntry, Passage, Trackback } from '../../../store/store.js'
import type { ItemAction } from '../requests/changes.js'
import { followerOf } from '../requests/listing.js'
import { listNames, listOf, lists, type Route, routeUrl } from '../requests/routes.js'
import { listTitle, phraseOf, postOf, type Style, timeOf, type Visit, wordFor } from './context.js'
import { button, foreignLink, type Html, html, isolated, listOfItems, urlText } from './html.js'
import { form, layout, link, pager } from './layout.js'

/** What may be done with a trackback in a state; the first two are what is done most. */
export const actionsFor: Readonly<Record<Trackback['state'], readonly ItemAction[]>> = {
  unverified: ['publish', 'spam', 'hold', 'reject', 'remove', 'block'],
  held: ['publish', 'spam', 'reject', 'remove', 'block'],
  published: ['hold', 'spam', 'reject', 'remove', 'block'],
  rejected: ['notSpam', 'remove', 'publish', 'hold', 'spam', 'block'],
  removed: ['publish', 'hold', 'reject', 'spam', 'block'],
}

/**
 * The page of one trackback: everything that is known of it, and everything that can be done; with the list that it is in,
 * and the one that follows there.
 */
export async function trackbackPage(asked: Visit): Promise<Html | null> {
  const { messages, route } = asked
  const { parts } = messages
  const trackback = route.page === 'trackback' ? await asked.get(route.id) : null
  if (!trackback) return null
  const page = listNames.find((name) => lists[name] === trackback.state) ?? 'held'
  const list = listOf(route) ?? { page, query: {} }
  const query = { from: routeUrl(list) }
  const visit = { ...asked, route: { ...route, query }, posts: await asked.findPosts([trackback]) }
  const follower = await followerOf(trackback, list, visit)
  const part = (name: keyof typeof parts, content: Html): Html =>
    html`<section class="part part-${name}" aria-labelledby="part-${name}">\n<h2 id="part-${name}">${parts[name]}</h2>\n${content}\n</section>\n`
  const next: Route | null = follower ? { page: 'trackback', id: follower.id, query } : null
  const texts = { up: `← ${listTitle(list.page, visit)}`, next: `${messages.next} →` }
  return layout(
    visit,
    titleOf(trackback),
    html`${metaOf(trackback, visit, true)}
${pager(visit, { up: list, next }, texts)}
<div class="parts">
${part('decide', decisionForm(trackback, visit, next ?? list))}${part('received', received(trackback, visit))}${part('verification', verified(trackback, visit))}${part('checks', checked(trackback, visit))}${part('history', historyOf(trackback, visit))}${part('block', blockLinks(trackback, visit))}</div>`,
  )
}

function decisionForm({ id, state }: Trackback, visit: Visit, next: Route): Html {
  const { messages } = visit
  const content = html`<input type="hidden" name="next" value="${routeUrl(next)}">
<p class="field"><label for="note">${messages.noteLabel}</label> <input id="note" name="note" maxlength="200" autocomplete="off"></p>
<p class="buttons">
${actionsFor[state].map((action) => button(`${action}:${id}`, messages.actions[action]))}</p>`
  return form(visit, content, 'decide')
}

function received(trackback: Trackback, visit: Visit): Html {
  const { labels, charsetSources } = visit.messages
  const { title, excerpt, blogName, url, sourceKey, charset, charsetSource, clientIp, receivedAt } = trackback
  return html`<dl class="facts">
${fact(labels.title, isolated(title))}${fact(labels.excerpt, isolated(excerpt))}${fact(labels.blogName, isolated(blogName))}${fact(labels.url, foreignLink(url, url))}${sourceKey !== url && fact(labels.sourceKey, urlText(sourceKey))}${fact(labels.post, postOf(trackback, visit))}${fact(labels.receivedAt, timeOf(receivedAt, visit))}${fact(labels.clientIp, clientIp)}${fact(labels.charset, html`${charset} (${wordFor(charsetSource, charsetSources)})`)}</dl>
<p class="similar">${similarTo(trackback, visit)}</p>`
}

function verified({ verification, url }: Trackback, visit: Visit): Html {
  const { labels, notVerified, noPassage } = visit.messages
  if (!verification) return html`<p class="empty">${notVerified}</p>`
  const { reason, checkedAt, attempts, finalUrl, title = '', passage } = verification
  return html`<dl class="facts">
${fact(labels.outcome, phraseOf(reason, visit))}${fact(labels.checkedAt, timeOf(checkedAt, visit))}${fact(labels.attempts, visit.numbers.format(attempts).replace(/^\+/, ''))}${finalUrl !== undefined && finalUrl !== url && fact(labels.finalUrl, foreignLink(finalUrl, finalUrl))}${fact(labels.pageTitle, isolated(title))}${fact(labels.passage, passage ? quoted(passage, finalUrl ?? url) : noPassage)}</dl>`
}

function checked({ checks }: Trackback, visit: Visit): Html {
  if (checks.length === 0) return html`<p class="empty">${visit.messages.noChecks}</p>`
  return html`<p class="score">${scoreLine(checks, visit)}</p>
${checkList(checks, visit)}`
}

function historyOf({ history }: Trackback, visit: Visit): Html {
  if (history.length === 0) return html`<p class="empty">${visit.messages.noHistory}</p>`
  const entries = history.map((entry) => html`<li>${historyEntry(entry, visit)}</li>\n`).reverse()
  return html`<ol class="rows" role="list" reversed>
${entries}</ol>`
}

function historyEntry(entry: HistoryEntry, visit: Visit): Html {
  const { messages } = visit
  const { at, by, user, action, reason } = entry
  const who = by === 'policy' ? messages.policy : isolated(user ?? messages.author)
  const did = action && html`<span class="did">${messages.actions[action]}</span> `
  return html`${stateBadge(entry, visit)} ${timeOf(at, visit)} <span class="who">${who}</span> ${did}${phraseOf(reason, visit)}`
}

/** Links to the form of blocks, which says what a block affects before there is one. */
function blockLinks({ url, clientIp }: Trackback, visit: Visit): Html {
  const values = clientIp ? [url, clientIp] : [url]
  return listOfItems(values.map((value) => link(visit, { page: 'blocks', query: { value } }, urlText(value))))
}

/** The state in words; its colour says nothing more. What a person called spam is rejected, too. */
function stateBadge({ state, action }: Pick<HistoryEntry, 'state' | 'action'>, { messages }: Style): Html {
  const name = state === 'rejected' && action === 'spam' ? 'spam' : state
  return html`<span class="state state-${state}">${messages.states[name]}</span>`
}

/** The state of a trackback as it is now, where it comes from, when, and what for: the host unless it is the blog's name, too. */
export function metaOf(trackback: Trackback, visit: Visit, hasState: boolean): Html {
  const { url, blogName, receivedAt, state, history } = trackback
  const badge = hasState && stateBadge({ ...standingDecision(history), state }, visit)
  const host = webUrl(url)?.host ?? url
  const isSame = withoutWww(blogName.toLowerCase()) === withoutWww(host)
  return html`<p class="meta">${badge} ${!isSame && isolated(blogName)} ${foreignLink(url, host)} ${timeOf(receivedAt, visit)} <span class="to">→ ${postOf(trackback, visit)}</span></p>`
}

/** Links to what is like a trackback. */
export function similarTo({ postId, url, blog }: Trackback, visit: Visit): Html {
  const { messages } = visit
  const host = webUrl(url)?.host
  const page = listOf(visit.route)?.page ?? 'held'
  const to = (route: Route, text: string): Html => html`${link(visit, route, text)}\n`
  return html`${to({ page, query: { post: postId } }, messages.samePost)}${host && to({ page: 'search', query: { q: `//${host}/` } }, messages.sameHost)}${blog && to({ page, query: { blog } }, messages.sameBlog)}`
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
  const { messages, say } = style
  const average = averageOf(checks)
  if (average === null) return null
  const weightOf = ({ score }: CheckResult): number => (score ?? 0) * (average < 0 ? -1 : 1)
  const decisive = checks.filter((check) => weightOf(check) > 0).sort((a, b) => weightOf(b) - weightOf(a))
  const names = decisive.map(({ check }) => wordFor(check, messages.checkNames)).join(', ')
  return say(names ? messages.scoreOf : messages.score, { score: scoreOf(average, style), checks: names })
}

/** What each check said. */
export function checkList(checks: readonly CheckResult[], style: Style): Html {
  const item = ({ check, score, reason }: CheckResult): Html =>
    html`<b class="number">${scoreOf(score, style)}</b> <span>${wordFor(check, style.messages.checkNames)}: ${phraseOf(reason, style)}</span>`
  return listOfItems(checks.map(item), 'checks')
}

/** One row of a description list; nothing where there is nothing to say. */
function fact(label: string, value: Html | string | null): Html | null {
  return value === null || value === '' ? null : html`<div><dt>${label}</dt><dd>${value}</dd></div>\n`
}
