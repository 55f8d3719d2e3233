import { type Block, nameOfBlock } from '../../../receive/policy/blocks.js'
import { toPage } from '../../../store/page.js'
import { readBlocks } from '../requests/block-check.js'
import type { Query, Route } from '../requests/routes.js'
import { phraseOf, timeOf, type Visit } from './context.js'
import { button, type Html, html, isolated, listOfItems, urlText } from './html.js'
import { filters, form, formOfItems, layout, pager } from './layout.js'

type Asked = Awaited<ReturnType<typeof readBlocks>>

/** The form that adds a block, which first says what that affects, and the blocks in force, a page of them. */
export async function blocksPage(visit: Visit): Promise<Html> {
  const { messages } = visit
  const { after = '', value, blog } = visit.route.query
  const asked = value === undefined ? null : await readBlocks(value, visit)
  const blocks = (await visit.blocks()).sort((a, b) => (nameOfBlock(a) < nameOfBlock(b) ? -1 : 1))
  const following = blocks.filter((block) => nameOfBlock(block) > after)
  const { items, next } = toPage(following, visit.pageSize, nameOfBlock)
  const at = (query: Query): Route => ({ page: 'blocks', query: { blog, ...query } })
  const entries = items.map((block, index) => entry(block, `block-${index}`, visit))
  return layout(
    visit,
    messages.lists.blocks,
    html`<p class="intro">${messages.intro.blocks}</p>
${blog !== undefined && filters(visit, [visit.say(messages.ofBlog, { blog })])}
${addForm(visit, asked)}
${formOfItems(visit, entries)}
${pager(visit, { prev: after === '' ? null : at({}), next: next === undefined ? null : at({ after: next }) })}`,
  )
}

function entry({ kind, value, reason, user, at }: Block, id: string, visit: Visit): Html {
  const { messages } = visit
  return html`<b id="${id}">${urlText(value)}</b> <span class="kind">${messages.blockNames[kind]}</span> \
${timeOf(at, visit)} <span class="who">${isolated(user ?? messages.author)}</span> ${phraseOf(reason, visit)} \
${button(`unblock:${kind}:${value}`, messages.unblock, id)}`
}

/** The form, and what the text in it may mean: each block with what it affects, and the button that makes it. */
function addForm(visit: Visit, asked: Asked | null): Html {
  const { messages, path, route } = visit
  const { value, note, blog } = route.query
  const problem = asked?.problem && messages.blockProblems[asked.problem]
  const blocks = (asked?.blocks ?? []).map((block, index) => possible(block, `possible-${index}`, visit))
  return html`<section class="part" aria-labelledby="part-block">
<h2 id="part-block">${messages.parts.block}</h2>
<form method="get" action="${path}blocks">${blog !== undefined && html`<input type="hidden" name="blog" value="${blog}">`}
<p class="field"><label for="value">${messages.blockValueLabel}</label> <input id="value" name="value" value="${value}" required maxlength="2048" autocomplete="off" autocapitalize="none" spellcheck="false"${problem && html` aria-invalid="true" aria-describedby="problem"`}></p>
${problem && html`<p class="problem" id="problem" role="alert">${problem}</p>`}
<p class="field"><label for="note">${messages.noteLabel}</label> <input id="note" name="note" value="${note}" maxlength="200" autocomplete="off"></p>
<p class="buttons"><button type="submit">${messages.checkBlock}</button></p>
</form>
${blocks.length > 0 && form({ ...visit, route: { page: 'blocks', query: { blog } } }, html`<input type="hidden" name="note" value="${note}">\n${listOfItems(blocks)}`)}
</section>`
}

function possible({ kind, value, affected }: Asked['blocks'][number], id: string, visit: Visit): Html {
  const { messages, say } = visit
  const { rejected = 0, removed = 0, published = 0, held = 0, unverified = 0 } = affected?.states ?? {}
  const counts = { spam: rejected + removed, published, waiting: held + unverified }
  const said = affected && say(affected.isMore ? messages.affectsNewest : messages.affects, counts)
  return html`<p id="${id}"><b>${urlText(value)}</b> ${said}${kind === 'host' && published > 0 && html` <span class="problem">${messages.affectsReaders}</span>`}</p> \
${button(`add-block:${kind}:${value}`, messages.blockButton[kind], id)}`
}
