import { type ListName, listRoute, lists, routeUrl } from '../requests/routes.js'
import { linkTo, type Style, type Visit } from './context.js'
import { type Html, html } from './html.js'
import { pageStyle } from './style.js'

/** A whole document. */
export function documentOf(style: Style, title: string, body: Html): Html {
  const { messages, tag, site } = style
  return html`<!doctype html>
<html lang="${tag}" dir="${messages.dir}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title} - ${messages.name}, ${site}</title>
<link rel="icon" href="data:,">
<style>${{ markup: pageStyle }}</style>
</head>
<body>
${body}
</body>
</html>
`
}

/** A page with head, navigation, what was done last, and its own content. */
export function layout(visit: Visit, heading: string, content: Html): Html {
  const { messages, user, site } = visit
  const body = html`<a class="skip" href="#main">${messages.skip}</a>
<header class="head">
<p class="name"><a href="${linkTo(visit, listRoute('held'))}">${messages.name}</a> <span class="site">${site}</span></p>
<p class="user">${messages.signedInAs(user)}</p>
${searchForm(visit)}
${navigation(visit)}
</header>
<main id="main" tabindex="-1">
${status(visit)}
<h1>${heading}</h1>
${content}
</main>`
  return documentOf(visit, heading, body)
}

/** The fields that every form that changes something has: its token, and where to come back to. */
export function formFields({ token, route }: Visit): Html {
  // Enter in a field activates the form's first button; this disabled one makes it a no-op.
  return html`<input type="hidden" name="token" value="${token}">
<input type="hidden" name="from" value="${routeUrl(route)}">
<button type="submit" disabled hidden></button>`
}

function searchForm({ messages, path, route }: Visit): Html {
  const text = route.page === 'list' ? route.text : ''
  return html`<form class="search" role="search" method="get" action="${path}search">
<label class="unseen" for="q">${messages.searchLabel}</label>
<input type="search" id="q" name="q" value="${text}" maxlength="100">
<button type="submit">${messages.search}</button>
</form>`
}

function navigation(visit: Visit): Html {
  const { messages, route, path } = visit
  const names = (Object.keys(lists) as ListName[]).filter((name) => name !== 'search')
  const current = route.page === 'list' ? route.list : route.page
  const link = (name: ListName | 'blocks', url: string): Html => {
    const here = name === current && html` aria-current="page"`
    return html`<li><a href="${url}"${here}>${messages.lists[name]}${countOf(name, visit)}</a></li>\n`
  }
  return html`<nav aria-label="${messages.navigation}">
<ul>
${names.map((name) => link(name, linkTo(visit, listRoute(name))))}${link('blocks', `${path}blocks`)}</ul>
</nav>`
}

function countOf(name: ListName | 'blocks', { counts }: Visit): Html | null {
  if (name !== 'held' && name !== 'unverified') return null
  return html` <span class="count">${counts[name]}</span>`
}

/** What was done, with a button that undoes it; it has the focus, so that it is read out. */
function status(visit: Visit): Html | null {
  const { messages, change: made, path } = visit
  if (!made) return null
  const { key, change } = made
  const hosts = [...change.blocked, ...change.unblocked].map(({ value }) => value).join(', ')
  const canUndo = change.decisions.length + change.blocked.length + change.unblocked.length > 0
  const undo = html`<form method="post" action="${path}">
${formFields(visit)}
<button type="submit" name="do" value="undo:${key}">${messages.undo}</button>
</form>`
  return html`<div class="status" role="status" tabindex="-1" autofocus>
<p>${messages.done(change, hosts)}</p>
${canUndo && undo}
</div>`
}
