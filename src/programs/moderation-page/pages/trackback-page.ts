import { webUrl } from '../../../protocol/url.js'
import { averageOf } from '../../../receive/checks/check.js'
import { titleOf } from '../../../render/item.js'
import type { HistoryEntry, Trackback } from '../../../store/store.js'
import type { Visit } from './context.js'
import { checkList, fact, phraseOf, postOf, quoted, scoreOf, sourceOf, stateBadge, timeOf } from './facts.js'
import { type Html, html, isolated } from './html.js'
import { formFields, layout } from './layout.js'
import { actionsFor } from './list-page.js'

/** The page of one trackback: everything that is known of it, and everything that can be done. */
export function trackbackPage(visit: Visit, trackback: Trackback): Html {
  const { parts } = visit.messages
  const part = (name: keyof typeof parts, content: Html): Html =>
    html`<section class="part" aria-labelledby="part-${name}">\n<h2 id="part-${name}">${parts[name]}</h2>\n${content}\n</section>\n`
  return layout(
    visit,
    titleOf(trackback),
    html`<p class="meta">${stateBadge(trackback.state, visit)} ${timeOf(trackback.receivedAt, visit)}</p>
${part('decide', decisionForm(trackback, visit))}${part('received', received(trackback, visit))}${part('verification', verified(trackback, visit))}${part('checks', checked(trackback, visit))}${part('history', historyOf(trackback, visit))}${part('block', blockForm(trackback, visit))}`,
  )
}

function decisionForm({ id, state }: Trackback, visit: Visit): Html {
  const { messages, path } = visit
  const actions = actionsFor[state]
  return html`<form method="post" action="${path}">
${formFields(visit)}
<p class="field"><label for="note">${messages.noteLabel}</label> <input id="note" name="note" maxlength="200" autocomplete="off"></p>
<p class="buttons">
${actions.map((action) => html`<button type="submit" name="do" value="${action}:${id}" class="do-${action}">${messages.actions[action]}</button>\n`)}</p>
</form>`
}

function received(trackback: Trackback, visit: Visit): Html {
  const { labels, charsetSources } = visit.messages
  const { title, excerpt, blogName, url, sourceKey, charset, charsetSource, clientIp, receivedAt } = trackback
  return html`<dl class="facts">
${fact(labels.title, isolated(title))}${fact(labels.excerpt, isolated(excerpt))}${fact(labels.blogName, isolated(blogName))}${fact(labels.url, sourceOf(url, url))}${sourceKey !== url && fact(labels.sourceKey, html`<bdi class="url">${sourceKey}</bdi>`)}${fact(labels.post, postOf(trackback, visit))}${fact(labels.receivedAt, timeOf(receivedAt, visit))}${fact(labels.clientIp, clientIp)}${fact(labels.charset, html`${charset} (${charsetSources[charsetSource] ?? charsetSource})`)}</dl>`
}

function verified({ verification, url }: Trackback, visit: Visit): Html {
  const { labels, outcomes, notVerified, noPassage } = visit.messages
  if (!verification) return html`<p class="empty">${notVerified}</p>`
  const { outcome, reason, checkedAt, attempts, finalUrl, title = '', passage } = verification
  return html`<dl class="facts">
${fact(labels.outcome, outcomes[outcome] ?? outcome)}${fact(labels.reason, phraseOf(reason, visit))}${fact(labels.checkedAt, timeOf(checkedAt, visit))}${fact(labels.attempts, visit.numbers.format(attempts).replace(/^\+/, ''))}${finalUrl !== undefined && finalUrl !== url && fact(labels.finalUrl, sourceOf(finalUrl, finalUrl))}${fact(labels.pageTitle, isolated(title))}${fact(labels.passage, passage ? quoted(passage, finalUrl ?? url) : noPassage)}</dl>`
}

function checked({ checks }: Trackback, visit: Visit): Html {
  const { noChecks, score } = visit.messages
  if (checks.length === 0) return html`<p class="empty">${noChecks}</p>`
  return html`<p class="score">${score(scoreOf(averageOf(checks), visit))}</p>
${checkList(checks, visit)}`
}

function historyOf({ history }: Trackback, visit: Visit): Html {
  if (history.length === 0) return html`<p class="empty">${visit.messages.noHistory}</p>`
  const entries = history.map((entry) => html`<li>${historyEntry(entry, visit)}</li>\n`).reverse()
  return html`<ol class="rows" role="list" reversed>
${entries}</ol>`
}

function historyEntry({ at, state, by, user, action, reason }: HistoryEntry, visit: Visit): Html {
  const { messages } = visit
  const who = by === 'policy' ? messages.policy : isolated(user ?? messages.author)
  const did = action && html`<span class="did">${messages.historyActions[action]}</span> `
  return html`${stateBadge(state, visit)} ${timeOf(at, visit)} <span class="who">${who}</span> ${did}${phraseOf(reason, visit)}`
}

function blockForm({ url, clientIp }: Trackback, visit: Visit): Html {
  const { messages, path } = visit
  const subjects = [
    ['host', webUrl(url)?.hostname],
    ['source', url],
    ['address', clientIp],
  ] as const
  const row = ([kind, value]: (typeof subjects)[number]): Html | null =>
    value
      ? html`<p class="field"><button type="submit" name="do" value="add-block:${kind}:${value}" class="do-block">${messages.blockButton[kind]}</button> <bdi class="url">${value}</bdi></p>\n`
      : null
  return html`<form method="post" action="${path}">
${formFields(visit)}
${subjects.map(row)}</form>`
}
