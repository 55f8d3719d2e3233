import { positiveInteger } from '../base/limits.js'
import { checkChoice, checkId, optionCheck } from '../base/options.js'
import type { Page, PageRequest } from '../base/types.js'
import type { Store, Trackback, TrackbackFilter, TrackbackPageRequest } from './store.js'
import { trackbackStates } from './store.js'

const defaultLimit = 50
const maxLimit = 500

const checkPage = optionCheck('page', { any: 'limit after order' })
const checkNames = optionCheck('filter', { any: 'postId blog state text' })

/**
 * How many items a page holds: 50 unless told, 500 at the most. Throws a `TypeError` for any other number, and
 * for a request with another name or order.
 */
export function pageLimit(request: TrackbackPageRequest = {}): number {
  checkPage(request)
  const { limit, order } = request
  checkChoice('order', order, ['oldest', 'newest'])
  return Math.min(positiveInteger(limit, defaultLimit, 'limit'), maxLimit)
}

/** The page that begins rows of which there is one more than `limit` where another page follows. */
export function toPage<T>(rows: readonly T[], limit: number, cursorOf: (item: T) => string): Page<T> {
  const items = rows.slice(0, limit)
  const last = rows.length > limit ? items.at(-1) : undefined
  return { items, ...(last && { next: cursorOf(last) }) }
}

/** The items of all pages, one after the other; `read` gives the page after a cursor. */
export async function* eachOf<T>(read: (after?: string) => Promise<Page<T>>): AsyncGenerator<T> {
  let after: string | undefined
  do {
    const { items, next } = await read(after)
    yield* items
    after = next
  } while (after !== undefined)
}

/** Throws a `TypeError` for a filter with another name or state: it would let everything pass. */
export function checkFilter(filter: TrackbackFilter): void {
  checkNames(filter)
  const { postId = [], blog = [], state, text = '' } = filter
  checkChoice('state', state, trackbackStates)
  for (const id of [postId, blog].flat()) checkId(id, 'postId and blog of a filter')
  checkId(text, 'text of a filter')
}

/** Throws a `TypeError` for anything but a store. */
export function checkStore(store: unknown): void {
  if (typeof (store as Partial<Store> | undefined)?.add === 'function') return
  throw new TypeError("store must be a store, such as openSqlite('trackbacks.db') of trackbacks/sqlite")
}

/** The values of a part of a filter, which names one or several. */
export function valuesOf(part: string | readonly string[]): readonly string[] {
  return typeof part === 'string' ? [part] : part
}

/** The number in an id that a store gave out; 0, which no row has, where it cannot be one. */
export function rowId(id: string): number {
  return /^[1-9][0-9]{0,14}$/.test(id) ? Number(id) : 0
}

/** The cursor of the trackbacks that follow on one, in the order in which they were received. */
export function cursorOf({ receivedAt, id }: Pick<Trackback, 'receivedAt' | 'id'>): string {
  return `${receivedAt}.${id}`
}

/**
 * The place behind such a cursor; `undefined` for the first page. Any other text means the first page, too: a cursor often
 * stands in a URL, where strangers write it.
 */
export function placeAfter({ after }: PageRequest = {}): [receivedAt: number, id: number] | undefined {
  const [, time, id] = /^(\d{1,16})\.([1-9]\d{0,14})$/.exec(String(after)) ?? []
  return id === undefined ? undefined : [Number(time), Number(id)]
}
