import { type LimitsOf, resolveLimits } from '../../base/limits.js'
import { optionCheck } from '../../base/options.js'
import type { Post } from '../../base/types.js'
import { limited } from '../../base/waiting.js'
import { parseUrl } from '../../protocol/url.js'
import { type BackgroundOptions, createBackground } from '../../queue/background.js'
import { parseCharsetLabel } from '../../text/charset/label.js'
import type { SendPingOptions } from '../send-ping.js'
import type { Delivery, DeliveryState, KeptDelivery } from './delivery.js'
import { createDeliveries, toDelivery } from './delivery.js'
import { createHosts } from './hosts.js'

/** A post of the own blog whose links are to be pinged. */
export interface AnnouncedPost extends Post {
  /** The post's text as HTML: its links are the targets, its beginning is the excerpt where `excerpt` is not given. */
  readonly html: string
  /** The name of the blog. @default the sender's `blogName` */
  readonly blogName?: string | undefined
  /** Ping URLs that the author gave: pinged as they are, without discovery. @default [] */
  readonly pingUrls?: readonly string[] | undefined
  /** Whether the post is not public yet; like one whose `publishedAt` is to come, it is not announced. @default false */
  readonly draft?: boolean | undefined
}

/**
 * Something that happened to a delivery; the delivery is as it is afterwards. `found`: the target is new. `discovered`:
 * its ping URL is known. `postponed`: an attempt failed, and another will follow. Else: the state that it ended in.
 */
export interface SenderEvent {
  readonly type: 'found' | 'discovered' | 'postponed' | Exclude<DeliveryState, 'waiting'>
  readonly delivery: Delivery
}

/** The limits with their defaults. */
const senderLimits = {
  /** The targets of one post; further links are skipped as `too-many`. @default 50 */
  maxTargets: 50,
  /** The skipped links that are listed; the others are only counted. @default 1000 */
  maxSkipped: 1000,
  /** A target's URL or ping URL, in characters; a link with a longer one is skipped as `invalid`. @default 2048 */
  maxUrlLength: 2048,
  /** How often a target is tried. @default 8 */
  maxAttempts: 8,
  /** The time between two requests to one host, in milliseconds. @default 1000 */
  spacing: 1000,
  /** How long a host that does not answer at all is waited for, in milliseconds. @default 604_800_000 (7 days) */
  maxAge: 7 * 24 * 3_600_000,
  /** Target pages that are read at once by this process, one of each host. @default 8 */
  concurrentPages: 8,
  /** The deliveries that `list` reads, from all posts, in the order of the posts' ids as text. @default 10_000 */
  maxListed: 10_000,
  /**
   * Pings under way at once from this process, one to each host. A process that is killed repeats so many pings at the
   * most. @default 1
   */
  concurrentPings: 1,
}

/** The limits of a sender: each a positive integer; anything else is a `TypeError`, so none can be switched off. */
export type SenderLimits = LimitsOf<typeof senderLimits>

/**
 * Options of `createSender`; `charset` and `charsetFor` are those of `sendPing`.
 */
export interface SenderOptions
  extends BackgroundOptions<SenderEvent>,
    Pick<SendPingOptions, 'charset' | 'charsetFor'> {
  /** The name of the blog, for posts that do not give their own. */
  readonly blogName: string
  /** The URL of the blog, or several; the links to pages under it are skipped. @default the host of each post's URL */
  readonly site?: string | URL | readonly (string | URL)[] | undefined
  /** Whether links to other posts of the own site are pinged too. @default false */
  readonly selfPings?: boolean | undefined
  readonly limits?: SenderLimits | undefined
}

const checkOptions = optionCheck('createSender', {
  function: 'charsetFor onEvent onError now',
  boolean: 'selfPings worker',
  string: 'blogName! charset',
  object: 'queue client limits',
  any: 'store site hookTimeout closeTimeout',
})

/** What the parts of a sender share: its options with their defaults, and what is made of them once. */
export type SenderContext = ReturnType<typeof createSenderContext>

/** Checks the options and fills in the defaults. Throws a `TypeError` that names what is wrong. */
export function createSenderContext(options: SenderOptions) {
  checkOptions(options)
  const { blogName, charset, charsetFor } = options
  if (charset !== undefined && parseCharsetLabel(charset) === null)
    throw new TypeError(`no charset is called '${charset}'`)
  const limits = resolveLimits(senderLimits, options.limits)
  const sites = sitesOf(options)
  const network = { site: sites?.[0]?.href, maxConnectionsPerHost: atOnce }
  const background = createBackground(options, network)
  const { records } = background.store
  return {
    ...background,
    blogName,
    charset,
    charsetFor: charsetFor && limited(charsetFor, background.hookTimeout, 'charsetFor'),
    limits,
    /** The own site's URLs; `null` for the host of each post's URL. */
    sites,
    deliveries: createDeliveries(records),
    hosts: createHosts(records, limits.spacing),
    /** Tells the listener what happened, after it is durable. */
    tell(type: SenderEvent['type'], delivery: KeptDelivery): void {
      background.tell({ type, delivery: toDelivery(delivery) })
    },
  }
}

/** So many requests to one host are under way at once, also to one that redirects lead to: one page and one ping. */
const atOnce = 2

function sitesOf({ site, selfPings = false }: SenderOptions): readonly URL[] | null {
  if (selfPings) return []
  if (site === undefined) return null
  return (Array.isArray(site) ? site : [site]).map((each: string | URL) => {
    const url = parseUrl(String(each))
    if (url === null) throw new TypeError(`site must be absolute URLs, not '${each}'`)
    return url
  })
}
