import { checkChoice, optionCheck } from '../../base/options.js'
import type { Reason } from '../../base/reason.js'
import type { Page, PageRequest, Ping } from '../../base/types.js'
import { pageKey } from '../../discover/identifier.js'
import { pageLimit, toPage } from '../../store/page.js'
import { createJsonRecords, type Kept } from '../../store/records.js'
import type { RecordStore } from '../../store/store.js'
import type { PingResult } from '../result.js'
import type { Links, Target } from './links.js'

/**
 * Where the way of a ping to one target is:
 *
 * - `waiting`: its ping URL is looked for, or the ping is to be sent, for the first time or again
 * - `accepted`: the other side took it; it is never sent again by itself
 * - `refused`: the other side said no
 * - `no-ping-url`: the target is no page, or one that takes no trackbacks
 * - `duplicate`: another target of the post has the same ping URL
 * - `failed`: it cannot be sent (a blocked address), or what came back is no answer
 * - `gave-up`: it was tried as often, or for as long, as the limits allow
 */
export type DeliveryState = (typeof deliveryStates)[number]

/** Every state, in the order in which deliveries are listed. */
export const deliveryStates = [
  'failed',
  'gave-up',
  'refused',
  'waiting',
  'accepted',
  'no-ping-url',
  'duplicate',
] as const

/** The states that an author may want to do something about. */
export const troubledStates: readonly DeliveryState[] = deliveryStates.slice(0, 3)

/** What became of the ping of one post to one target. Times are in milliseconds since 1970. */
export interface Delivery {
  readonly postId: string
  /** A page that the post links to, or a ping URL that the author gave. */
  readonly target: string
  readonly state: DeliveryState
  /** Why it is in this state; what a stranger said is in `answer`. */
  readonly reason: Reason
  /** Where the ping goes, once that is known. */
  readonly pingUrl: string | null
  /** The last answer to the ping; its texts are by strangers: escape them where they are shown. */
  readonly answer: PingResult | null
  /** Number of finished attempts, successful or not; discovery alone does not count. */
  readonly attempts: number
  readonly foundAt: number
  /** When it was last tried or changed. */
  readonly changedAt: number
  /** Not before this is it tried again; `null` where it is done, or due. */
  readonly nextAt: number | null
}

/** A delivery with what only the sender itself needs to know. */
export interface KeptDelivery extends Delivery {
  /** Whether `nextAt` is a turn in the line of its host. */
  readonly hasTurn: boolean
  /** The text of the post that it was begun for, or tried with last, also by a ping under way; empty after `retry`. */
  readonly version: string
  /** Grows when the delivery begins anew; jobs of an earlier round do nothing. */
  readonly round: number
}

/** What is kept of a post, as it was announced last. */
export interface KeptPost extends Omit<Links, 'targets'> {
  /** Grows with each announcement; its time, unless a clock was wrong. */
  readonly at: number
  /** By the clock; absent where `at` says it. */
  readonly announcedAt?: number | undefined
  readonly version: string
  readonly ping: Ping
  /** Whether the targets that are done with are pinged anew with another text. */
  readonly again?: boolean | undefined
  /** The latest announcement, by its `at`: it may still wait for its turn. */
  readonly expected?: number | undefined
  /** The last announcement whose deliveries all have jobs, by its `at`; absent where the one before was not finished. */
  readonly begun?: number | undefined
}

/** What the author is shown of a post. */
export interface SenderReport extends Omit<Links, 'targets'> {
  /** When the post was last announced, in milliseconds since 1970. */
  readonly announcedAt: number
  /** One for each target that the post ever had, oldest first. */
  readonly deliveries: readonly Delivery[]
}

/** Which deliveries are listed. */
export interface DeliveryFilter {
  /** Those in this state, or in one of these. @default all */
  readonly state?: DeliveryState | readonly DeliveryState[] | undefined
}

/** A page of deliveries. */
export interface DeliveryPage extends Page<Delivery> {
  /** How many there are on all pages. */
  readonly total: number
  /** How many there are in each state that any is in, whatever the filter says. */
  readonly counts: Readonly<Partial<Record<DeliveryState, number>>>
}

/** Keeps deliveries and announced posts in a store. */
export function createDeliveries(records: RecordStore) {
  const deliveries = createJsonRecords<KeptDelivery>(records, 'delivery')
  const posts = createJsonRecords<KeptPost>(records, 'announced-post')
  const keyOfPost = (postId: string): string => keyOf(postId, '')

  /** A post as it was announced last. */
  async function readPost(postId: string): Promise<KeptPost | null> {
    return (await posts.read(keyOfPost(postId)))?.value ?? null
  }

  /** Writes a delivery if its record still has this revision, 0 where there must be none; resolves to whether it had. */
  function write(delivery: KeptDelivery, revision: number): Promise<boolean> {
    return deliveries.write(keyOf(delivery.postId, delivery.target), delivery, revision)
  }

  return {
    /** The delivery of a post to a target. */
    read: (postId: string, target: string) => deliveries.read(keyOf(postId, target)),
    write,
    /**
     * Records what an attempt came to, also where the delivery was put in line again in the meantime; resolves to `false`
     * where somebody else brought it on.
     */
    async record(before: KeptDelivery, after: KeptDelivery): Promise<boolean> {
      const { postId, target, round, pingUrl } = before
      const written = await deliveries.change(keyOf(postId, target), (kept) =>
        kept?.state === 'waiting' && kept.round === round && kept.pingUrl === pingUrl ? after : null,
      )
      return written !== null
    },
    /**
     * Begins a delivery anew; one that waits goes on from where it is, and what is under way for it is not recorded.
     * Resolves to `null` where somebody else changed it in the meantime.
     */
    async restart({ value, revision }: Kept<KeptDelivery>, now: number, version = '') {
      const { postId, target, pingUrl, state, round } = value
      const isPingUrl = pingUrl === target
      const from = state === 'waiting' ? value : newDelivery(postId, { url: target, isPingUrl }, now)
      const anew = { ...from, version, round: round + 1 }
      return (await write(anew, revision)) ? anew : null
    },
    /** Whether a delivery is the one of its post that pings this URL: the first, unless that one makes way. */
    async claimPingUrl({ postId, target }: KeptDelivery, pingUrl: string, post: KeptPost): Promise<boolean> {
      const endpoint = endpointOf(pingUrl)
      const claimOf = (url: string) => records.get(claimKind, keyOf(postId, url))
      // Claims of earlier versions are under the URL as it is written.
      const claim = (await claimOf(endpoint)) ?? (await claimOf(pingUrl))
      if (claim?.value === target) return true
      const holder = claim && (await deliveries.read(keyOf(postId, claim.value)))
      if (holder && !makesWay(holder.value, endpoint, post)) return false
      const { key, revision } = claim ?? { key: keyOf(postId, endpoint), revision: 0 }
      const isClaimed = await records.put(claimKind, key, target, revision)
      return isClaimed || (await records.get(claimKind, key))?.value === target
    },
    readPost,
    /** Begins a post's next announcement, and gives its `at`: later than all before, also those of a clock that was ahead. */
    async nextAnnouncement(postId: string, now: number): Promise<number> {
      const changed = await posts.change(
        keyOfPost(postId),
        (kept) => kept && { ...kept, expected: Math.max(now, (kept.expected ?? kept.at) + 1) },
      )
      return changed?.expected ?? now
    },
    /** Keeps a post as it is announced; resolves to `null` where it was announced later than that already. */
    keepPost(postId: string, post: KeptPost): Promise<KeptPost | null> {
      return posts.change(keyOfPost(postId), (kept) => {
        if (kept && kept.at > post.at) return null
        const begun = kept?.begun === kept?.at ? kept?.begun : undefined
        return { ...post, expected: Math.max(kept?.expected ?? 0, post.at), begun }
      })
    },
    /** Says that all deliveries of an announcement have begun. */
    async endBeginning(postId: string, at: number): Promise<void> {
      await posts.change(keyOfPost(postId), (kept) => (kept?.at === at ? { ...kept, begun: at } : null))
    },
    /** A page of the deliveries of all posts, among the first `atMost` by the id of their post. */
    async list(filter: DeliveryFilter, page: PageRequest, atMost: number): Promise<DeliveryPage> {
      checkFilter(filter)
      const states = [filter.state ?? deliveryStates].flat()
      for (const state of states) checkChoice('state', state, deliveryStates)
      const limit = pageLimit(page)
      const kept = await deliveries.list('', atMost)
      const counts: Partial<Record<DeliveryState, number>> = {}
      for (const { state } of kept) counts[state] = (counts[state] ?? 0) + 1
      const found = kept
        .filter(({ state }) => states.includes(state))
        .map((delivery) => ({ place: placeOf(delivery), delivery: toDelivery(delivery) }))
        .sort((a, b) => (a.place < b.place ? -1 : 1))
      const following = found.filter(({ place }) => place > (page.after ?? ''))
      const { items, ...rest } = toPage(following, limit, ({ place }) => place)
      return { items: items.map(({ delivery }) => delivery), ...rest, total: found.length, counts }
    },
    /** What became of an announced post; `null` where there is none, or, if `begun`, where deliveries have yet to begin. */
    async report(postId: string, { begun = false } = {}): Promise<SenderReport | null> {
      const post = await readPost(postId)
      if (!post || (begun && post.begun !== post.expected)) return null
      const kept = await deliveries.list(keyOfPost(postId))
      kept.sort((a, b) => a.foundAt - b.foundAt)
      const { at, announcedAt = at, skipped, skippedCount } = post
      return { announcedAt, deliveries: kept.map(toDelivery), skipped, skippedCount }
    },
  }
}

const checkFilter = optionCheck('filter', { any: 'state' })
const claimKind = 'delivery-url'

/** One text for all spellings of a ping URL. */
export function endpointOf(pingUrl: string): string {
  return pageKey(pingUrl) ?? pingUrl
}

/**
 * Whether the delivery that claimed a ping URL leaves it to another: it pings elsewhere, or it is done, with another text,
 * and was not accepted or is to be sent anew. Its link may no longer be in the post.
 */
function makesWay({ state, pingUrl, version }: KeptDelivery, endpoint: string, post: KeptPost): boolean {
  const isElsewhere = endpointOf(pingUrl ?? '') !== endpoint
  if (state === 'waiting') return isElsewhere && pingUrl !== null
  return isElsewhere || (version !== post.version && (post.again === true || state !== 'accepted'))
}

/** Where a delivery stands in lists: those that need attention before the others, then the newest change first. */
function placeOf({ state, changedAt, postId, target }: Delivery): string {
  const rank = troubledStates.includes(state) ? 0 : state === 'waiting' ? 1 : 2
  return `${rank}${String(Number.MAX_SAFE_INTEGER - changedAt).padStart(16, '0')} ${keyOf(postId, target)}`
}

/** A delivery that nothing was done for yet. */
export function newDelivery(postId: string, target: Target, now: number): KeptDelivery {
  const { url, isPingUrl } = target
  return {
    postId,
    target: url,
    state: 'waiting',
    reason: { code: isPingUrl ? 'given-by-author' : 'linked-by-post' },
    pingUrl: isPingUrl ? url : null,
    answer: null,
    attempts: 0,
    foundAt: now,
    changedAt: now,
    nextAt: null,
    hasTurn: false,
    version: '',
    round: 0,
  }
}

/** A delivery as the outside sees it. */
export function toDelivery(kept: KeptDelivery): Delivery {
  const { hasTurn: _, version: __, round: ___, ...delivery } = kept
  return delivery
}

/** JSON says where the id ends, so that no id begins like another, and no character of it is lost. */
function keyOf(postId: string, url: string): string {
  return `${JSON.stringify(postId)} ${url}`
}
