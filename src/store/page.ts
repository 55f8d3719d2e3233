import { positiveInteger } from '../base/limits.js'
import type { Page, PageRequest } from '../base/types.js'
import type { Trackback } from './store.js'

const defaultLimit = 50
const maxLimit = 500

/** How many items a page holds: 50 unless told, 500 at the most. Throws a `TypeError` for any other number. */
export function pageLimit({ limit }: PageRequest = {}): number {
  return Math.min(positiveInteger(limit, defaultLimit, 'limit'), maxLimit)
}

/** The page that begins rows of which there is one more than `limit` where another page follows. */
export function toPage<T>(rows: readonly T[], limit: number, cursorOf: (item: T) => string): Page<T> {
  const items = rows.slice(0, limit)
  const last = rows.length > limit ? items.at(-1) : undefined
  return { items, ...(last && { next: cursorOf(last) }) }
}

/** The id behind a cursor, or `undefined` where the page is the first. Throws a `TypeError` for an invalid cursor. */
export function pageCursor({ after }: PageRequest = {}): number | undefined {
  if (after === undefined) return undefined
  const id = rowId(after)
  if (id === 0) throw new TypeError('after must be the next cursor of a previous page')
  return id
}

/** The number in an id that a store gave out; 0, which no row has, where it cannot be one. */
export function rowId(id: string): number {
  return /^[1-9][0-9]{0,14}$/.test(id) ? Number(id) : 0
}

/** The cursor of the trackbacks that follow on one, in the order in which they were received. */
export function cursorOf({ receivedAt, id }: Pick<Trackback, 'receivedAt' | 'id'>): string {
  return `${receivedAt}.${id}`
}

/** The place behind such a cursor; `undefined` where the page is the first. Throws a `TypeError` for another text. */
export function placeAfter({ after }: PageRequest = {}): [receivedAt: number, id: number] | undefined {
  if (after === undefined) return undefined
  const [, time, id] = /^(\d{1,16})\.([1-9]\d{0,14})$/.exec(after) ?? []
  if (id === undefined) throw new TypeError('after must be the next cursor of a previous page')
  return [Number(time), Number(id)]
}
