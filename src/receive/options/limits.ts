import { type LimitsOf, resolveLimits } from '../../base/limits.js'

/** The limits with their defaults. */
const receiverLimits = {
  /**
   * The body of a ping, in bytes. Up to 16 times as many are read and thrown away, so that its sender reads the refusal.
   * @default 65536
   */
  maxBodySize: 65_536,
  /** The fields of a ping, known and unknown ones. @default 32 */
  maxPairs: 32,
  /** The source URL, in characters. @default 2048 */
  maxUrlLength: 2048,
  /** A title, in graphemes; what is longer is cut. @default 250 */
  maxTitleLength: 250,
  /** An excerpt, in graphemes; what is longer is cut. @default 500 */
  maxExcerptLength: 500,
  /** A blog name, in graphemes; what is longer is cut. @default 120 */
  maxBlogNameLength: 120,
  /** How many hosts, domains, clients and posts are counted at once; beyond it the oldest is forgotten. @default 50000 */
  maxCounters: 50_000,
  /**
   * The time between two fetches of one source, in milliseconds. A source that could not be verified is fetched again
   * after this time, and after 6, 36 and 144 times as long. @default 600_000 (10 minutes)
   */
  sourceSpacing: 600_000,
  /** How many sources this process looks at at once. @default 4 */
  concurrentSources: 4,
  /** For how many days a trackback is kept after it was rejected. @default 14 */
  maxRejectedDays: 14,
  /** For how many days a trackback waits for the author to decide; then it is deleted. @default 90 */
  maxHeldDays: 90,
  /**
   * How many trackbacks wait, unverified or for the author; once an hour those beyond it are deleted: first the oldest of
   * those whose source was never reached. What the author put on hold is not counted. @default 10000
   */
  maxWaiting: 10_000,
  /** The same for the trackbacks of one post. @default 1000 */
  maxWaitingPerPost: 1000,
  /** The same for the trackbacks of one blog, where posts name theirs. @default 4000 */
  maxWaitingPerBlog: 4000,
  /** For how many days a source is not taken again that was erased, or rejected by the author and deleted. @default 365 */
  maxErasedDays: 365,
  /** For how many days the address of a client is kept. @default 30 */
  maxClientIpDays: 30,
}

/** The limits of a receiver: each a positive integer; anything else is a `TypeError`, so none can be switched off. */
export type ReceiverLimits = LimitsOf<typeof receiverLimits>

/** How many pings an hour are kept: each a positive integer. No client, host, domain or blog can use up the total alone. */
export interface RateLimits {
  /** In all. @default 300 */
  readonly total?: number | undefined
  /** To one post. @default 120 */
  readonly perPost?: number | undefined
  /** To all posts of one blog, where posts name theirs. @default two fifths of `total` */
  readonly perBlog?: number | undefined
  /** That name a source on one host, and fetches of sources there. @default 60, at most a fifth of `total` */
  readonly perHost?: number | undefined
  /** The same for all hosts of one registered domain. @default 120, at most two fifths of `total` */
  readonly perDomain?: number | undefined
  /** By one client: an IPv4 address or an IPv6 /56. @default 120, at most two fifths of `total` */
  readonly perClient?: number | undefined
}

/** All limits, each with its number. */
export type ResolvedLimits = Readonly<typeof receiverLimits>

/** All limits by the hour, each with its number. */
export type ResolvedRateLimits = Readonly<Record<keyof RateLimits, number>>

/** The limits that are given, and the defaults for the others. Throws a `TypeError` for a limit of another name or kind. */
export const resolveReceiverLimits = (limits?: ReceiverLimits): ResolvedLimits =>
  resolveLimits(receiverLimits, limits)

/** The same for the limits by the hour. */
export function resolveRateLimits(limits: RateLimits = {}): ResolvedRateLimits {
  const { total = 300 } = limits
  const atMost = (most: number, fifths: number): number =>
    Math.max(1, Math.min(most, Math.floor((total * fifths) / 5)))
  const perBlog = atMost(total, 2)
  const parts = { perBlog, perHost: atMost(60, 1), perDomain: atMost(120, 2), perClient: atMost(120, 2) }
  return resolveLimits({ total, perPost: 120, ...parts }, limits)
}
