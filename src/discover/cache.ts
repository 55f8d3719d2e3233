import { positiveInteger } from '../limits.js'
import type { Discovery } from './page.js'

/** How much a cache keeps, and for how long. */
export interface DiscoveryCacheOptions {
  /**
   * How many pages; the one not asked for the longest time goes first.
   * @default 1000
   */
  readonly maxEntries?: number | undefined
  /**
   * How long a ping URL that was found counts, in milliseconds.
   * @default 86_400_000 (a day)
   */
  readonly hitLifetime?: number | undefined
  /**
   * How long it counts that a page has none, in milliseconds.
   * @default 3_600_000 (an hour)
   */
  readonly missLifetime?: number | undefined
  /**
   * The clock, in milliseconds.
   * @default Date.now
   */
  readonly now?: (() => number) | undefined
}

/** What `discover` remembers of pages it has read; see `createDiscoveryCache`. */
export interface DiscoveryCache {
  get(pageUrl: string): Discovery | undefined
  set(pageUrl: string, discovery: Discovery): void
}

/**
 * Creates a cache for `discover`, in memory and bounded. Only pages that were read are kept: no failure and
 * no page that answered with an HTTP error. Throws a `TypeError`
 * for a limit that is no positive integer.
 *
 * ```ts
 * const cache = createDiscoveryCache()
 * await discover.many(urls, { cache })
 * ```
 */
export function createDiscoveryCache(options: DiscoveryCacheOptions = {}): DiscoveryCache {
  const maxEntries = positiveInteger(options.maxEntries, 1000, 'maxEntries')
  const hitLifetime = positiveInteger(options.hitLifetime, 86_400_000, 'hitLifetime')
  const missLifetime = positiveInteger(options.missLifetime, 3_600_000, 'missLifetime')
  const now = options.now ?? Date.now
  const entries = new Map<string, { readonly discovery: Discovery; readonly until: number }>()
  return {
    get(pageUrl) {
      const entry = entries.get(pageUrl)
      entries.delete(pageUrl)
      if (!entry || entry.until <= now()) return undefined
      entries.set(pageUrl, entry)
      return structuredClone(entry.discovery)
    },
    set(pageUrl, discovery) {
      const lifetime = discovery.pingUrl === null ? missLifetime : hitLifetime
      entries.delete(pageUrl)
      entries.set(pageUrl, { discovery: structuredClone(discovery), until: now() + lifetime })
      const [oldest] = entries.keys()
      if (entries.size > maxEntries && oldest !== undefined) entries.delete(oldest)
    },
  }
}
