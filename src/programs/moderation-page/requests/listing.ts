import { canonicalHost, hostAndParents, parseUrl } from '../../../protocol/url.js'
import { standingDecision } from '../../../receive/moderation/history.js'
import type { BlockSubject } from '../../../receive/policy/blocks.js'
import { cursorOf, pageLimit, toPage } from '../../../store/page.js'
import type { Store, Trackback, TrackbackFilter, TrackbackState } from '../../../store/store.js'
import { type ListName, type ListRoute, lists } from './routes.js'
import type { Scope } from './scope.js'

/** How many trackbacks are counted, and how many one decision takes, at the most. */
export const mostCounted = 1000

/** How many trackbacks are read at once; what a store has no filter for is looked for among so many. */
const mostLookedAt = 500

/** What is read first to last; the other lists have the newest first. */
const oldestFirst: readonly ListName[] = ['held', 'unverified']

/** What a query says of its place in a list, where that is the beginning. */
const beginning = { after: undefined, before: undefined, at: undefined }

/** A page of a list. */
export interface Listing {
  readonly items: readonly Trackback[]
  /** How many there are in the list, up to `mostCounted`. */
  readonly total: number
  /** How many come before this page, as far as it is known. */
  readonly at: number
  readonly previous?: ListRoute
  readonly next?: ListRoute
}

/** The order of a list. */
export function orderOf({ list }: ListRoute): 'oldest' | 'newest' {
  return oldestFirst.includes(list) ? 'oldest' : 'newest'
}

/** Reads a page of a list. */
export async function readListing(route: ListRoute, limit: number, store: Scope['store']): Promise<Listing> {
  const { query } = route
  if (route.list === 'search' && query.q === undefined) return { items: [], total: 0, at: 0 }
  const shown = storeFor(route, store)
  const total = await shown.count(filterOf(route), { atMost: mostCounted })
  const isBack = query.before !== undefined
  const from = query.before ?? query.after
  const order = isBack ? (orderOf(route) === 'oldest' ? 'newest' : 'oldest') : orderOf(route)
  const page = await shown.list(filterOf(route), { limit, order, after: from })
  // The page has moved: what comes before it no longer fills one, or it is past the end.
  if (from && (isBack ? page.next === undefined : page.items.length === 0))
    return readListing({ ...route, query: { ...query, ...beginning } }, limit, store)
  const items = isBack ? [...page.items].reverse() : page.items
  const at = from ? Number(query.at) || 0 : 0
  const [first, last] = [items[0], items.at(-1)]
  const turned = (cursors: ListRoute['query'], to: number): ListRoute => ({
    ...route,
    query: { ...query, ...beginning, select: undefined, ...cursors, at: String(to) },
  })
  return {
    items,
    total,
    at,
    ...(first && from && { previous: turned({ before: cursorOf(first) }, Math.max(0, at - limit)) }),
    ...(last && (isBack || page.next) && { next: turned({ after: cursorOf(last) }, at + items.length) }),
  }
}

/** The trackback that follows on one in a list. */
export async function followerOf(
  trackback: Trackback,
  route: ListRoute,
  store: Scope['store'],
): Promise<Trackback | undefined> {
  const page = { limit: 1, order: orderOf(route), after: cursorOf(trackback) }
  return (await storeFor(route, store).list(filterOf(route), page)).items[0]
}

/** The ids of the first trackbacks of a list, the oldest first: what came since it was shown is not among them. */
export async function idsOf(route: ListRoute, count: number, store: Scope['store']): Promise<string[]> {
  const ids: string[] = []
  let after: string | undefined
  do {
    const page = await storeFor(route, store).list(filterOf(route), {
      limit: Math.min(mostLookedAt, count - ids.length),
      after,
    })
    ids.push(...page.items.map(({ id }) => id))
    after = page.next
  } while (after !== undefined && ids.length < count)
  return ids
}

/** What a block is about: how many trackbacks came from there, by their state, among the newest. */
export interface Affected {
  readonly states: Readonly<Partial<Record<TrackbackState, number>>>
  /** Whether there are more than were looked at. */
  readonly isMore: boolean
}

/** Counts what was received from a host or source; a client's address is not searched for. */
export async function affectedBy(
  { kind, value }: BlockSubject,
  store: Scope['store'],
  state?: TrackbackState,
): Promise<Affected> {
  const folder = value.endsWith('/*') ? value.slice(0, -1) : null
  const isMeant = (trackback: Trackback): boolean => {
    if (kind === 'source')
      return folder ? trackback.sourceKey.startsWith(folder) : trackback.sourceKey === value
    const url = parseUrl(trackback.url)
    return url !== null && hostAndParents(canonicalHost(url)).includes(value)
  }
  const { items, next } = await store.list(
    { text: folder ?? value, state },
    { limit: mostLookedAt, order: 'newest' },
  )
  const states: Partial<Record<TrackbackState, number>> = {}
  for (const found of items.filter(isMeant)) states[found.state] = (states[found.state] ?? 0) + 1
  return { states, isMore: next !== undefined }
}

function filterOf({ list, query }: ListRoute): TrackbackFilter {
  return { state: lists[list], text: query.q, postId: query.post, blog: query.blog }
}

/**
 * The store as a list sees it. A store does not tell spam from what was rejected otherwise: where one of them is asked
 * for, `mostLookedAt` trackbacks are looked through for a page.
 */
function storeFor({ query: { only } }: ListRoute, store: Scope['store']): Pick<Store, 'list' | 'count'> {
  if (only === undefined) return store
  const isSpam = ({ history }: Trackback): boolean => standingDecision(history)?.action === 'spam'
  const list: Store['list'] = async (filter, page) => {
    const { items } = await store.list(filter, { ...page, limit: mostLookedAt })
    return toPage(
      items.filter((each) => isSpam(each) === (only === 'spam')),
      pageLimit(page),
      cursorOf,
    )
  }
  const newest = { limit: mostLookedAt, order: 'newest' } as const
  return { list, count: async (filter) => (await list(filter, newest)).items.length }
}
