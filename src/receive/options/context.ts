import { createBlocks } from '../policy/blocks.js'
import { createErased } from '../policy/erased.js'
import { createFlood } from '../policy/flood.js'
import { createPingTokens } from '../urls/ping-token.js'
import { createPingUrls } from '../urls/ping-url.js'
import { createEvents } from './events.js'
import { type ReceiverOptions, resolveOptions } from './options.js'

/** What the parts of a receiver share: its options with their defaults, and what is made of them once. */
export type ReceiverContext = ReturnType<typeof createReceiverContext>

/** Makes what the parts of a receiver share. Throws a `TypeError` that names what is wrong with the options. */
export function createReceiverContext(options: ReceiverOptions) {
  const settings = resolveOptions(options)
  const { store, now, onError, limits } = settings
  const { records } = store
  const tokens = options.signedPingUrls && createPingTokens(options.signedPingUrls, now)
  const counting = { records, now, onError, maxCounters: limits.maxCounters }
  return {
    ...settings,
    urls: createPingUrls(options.baseUrl, { ...options, tokens }),
    blocks: createBlocks(records, now),
    erased: createErased(records, now, limits.maxErasedDays),
    /** Counts pings. */
    flood: createFlood({ ...counting, kind: 'pings' }),
    /** Counts what is fetched, so that nobody is made to fetch more from a host than it should. */
    fetches: createFlood({ ...counting, kind: 'fetches' }),
    /** How many requests of this process are under way, by the host that they ask. */
    visits: new Map<string, number>(),
    events: createEvents(settings),
    /** Whether any ping is taken. */
    isAccepting: true,
  }
}
