import { standingDecision } from '../../../receive/moderation/history.js'
import { cursorOf, pageLimit, toPage } from '../../../store/page.js'
import type { Trackback, TrackbackFilter } from '../../../store/store.js'
import { type ListRoute, lists, type Query } from './routes.js'
import type { Scope } from './scope.js'

/** How many trackbacks are read at once; what a store has no filter for is looked for among so many. */
export const mostLookedAt = 500

/** What a query says of its place in a list, where that is the beginning. */
const beginning = { after: undefined, before: undefined, at: undefined }

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
  const { query } = route
  if (route.page === 'search' && query.q === undefined) return { items: [], total: 0, at: 0 }
  const { list, count } = listedIn(route, scope)
  const total = await count(filterOf(route))
  const isBack = query.before !== undefined
  const from = query.before ?? query.after
  const order = isBack ? (orderOf(route) === 'oldest' ? 'newest' : 'oldest') : orderOf(route)
  const page = await list(filterOf(route), { limit, order, after: from })
  // The page has moved: what comes before it no longer fills one, or it is past the end.
  if (from && (isBack ? page.next === undefined : page.items.length === 0))
    return readListing({ ...route, query: { ...query, ...beginning } }, limit, scope)
  const items = isBack ? page.items.reverse() : page.items
  const at = from ? Number(query.at) || 0 : 0
  const [first, last] = [items[0], items.at(-1)]
  const turned = (cursor: Query, to: number): ListRoute => ({
    ...route,
    query: { ...query, ...beginning, select: undefined, ...cursor, at: String(to) },
  })
  return {
    ...{ items, total, at },
    previous: first && from ? turned({ before: cursorOf(first) }, Math.max(0, at - limit)) : undefined,
    next: last && (isBack || page.next) ? turned({ after: cursorOf(last) }, at + items.length) : undefined,
  }
}

/** The trackback that follows on one in a list. */
export async function followerOf(trackback: Trackback, route: ListRoute, scope: Scope) {
  const page = { limit: 1, order: orderOf(route), after: cursorOf(trackback) }
  return (await listedIn(route, scope).list(filterOf(route), page)).items[0]
}

/** The ids of the first trackbacks of a list, the oldest first: what came since it was shown is not among them. */
export async function idsOf(route: ListRoute, count: number, scope: Scope): Promise<string[]> {
  const ids: string[] = []
  let after: string | undefined
  do {
    const limit = Math.min(mostLookedAt, count - ids.length)
    const page = await listedIn(route, scope).list(filterOf(route), { limit, after })
    ids.push(...page.items.map(({ id }) => id))
    after = page.next
  } while (after !== undefined && ids.length < count)
  return ids
}

function filterOf({ page, query }: ListRoute): TrackbackFilter {
  return { state: lists[page], text: query.q, postId: query.post, blog: query.blog }
}

/**
 * How a list is read and counted. A store does not tell spam from what was rejected otherwise: where one of them is asked
 * for, `mostLookedAt` trackbacks are looked through for a page.
 */
function listedIn({ query: { only } }: ListRoute, scope: Scope): Pick<Scope, 'list' | 'count'> {
  if (only === undefined) return scope
  const isWanted = ({ history }: Trackback): boolean =>
    (standingDecision(history)?.action === 'spam') === (only === 'spam')
  const list: Scope['list'] = async (filter, page) => {
    const { items } = await scope.list(filter, { ...page, limit: mostLookedAt })
    return toPage(items.filter(isWanted), pageLimit(page), cursorOf)
  }
  const newest = { limit: mostLookedAt, order: 'newest' } as const
  return { list, count: async (filter) => (await list(filter, newest)).items.length }
}
