import { isDeepStrictEqual } from 'node:util'
import { standingDecision } from '../../../receive/policy/history.js'
import { titleOf } from '../../../render/item.js'
import type { Trackback } from '../../../store/store.js'
import { type Change, itemActions } from '../requests/changes.js'
import { type Listing, orderOf, readListing } from '../requests/listing.js'
import { type ListRoute, listOf, lists, type Route, routeUrl } from '../requests/routes.js'
import { feedTokenOf } from '../requests/tokens.js'
import { countText, linkTo, listTitle, phraseOf, type Visit } from './context.js'
import { button, type Html, html, isolated, listOfItems, type Value } from './html.js'
import { choices, filters, form, layout, link, pager, status } from './layout.js'
import { actionsFor, checkList, metaOf, quoted, scoreLine, similarTo } from './trackback-page.js'

/** A list of trackbacks, in one form: each has its own buttons, and those that are ticked have common ones. */
export async function listPage(asked: Visit): Promise<Html | null> {
  const { messages, say } = asked
  const route = listOf(asked.route)
  if (!route) return null
  const { page } = route
  const { q, post, blog } = route.query
  const listing = await readListing(route, asked.pageSize, asked)
  const ofPosts = post === undefined ? listing.items : [{ postId: post }, ...listing.items]
  const visit = { ...asked, posts: await asked.findPosts(ofPosts) }
  const { spam, rejected } = messages.states
  const isAsked = page !== 'search' || q !== undefined
  const isWaiting = orderOf(route) === 'oldest'
  const found = q && say(messages.found, { text: q })
  const hasItems = listing.items.length > 0
  const names = [
    post && say(messages.toPost, { post: visit.posts.get(post)?.title || post }),
    blog && say(messages.ofBlog, { blog }),
    page !== 'search' && found,
  ].filter(Boolean)
  return layout(
    visit,
    (page === 'search' && found) || listTitle(page, visit),
    html`<p class="intro">${messages.intro[page]}${isWaiting && ` ${say(messages.deadline, { days: visit.maxHeldDays })}`}</p>
${page === 'spam' && html`<p class="choices">${choices(visit, 'only', { spam, rejected })}</p>`}
${filters(visit, names, blog !== undefined && html`${link(visit, { page: 'blocks', query: { blog } }, messages.lists.blocks)} `)}
${hasItems ? list(visit, route, listing) : isAsked && html`<p class="empty">${messages.empty}</p>`}
${pager(visit, { prev: listing.previous, next: listing.next })}
${page === 'held' && (await feed(visit))}`,
    hasItems,
  )
}

/** The URL of the user's feed, and the button that gives it a new one. */
async function feed(visit: Visit): Promise<Html> {
  const { messages, change, origin } = visit
  const token = await feedTokenOf(visit)
  const url = token !== null && origin + linkTo(visit, { page: 'feed', query: { token } })
  const content = html`<p>${messages.feedNote}</p>
${url && html`<p><a class="url" href="${url}">${url}</a></p>`}
<p>${button('feed', messages.newFeed)}</p>`
  return html`<details class="feed"${change?.did === 'feed' && html` open`}><summary>${messages.feed}</summary>
${form(visit, content)}
</details>`
}

// Enter on a checkbox presses the first button that is not disabled: that must be one that decides nothing.
function list(visit: Visit, route: ListRoute, listing: Listing): Html {
  const { messages, change } = visit
  const { items, total } = listing
  const { select } = route.query
  const state = lists[route.page]
  // All that match cannot be unticked one by one, and a block of many hosts is decided on page by page.
  const about = select === 'all' ? `:*${total}` : ''
  const actions = (state === undefined ? itemActions : actionsFor[state]).filter(
    (action) => action !== 'block' || about === '',
  )
  const hasStates = state === undefined || state === 'rejected'
  const articles: Value[] = items.map((item) => article(item, visit, hasStates))
  const shown = change
    ? articles.toSpliced(placeOf(change, route, items), 0, status(change, visit))
    : articles
  const content = html`<button type="submit" name="do" value="nothing" hidden></button>
${selection(visit, route, listing)}
${listOfItems(shown, 'items')}
<fieldset class="bulk">
<legend>${messages.withSelected}${about && ` ${countText(total)}`}</legend>
${actions.map((action) => button(action + about, messages.actions[action]))}</fieldset>`
  return form(visit, content, 'list')
}

/** Before which item of a page it is said what was done. */
function placeOf({ place }: Change, route: ListRoute, items: readonly Trackback[]): number {
  if (place === 0) return 0
  const isAfter = ({ receivedAt }: Trackback): boolean =>
    orderOf(route) === 'oldest' ? receivedAt >= place : receivedAt <= place
  const index = items.findIndex(isAfter)
  return index < 0 ? items.length : index
}

/** How many trackbacks a list has, and what selects some or all of them. */
function selection(visit: Visit, route: ListRoute, { items, total, at }: Listing): Html {
  const { messages, say } = visit
  const { select } = route.query
  const to = (select: string | undefined, text: string, attributes?: Html): Html =>
    html`${link(visit, { ...route, query: { ...route.query, select } }, text, attributes)} `
  const all = countText(total)
  return html`<p class="select">${select === undefined ? to('page', messages.selectAll, html`class="select-all"`) : to(undefined, messages.selectNone)}
${select === 'all' ? html`<b>${say(messages.allSelected, { total: all })}</b>` : total > items.length && to('all', say(messages.selectMatching, { total: all }))}
${route.page === 'spam' && button(`remove:*${total}`, say(messages.emptyList, { total: all }))}
<span class="range">${say(messages.range, { from: at + 1, to: at + items.length, total: all })}</span></p>`
}

/** A trackback with its buttons; with its state where the list has several, or spam and what was rejected otherwise. */
function article(trackback: Trackback, visit: Visit, hasState: boolean): Html {
  const { messages, route, say } = visit
  const { select } = route.query
  const { id, excerpt, verification, url, state } = trackback
  const title = titleOf(trackback)
  const passage = verification?.passage
  const own: Route = { page: 'trackback', id, query: { from: routeUrl(route) } }
  const [first, second, ...others] = actionsFor[state].map((action) =>
    button(`${action}:${id}`, messages.actions[action], `title-${id}`),
  )
  return html`<article class="item" aria-labelledby="title-${id}">
<label class="pick"><input type="checkbox" name="id" value="${id}"${select && html` checked`}${select === 'all' && html` disabled`}><span class="unseen">${say(messages.select, { title })}</span></label>
<h2 id="title-${id}">${link(visit, own, isolated(title))}</h2>
${metaOf(trackback, visit, hasState)}
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
    last && (last.action ? html`${messages.actions[last.action]}` : !isScore && phraseOf(last.reason, visit))
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
