import type { Page, Post } from '../base/types.js'
import { endInTime } from '../base/waiting.js'
import { createHttpClient } from '../http/client.js'
import { tellErrors } from '../queue/queue.js'
import { createStoreQueue, leaseFor } from '../queue/store-queue.js'
import { generateAnnouncement } from '../render/autodiscovery.js'
import { shownTitle } from '../render/item.js'
import type { TrackbacksView } from '../render/trackbacks.js'
import type { Store, Trackback, TrackbackFilter, TrackbackPageRequest } from '../store/store.js'
import { isOpen } from './accept/admission.js'
import { createAnswer } from './accept/answer.js'
import { type ReceiverResponse, refuse } from './accept/answers.js'
import { defaultChecks } from './checks/default-checks.js'
import { handleFetch } from './hosts/fetch-handler.js'
import type { Mountable } from './hosts/mountable.js'
import { createEvents } from './moderation/events.js'
import { createLearning } from './moderation/learning.js'
import { createModeration, type Moderation } from './moderation/moderation.js'
import type { ReceiverContext } from './options/context.js'
import { resolveRateLimits, resolveReceiverLimits } from './options/limits.js'
import { type ReceiverOptions, resolveOptions } from './options/options.js'
import type { PingRequest } from './options/request.js'
import { createBlocks } from './policy/blocks.js'
import { createFlood } from './policy/flood.js'
import { createVisits } from './policy/visits.js'
import { createPingTokens } from './urls/ping-token.js'
import { createPingUrls } from './urls/ping-url.js'
import { startTidying } from './verify/tidy-job.js'
import { runVerifyJob, verifyAgain, verifyKind } from './verify/verify-job.js'

/** One page of what stands under a post. */
export interface ReceiverView extends TrackbacksView {
  readonly trackbacks: readonly Trackback[]
  readonly count: number
  readonly next?: string | undefined
}

/** The receiving side of a blog. */
export interface Receiver extends Mountable {
  /** Answers one request, whatever it is; never rejects. Bring your own transport. */
  handle(request: PingRequest): Promise<ReceiverResponse>
  /** The same for hosts that speak `Request` and `Response`: Hono, Next, Astro, Bun, Deno. */
  fetch(request: Request, info?: { clientIp?: string | null | undefined }): Promise<Response>
  /** The ping URL of a post. Throws a `TypeError` for an id that no URL can carry. */
  pingUrl(postId: string): string
  /** What belongs into the head of a post's page so that others discover its ping URL; empty for a closed post. */
  autodiscovery(post: Post): string
  /**
   * The trackbacks of a post that may be shown, newest last unless `order` says otherwise. The title of a ping that came
   * without one is that of its page.
   */
  list(postId: string, page?: TrackbackPageRequest): Promise<Page<Trackback>>
  /** How many trackbacks of a post may be shown. */
  count(postId: string): Promise<number>
  /**
   * What stands under a post, as `renderTrackbacks` takes it: the trackbacks that may be shown, newest first unless
   * `order` says otherwise; how many there are; the ping URL, unless the post is closed; `next`, the cursor of the
   * page that follows.
   */
  view(post: Post, page?: TrackbackPageRequest): Promise<ReceiverView>
  readonly moderation: Moderation
  /** Where everything is kept: the store it was made with. */
  readonly store: Store
  /** The post with an id, as `findPost` gives it; `null` where there is none. Rejects with what that throws. */
  findPost(id: string): Promise<Post | null>
  /** Set to `false`, it refuses every ping, to old posts too, and announces nothing. @default true */
  accepting: boolean
  /** For how many days a trackback waits for the author; then it is deleted. */
  readonly maxHeldDays: number
  /**
   * Stops verification and waits for what runs, listeners too, `closeTimeout` milliseconds at the most; what waits goes on
   * when a receiver is made again. Never rejects.
   */
  close(): Promise<void>
}

/**
 * Makes the receiving side of a blog. A ping is answered after the store has committed it, and looked at afterwards:
 * nothing is fetched inside a request.
 *
 * ```ts
 * const receiver = createReceiver({
 *   baseUrl: 'https://my.blog/trackback/',
 *   findPost: (id) => posts.get(id) ?? null,
 *   store: openSqlite('trackbacks.db'),
 * })
 * createServer(toNodeHandler(receiver)).listen(8080)
 * ```
 */
export function createReceiver(options: ReceiverOptions): Receiver {
  let isAccepting = true
  const context = createContext(options, () => isAccepting)
  const { store, urls, queue, client, limits, now, onError } = context
  let endTidying = (): void => {}
  if (options.worker !== false) {
    const work = tellErrors(queue, onError)
    work.listen(verifyKind, (job) => runVerifyJob(job, context), {
      attempts: mostLooks,
      concurrency: limits.concurrentSources,
      longestDelay: (Math.max(0, ...context.recheckAfterDays) + 2) * day,
    })
    endTidying = startTidying({ ...context, queue: work })
  }

  function takesPings(post: Post): boolean {
    return isAccepting && isOpen(post, context)
  }

  async function list(postId: string, page?: TrackbackPageRequest): Promise<Page<Trackback>> {
    const found = await store.list(shownUnder(postId), page)
    return { ...found, items: found.items.map((each) => ({ ...each, title: shownTitle(each) })) }
  }

  const receiver: Receiver = {
    handle: createAnswer(context),
    fetch: (request, info) => handleFetch(receiver, request, info?.clientIp),
    path: urls.path,
    answers: urls.covers,
    pingUrl: urls.urlOf,
    autodiscovery(post) {
      return takesPings(post) ? generateAnnouncement(post, urls.urlOf(post.id)) : ''
    },
    list,
    count: async (postId) => store.count(shownUnder(postId)),
    async view(post, page) {
      const [{ items, next }, count] = await Promise.all([
        list(post.id, { order: 'newest', ...page }),
        receiver.count(post.id),
      ])
      const pingUrl = takesPings(post) ? urls.urlOf(post.id) : undefined
      return { post, pingUrl, trackbacks: items, count, next }
    },
    moderation: createModeration(context, (trackback) => verifyAgain(trackback, now(), queue)),
    store,
    findPost: context.findPost,
    maxBodySize: limits.maxBodySize,
    maxHeldDays: limits.maxHeldDays,
    bodyConsumed: refuse('body-consumed'),
    report: onError,
    get accepting() {
      return isAccepting
    },
    set accepting(value) {
      isAccepting = value
    },
    async close() {
      endTidying()
      const end = async (): Promise<void> => {
        if (!options.queue) await queue.close()
        await Promise.all([context.flood.close(), context.fetches.close(), context.events.settled()])
      }
      await endInTime(end, context.closeTimeout, onError)
      if (!options.client) await endInTime(() => client.close(), context.closeTimeout, onError)
    },
  }
  return receiver
}

function createContext(options: ReceiverOptions, isAccepting: () => boolean): ReceiverContext {
  const settings = resolveOptions(options, defaultChecks())
  const { store, now, onError, closeTimeout } = settings
  const { records } = store
  const limits = resolveReceiverLimits(options.limits)
  const tokens = options.signedPingUrls && createPingTokens(options.signedPingUrls, now)
  const client = options.client ?? createHttpClient({ site: new URL(options.baseUrl).origin })
  const counting = { records, now, onError, maxCounters: limits.maxCounters }
  return {
    ...settings,
    limits,
    rateLimits: resolveRateLimits(options.rateLimits),
    urls: createPingUrls(options.baseUrl, { ...options, tokens }),
    client,
    queue: options.queue ?? createStoreQueue(store, { onError, now, lease: leaseFor(client), closeTimeout }),
    blocks: createBlocks(records, now),
    flood: createFlood({ ...counting, kind: 'pings' }),
    fetches: createFlood({ ...counting, kind: 'fetches' }),
    visits: createVisits(atOnce),
    events: createEvents(settings),
    learning: createLearning(settings),
    isAccepting,
  }
}

function shownUnder(postId: string): TrackbackFilter {
  if (typeof postId !== 'string') throw new TypeError('a post id must be a string')
  return { postId, state: 'published' }
}

const day = 86_400_000
/** So many requests to one host are under way at once, also by way of redirects. */
const atOnce = 2

/** A job that waits its turn is claimed again and again; only its errors may count, and they are few. */
const mostLooks = 10_000
