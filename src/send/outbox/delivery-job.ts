import { TrackbackError } from '../../base/errors.js'
import { codeOf, type Reason } from '../../base/reason.js'
import { discover } from '../../discover/discover.js'
import type { HttpClient } from '../../http/client.js'
import { parseUrl, serverOf } from '../../protocol/url.js'
import { isNoAttempt, type QueuedJob, RetryLater } from '../../queue/queue.js'
import type { Kept } from '../../store/records.js'
import type { NewJob } from '../../store/store.js'
import { sendPing } from '../send-ping.js'
import type { KeptDelivery, KeptPost } from './delivery.js'
import type { SenderContext } from './options.js'
import { applyVerdict, judgeAnswer, judgeDiscovery, judgeError, type Verdict } from './verdict.js'

/** The kind of the jobs that read a target's page. */
export const pageKind = 'find-ping-url'
/** The kind of the jobs that send a ping. */
export const pingKind = 'send-ping'
/** More runs than any delivery takes that waits its turn; after them something is wrong with the job itself. */
export const maxRuns = 1000

/** The job that brings a delivery on; its group is the host that it asks. */
export function deliveryJob(delivery: KeptDelivery, runAt: number): NewJob {
  const { postId, target, round, pingUrl } = delivery
  const kind = pingUrl === null ? pageKind : pingKind
  const payload = JSON.stringify([postId, target, round])
  return { kind, key: `${kind} ${payload}`, group: hostOf(delivery), payload, runAt }
}

/** One run of a delivery's job. */
interface Visit {
  readonly context: SenderContext
  readonly job: QueuedJob
  readonly kept: Kept<KeptDelivery>
  readonly post: KeptPost
  /** The hosts that it has asked, or is about to ask, and whether each had failed before. */
  readonly asked: Map<string, boolean>
}

/**
 * Brings one delivery a step on: reads the target's page, or sends the ping, when it is its host's turn. The record
 * decides what is to be done, so a job that runs twice does nothing twice that was recorded.
 */
export async function runDeliveryJob(job: QueuedJob, context: SenderContext): Promise<void> {
  const { deliveries, hosts, queue, now } = context
  const [postId, target, round] = JSON.parse(job.payload) as [string, string, number]
  const kept = await deliveries.read(postId, target)
  const post = await deliveries.readPost(postId)
  if (kept?.value.state !== 'waiting' || kept.value.round !== round || !post) return
  const delivery = kept.value
  if (job.kind === pageKind && delivery.pingUrl !== null) return queue.enqueue(deliveryJob(delivery, now()))
  if (job.kind === pingKind && delivery.version !== post.version) {
    // Says first which text is under way, so that an announcement of that text sends it no second time.
    await deliveries.write({ ...delivery, version: post.version }, kept.revision)
    return runDeliveryJob(job, context)
  }
  const visit: Visit = { context, job, kept, post, asked: new Map() }
  const verdict = await bringOn(visit)
  const { maxAttempts } = context.limits
  const result = applyVerdict(delivery, verdict, { maxAttempts, now: now(), isLast: job.last })
  const after = { ...result, version: post.version }
  const { state, nextAt } = after
  const progress = nextAt === null ? 'discovered' : 'postponed'
  if (await deliveries.record(delivery, after)) context.tell(state === 'waiting' ? progress : state, after)
  const [host, hadFailed] = [...visit.asked].at(-1) ?? []
  const isWell = verdict.outcome !== 'retry'
  // An answer of a host that was well before changes nothing.
  if (host !== undefined && verdict !== ownFailure && (hadFailed || !isWell))
    await hosts.tell(host, isWell, now())
  if (nextAt !== null) throw new RetryLater(Math.max(0, nextAt - now()), codeOf(after.reason))
  if (state === 'waiting') await queue.enqueue(deliveryJob(after, now()))
}

/** The delivery came to its end without an attempt. */
class Ended extends Error {
  readonly verdict: Verdict

  constructor(outcome: Verdict['outcome'], reason: Reason) {
    super(outcome)
    this.verdict = { outcome, reason, isAttempt: false }
  }
}

/** Whatever is thrown on our side counts as an attempt, so that no mistake is repeated without end. */
const ownFailure: Verdict = { outcome: 'retry', reason: { code: 'own-failure' } }

/** What a step came to. */
async function bringOn(visit: Visit): Promise<Verdict> {
  try {
    await waitUntilDue(visit)
    return await attempt(visit)
  } catch (error) {
    if (error instanceof Ended) return error.verdict
    if (isNoAttempt(error, visit.job)) throw error
    if (error instanceof TrackbackError) return judgeError(error)
    visit.context.onError(error)
    return ownFailure
  }
}

/** Goes on if the delivery may do so now. */
async function waitUntilDue(visit: Visit): Promise<void> {
  const { deliveries, limits, now } = visit.context
  const delivery = visit.kept.value
  const { nextAt, pingUrl, hasTurn } = delivery
  const wait = (nextAt ?? 0) - now()
  // A clock far ahead left a time that is too late for any delivery, and says nothing.
  if (wait > 0 && wait <= limits.maxAge) throw new RetryLater(wait, codeOf(delivery.reason))
  if (pingUrl !== null && !(await deliveries.claimPingUrl(delivery, pingUrl, visit.post)))
    throw new Ended('duplicate', { code: 'same-ping-url' })
  await enter(hostOf(delivery), hasTurn, visit)
}

/** Takes a turn at a host, once. Where the delivery has to wait, it is recorded for how long, and `RetryLater` thrown. */
async function enter(host: string, hasTurn: boolean, visit: Visit): Promise<void> {
  const { kept, job, asked, context } = visit
  if (asked.has(host)) return
  const { deliveries, hosts, limits } = context
  const delivery = kept.value
  const now = context.now()
  const { at, isResting, hasFailed } = await hosts.takeTurn(host, hasTurn, now)
  if (at <= now) return void asked.set(host, hasFailed)
  const reason = isResting ? ({ code: 'host-fails' } as const) : delivery.reason
  if (job.last || (isResting && now - delivery.foundAt > limits.maxAge)) throw new Ended('gave-up', reason)
  // Of a delivery that was found by a clock ahead, nobody could say that it is too old.
  const foundAt = Math.min(delivery.foundAt, now)
  await deliveries.write({ ...delivery, foundAt, reason, nextAt: at, hasTurn: true }, kept.revision)
  throw new RetryLater(at - now, 'waits for its turn')
}

/** The sender's client, which takes a turn at each host before it asks it: of a feed, or where a redirect leads. */
function politeClient(visit: Visit): HttpClient {
  const { client } = visit.context
  // Its turn is where the line has led it before, so that it does not go to the end of the line again.
  const beforeRedirect = (url: URL): Promise<void> => enter(serverOf(url), true, visit)
  return {
    async request(request) {
      const url = parseUrl(String(request.url))
      if (url) await beforeRedirect(url)
      return client.request({ ...request, url: url ?? request.url, beforeRedirect })
    },
    close: () => client.close(),
  }
}

async function attempt(visit: Visit): Promise<Verdict> {
  const { charset, charsetFor, limits } = visit.context
  const { pingUrl, target } = visit.kept.value
  const client = politeClient(visit)
  if (pingUrl === null)
    return judgeDiscovery(await discover(target, { client, signal: visit.job.signal }), limits.maxUrlLength)
  // A ping under way is not cut off by `close`: nobody could say afterwards whether it arrived.
  return judgeAnswer(await sendPing(pingUrl, visit.post.ping, { client, charset, charsetFor }))
}

function hostOf({ pingUrl, target }: KeptDelivery): string {
  return serverOf(new URL(pingUrl ?? target))
}
