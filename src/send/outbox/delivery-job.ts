import { TrackbackError } from '../../base/errors.js'
import { codeOf } from '../../base/reason.js'
import type { Ping } from '../../base/types.js'
import { discover } from '../../discover/discover.js'
import type { HttpClient } from '../../http/client.js'
import { serverOf } from '../../protocol/url.js'
import { type Queue, type QueuedJob, RetryLater } from '../../queue/queue.js'
import type { Kept } from '../../store/records.js'
import type { NewJob, RecordStore } from '../../store/store.js'
import { sendPing } from '../send-ping.js'
import {
  claimPingUrl,
  type KeptDelivery,
  newDelivery,
  readDelivery,
  readPost,
  recordResult,
  writeDelivery,
} from './delivery.js'
import { takeTurn, tellHost } from './hosts.js'
import type { SenderEvent, SenderSettings } from './options.js'
import { applyVerdict, judgeAnswer, judgeDiscovery, judgeError, type Verdict } from './verdict.js'

/** The kind of the jobs that read a target's page. */
export const pageKind = 'find-ping-url'
/** The kind of the jobs that send a ping. */
export const pingKind = 'send-ping'
/** More runs than any delivery takes that waits its turn; after them something is wrong with the job itself. */
export const maxRuns = 1000

/** What the sender's jobs work with. */
export interface SenderWork extends SenderSettings {
  readonly client: HttpClient
  readonly queue: Queue
  readonly records: RecordStore
  readonly tell: (type: SenderEvent['type'], delivery: KeptDelivery) => void
}

/** The job that brings a delivery on; its group is the host that it asks. */
export function deliveryJob(delivery: KeptDelivery, runAt: number): NewJob {
  const { postId, target, round, pingUrl } = delivery
  const kind = pingUrl === null ? pageKind : pingKind
  const payload = JSON.stringify([postId, target, round])
  return { kind, key: `${kind} ${payload}`, group: hostOf(delivery), payload, runAt }
}

/** Begins a delivery anew; `null` where somebody else changed it in the meantime. */
export async function restart(kept: Kept<KeptDelivery>, work: SenderWork): Promise<KeptDelivery | null> {
  const { postId, target, isPingUrl, round } = kept.value
  const anew = newDelivery(postId, { url: target, isPingUrl }, work.now(), round + 1)
  return (await writeDelivery(work.records, anew, kept.revision)) ? anew : null
}

/**
 * Brings one delivery a step on: reads the target's page, or sends the ping, when it is its host's turn. The record
 * decides what is to be done, so a job that runs twice does nothing twice that was recorded.
 */
export async function runDeliveryJob(job: QueuedJob, work: SenderWork): Promise<void> {
  const { records, queue, now } = work
  const [postId, target, round] = JSON.parse(job.payload) as [string, string, number]
  const kept = await readDelivery(records, postId, target)
  const post = await readPost(records, postId)
  if (kept?.value.state !== 'waiting' || kept.value.round !== round || !post) return
  const delivery = kept.value
  if (job.kind === pageKind && delivery.pingUrl !== null) return queue.enqueue(deliveryJob(delivery, now()))
  const finish = (after: KeptDelivery): Promise<void> =>
    settle(delivery, { ...after, version: post.version }, work)
  const verdict = await bringOn(kept, post.ping, job, work, finish)
  if (verdict === null) return
  const { maxAttempts } = work.limits
  const after = applyVerdict(delivery, verdict, { maxAttempts, now: now(), isLast: job.last })
  await finish(after)
  if (verdict !== ownFailure) await tellHost(records, hostOf(delivery), verdict.outcome !== 'retry', now())
  if (after.nextAt !== null) throw new RetryLater(Math.max(0, after.nextAt - now()), codeOf(after.reason))
  if (after.state === 'waiting') await queue.enqueue(deliveryJob(after, now()))
}

/** Whatever is thrown on our side counts as an attempt, so that no mistake is repeated without end. */
const ownFailure: Verdict = { outcome: 'retry', reason: { code: 'own-failure' } }

/** What a step came to; `null` where the delivery is done with, or could not go on now. */
async function bringOn(
  kept: Kept<KeptDelivery>,
  ping: Ping,
  job: QueuedJob,
  work: SenderWork,
  finish: (after: KeptDelivery) => Promise<void>,
): Promise<Verdict | null> {
  try {
    return (await isDue(kept, job, work, finish)) ? await attempt(kept.value, ping, job, work) : null
  } catch (error) {
    const isClosed = error instanceof TrackbackError && error.code === 'CLOSED'
    if (error instanceof RetryLater || job.signal.aborted || isClosed) throw error
    work.onError(error)
    return ownFailure
  }
}

/** Whether the delivery may go on now. Where it has to wait, it is recorded for how long, and `RetryLater` thrown. */
async function isDue(
  kept: Kept<KeptDelivery>,
  job: QueuedJob,
  work: SenderWork,
  finish: (after: KeptDelivery) => Promise<void>,
): Promise<boolean> {
  const { records, limits, now } = work
  const delivery = kept.value
  const { nextAt, pingUrl, foundAt, hasTurn } = delivery
  const wait = (nextAt ?? 0) - now()
  // A clock far ahead left a time that is too late for any delivery, and says nothing.
  if (wait > 0 && wait <= limits.maxAge) throw new RetryLater(wait, codeOf(delivery.reason))
  if (pingUrl !== null && !(await claimPingUrl(records, delivery))) {
    const reason = { code: 'same-ping-url' } as const
    await finish({ ...delivery, state: 'duplicate', reason, changedAt: now() })
    return false
  }
  const turn = { hasTurn, spacing: limits.spacing, now: now() }
  const { at, isResting } = await takeTurn(records, hostOf(delivery), turn)
  if (at <= turn.now) return true
  const reason = isResting ? ({ code: 'host-fails' } as const) : delivery.reason
  if (job.last || (isResting && now() - foundAt > limits.maxAge)) {
    await finish({ ...delivery, state: 'gave-up', reason, nextAt: null, changedAt: now() })
    return false
  }
  await writeDelivery(records, { ...delivery, reason, nextAt: at, hasTurn: true }, kept.revision)
  throw new RetryLater(at - turn.now, 'waits for its turn')
}

async function attempt(
  delivery: KeptDelivery,
  ping: Ping,
  job: QueuedJob,
  { client, charset, charsetFor, limits, onError }: SenderWork,
): Promise<Verdict> {
  try {
    if (delivery.pingUrl === null) {
      const discovery = await discover(delivery.target, { client, signal: job.signal })
      return judgeDiscovery(discovery, limits.maxUrlLength)
    }
    // A ping under way is not cut off by `close`: nobody could say afterwards whether it arrived.
    return judgeAnswer(await sendPing(delivery.pingUrl, ping, { client, charset, charsetFor }))
  } catch (error) {
    const isOurs = error instanceof TrackbackError
    if (job.signal.aborted || (isOurs && error.code === 'CLOSED')) throw error
    if (!isOurs) onError(error)
    return judgeError(error)
  }
}

/** Records what a delivery came to, and tells of it, unless somebody else came first. */
async function settle(before: KeptDelivery, after: KeptDelivery, work: SenderWork): Promise<void> {
  if (!(await recordResult(work.records, before, after))) return
  if (after.state !== 'waiting') work.tell(after.state, after)
  else work.tell(after.nextAt === null ? 'discovered' : 'postponed', after)
}

function hostOf({ pingUrl, target }: KeptDelivery): string {
  return serverOf(new URL(pingUrl ?? target))
}
