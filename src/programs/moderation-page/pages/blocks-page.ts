import type { Block } from '../../../receive/options/context.js'
import { nameOfBlock } from '../../../receive/policy/blocks.js'
import type { Route } from '../requests/routes.js'
import type { Visit } from './context.js'
import { phraseOf, timeOf } from './facts.js'
import { type Html, html, isolated } from './html.js'
import { formFields, layout } from './layout.js'
import { pager } from './list-page.js'

type BlocksRoute = Extract<Route, { page: 'blocks' }>

/** The blocks in force, a page of them, and the form that adds one. */
export function blocksPage(
  visit: Visit,
  route: BlocksRoute,
  blocks: readonly Block[],
  pageSize: number,
): Html {
  const { messages } = visit
  const following = blocks.filter((block) => route.after === '' || nameOfBlock(block) > route.after)
  const items = following.slice(0, pageSize)
  const last = following.length > pageSize ? items.at(-1) : undefined
  return layout(
    visit,
    messages.lists.blocks,
    html`<p class="intro">${messages.intro.blocks}</p>
${items.length > 0 ? list(visit, items) : html`<p class="empty">${messages.empty.blocks}</p>`}
${pager(visit, route, last && nameOfBlock(last))}
${addForm(visit)}`,
  )
}

function list(visit: Visit, blocks: readonly Block[]): Html {
  return html`<form method="post" action="${visit.path}">
${formFields(visit)}
<ul class="rows" role="list">
${blocks.map((block, index) => html`<li>${entry(block, index, visit)}</li>\n`)}</ul>
</form>`
}

function entry({ kind, value, reason, user, at }: Block, index: number, visit: Visit): Html {
  const { messages } = visit
  return html`<b class="url" id="block-${index}"><bdi>${value}</bdi></b> <span class="kind">${messages.blockKinds[kind]}</span> \
${timeOf(at, visit)} <span class="who">${isolated(user ?? messages.author)}</span> ${phraseOf(reason, visit)} \
<button type="submit" name="do" value="unblock:${kind}:${value}" aria-describedby="block-${index}">${messages.unblock}</button>`
}

function addForm(visit: Visit): Html {
  const { messages, path } = visit
  const kinds = Object.entries(messages.blockKinds)
  return html`<section class="part" aria-labelledby="part-block">
<h2 id="part-block">${messages.parts.block}</h2>
<form class="add-block" method="post" action="${path}">
<input type="hidden" name="token" value="${visit.token}">
<input type="hidden" name="from" value="blocks">
<fieldset>
<legend>${messages.blockKindLabel}</legend>
${kinds.map(([kind, name], index) => html`<label><input type="radio" name="kind" value="${kind}"${index === 0 && html` checked`}> ${name}</label>\n`)}</fieldset>
<p class="field"><label for="value">${messages.blockValueLabel}</label> <input id="value" name="value" required maxlength="2048" autocomplete="off" autocapitalize="none" spellcheck="false"></p>
<p class="field"><label for="note">${messages.noteLabel}</label> <input id="note" name="note" maxlength="200" autocomplete="off"></p>
<p class="buttons"><button type="submit" name="do" value="add-block" class="do-block">${messages.addBlock}</button></p>
</form>
</section>`
}
