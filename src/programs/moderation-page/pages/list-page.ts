import { isDeepStrictEqual } from 'node:util'
import { standingDecision } from '../../../receive/moderation/history.js'
import { titleOf } from '../../../render/item.js'
import type { Trackback, TrackbackState } from '../../../store/store.js'
import type { ItemAction } from '../requests/command.js'
import { type Listing, orderOf } from '../requests/listing.js'
import { type ListRoute, listRoute, lists, type Route, routeUrl } from '../requests/routes.js'
import { countText, linkTo, listTitle, type Visit } from './context.js'
import { actionName, checkList, metaOf, phraseOf, quoted, scoreLine, similarTo, stateOf } from './facts.js'
import { feedUrl } from './feed.js'
import { type Html, html, isolated } from './html.js'
import { formFields, layout, status } from './layout.js'

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
export function listPage(visit: Visit, route: ListRoute, listing: Listing, feedToken: string | null): Html {
  const { messages } = visit
  const { q, post, blog } = route.query
  const { spam, rejected } = messages.states
  const isAsked = route.list !== 'search' || q !== undefined
  const isWaiting = route.list === 'held' || route.list === 'unverified'
  const hasItems = listing.items.length > 0
  const filters = [
    post && visit.say(messages.toPost, { post: visit.posts.get(post)?.title || post }),
    blog && visit.say(messages.ofBlog, { blog }),
    q && route.list !== 'search' && visit.say(messages.found, { text: q }),
  ].filter((each) => each !== undefined && each !== false)
  return layout(
    visit,
    route.list === 'search' && q ? visit.say(messages.found, { text: q }) : listTitle(route.list, visit),
    html`<p class="intro">${messages.intro[route.list]}${isWaiting && ` ${visit.say(messages.deadline, { days: visit.maxHeldDays })}`}</p>
${route.list === 'spam' && html`<p class="choices">${choices(visit, { spam, rejected }, route.query.only, (only) => listRoute('spam', { q, post, blog, only }))}</p>`}
${filters.length > 0 && html`<p class="filters">${filters.map((each) => html`<span><bdi>${each}</bdi></span> `)}<a href="${linkTo(visit, listRoute(route.list))}">${messages.showAll}</a></p>`}
${hasItems ? list(visit, route, listing) : isAsked && html`<p class="empty">${messages.empty}</p>`}
${pager(visit, listing)}
${route.list === 'held' && feed(visit, feedToken)}`,
    hasItems,
  )
}

/** Links to a list as a whole, and to each part of it that has a name; `present` is the one that is shown. */
export function choices(
  visit: Visit,
  names: Readonly<Record<string, string>>,
  present: string | undefined,
  routeOf: (name: string | undefined) => Route,
): Html[] {
  const link = (name: string | undefined, text: string): Html =>
    html`<a href="${linkTo(visit, routeOf(name))}"${name === present && html` aria-current="true"`}>${text}</a>\n`
  return [
    link(undefined, visit.messages.all),
    ...Object.entries(names).map(([name, text]) => link(name, text)),
  ]
}

/** The URL of the user's feed, and the button that gives it a new one. */
function feed(visit: Visit, token: string | null): Html {
  const { messages, path } = visit
  const url = token !== null && feedUrl(visit, token)
  return html`<details class="feed"${visit.change?.change.did === 'feed' && html` open`}><summary>${messages.feed}</summary>
<form method="post" action="${path}">
${formFields(visit)}
<p>${messages.feedNote}</p>
${url && html`<p><a class="url" href="${url}">${url}</a></p>`}
<p><button type="submit" name="do" value="feed">${messages.newFeed}</button></p>
</form>
</details>`
}

/** The links to the pages before and after this one, where there are such. */
export function pager(
  visit: Visit,
  { previous, next }: { readonly previous?: Route; readonly next?: Route },
): Html | null {
  const { messages } = visit
  if (!previous && !next) return null
  const link = (route: Route | undefined, rel: string, text: string): Html | undefined =>
    route && html`<li><a href="${linkTo(visit, route)}" rel="${rel}">${text}</a></li>\n`
  return html`<nav class="pager" aria-label="${messages.pages}">
<ul>
${link(previous, 'prev', messages.previousPage)}${link(next, 'next', messages.nextPage)}</ul>
</nav>`
}

// Enter on a checkbox presses the first button that is not disabled: that must be one that decides nothing.
function list(visit: Visit, route: ListRoute, listing: Listing): Html {
  const { messages, path } = visit
  const { items, total } = listing
  const { select } = route.query
  const state = lists[route.list]
  // All that match cannot be unticked one by one, and a block of many hosts is decided on page by page.
  const about = select === 'all' ? `:*${total}` : ''
  const actions = (state === undefined ? allActions : actionsFor[state]).filter(
    (action) => action !== 'block' || about === '',
  )
  const place = visit.change ? placeOf(visit.change.change.place, route, items) : -1
  const said = html`<li>${status(visit)}</li>\n`
  return html`<form class="list" method="post" action="${path}">
${formFields(visit)}
<button type="submit" name="do" value="none" hidden></button>
${selection(visit, route, listing)}
<ul class="items" role="list">
${items.map((item, index) => html`${index === place && said}<li>${article(item, visit, select, state)}</li>\n`)}${place === items.length && said}</ul>
<fieldset class="bulk">
<legend>${messages.withSelected}${about && ` ${countText(total)}`}</legend>
${actions.map((action) => html`<button type="submit" name="do" value="${action}${about}" class="do-${action}">${messages.actions[action]}</button>\n`)}</fieldset>
</form>`
}

/** Before which item of a page it is said what was done with one that was received at a time. */
function placeOf(time: number, route: ListRoute, items: readonly Trackback[]): number {
  if (time === 0) return 0
  const isAfter = ({ receivedAt }: Trackback): boolean =>
    orderOf(route) === 'oldest' ? receivedAt >= time : receivedAt <= time
  const index = items.findIndex(isAfter)
  return index < 0 ? items.length : index
}

/** How many trackbacks a list has, and what selects some or all of them. */
function selection(visit: Visit, route: ListRoute, { items, total, at }: Listing): Html {
  const { messages } = visit
  const { select } = route.query
  const link = (selected: string | undefined, text: string, name = ''): Html =>
    html`<a href="${linkTo(visit, { ...route, query: { ...route.query, select: selected } })}"${name && html` class="${name}"`}>${text}</a> `
  const all = countText(total)
  const isPart = total > items.length
  return html`<p class="select">${select === undefined ? link('page', messages.selectAll, 'select-all') : link(undefined, messages.selectNone)}
${select === 'all' ? html`<b>${visit.say(messages.allSelected, { total: all })}</b>` : isPart && link('all', visit.say(messages.selectMatching, { total: all }))}
${route.list === 'spam' && html`<button type="submit" name="do" value="remove:*${total}" class="do-remove">${visit.say(messages.emptyList, { total: all })}</button>`}
<span class="range">${visit.say(messages.range, { from: at + 1, to: at + items.length, total: all })}</span></p>`
}

function article(
  trackback: Trackback,
  visit: Visit,
  select: string | undefined,
  listState: TrackbackState | undefined,
): Html {
  const { messages, route } = visit
  const { id, excerpt, verification, url, state } = trackback
  const title = titleOf(trackback)
  const passage = verification?.passage
  const isVaried = listState === undefined || listState === 'rejected'
  const action = (name: ItemAction): Html =>
    html`<button type="submit" name="do" value="${name}:${id}" class="do-${name}" aria-describedby="title-${id}">${messages.actions[name]}</button>\n`
  const [first, second, ...others] = actionsFor[state].map(action)
  return html`<article class="item" aria-labelledby="title-${id}">
<label class="pick"><input type="checkbox" name="id" value="${id}"${select && html` checked`}${select === 'all' && html` disabled`}><span class="unseen">${visit.say(messages.select, { title })}</span></label>
<h2 id="title-${id}"><a href="${linkTo(visit, { page: 'trackback', id, query: { from: routeUrl(route) } })}">${isolated(title)}</a></h2>
${metaOf(trackback, visit, isVaried && stateOf(trackback, visit))}
${excerpt !== '' && html`<p class="excerpt">${isolated(excerpt)}</p>`}
${passage && quoted(passage, verification.finalUrl ?? url)}
${why(trackback, visit)}
<div class="buttons">
${first}${second}<details><summary aria-describedby="title-${id}">${messages.more}</summary>
<div>
${others}${similarTo(trackback, visit)}</div>
</details>
</div>
</article>`
}

/**
 * Why a trackback is where it is, in one line: what was decided last, what was found at the source, and the score, which
 * what the checks said is folded behind.
 */
function why({ history, verification, checks }: Trackback, visit: Visit): Html | null {
  const { messages } = visit
  const last = standingDecision(history)
  const isScore = typeof last?.reason === 'object' && last.reason.code === 'checks-object'
  const decided =
    last &&
    (last.action ? html`${actionName(last.action, messages)}` : !isScore && phraseOf(last.reason, visit))
  const found =
    verification &&
    !verification.passage &&
    !isDeepStrictEqual(last?.reason, verification.reason) &&
    phraseOf(verification.reason, visit)
  const reasons = [decided, found]
    .filter(Boolean)
    .map((reason) => html`<span class="reason">${reason}</span> `)
  const score = scoreLine(checks, visit)
  if (score === null) return reasons.length > 0 ? html`<p class="why">${reasons}</p>` : null
  const spoken = checks.filter((check) => check.score !== null)
  return html`<details class="why"><summary>${reasons}<span class="score">${score}</span></summary>
${checkList(spoken, visit)}</details>`
}
