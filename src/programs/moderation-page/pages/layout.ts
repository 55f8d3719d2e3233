import type { PageMessages } from '../messages/languages.js'
import type { Change } from '../requests/changes.js'
import { type ListName, listOf, listRoute, lists, type Route, routeUrl } from '../requests/routes.js'
import { countText, linkTo, listTitle, type Style, type Visit } from './context.js'
import { type Html, html } from './html.js'
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
  const body = html`${header(visit, listOf(visit.route)?.list ?? visit.route.page, visit)}
<main id="main" tabindex="-1">
${!saysWhatWasDone && visit.change && html`<form method="post" action="${visit.path}">${formFields(visit)}${status(visit)}</form>`}
<h1>${heading}</h1>
${content}
<details class="keys" hidden><summary>${messages.keysLabel}</summary><p>${messages.keys}</p></details>
</main>
${{ markup: `<script>${script}</script>` }}`
  return documentOf(visit, heading, body)
}

/** What a visitor gets whose request was not served, with a way back to the list that the form came from. */
export function problemPage(style: Style, name: keyof PageMessages['problems'], from: Route | null): Html {
  const { messages, path } = style
  const [heading = '', ...rest] = messages.problems[name].split(/(?<=[.。]) ?/)
  if (name === 'denied')
    return documentOf(style, heading, html`<main class="message">\n<h1>${heading}</h1>\n</main>`)
  const list = listOf(from)
  const back = list ? linkTo(style, list) : path
  return documentOf(
    style,
    heading,
    html`${header(style, list?.list)}
<main id="main" class="message" tabindex="-1">
<h1>${heading}</h1>
${rest.length > 0 && html`<p>${rest.join(' ')}</p>\n`}<p><a href="${back}">${messages.back}</a></p>
</main>`,
  )
}

/** The fields that every form that changes something has: its token, and where to come back to. */
export function formFields({ token, route }: Visit): Html {
  // Enter in a field activates the form's first button; this disabled one makes it a no-op.
  return html`<input type="hidden" name="token" value="${token}">
<input type="hidden" name="from" value="${routeUrl(route)}">
<button type="submit" disabled hidden></button>`
}

/** The head of a page; `visit` is what a page knows that may be served. */
function header(style: Style, current?: string, visit?: Visit): Html {
  const { messages, path, site } = style
  const text = (listOf(visit?.route ?? null)?.query.q ?? '') as string
  const names = [
    ...(Object.keys(lists) as ListName[]).filter((name) => name !== 'search'),
    ...(visit?.hasSender ? (['sent'] as const) : []),
    'blocks',
  ] as const
  const tab = (name: (typeof names)[number]): Html => {
    const here = name === current && html` aria-current="page"`
    const count = visit?.counts[name]
    return html`<li><a href="${path}${name}"${here}>${listTitle(name, style)}${count !== undefined && html` <span class="count">${countText(count)}</span>`}</a></li>\n`
  }
  return html`<a class="skip" href="#main">${messages.skip}</a>
<header class="head">
<p class="name"><a href="${linkTo(style, listRoute('held'))}">${messages.name}</a> <span class="site">${site}</span></p>
${visit && html`<p class="user">${visit.say(messages.signedInAs, { user: visit.user })}</p>`}
<form class="search" role="search" method="get" action="${path}search">
<label class="unseen" for="q">${messages.searchLabel}</label>
<input type="search" id="q" name="q" value="${text}" maxlength="100">
<button type="submit">${messages.search}</button>
</form>
<nav aria-label="${messages.navigation}">
<ul>
${names.map(tab)}</ul>
</nav>
</header>`
}

/** What was done, with a button of the form around it that undoes it; the URL names it, so that it has the focus and is read out. */
export function status(visit: Visit): Html | null {
  const { messages, change: made } = visit
  if (!made) return null
  const { key, change } = made
  const canUndo = change.decisions.length + change.blocked.length + change.unblocked.length > 0
  const check = (value: string): Html =>
    html` <a href="${linkTo(visit, { page: 'blocks', query: { value } })}">${messages.checkBlock}: ${value}</a>`
  return html`<div class="status" id="done" role="status" tabindex="-1">
<p>${whatWasDone(change, visit)}${change.spared.map(check)}</p>
${canUndo && html`<button type="submit" name="do" value="undo:${key}" class="do-undo">${messages.undo}</button>`}
</div>`
}

/** What was done, in a sentence or more. */
function whatWasDone(change: Change, { messages, say }: Style): string {
  const { did, count, missing, spared } = change
  const { doneAlso } = messages
  const hosts = [...change.blocked, ...change.unblocked].map(({ value }) => value).join(', ')
  let done = say(messages.done[did], { count, hosts })
  if (did === 'block' && hosts !== '') done = say(doneAlso.blocked, { done, hosts })
  if (spared.length > 0) done = say(doneAlso.spared, { done, hosts: spared.join(', ') })
  if (missing > 0 && did !== 'unblock')
    done = say(did === 'undo' ? doneAlso.changed : doneAlso.missing, { done, count: missing })
  return done
}
