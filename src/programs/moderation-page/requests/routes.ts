import type { TrackbackState } from '../../../store/store.js'
import { cutText } from '../../../text/excerpt.js'
import { cleanText } from '../../../text/plain.js'

/** The name of a list. */
export type ListName = 'held' | 'unverified' | 'published' | 'spam' | 'removed' | 'search'

/** The lists there are, by the name that stands in their URL, and the state of what is in them; a search has all. */
export const lists: Readonly<Record<ListName, TrackbackState | undefined>> = {
  held: 'held',
  unverified: 'unverified',
  published: 'published',
  spam: 'rejected',
  removed: 'removed',
  search: undefined,
}

/**
 * What the query of each page may say, and how long it may be. Of a list: filters (`q` is text, `post` and `blog` are ids, `only` is `spam`
 * or `rejected`),
 * the cursor that its page comes after or before, the number of its first trackback, and what is selected: `page` or
 * `all`. Of a trackback: the list it was opened from. Of what was sent: the state, and where its page begins. Of the blocks:
 * the block that is asked about.
 */
const queries = {
  list: { q: 100, post: 2048, blog: 2048, only: 8, after: 2200, before: 2200, at: 9, select: 4 },
  trackback: { from: 9000 },
  sent: { state: 20, after: 5000, at: 9 },
  blocks: { after: 2200, value: 2048, note: 200 },
} as const

type Query<Page extends keyof typeof queries> = {
  readonly [name in keyof (typeof queries)[Page]]?: string | undefined
}

/** What a URL of the page means. */
export type Route =
  | { readonly page: 'list'; readonly list: ListName; readonly query: Query<'list'> }
  | { readonly page: 'trackback'; readonly id: string; readonly query: Query<'trackback'> }
  | { readonly page: 'sent'; readonly query: Query<'sent'> }
  | { readonly page: 'blocks'; readonly query: Query<'blocks'> }

/** The route of a list. */
export type ListRoute = Extract<Route, { page: 'list' }>

/** The route of a path and query below the base, or `null` where there is none. */
export function parseRoute(path: string, query: string): Route | null {
  if (path === 'blocks' || path === 'sent') return { page: path, query: readQuery(path, query) }
  if (path.startsWith('trackback/')) return trackbackRoute(path.slice('trackback/'.length), query)
  const list = path === '' ? 'held' : path
  return isListName(list) ? { page: 'list', list, query: readQuery('list', query) } : null
}

/** The route of a path with its query, as `routeUrl` gives it. */
export function readRoute(url: string): Route | null {
  const [path = '', query = ''] = url.split('?')
  return parseRoute(path, query)
}

/** The path and query below the base that mean a route. */
export function routeUrl(route: Route): string {
  const given = Object.entries(route.query).filter(([, value]) => value !== undefined)
  const path = route.page === 'trackback' ? `trackback/${encodeURIComponent(route.id)}` : route.page
  const query = new URLSearchParams(given as [string, string][]).toString()
  return `${route.page === 'list' ? route.list : path}${query && `?${query}`}`
}

/** The route of a list from its beginning. */
export function listRoute(list: ListName, query: Query<'list'> = {}): ListRoute {
  return { page: 'list', list, query }
}

/** The list that a page belongs to: itself, or the one that a trackback was opened from. */
export function listOf(route: Route | null): ListRoute | null {
  if (route?.page === 'trackback') return listOf(readRoute(route.query.from ?? ' '))
  return route?.page === 'list' ? route : null
}

function trackbackRoute(encoded: string, query: string): Route | null {
  try {
    const id = decodeURIComponent(encoded)
    if (id === '' || id.includes('/')) return null
    return { page: 'trackback', id, query: readQuery('trackback', query) }
  } catch {
    return null
  }
}

function isListName(name: string): name is ListName {
  return Object.hasOwn(lists, name)
}

function readQuery<Page extends keyof typeof queries>(page: Page, text: string): Query<Page> {
  const parameters = new URLSearchParams(text)
  const given = Object.entries<number>(queries[page]).flatMap(([name, longest]) => {
    const value = parameters.get(name) ?? ''
    const read = name === 'q' ? cutText(cleanText(value), longest) : value.slice(0, longest)
    return read === '' ? [] : [[name, read]]
  })
  return Object.fromEntries(given) as Query<Page>
}
