import { type Delivery, deliveryStates, troubledStates } from '../../../send/outbox/delivery.js'
import type { Query, Route } from '../requests/routes.js'
import { countText, phraseOf, postOf, timeOf, type Visit } from './context.js'
import { button, foreignLink, type Html, html, isolated, urlText } from './html.js'
import { choices, formOfItems, layout, pager } from './layout.js'

/** The states of deliveries that another attempt can change. */
const retried: readonly Delivery['state'][] = [...troubledStates, 'no-ping-url']

/** What became of the pings that were sent, a page of them, with buttons that send again. */
export async function sentPage(asked: Visit): Promise<Html | null> {
  const { messages, say, sender, pageSize: limit } = asked
  const { after, at = '0', ...query } = asked.route.query
  const state = deliveryStates.find((each) => each === query.state)
  const page = await sender?.list({ state }, { limit, after })
  if (!page) return null
  const { items, next, total, counts } = page
  const troubled = troubledStates.reduce((sum, each) => sum + (counts[each] ?? 0), 0)
  const present = { ...asked.counts, sent: troubled }
  const visit = { ...asked, counts: present, posts: await asked.findPosts(items) }
  const first = after === undefined ? 0 : Number(at) || 0
  const sent = (query: Query): Route => ({ page: 'sent', query })
  const names = Object.entries(messages.deliveries).map(([name, text]) => [
    name,
    `${text} ${countText(counts[name as Delivery['state']] ?? 0)}`,
  ])
  const range = { from: first + 1, to: first + items.length, total: countText(total) }
  const following = next === undefined ? null : sent({ state, after: next, at: String(first + items.length) })
  const entries = items.map((item, index) => entry(item, `sent-${index}`, visit))
  return layout(
    visit,
    messages.lists.sent,
    html`<p class="intro">${messages.intro.sent}</p>
<p class="choices">${choices(visit, 'state', Object.fromEntries(names))}${items.length > 0 && html`<span class="range">${say(messages.range, range)}</span>`}</p>
${formOfItems(visit, entries, 'items')}
${pager(visit, { prev: after === undefined ? null : sent({ state }), next: following })}`,
  )
}

function entry(delivery: Delivery, id: string, visit: Visit): Html {
  const { messages, say } = visit
  const { postId, target, state, pingUrl, answer, reason, attempts, changedAt, nextAt } = delivery
  const again = `retry:${new URLSearchParams({ post: postId, target })}`
  const said = answer?.outcome === 'unrecognised' ? answer.snippet : answer?.message
  return html`<article class="item" aria-labelledby="${id}">
<h2 id="${id}">${foreignLink(target, target)}</h2>
<p class="meta"><span class="state state-${state}">${messages.deliveries[state]}</span> <span class="to">← ${postOf({ postId }, visit)}</span> ${timeOf(changedAt, visit)} ${attempts > 0 && html`<span>${say(messages.attempts, { count: attempts })}</span>`} ${nextAt !== null && html`<span>${messages.nextAttempt} ${timeOf(nextAt, visit)}</span>`}</p>
<p class="excerpt">${phraseOf(reason, visit)}${said && html`: ${isolated(said)}`}</p>
${pingUrl !== null && pingUrl !== target && html`<p class="meta">${urlText(pingUrl)}</p>`}
${retried.includes(state) && html`<p class="buttons">${button(again, messages.retry, id)}</p>`}
</article>`
}
