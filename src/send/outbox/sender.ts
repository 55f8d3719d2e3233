import { TrackbackError } from '../../base/errors.js'
import type { Reason } from '../../base/reason.js'
import type { PageRequest } from '../../base/types.js'
import type { JobCounts, QueuedJob, RunOptions } from '../../queue/queue.js'
import { announceJob, announceKind, linksOf, reasonToWait, runAnnounceJob } from './announce-job.js'
import type { Delivery, DeliveryFilter, DeliveryPage, SenderReport } from './delivery.js'
import { toDelivery } from './delivery.js'
import { deliveryJob, maxRuns, pageKind, pingKind, runDeliveryJob } from './delivery-job.js'
import type { Links } from './links.js'
import { type AnnouncedPost, createSenderContext, type SenderOptions } from './options.js'
import { type Preview, previewOf } from './preview.js'

/** What became of a call of `announce`. */
export interface AnnounceResult extends Links {
  /** Whether the post is announced: the pings follow, whatever happens to this process. */
  readonly announced: boolean
  /** Why it is not; `null` where it is. */
  readonly reason: Reason | null
}

/** How a post is announced. */
export interface AnnounceOptions {
  /** Whether targets that are done with are pinged anew, if the post's text changed since. @default false */
  readonly again?: boolean | undefined
}

/** The sending side of a blog. */
export interface Sender {
  /**
   * Announces a post to every page it links to. Resolves when that is durable; what follows runs in the background, is
   * taken up again after a crash, and is told to `onEvent`. A target is pinged once, however often the post is
   * announced. Throws a `TypeError` for a post without an id, HTML, or an absolute URL.
   */
  announce(post: AnnouncedPost, options?: AnnounceOptions): Promise<AnnounceResult>
  /** Says what `announce` would ping, and why, and what it would skip; reads the pages, but sends nothing. */
  preview(post: AnnouncedPost): Promise<Preview>
  /** What became of an announced post; `null` where nothing was announced, or its job has not run yet. */
  report(postId: string): Promise<SenderReport | null>
  /**
   * The deliveries of all posts: those that were refused, failed or were given up first, then those that wait, then the
   * others, in each the newest change first. It reads `limits.maxListed` deliveries at the most, each
   * time: those of the posts whose ids come first as text, so a blog that has sent more raises that limit. Throws a
   * `TypeError` for another state.
   *
   * ```ts
   * const { items, next, total } = await sender.list({ state: 'refused' }, { limit: 25 })
   * ```
   */
  list(filter?: DeliveryFilter, page?: PageRequest): Promise<DeliveryPage>
  /**
   * Begins a target anew that was refused, failed or was given up; an accepted one stays as it is. Resolves to the
   * delivery, or to `null` where there is none.
   */
  retry(postId: string, target: string): Promise<Delivery | null>
  /**
   * Waits until every target of a post is finished or scheduled for a later retry; keeps the process
   * alive meanwhile, for scripts that announce and end: a post that was not announced is waited for too. `signal` ends the
   * waiting, its reason is thrown; so does `close`, with `CLOSED`.
   */
  settled(postId: string, options?: { readonly signal?: AbortSignal | undefined }): Promise<SenderReport>
  /**
   * Does what is due (links, pages, pings) and resolves with what was done, once nothing is due any more: for cron, and for
   * hosts without processes that stay. With `worker: false` nothing else does it in this process. What waits for its turn
   * at a host is left to the next call. Rejects as that of a receiver does.
   *
   * ```ts
   * await sender.announce(post)
   * await sender.runDue()
   * ```
   */
  runDue(options?: RunOptions): Promise<JobCounts>
  /**
   * Waits for what is under way, listeners too, `closeTimeout` milliseconds at the most; what waits goes on when a sender is
   * made again. Never rejects.
   */
  close(): Promise<void>
}

/**
 * Makes the sending side of a blog.
 *
 * ```ts
 * const sender = createSender({ store: openSqlite('trackbacks.db'), blogName: 'My blog' })
 * await sender.announce({ id: '7', url: 'https://my.blog/7', title: 'Hello', html: '<a href="https://…">…</a>' })
 * ```
 */
export function createSender(options: SenderOptions): Sender {
  const context = createSenderContext(options)
  const { deliveries, queue, limits, now } = context
  let isClosed = false
  const longestDelay = limits.maxAge + 24 * 3_600_000
  const perHost = { perGroup: 1, attempts: maxRuns, longestDelay }
  const runDelivery = (job: QueuedJob): Promise<void> => runDeliveryJob(job, context)
  context.listen(announceKind, (job) => runAnnounceJob(job, context), { perGroup: 1, longestDelay })
  context.listen(pageKind, runDelivery, { ...perHost, concurrency: limits.concurrentPages })
  context.listen(pingKind, runDelivery, { ...perHost, concurrency: limits.concurrentPings })

  return {
    async announce(post, { again = false } = {}) {
      if (isClosed) throw closed()
      const links = linksOf(post, context)
      const reason = reasonToWait(post, now())
      if (reason !== null) return { announced: false, reason, ...links }
      const at = await deliveries.nextAnnouncement(post.id, now())
      await queue.enqueue(announceJob(post, links, { at, again }, context))
      return { announced: true, reason, ...links }
    },
    async preview(post) {
      return previewOf(post.id, linksOf(post, context), context)
    },
    report: (postId) => deliveries.report(postId),
    list: (filter = {}, page = {}) => deliveries.list(filter, page, limits.maxListed),
    async retry(postId, target) {
      const kept = await deliveries.read(postId, target)
      const isOpen = kept?.value.state === 'waiting' || kept?.value.state === 'accepted'
      const delivery = kept && (isOpen ? kept.value : await deliveries.restart(kept, now()))
      if (delivery?.state === 'waiting') await queue.enqueue(deliveryJob(delivery, now()))
      return delivery && toDelivery(delivery)
    },
    async settled(postId, { signal } = {}) {
      for (;;) {
        signal?.throwIfAborted()
        if (isClosed) throw closed()
        const report = await deliveries.report(postId, { begun: true })
        if (report?.deliveries.every((delivery) => isSettled(delivery, now()))) return report
        await new Promise((resolve) => setTimeout(resolve, settlingPoll))
      }
    },
    runDue: context.runDue,
    async close() {
      isClosed = true
      await context.close()
    },
  }
}

function closed(): TrackbackError {
  return new TrackbackError('CLOSED', 'the sender was closed')
}

const settlingPoll = 100
/** What is tried again within this time is not left for later: a turn in the line of a host. */
const soon = 2 * 60_000

function isSettled({ state, attempts, nextAt }: Delivery, now: number): boolean {
  return state !== 'waiting' || (attempts > 0 && nextAt !== null) || (nextAt !== null && nextAt > now + soon)
}
