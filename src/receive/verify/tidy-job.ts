import { eachOf } from '../../store/page.js'
import type { NewJob, Trackback } from '../../store/store.js'
import type { ReceiverContext } from '../options/context.js'
import type { ResolvedLimits } from '../options/limits.js'
import { isDecidedByPolicy } from '../policy/history.js'
import { day, isCertain } from './decision.js'
import { verifyKind, verifyNow } from './verify-job.js'

const tidyKind = 'tidy'
const hour = 3_600_000

/**
 * Deletes expired data every hour: rejected trackbacks, those that waited too long, addresses of clients,
 * records. The job is named after its hour, so of many processes one does it; and by that hour it judges what is past its
 * time, for it was named before a clock that is ahead now. `begin` has the next hour's wait in the queue; where this process is no
 * worker, nothing does so by itself.
 */
export function startTidying(context: ReceiverContext) {
  const { store, queue, limits, now, onError } = context
  context.listen(
    tidyKind,
    async ({ key }) => {
      const named = Number(key.slice(tidyKind.length + 1)) * hour
      const time = Math.min(named, now())
      // A clock that was put back must not end the chain: the next hour follows on the job's own.
      await queue.enqueue(nextJob(Math.max(now(), named)))
      await store.forgetClientIps(time - limits.maxClientIpDays * day)
      await store.records.sweep(time)
      await endRejected(context, time)
      await endWaiting(context, time)
      await resumeVerification(context, time)
    },
    { concurrency: 1 },
  )
  const begin = async (): Promise<void> => queue.enqueue(nextJob(now()))
  const start = (): void => void begin().catch(onError)
  if (context.worker) start()
  // By a timer that no clock moves: the chain may be a year ahead, where the clock was for a moment.
  const timer = context.worker ? setInterval(start, hour).unref() : undefined
  return { begin, end: () => clearInterval(timer) }
}

function nextJob(time: number): NewJob {
  const next = Math.floor(time / hour) + 1
  return { kind: tidyKind, key: `${tidyKind} ${next}`, group: tidyKind, payload: '', runAt: next * hour }
}

/** Deletes what was rejected long ago. What an author rejected leaves a digest, so that it stays refused when it is sent again. */
async function endRejected({ store, limits, erased }: ReceiverContext, time: number): Promise<void> {
  const overdue = time - limits.maxRejectedDays * day
  const rejected = eachOf((after) => store.list({ state: 'rejected' }, { limit: 500, after }))
  for await (const trackback of rejected) {
    if (trackback.receivedAt >= overdue) return
    if (changedAt(trackback) >= overdue) continue
    if (!isDecidedByPolicy(trackback)) await erased.add(trackback)
    await store.remove(trackback.id, trackback.revision)
  }
}

/** When it was received, looked at or decided on last: one of them may come from a clock that was behind. */
function changedAt({ receivedAt, verification, history }: Trackback): number {
  return Math.max(receivedAt, verification?.checkedAt ?? 0, history.at(-1)?.at ?? 0)
}

/**
 * Deletes the trackbacks that waited too long for the author, and those that are too many, of a post, of a blog or in all:
 * first the oldest of those whose source was never reached. What an author put on hold stays.
 */
export async function endWaiting(context: ReceiverContext, time: number): Promise<void> {
  const { store, limits, events } = context
  const end = async ({ id }: Waiting): Promise<void> => {
    const trackback = await store.get(id)
    if (!trackback || !isWaiting(trackback)) return
    if (await store.remove(id, trackback.revision)) events.happened('expired', trackback)
  }
  const overdue = time - limits.maxHeldDays * day
  const waiting: Waiting[] = []
  for (const state of ['unverified', 'held'] as const) {
    for await (const trackback of eachOf((after) => store.list({ state }, { limit: 500, after }))) {
      if (!isWaiting(trackback)) continue
      const each = toWaiting(trackback)
      if (each.since < overdue) await end(each)
      else waiting.push(each)
    }
  }
  for (const each of tooMany(waiting, limits)) await end(each)
}

/**
 * Has a trackback verified of which nothing was heard for a day: its job may be gone, where the process ended between two
 * commits. What has its job still gets no second one, and what was put aside stays aside.
 */
async function resumeVerification(context: ReceiverContext, time: number): Promise<void> {
  const { store, queue } = context
  const aside = new Set<string>()
  for await (const { key } of eachOf((after) => store.jobs.buried(verifyKind, { after }))) aside.add(key)
  for await (const trackback of eachOf((after) =>
    store.list({ state: 'unverified' }, { limit: 500, after }),
  )) {
    const job = verifyNow(trackback, context)
    if (changedAt(trackback) < time - day && !aside.has(job.key)) await queue.enqueue(job)
  }
}

type Waiting = ReturnType<typeof toWaiting>

/** What has to be known of a trackback that waits. */
function toWaiting(trackback: Trackback) {
  const { id, postId, blog, receivedAt, verification } = trackback
  return { id, postId, blog, receivedAt, since: changedAt(trackback), wasReached: isCertain(verification) }
}

function isWaiting(trackback: Trackback): boolean {
  return (trackback.state === 'unverified' || trackback.state === 'held') && isDecidedByPolicy(trackback)
}

/** Those beyond the limits, in one pass over them in the order in which they are kept. */
function tooMany(waiting: readonly Waiting[], limits: ResolvedLimits): Waiting[] {
  const { maxWaiting, maxWaitingPerPost, maxWaitingPerBlog } = limits
  const kept = new Map<string, number>()
  // Those whose source was reached come first, then the newest.
  const byWorth = [...waiting].sort(
    (a, b) => Number(b.wasReached) - Number(a.wasReached) || b.receivedAt - a.receivedAt,
  )
  return byWorth.filter(({ postId, blog }) => {
    const rooms: [name: string, size: number][] = [
      ['all', maxWaiting],
      [`post ${postId}`, maxWaitingPerPost],
    ]
    if (blog !== '') rooms.push([`blog ${blog}`, maxWaitingPerBlog])
    const isFull = rooms.some(([name, size]) => (kept.get(name) ?? 0) >= size)
    if (!isFull) for (const [name] of rooms) kept.set(name, (kept.get(name) ?? 0) + 1)
    return isFull
  })
}
