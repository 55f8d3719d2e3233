import { standingDecision } from '../../../receive/policy/history.js'
import { cursorOf, eachOf, pageLimit, toPage } from '../../../store/page.js'
import type { Trackback, TrackbackPageRequest } from '../../../store/store.js'
import { type ListRoute, lists, type Query } from './routes.js'
import type { Scope } from './scope.js'

/** How many trackbacks are read at once; what a store has no filter for is looked for among so many. */
export const mostLookedAt = 500

/** A page of a list. */
export interface Listing {
  readonly items: readonly Trackback[]
  /** How many there are in the list, up to `mostCounted`. */
  readonly total: number
  /** How many come before this page, as far as it is known. */
  readonly at: number
  readonly previous?: ListRoute | undefined
  readonly next?: ListRoute | undefined
}

/** The order of a list: what waits is read first to last, the other lists have the newest first. */
export function orderOf({ page }: ListRoute): 'oldest' | 'newest' {
  return page === 'held' || page === 'unverified' ? 'oldest' : 'newest'
}

/** Reads a page of a list. */
export async function readListing(route: ListRoute, limit: number, scope: Scope): Promise<Listing> {
  const { after, before, at: place, select, ...filters } = route.query
  if (route.page === 'search' && filters.q === undefined) return { items: [], total: 0, at: 0 }
  const { list, count } = listedIn(route, scope)
  const total = await count()
  const isBack = before !== undefined
  const from = before ?? after
  const order = isBack ? (orderOf(route) === 'oldest' ? 'newest' : 'oldest') : orderOf(route)
  const page = await list({ limit, order, after: from })
  // The page has moved: what comes before it no longer fills one, or it is past the end.
  if (from && (isBack ? page.next === undefined : page.items.length === 0))
    return readListing({ ...route, query: { ...filters, select } }, limit, scope)
  const items = isBack ? page.items.reverse() : page.items
  const at = from ? Number(place) || 0 : 0
  const [first, last] = [items[0], items.at(-1)]
  const turned = (cursor: Query): ListRoute => ({ ...route, query: { ...filters, ...cursor } })
  const [back, on] = [String(Math.max(0, at - limit)), String(at + items.length)]
  return {
    ...{ items, total, at },
    previous: first && from ? turned({ before: cursorOf(first), at: back }) : undefined,
    next: last && (isBack || page.next) ? turned({ after: cursorOf(last), at: on }) : undefined,
  }
}

/** The trackback that follows on one in a list. */
export async function followerOf(trackback: Trackback, route: ListRoute, scope: Scope) {
  const { list } = listedIn(route, scope)
  return (await list({ limit: 1, order: orderOf(route), after: cursorOf(trackback) })).items[0]
}

/** The ids of the first trackbacks of a list, the oldest first: what came since it was shown is not among them. */
export async function idsOf(route: ListRoute, count: number, scope: Scope): Promise<string[]> {
  const { list } = listedIn(route, scope)
  const limit = Math.min(mostLookedAt, count)
  const ids: string[] = []
  for await (const { id } of eachOf((after) => list({ limit, after }))) {
    ids.push(id)
    if (ids.length === count) break
  }
  return ids
}

/**
 * How a list is read and counted. A store does not tell spam from what was rejected otherwise: where one of them is asked
 * for, `mostLookedAt` trackbacks are looked through for a page.
 */
function listedIn({ page, query }: ListRoute, scope: Scope) {
  const { q: text, post: postId, blog, only } = query
  const filter = { state: lists[page], text, postId, blog }
  const isWanted = ({ history }: Trackback): boolean =>
    (standingDecision(history)?.action === 'spam') === (only === 'spam')
  async function list(page: TrackbackPageRequest) {
    if (only === undefined) return scope.list(filter, page)
    const { items } = await scope.list(filter, { ...page, limit: mostLookedAt })
    return toPage(items.filter(isWanted), pageLimit(page), cursorOf)
  }
  async function count(): Promise<number> {
    if (only === undefined) return scope.count(filter)
    return (await list({ limit: mostLookedAt, order: 'newest' })).items.length
  }
  return { list, count }
}
