import { type Delivery, type DeliveryPage, troubledStates } from '../../../send/outbox/delivery.js'
import type { Route } from '../requests/routes.js'
import { countText, type Visit } from './context.js'
import { phraseOf, postOf, sourceOf, timeOf } from './facts.js'
import { type Html, html, isolated } from './html.js'
import { formFields, layout } from './layout.js'
import { choices, pager } from './list-page.js'

type SentRoute = Extract<Route, { page: 'sent' }>

/** The states of deliveries that another attempt can change. */
const retried: readonly Delivery['state'][] = [...troubledStates, 'no-ping-url']

/** What became of the pings that were sent, a page of them, with buttons that send again. */
export function sentPage(visit: Visit, route: SentRoute, { items, next, total, counts }: DeliveryPage): Html {
  const { messages, say } = visit
  const { state, after, at = '0' } = route.query
  const first = after === undefined ? 0 : Number(at) || 0
  const turned = (query: SentRoute['query']): Route => ({ page: 'sent', query: { state, ...query } })
  const names = Object.entries(messages.deliveries).map(([name, text]) => [
    name,
    `${text} ${countText(counts[name as keyof typeof counts])}`,
  ])
  const range = { from: first + 1, to: first + items.length, total: countText(total) }
  return layout(
    visit,
    messages.lists.sent,
    html`<p class="intro">${messages.intro.sent}</p>
<p class="choices">${choices(visit, Object.fromEntries(names), state, (name) => ({ page: 'sent', query: { state: name } }))}${items.length > 0 && html`<span class="range">${say(messages.range, range)}</span>`}</p>
${items.length > 0 ? list(visit, items) : html`<p class="empty">${messages.empty}</p>`}
${pager(visit, {
  ...(after !== undefined && { previous: turned({}) }),
  ...(next !== undefined && { next: turned({ after: next, at: String(first + items.length) }) }),
})}`,
  )
}

function list(visit: Visit, deliveries: readonly Delivery[]): Html {
  return html`<form method="post" action="${visit.path}">
${formFields(visit)}
<ul class="items" role="list">
${deliveries.map((delivery, index) => html`<li>${entry(delivery, `sent-${index}`, visit)}</li>\n`)}</ul>
</form>`
}

function entry(delivery: Delivery, id: string, visit: Visit): Html {
  const { messages, say } = visit
  const { postId, target, state, pingUrl, answer, reason, attempts, changedAt, nextAt } = delivery
  const said = answer?.outcome === 'unrecognised' ? answer.snippet : answer?.message
  return html`<article class="item" aria-labelledby="${id}">
<h2 id="${id}">${sourceOf(target, target)}</h2>
<p class="meta"><span class="state state-${state}">${messages.deliveries[state]}</span> <span class="to">← ${postOf({ postId }, visit)}</span> ${timeOf(changedAt, visit)} ${attempts > 0 && html`<span>${say(messages.attempts, { count: attempts })}</span>`} ${nextAt !== null && html`<span>${messages.nextAttempt} ${timeOf(nextAt, visit)}</span>`}</p>
<p class="excerpt">${phraseOf(reason, visit)}${said && html`: ${isolated(said)}`}</p>
${pingUrl !== null && pingUrl !== target && html`<p class="meta"><bdi class="url">${pingUrl}</bdi></p>`}
${retried.includes(state) && html`<p class="buttons"><button type="submit" name="do" value="retry:${postId.length}:${postId}${target}" aria-describedby="${id}">${messages.retry}</button></p>`}
</article>`
}
