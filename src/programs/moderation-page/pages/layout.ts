import type { Change } from '../requests/changes.js'
import { listNames, listOf, type Route, routeUrl } from '../requests/routes.js'
import { countText, linkTo, listTitle, type Problem, type Style, type Visit } from './context.js'
import { button, type Html, html, listOfItems, type Value } from './html.js'
import css from './page.css?raw'
import script from './page.js?raw'

/** A whole document. */
function documentOf({ messages, tag, site }: Style, title: string, body: Html): Html {
  return html`<!doctype html>
<html lang="${tag}" dir="${messages.dir}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title} - ${messages.name}, ${site}</title>
<link rel="icon" href="data:,">
<style>${{ markup: css }}</style>
</head>
<body>
${body}
</body>
</html>
`
}

/** A page with head, navigation, what was done last unless its content says that, and its own content. */
export function layout(visit: Visit, heading: string, content: Html, saysWhatWasDone = false): Html {
  const { messages } = visit
  const body = html`${header(visit, listOf(visit.route)?.page ?? visit.route.page, visit)}
<main id="main" tabindex="-1">
${!saysWhatWasDone && visit.change && form(visit, status(visit.change, visit))}
<h1>${heading}</h1>
${content}
<details class="keys" hidden><summary>${messages.keysLabel}</summary><p>${messages.keys}</p></details>
</main>
${{ markup: `<script>${script}</script>` }}`
  return documentOf(visit, heading, body)
}

/** What a visitor gets whose request was not served, with a way back to the list that the form came from. */
export function problemPage(style: Style, name: Problem, from: Route | null): Html {
  const { messages } = style
  const [heading = '', ...rest] = messages.problems[name].split(/(?<=[.。]) ?/)
  if (name === 'denied')
    return documentOf(style, heading, html`<main class="message">\n<h1>${heading}</h1>\n</main>`)
  const list = listOf(from)
  const body = html`${header(style, list?.page)}
<main id="main" class="message" tabindex="-1">
<h1>${heading}</h1>
${rest.length > 0 && html`<p>${rest.join(' ')}</p>\n`}<p>${link(style, list, messages.back)}</p>
</main>`
  return documentOf(style, heading, body)
}

/** A link to a page of ours; `null` is the first. */
export function link(style: Style, route: Route | null, text: Value, attributes?: Value): Html {
  return html`<a href="${route ? linkTo(style, route) : style.path}"${attributes && html` ${attributes}`}>${text}</a>`
}

/** A form that changes something, with its token, and where to come back to. */
export function form({ path, token, route }: Visit, content: Value, name?: string): Html {
  // Enter in a field activates the form's first button; this disabled one makes it a no-op.
  return html`<form${name !== undefined && html` class="${name}"`} method="post" action="${path}">
<input type="hidden" name="token" value="${token}">
<input type="hidden" name="from" value="${routeUrl(route)}">
<button type="submit" disabled hidden></button>
${content}
</form>`
}

/** A form with a list of items, or the words that there is nothing. */
export function formOfItems(visit: Visit, items: readonly Value[], name?: string): Html {
  if (items.length === 0) return html`<p class="empty">${visit.messages.empty}</p>`
  return form(visit, listOfItems(items, name))
}

/** What limits what a page shows, and a link to all of it. */
export function filters(visit: Visit, names: readonly Value[], more?: Html | false): Html | null {
  if (names.length === 0) return null
  const all: Route = { ...visit.route, query: {} }
  return html`<p class="filters">${names.map((name) => html`<span><bdi>${name}</bdi></span> `)}${more}${link(visit, all, visit.messages.showAll)}</p>`
}

/** Links to what comes before and after a page, where there are such, by their relation to it. */
export function pager(
  visit: Visit,
  routes: Readonly<Record<string, Route | null | undefined>>,
  texts: Readonly<Record<string, string>> = visit.messages.pager,
): Html | null {
  const links = Object.entries(routes).map(
    ([rel, route]) => route && html`<li>${link(visit, route, texts[rel], html`rel="${rel}"`)}</li>\n`,
  )
  if (!links.some(Boolean)) return null
  return html`<nav class="pager" aria-label="${visit.messages.pages}">
<ul>
${links}</ul>
</nav>`
}

/** Links to a list as a whole, and to each part of it that has a name, by what its query then says. */
export function choices(visit: Visit, by: 'only' | 'state', names: Readonly<Record<string, string>>): Html {
  const { messages, route } = visit
  const { q, post, blog, [by]: present } = route.query
  const choice = ([name, text]: [string | undefined, string]): Html => {
    const part = { ...route, query: { q, post, blog, [by]: name } }
    return html`${link(visit, part, text, name === present && html`aria-current="true"`)}\n`
  }
  return html`${choice([undefined, messages.all])}${Object.entries(names).map(choice)}`
}

/** The head of a page; `visit` is what a page knows that may be served. */
function header(style: Style, current?: string, visit?: Visit): Html {
  const { messages, path, site } = style
  // The counts of a page about one blog are of that blog.
  const query = visit?.route.page === 'blocks' ? { blog: visit.route.query.blog } : {}
  const names = [...listNames, ...(visit?.sender ? (['sent'] as const) : []), 'blocks'] as const
  const tab = (name: (typeof names)[number]): Html => {
    const count = visit?.counts[name]
    const text = html`${listTitle(name, style)}${count !== undefined && html` <span class="count">${countText(count)}</span>`}`
    return html`<li>${link(style, { page: name, query }, text, name === current && html`aria-current="page"`)}</li>\n`
  }
  return html`<a class="skip" href="#main">${messages.skip}</a>
<header class="head">
<p class="name">${link(style, { page: 'held', query: {} }, messages.name)} <span class="site">${site}</span></p>
${visit && html`<p class="user">${visit.say(messages.signedInAs, { user: visit.user })}</p>`}
<form class="search" role="search" method="get" action="${path}search">
<label class="unseen" for="q">${messages.searchLabel}</label>
<input type="search" id="q" name="q" value="${listOf(visit?.route ?? null)?.query.q}" maxlength="100">
<button type="submit">${messages.search}</button>
</form>
<nav aria-label="${messages.navigation}">
<ul>
${names.map(tab)}</ul>
</nav>
</header>`
}

/** What was done, with a button of the form around it that undoes it; the URL names it, so that it has the focus and is read out. */
export function status(change: Change, visit: Visit): Html {
  const { messages, say } = visit
  const { key, did, count, missing, decisions, blocked, unblocked, spared } = change
  const { doneAlso } = messages
  const canUndo = decisions.length + blocked.length + unblocked.length > 0
  const hosts = [...blocked, ...unblocked].map(({ value }) => value).join(', ')
  let done = say(messages.done[did], { count, hosts })
  if (did === 'block' && hosts !== '') done = say(doneAlso.blocked, { done, hosts })
  if (spared.length > 0) done = say(doneAlso.spared, { done, hosts: spared.join(', ') })
  const gone = did === 'undo' ? doneAlso.changed : doneAlso.missing
  if (missing > 0) done = say(gone, { done, count: missing })
  const check = (value: string): Html =>
    html` ${link(visit, { page: 'blocks', query: { value } }, `${messages.checkBlock}: ${value}`)}`
  return html`<div class="status" id="done" role="status" tabindex="-1">
<p>${done}${spared.map(check)}</p>
${canUndo && button(`undo:${key}`, messages.actions.undo)}
</div>`
}
