import { resolveLimits } from '../../base/limits.js'

/** The limits of a receiver: each a positive integer; anything else is a `TypeError`, so none can be switched off. */
export interface ReceiverLimits {
  /**
   * The body of a ping, in bytes. Up to 16 times as many are read and thrown away, so that its sender reads the refusal.
   * @default 65536
   */
  readonly maxBodySize?: number | undefined
  /** The fields of a ping, known and unknown ones. @default 32 */
  readonly maxPairs?: number | undefined
  /** The source URL, in characters. @default 2048 */
  readonly maxUrlLength?: number | undefined
  /** A title, in graphemes; what is longer is cut. @default 250 */
  readonly maxTitleLength?: number | undefined
  /** An excerpt, in graphemes; what is longer is cut. @default 500 */
  readonly maxExcerptLength?: number | undefined
  /** A blog name, in graphemes; what is longer is cut. @default 120 */
  readonly maxBlogNameLength?: number | undefined
  /** Pings an hour that are kept, in all; by default no client, host or domain can use them up alone. @default 300 */
  readonly maxPings?: number | undefined
  /** Pings an hour to one post. @default 120 */
  readonly maxPingsPerPost?: number | undefined
  /**
   * Pings an hour that name a source on one host, and fetches of sources there.
   * @default 60, and no more than a fifth of `maxPings`
   */
  readonly maxPingsPerHost?: number | undefined
  /** The same for all hosts of one registered domain. @default 120, and no more than two fifths of `maxPings` */
  readonly maxPingsPerDomain?: number | undefined
  /** Pings an hour by one client: an IPv4 address or an IPv6 /56. @default 120, and no more than two fifths of `maxPings` */
  readonly maxPingsPerClient?: number | undefined
  /** How many hosts, domains, clients and posts are counted at once; beyond it the oldest is forgotten. @default 50000 */
  readonly maxCounters?: number | undefined
  /**
   * The time between two fetches of one source, in milliseconds. A source that could not be verified is fetched again
   * after this time, and after 6, 36 and 144 times as long. @default 600_000 (10 minutes)
   */
  readonly sourceSpacing?: number | undefined
  /** How many sources this process looks at at once. @default 4 */
  readonly concurrentSources?: number | undefined
  /** For how many days a rejected trackback is kept. @default 14 */
  readonly maxRejectedDays?: number | undefined
  /** For how many days a trackback waits for the author to decide; then it is deleted. @default 90 */
  readonly maxHeldDays?: number | undefined
  /**
   * How many trackbacks wait, unverified or for the author; once an hour those beyond it are deleted: first the oldest of
   * those whose source was never reached. What the author put on hold is not counted. @default 10000
   */
  readonly maxWaiting?: number | undefined
  /** The same for the trackbacks of one post. @default 1000 */
  readonly maxWaitingPerPost?: number | undefined
  /** For how many days the address of a client is kept. @default 30 */
  readonly maxClientIpDays?: number | undefined
}

/** All limits, each with its number. */
export type ResolvedLimits = { readonly [name in keyof Required<ReceiverLimits>]: number }

const defaults: ResolvedLimits = {
  maxBodySize: 65_536,
  maxPairs: 32,
  maxUrlLength: 2048,
  maxTitleLength: 250,
  maxExcerptLength: 500,
  maxBlogNameLength: 120,
  maxPings: 300,
  maxPingsPerPost: 120,
  maxPingsPerHost: 60,
  maxPingsPerDomain: 120,
  maxPingsPerClient: 120,
  maxCounters: 50_000,
  sourceSpacing: 600_000,
  concurrentSources: 4,
  maxRejectedDays: 14,
  maxHeldDays: 90,
  maxWaiting: 10_000,
  maxWaitingPerPost: 1000,
  maxClientIpDays: 30,
}

/** The limits that are given, and the defaults for the others. Throws a `TypeError` for what is no limit. */
export function resolveReceiverLimits(limits: ReceiverLimits = {}): ResolvedLimits {
  const { maxPings = defaults.maxPings } = limits
  const part = (name: keyof ReceiverLimits, fifths: number): number =>
    Math.max(1, Math.min(defaults[name], Math.floor((maxPings * fifths) / 5)))
  const parts = {
    maxPingsPerHost: part('maxPingsPerHost', 1),
    maxPingsPerDomain: part('maxPingsPerDomain', 2),
    maxPingsPerClient: part('maxPingsPerClient', 2),
  }
  return resolveLimits({ ...defaults, ...parts }, limits)
}
