import { splitUrl } from '../../../receive/options/request.js'
import type { TrackbackState } from '../../../store/store.js'
import { cutText } from '../../../text/excerpt.js'
import { cleanText } from '../../../text/plain.js'

/** The lists there are, by the name that stands in their URL, and the state of what is in them; a search has all. */
export const lists = {
  held: 'held',
  unverified: 'unverified',
  published: 'published',
  spam: 'rejected',
  removed: 'removed',
  search: undefined,
} as const satisfies Readonly<Record<string, TrackbackState | undefined>>

/** The name of a list. */
export type ListName = keyof typeof lists

/** The lists of one state each, in the order of their tabs. */
export const listNames = (Object.keys(lists) as ListName[]).filter((name) => name !== 'search')

/**
 * What a query may say, and how long it may be. Of a list: filters (`q` is text, `post` and `blog` are ids, `only` is `spam`
 * or `rejected`), the cursor that its page comes `after` or `before`, the number of its first trackback (`at`), and what is
 * selected (`select`): `page` or `all`. Of a trackback: the list it was opened `from`. Of what was sent: its `state`. Of the
 * blocks: the block that is asked about (`value`, `note`). Of the feed: its `token`. Of any page: what was `done`.
 */
const longest = {
  ...{ q: 100, post: 2048, blog: 2048, only: 8, after: 5000, before: 2200, at: 9, select: 4 },
  ...{ from: 9000, state: 20, value: 2048, note: 200, token: 100, done: 20 },
} as const

/** What the query of a URL says. */
export type Query = { readonly [name in keyof typeof longest]?: string | undefined }

/** What a URL of the page means. */
export type Route =
  | { readonly page: ListName | 'sent' | 'blocks' | 'feed'; readonly query: Query }
  | { readonly page: 'trackback'; readonly id: string; readonly query: Query }

/** The route of a list. */
export type ListRoute = { readonly page: ListName; readonly query: Query }

/** The route of a path and query below the base, as `routeUrl` gives them; `null` where there is none. */
export function readRoute(url: string): Route | null {
  const { path, query: text } = splitUrl(url)
  const query = readQuery(text)
  if (path.startsWith('trackback/')) return trackbackRoute(path.slice('trackback/'.length), query)
  if (path === 'sent' || path === 'blocks' || path === 'feed') return { page: path, query }
  const list = path === '' ? 'held' : path
  return Object.hasOwn(lists, list) ? { page: list as ListName, query } : null
}

/** The path and query below the base that mean a route. */
export function routeUrl(route: Route): string {
  const given = Object.entries(route.query).filter(([, value]) => value !== undefined)
  const query = new URLSearchParams(given as [string, string][]).toString()
  return `${route.page}${route.page === 'trackback' ? `/${encodeURIComponent(route.id)}` : ''}${query && `?${query}`}`
}

/** The list that a page belongs to: itself, or the one that a trackback was opened from. */
export function listOf(route: Route | null): ListRoute | null {
  if (route?.page === 'trackback') return listOf(readRoute(route.query.from ?? ' '))
  return route && Object.hasOwn(lists, route.page) ? (route as ListRoute) : null
}

function trackbackRoute(encoded: string, query: Query): Route | null {
  try {
    const id = decodeURIComponent(encoded)
    return id === '' || id.includes('/') ? null : { page: 'trackback', id, query }
  } catch {
    return null
  }
}

function readQuery(text: string): Query {
  const parameters = new URLSearchParams(text)
  const given = Object.entries(longest).flatMap(([name, length]) => {
    const value = parameters.get(name) ?? ''
    const read = name === 'q' ? cutText(cleanText(value), length) : value.slice(0, length)
    return read === '' ? [] : [[name, read]]
  })
  return Object.fromEntries(given)
}
