import { type Block, nameOfBlock } from '../../../receive/policy/blocks.js'
import type { PossibleBlock, readBlocks } from '../requests/block-check.js'
import type { Route } from '../requests/routes.js'
import type { Visit, Words } from './context.js'
import { phraseOf, timeOf } from './facts.js'
import { type Html, html, isolated } from './html.js'
import { formFields, layout } from './layout.js'
import { pager } from './list-page.js'

type Asked = Awaited<ReturnType<typeof readBlocks>>
type BlocksRoute = Extract<Route, { page: 'blocks' }>

/** The form that adds a block, which first says what that affects, and the blocks in force, a page of them. */
export function blocksPage(
  visit: Visit,
  route: BlocksRoute,
  blocks: readonly Block[],
  asked: Asked | null,
  pageSize: number,
): Html {
  const { messages } = visit
  const { after = '' } = route.query
  const following = blocks.filter((block) => nameOfBlock(block) > after)
  const items = following.slice(0, pageSize)
  const last = following.length > pageSize ? items.at(-1) : undefined
  const turned = {
    ...(after !== '' && { previous: { page: 'blocks', query: {} } as const }),
    ...(last && { next: { page: 'blocks', query: { after: nameOfBlock(last) } } as const }),
  }
  return layout(
    visit,
    messages.lists.blocks,
    html`<p class="intro">${messages.intro.blocks}</p>
${addForm(visit, route.query, asked)}
${items.length > 0 ? list(visit, items) : html`<p class="empty">${messages.empty}</p>`}
${pager(visit, turned)}`,
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
  return html`<b class="url" id="block-${index}"><bdi>${value}</bdi></b> <span class="kind">${messages.blockNames[kind]}</span> \
${timeOf(at, visit)} <span class="who">${isolated(user ?? messages.author)}</span> ${phraseOf(reason, visit)} \
<button type="submit" name="do" value="unblock:${kind}:${value}" aria-describedby="block-${index}">${messages.unblock}</button>`
}

/** The form, and what the text in it may mean: each block with what it affects, and the button that makes it. */
function addForm(visit: Visit, { value, note }: BlocksRoute['query'], asked: Asked | null): Html {
  const { messages, path } = visit
  const problem =
    asked?.problem && ((messages.blockProblems as Words)[asked.problem] ?? messages.blockProblems.invalid)
  const blocks = asked?.blocks ?? []
  return html`<section class="part" aria-labelledby="part-block">
<h2 id="part-block">${messages.parts.block}</h2>
<form method="get" action="${path}blocks">
<p class="field"><label for="value">${messages.blockValueLabel}</label> <input id="value" name="value" value="${value}" required maxlength="2048" autocomplete="off" autocapitalize="none" spellcheck="false"${problem && html` aria-invalid="true" aria-describedby="problem"`}></p>
${problem && html`<p class="problem" id="problem" role="alert">${problem}</p>`}
<p class="field"><label for="note">${messages.noteLabel}</label> <input id="note" name="note" value="${note}" maxlength="200" autocomplete="off"></p>
<p class="buttons"><button type="submit">${messages.checkBlock}</button></p>
</form>
${
  blocks.length > 0 &&
  html`<form method="post" action="${path}">
${formFields({ ...visit, route: { page: 'blocks', query: {} } })}
<input type="hidden" name="note" value="${note}">
<ul class="rows" role="list">
${blocks.map((block, index) => html`<li>${possible(block, index, visit)}</li>\n`)}</ul>
</form>`
}
</section>`
}

function possible(
  { subject: { kind, value }, affected }: PossibleBlock,
  index: number,
  { messages, say }: Visit,
): Html {
  const { rejected = 0, removed = 0, published = 0, held = 0, unverified = 0 } = affected?.states ?? {}
  const counts = { spam: rejected + removed, published, waiting: held + unverified }
  const said = affected && say(affected.isMore ? messages.affectsNewest : messages.affects, counts)
  return html`<p id="possible-${index}"><b class="url"><bdi>${value}</bdi></b> ${said}${kind === 'host' && published > 0 && html` <span class="problem">${messages.affectsReaders}</span>`}</p> \
<button type="submit" name="do" value="add-block:${kind}:${value}" class="do-block" aria-describedby="possible-${index}">${messages.blockButton[kind]}</button>`
}
