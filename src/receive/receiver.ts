import { checkId } from '../base/options.js'
import type { Page, Post } from '../base/types.js'
import { endInTime } from '../base/waiting.js'
import { createHttpClient } from '../http/client.js'
import { type JobCounts, type RunOptions, runDue, tellErrors } from '../queue/queue.js'
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
import { createErased } from './policy/erased.js'
import { createFlood } from './policy/flood.js'
import { createVisits } from './policy/visits.js'
import { createPingTokens } from './urls/ping-token.js'
import { createPingUrls } from './urls/ping-url.js'
import { startTidying, type Tidying } from './verify/tidy-job.js'
import { runVerifyJob, verifyAgain, verifyKind } from './verify/verify-job.js'

/** One page of what stands under a post. */
export interface ReceiverView extends TrackbacksView {
  readonly trackbacks: readonly Trackback[]
  readonly count: number
  readonly next?: string | undefined
}

/** What a host knows of a request beside it. */
export interface FetchInfo {
  /** The client's address. @default none: pings are not counted by client */
  readonly clientIp?: string | null | undefined
  /** Keeps the host awake for work that follows the answer: `waitUntil` of Vercel and Cloudflare, `after` of Next. */
  waitUntil?(work: Promise<unknown>): void
}

/** The receiving side of a blog. */
export interface Receiver extends Mountable {
  /** Answers one request, whatever it is; never rejects. Bring your own transport. */
  handle(request: PingRequest): Promise<ReceiverResponse>
  /**
   * The same for hosts that speak `Request` and `Response`: Hono, Next, Astro, Bun, Deno. On a host that freezes after the
   * answer, `waitUntil` is given what is still to be done: a ping's source is verified then.
   */
  fetch(request: Request, info?: FetchInfo): Promise<Response>
  /** The ping URL of a post. Throws a `TypeError` for an id that no URL can carry. */
  pingUrl(postId: string): string
  /** What belongs into the head of a post's page so that others discover its ping URL; empty for a closed post. */
  autodiscovery(post: Post): string
  /**
   * The trackbacks of a post, or of all posts of a blog (`{ blog: '18521' }`), that may be shown, newest last unless `order`
   * says otherwise. A ping without a title has the title of its page. A text in `after` that is not a cursor, such as a
   * stranger's in a URL, means the first page.
   */
  list(of: string | { readonly blog: string }, page?: TrackbackPageRequest): Promise<Page<Trackback>>
  /** How many trackbacks of a post, or of all posts of a blog, may be shown. */
  count(of: string | { readonly blog: string }): Promise<number>
  /** How many trackbacks of each of several posts may be shown, in one query: for a page that lists posts. */
  counts(postIds: readonly string[]): Promise<ReadonlyMap<string, number>>
  /**
   * What stands under a post, as `renderTrackbacks` takes it: the trackbacks that may be shown, newest first unless
   * `order` says otherwise; how many there are; the ping URL, unless the post is closed; `next`, the cursor of the
   * page that follows.
   */
  view(post: Post, page?: TrackbackPageRequest): Promise<ReceiverView>
  readonly moderation: Moderation
  /**
   * Does what is due (verification, cleanup) and resolves with what was done, once nothing is due any more: for cron, for
   * hosts without processes that stay, and for tests. With `worker: false` nothing else does it in this process. Rejects with
   * what the store rejects with, and with a `TypeError` for a `queue` that has workers of its own.
   *
   * ```ts
   * const { done, later, failed } = await receiver.runDue({ signal: AbortSignal.timeout(50_000) })
   * ```
   */
  runDue(options?: RunOptions): Promise<JobCounts>
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
  const onCall = options.worker === false
  let tidying: Tidying | undefined
  if (!onCall || queue.runDue) {
    const work = tellErrors(queue, onError)
    work.listen(verifyKind, (job) => runVerifyJob(job, context), {
      attempts: mostLooks,
      concurrency: limits.concurrentSources,
      longestDelay: (Math.max(0, ...context.recheckAfterDays) + 2) * day,
      onCall,
    })
    tidying = startTidying({ ...context, queue: work }, onCall)
  }

  /** What a ping leaves to be done, for a host that freezes after the answer. */
  async function finishPing(): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve, context.verifyAfter))
    await receiver.runDue().catch(onError)
  }

  function takesPings(post: Post): boolean {
    return isAccepting && isOpen(post, context)
  }

  const list: Receiver['list'] = async (of, page) => {
    const found = await store.list(shownUnder(of), page)
    return { ...found, items: found.items.map((each) => ({ ...each, title: shownTitle(each) })) }
  }

  const receiver: Receiver = {
    handle: createAnswer(context),
    async fetch(request, info) {
      const response = await handleFetch(receiver, request, info?.clientIp)
      if (request.method === 'POST' && response.ok) info?.waitUntil?.(finishPing())
      return response
    },
    path: urls.path,
    answers: urls.covers,
    pingUrl: urls.urlOf,
    autodiscovery(post) {
      return takesPings(post) ? generateAnnouncement(post, urls.urlOf(post.id)) : ''
    },
    list,
    count: async (of) => store.count(shownUnder(of)),
    async counts(postIds) {
      const counts = await store.counts({ postId: postIds, state: 'published' })
      return new Map(postIds.map((id) => [id, counts.get(id) ?? 0]))
    },
    async view(post, page) {
      const [{ items, next }, count] = await Promise.all([
        list(post?.id, { order: 'newest', ...page }),
        receiver.count(post?.id),
      ])
      const pingUrl = takesPings(post) ? urls.urlOf(post.id) : undefined
      return { post, pingUrl, trackbacks: items, count, next }
    },
    moderation: createModeration(context, (trackback) => verifyAgain(trackback, now(), queue)),
    async runDue(runOptions) {
      await tidying?.begin()
      const counts = await runDue(queue, runOptions)
      await context.events.settled()
      return counts
    },
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
      tidying?.end()
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
    erased: createErased(records, now),
    flood: createFlood({ ...counting, kind: 'pings' }),
    fetches: createFlood({ ...counting, kind: 'fetches' }),
    visits: createVisits(atOnce),
    events: createEvents(settings),
    learning: createLearning(settings),
    isAccepting,
  }
}

function shownUnder(of: string | { readonly blog: string }): TrackbackFilter {
  const blog = typeof of === 'object' ? of?.blog : undefined
  if (blog === undefined) checkId(of, 'a post id')
  return { ...(typeof of === 'string' ? { postId: of } : { blog }), state: 'published' }
}

const day = 86_400_000
/** So many requests to one host are under way at once, also by way of redirects. */
const atOnce = 2

/** A job that waits its turn is claimed again and again; only its errors may count, and they are few. */
const mostLooks = 10_000
