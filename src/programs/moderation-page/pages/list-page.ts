import { isDeepStrictEqual } from 'node:util'
import type { Page } from '../../../base/types.js'
import { averageOf } from '../../../receive/checks/check.js'
import { standingDecision } from '../../../receive/moderation/history.js'
import { titleOf } from '../../../render/item.js'
import type { Trackback, TrackbackState } from '../../../store/store.js'
import type { ItemAction } from '../requests/command.js'
import { lists, type Route } from '../requests/routes.js'
import { linkTo, type Visit } from './context.js'
import { checkList, fact, phraseOf, postOf, quoted, scoreOf, sourceOf, stateBadge, timeOf } from './facts.js'
import { type Html, html, isolated } from './html.js'
import { formFields, layout } from './layout.js'

type ListRoute = Extract<Route, { page: 'list' }>

/** What may be done with a trackback in a state; the first two are what is done most. */
export const actionsFor: Readonly<Record<TrackbackState, readonly ItemAction[]>> = {
  unverified: ['publish', 'spam', 'hold', 'reject', 'remove', 'block'],
  held: ['publish', 'spam', 'reject', 'remove', 'block'],
  published: ['hold', 'spam', 'reject', 'remove', 'block'],
  rejected: ['notSpam', 'remove', 'publish', 'hold', 'spam', 'block'],
  removed: ['publish', 'hold', 'reject', 'spam', 'block'],
}

const allActions: readonly ItemAction[] = ['publish', 'notSpam', 'hold', 'reject', 'remove', 'spam', 'block']

/** A list of trackbacks, in one form: each has its own buttons, and those that are ticked have common ones. */
export function listPage(visit: Visit, route: ListRoute, { items, next }: Page<Trackback>): Html {
  const { messages } = visit
  const heading = route.text === '' ? messages.lists[route.list] : messages.found(route.text)
  const isAsked = route.list !== 'search' || route.text !== ''
  const isWaiting = route.list === 'held' || route.list === 'unverified'
  const content =
    items.length > 0 ? list(visit, route, items) : html`<p class="empty">${messages.empty[route.list]}</p>`
  return layout(
    visit,
    heading,
    html`<p class="intro">${messages.intro[route.list]}${isWaiting && ` ${messages.deadline(visit.maxHeldDays)}`}</p>
${isAsked && content}
${pager(visit, route, next)}`,
  )
}

/** The links to the first page and the next one, where there are such. */
export function pager(
  visit: Visit,
  route: Exclude<Route, { page: 'trackback' }>,
  next: string | undefined,
): Html | null {
  const { messages } = visit
  if (route.after === '' && next === undefined) return null
  const link = (after: string, text: string): Html =>
    html`<li><a href="${linkTo(visit, { ...route, after })}">${text}</a></li>\n`
  return html`<nav class="pager" aria-label="${messages.pages}">
<ul>
${route.after !== '' && link('', messages.firstPage)}${next !== undefined && link(next, messages.nextPage)}</ul>
</nav>`
}

// Enter on a checkbox presses the first button that is not disabled: that must be one that decides nothing.
function list(visit: Visit, route: ListRoute, items: readonly Trackback[]): Html {
  const { messages, path } = visit
  const state = lists[route.list]
  const { isAllSelected } = route
  const turned = linkTo(visit, { ...route, isAllSelected: !isAllSelected })
  const actions = state === undefined ? allActions : actionsFor[state]
  return html`<form class="list" method="post" action="${path}">
${formFields(visit)}
<button type="submit" name="do" value="none" hidden></button>
<p class="select"><a href="${turned}">${isAllSelected ? messages.selectNone : messages.selectAll}</a></p>
<ul class="items" role="list">
${items.map((item) => html`<li>${article(item, visit, isAllSelected, state === undefined)}</li>\n`)}</ul>
<fieldset class="bulk">
<legend>${messages.withSelected}</legend>
${actions.map((action) => html`<button type="submit" name="do" value="${action}" class="do-${action}">${messages.actions[action]}</button>\n`)}</fieldset>
</form>`
}

function article(trackback: Trackback, visit: Visit, isSelected: boolean, showsState: boolean): Html {
  const { messages } = visit
  const { id, url, blogName, receivedAt } = trackback
  const title = titleOf(trackback)
  return html`<article class="item" aria-labelledby="title-${id}">
<label class="pick"><input type="checkbox" name="id" value="${id}"${isSelected && html` checked`}><span class="unseen">${messages.select(title)}</span></label>
<h2 id="title-${id}"><a href="${linkTo(visit, { page: 'trackback', id })}">${isolated(title)}</a></h2>
<p class="meta">${showsState && stateBadge(trackback.state, visit)} ${isolated(blogName)} ${sourceOf(url)} ${timeOf(receivedAt, visit)}</p>
${facts(trackback, visit)}
${buttons(trackback, visit)}
</article>`
}

function facts(trackback: Trackback, visit: Visit): Html {
  const { labels } = visit.messages
  const { excerpt, verification, url } = trackback
  return html`<dl class="facts">
${fact(labels.excerpt, isolated(excerpt))}${fact(labels.passage, verification?.passage ? quoted(verification.passage, verification.finalUrl ?? url) : null)}${fact(labels.post, postOf(trackback, visit))}${fact(labels.reason, reasonOf(trackback, visit))}</dl>`
}

/** Why a trackback is where it is: what was decided last, what was found at the source, and what the checks said. */
function reasonOf({ history, verification, checks }: Trackback, visit: Visit): Html | null {
  const { messages } = visit
  const last = standingDecision(history)
  const decided =
    last && (last.action ? html`${messages.historyActions[last.action]}` : phraseOf(last.reason, visit))
  const found = verification && html`${messages.outcomes[verification.outcome] ?? verification.outcome}`
  const reasons = [decided, isDeepStrictEqual(last?.reason, verification?.reason) ? null : found].filter(
    Boolean,
  )
  const average = averageOf(checks)
  if (reasons.length === 0 && average === null) return null
  const spoken = checks.filter(({ score }) => score !== null)
  return html`${reasons.map((reason) => html`<span class="reason">${reason}</span> `)}${average !== null && html`<span class="score">${messages.score(scoreOf(average, visit))}</span>`}
${spoken.length > 0 && checkList(spoken, visit)}`
}

/** The buttons of one trackback: the first two, and the others behind them. */
function buttons({ id, state }: Trackback, { messages }: Visit): Html {
  const button = (action: ItemAction): Html =>
    html`<button type="submit" name="do" value="${action}:${id}" class="do-${action}" aria-describedby="title-${id}">${messages.actions[action]}</button>\n`
  const actions = actionsFor[state]
  return html`<div class="buttons">
${actions.slice(0, 2).map(button)}<details><summary aria-describedby="title-${id}">${messages.more}</summary>
<div>
${actions.slice(2).map(button)}</div>
</details>
</div>`
}
