import { titleOf } from '../../../render/item.js'
import type { HistoryEntry, Trackback } from '../../../store/store.js'
import { type ListRoute, type Route, routeUrl } from '../requests/routes.js'
import { linkTo, listTitle, type Visit, type Words } from './context.js'
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
  sourceOf,
  stateBadge,
  stateOf,
  timeOf,
} from './facts.js'
import { type Html, html, isolated } from './html.js'
import { formFields, layout } from './layout.js'
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
  const next: Route =
    nextId === undefined ? list : { page: 'trackback', id: nextId, query: { from: routeUrl(list) } }
  return layout(
    visit,
    titleOf(trackback),
    html`${metaOf(trackback, visit, stateOf(trackback, visit))}
<nav class="pager" aria-label="${messages.pages}">
<ul>
<li><a href="${linkTo(visit, list)}" rel="up">← ${listTitle(list.list, visit)}</a></li>
${nextId !== undefined && html`<li><a href="${linkTo(visit, next)}" rel="next">${messages.next} →</a></li>\n`}</ul>
</nav>
<div class="parts">
${part('decide', decisionForm(trackback, visit, next))}${part('received', received(trackback, visit))}${part('verification', verified(trackback, visit))}${part('checks', checked(trackback, visit))}${part('history', historyOf(trackback, visit))}${part('block', blockLinks(trackback, visit))}</div>`,
  )
}

function decisionForm({ id, state }: Trackback, visit: Visit, next: Route): Html {
  const { messages, path } = visit
  const button = (action: keyof typeof messages.actions): Html =>
    html`<button type="submit" name="do" value="${action}:${id}" class="do-${action}">${messages.actions[action]}</button>\n`
  return html`<form class="decide" method="post" action="${path}">
${formFields(visit)}
<input type="hidden" name="next" value="${routeUrl(next)}">
<p class="field"><label for="note">${messages.noteLabel}</label> <input id="note" name="note" maxlength="200" autocomplete="off"></p>
<p class="buttons">
${actionsFor[state].map(button)}</p>
</form>`
}

function received(trackback: Trackback, visit: Visit): Html {
  const { labels, charsetSources } = visit.messages
  const { title, excerpt, blogName, url, sourceKey, charset, charsetSource, clientIp, receivedAt } = trackback
  return html`<dl class="facts">
${fact(labels.title, isolated(title))}${fact(labels.excerpt, isolated(excerpt))}${fact(labels.blogName, isolated(blogName))}${fact(labels.url, sourceOf(url, url))}${sourceKey !== url && fact(labels.sourceKey, html`<bdi class="url">${sourceKey}</bdi>`)}${fact(labels.post, postOf(trackback, visit))}${fact(labels.receivedAt, timeOf(receivedAt, visit))}${fact(labels.clientIp, clientIp)}${fact(labels.charset, html`${charset} (${(charsetSources as Words)[charsetSource] ?? charsetSource})`)}</dl>
<p class="similar">${similarTo(trackback, visit)}</p>`
}

function verified({ verification, url }: Trackback, visit: Visit): Html {
  const { labels, notVerified, noPassage } = visit.messages
  if (!verification) return html`<p class="empty">${notVerified}</p>`
  const { reason, checkedAt, attempts, finalUrl, title = '', passage } = verification
  return html`<dl class="facts">
${fact(labels.outcome, phraseOf(reason, visit))}${fact(labels.checkedAt, timeOf(checkedAt, visit))}${fact(labels.attempts, visit.numbers.format(attempts).replace(/^\+/, ''))}${finalUrl !== undefined && finalUrl !== url && fact(labels.finalUrl, sourceOf(finalUrl, finalUrl))}${fact(labels.pageTitle, isolated(title))}${fact(labels.passage, passage ? quoted(passage, finalUrl ?? url) : noPassage)}</dl>`
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
  const link = (value: string): Html =>
    html`<li><a href="${linkTo(visit, { page: 'blocks', query: { value } })}"><bdi class="url">${value}</bdi></a></li>\n`
  return html`<ul class="rows" role="list">
${link(url)}${clientIp && link(clientIp)}</ul>`
}
