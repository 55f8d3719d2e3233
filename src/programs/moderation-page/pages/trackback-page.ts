import { titleOf } from '../../../render/item.js'
import type { HistoryEntry, Trackback } from '../../../store/store.js'
import { type ListRoute, type Route, routeUrl } from '../requests/routes.js'
import { listTitle, type Visit, type Words } from './context.js'
import {
  actionName,
  checkList,
  fact,
  metaOf,
  phraseOf,
  postOf,
  quoted,
  scoreLine,
  similarTo,
  stateBadge,
  stateOf,
  timeOf,
} from './facts.js'
import { button, foreignLink, type Html, html, isolated, listOfItems, urlText } from './html.js'
import { form, layout, link, pager } from './layout.js'
import { actionsFor } from './list-page.js'

/**
 * The page of one trackback: everything that is known of it, and everything that can be done; with the list that it is in,
 * and the id of the one that follows there.
 */
export function trackbackPage(visit: Visit, trackback: Trackback, list: ListRoute, nextId?: string): Html {
  const { messages } = visit
  const { parts } = messages
  const part = (name: keyof typeof parts, content: Html): Html =>
    html`<section class="part part-${name}" aria-labelledby="part-${name}">\n<h2 id="part-${name}">${parts[name]}</h2>\n${content}\n</section>\n`
  const next: Route | null =
    nextId === undefined ? null : { page: 'trackback', id: nextId, query: { from: routeUrl(list) } }
  const texts = { up: `← ${listTitle(list.page, visit)}`, next: `${messages.next} →` }
  return layout(
    visit,
    titleOf(trackback),
    html`${metaOf(trackback, visit, stateOf(trackback, visit))}
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
${fact(labels.title, isolated(title))}${fact(labels.excerpt, isolated(excerpt))}${fact(labels.blogName, isolated(blogName))}${fact(labels.url, foreignLink(url, url))}${sourceKey !== url && fact(labels.sourceKey, urlText(sourceKey))}${fact(labels.post, postOf(trackback, visit))}${fact(labels.receivedAt, timeOf(receivedAt, visit))}${fact(labels.clientIp, clientIp)}${fact(labels.charset, html`${charset} (${(charsetSources as Words)[charsetSource] ?? charsetSource})`)}</dl>
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
  const did = action && html`<span class="did">${actionName(action, messages)}</span> `
  return html`${stateBadge(entry, visit)} ${timeOf(at, visit)} <span class="who">${who}</span> ${did}${phraseOf(reason, visit)}`
}

/** Links to the form of blocks, which says what a block affects before there is one. */
function blockLinks({ url, clientIp }: Trackback, visit: Visit): Html {
  const values = clientIp ? [url, clientIp] : [url]
  return listOfItems(values.map((value) => link(visit, { page: 'blocks', query: { value } }, urlText(value))))
}
