import { checkId } from '../base/options.js'
import type { Page, Post } from '../base/types.js'
import type { JobCounts, RunOptions } from '../queue/queue.js'
import { generateAnnouncement } from '../render/autodiscovery.js'
import { shownTitle } from '../render/item.js'
import type { TrackbacksView } from '../render/trackbacks.js'
import type { Store, Trackback, TrackbackFilter, TrackbackPageRequest } from '../store/store.js'
import { isOpen } from './accept/admission.js'
import { createAnswer } from './accept/answer.js'
import { type ReceiverResponse, refuse } from './accept/answers.js'
import { handleFetch } from './hosts/fetch-handler.js'
import type { Mountable } from './hosts/mountable.js'
import { createModeration, type Moderation } from './moderation/moderation.js'
import { createReceiverContext } from './options/context.js'
import type { ReceiverOptions } from './options/options.js'
import type { PingRequest } from './options/request.js'
import { day, longestWait } from './verify/decision.js'
import { startTidying } from './verify/tidy-job.js'
import { runVerifyJob, verifyKind } from './verify/verify-job.js'

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
  const context = createReceiverContext(options)
  const { store, urls, queue, limits, onError } = context
  context.listen(verifyKind, (job) => runVerifyJob(job, context), {
    attempts: mostLooks,
    concurrency: limits.concurrentSources,
    longestDelay: longestWait(context) + 2 * day,
  })
  const tidying = startTidying(context)

  /** What a ping leaves to be done, for a host that freezes after the answer. */
  async function finishPing(): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve, context.verifyAfter))
    await receiver.runDue().catch(onError)
  }

  function takesPings(post: Post): boolean {
    return context.isAccepting && isOpen(post, context)
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
    moderation: createModeration(context),
    async runDue(running) {
      if (queue.runDue) await tidying.begin()
      return context.runDue(running)
    },
    store,
    findPost: async (id) => context.findPost(id),
    maxBodySize: limits.maxBodySize,
    maxHeldDays: limits.maxHeldDays,
    bodyConsumed: refuse('body-consumed'),
    report: onError,
    get accepting() {
      return context.isAccepting
    },
    set accepting(value) {
      context.isAccepting = value
    },
    async close() {
      tidying.end()
      await context.close(() => Promise.all([context.flood.close(), context.fetches.close()]))
    },
  }
  return receiver
}

function shownUnder(of: string | { readonly blog: string }): TrackbackFilter {
  const blog = typeof of === 'object' ? of?.blog : undefined
  if (blog === undefined) checkId(of, 'a post id')
  return { ...(typeof of === 'string' ? { postId: of } : { blog }), state: 'published' }
}

/** A job that waits its turn is claimed again and again; only its errors may count, and they are few. */
const mostLooks = 10_000
