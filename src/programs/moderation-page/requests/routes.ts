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

/** What a URL of the page means. */
export type Route =
  | {
      readonly page: 'list'
      readonly list: ListName
      readonly text: string
      readonly after: string
      readonly isAllSelected: boolean
    }
  | { readonly page: 'trackback'; readonly id: string }
  | { readonly page: 'blocks'; readonly after: string }

const longestSearch = 100
const longestCursor = 2200

/** The route of a path and query below the base, or `null` where there is none. */
export function parseRoute(path: string, query: string): Route | null {
  const parameters = new URLSearchParams(query)
  const after = (parameters.get('after') ?? '').slice(0, longestCursor)
  if (path === 'blocks') return { page: 'blocks', after }
  if (path.startsWith('trackback/')) return trackbackRoute(path.slice('trackback/'.length))
  const list = path === '' ? 'held' : path
  if (!isListName(list)) return null
  const text = list === 'search' ? cutText(cleanText(parameters.get('q') ?? ''), longestSearch) : ''
  return { page: 'list', list, text, after, isAllSelected: parameters.get('select') === 'all' }
}

/** The path and query below the base that mean a route. */
export function routeUrl(route: Route): string {
  if (route.page === 'trackback') return `trackback/${encodeURIComponent(route.id)}`
  if (route.page === 'blocks') return withQuery('blocks', { after: route.after })
  const { list, text, after, isAllSelected } = route
  return withQuery(list, { q: text, after, select: isAllSelected ? 'all' : '' })
}

/** The route of a list from its beginning. */
export function listRoute(list: ListName, text = ''): Route {
  return { page: 'list', list, text, after: '', isAllSelected: false }
}

function trackbackRoute(encoded: string): Route | null {
  try {
    const id = decodeURIComponent(encoded)
    return id === '' || id.includes('/') ? null : { page: 'trackback', id }
  } catch {
    return null
  }
}

function isListName(name: string): name is ListName {
  return Object.hasOwn(lists, name)
}

function withQuery(path: string, parameters: Readonly<Record<string, string>>): string {
  const given = Object.entries(parameters).filter(([, value]) => value !== '')
  return given.length === 0 ? path : `${path}?${new URLSearchParams(given)}`
}
