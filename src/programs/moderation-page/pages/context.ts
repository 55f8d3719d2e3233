import type { Post } from '../../../base/types.js'
import type { PageWording } from '../messages/languages.js'
import type { Change } from '../requests/changes.js'
import { mostCounted } from '../requests/listing.js'
import { type ListName, type Route, routeUrl } from '../requests/routes.js'

/** How pages are written: language, dates, and where they are. */
export interface Style extends PageWording {
  /** Fills in a message, by the rules of the language. */
  readonly say: (message: string, values: Readonly<Record<string, unknown>>) => string
  readonly dates: Intl.DateTimeFormat
  readonly numbers: Intl.NumberFormat
  /** The path of the page, with a slash at its end. */
  readonly path: string
  /** Scheme and host of the page, as browsers see it. */
  readonly origin: string
  /** The host of the blog, for titles. */
  readonly site: string
}

/** One request that may be served: by whom, where, and what its page needs to know. */
export interface Visit extends Style {
  readonly user: string
  readonly route: Route
  /** The token of the page's forms. */
  readonly token: string
  /** How many trackbacks each list has, up to `mostCounted`. */
  readonly counts: Readonly<Partial<Record<string, number>>>
  /** Whether there is a list of what was sent. */
  readonly hasSender: boolean
  /** For how many days trackbacks wait before they are deleted. */
  readonly maxHeldDays: number
  /** What was done a moment ago, and the key to undo it. */
  readonly change: { readonly key: string; readonly change: Change } | null
  /** The posts that trackbacks are about, by id; `null` for those that are no longer there. */
  readonly posts: ReadonlyMap<string, Post | null>
}

/** A table of words for names that may also be of others than us. */
export type Words = Readonly<Record<string, string>>

/** What a list is called. */
export function listTitle(name: ListName | 'sent' | 'blocks', { messages }: Style): string {
  const { lists, states } = messages
  return Object.hasOwn(lists, name) ? lists[name as keyof typeof lists] : states[name as keyof typeof states]
}

/** The path and query of a route. */
export function linkTo({ path }: Style, route: Route): string {
  return path + routeUrl(route)
}

/** A number of trackbacks, where counting ends at `mostCounted`. */
export function countText(count: number): string {
  return count < mostCounted ? String(count) : `${mostCounted - 1}+`
}
