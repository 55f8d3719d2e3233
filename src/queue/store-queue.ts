import { harmless } from '../base/errors.js'
import { pickLimits } from '../base/limits.js'
import { endInTime, usualCloseTimeout } from '../base/waiting.js'
import type { Job, JobStore, NewJob } from '../store/store.js'
import type { JobCounts, ListenOptions, Queue, QueuedJob, RunOptions } from './queue.js'
import { RetryLater } from './queue.js'

/** Options of `createStoreQueue`. */
export interface StoreQueueOptions {
  /** Lease of a claimed job, in milliseconds; after a crash the job runs again when the lease expires. @default 60000 */
  readonly lease?: number | undefined
  /** How often the store is asked for jobs that other processes added, in milliseconds. @default 1000 */
  readonly pollInterval?: number | undefined
  /**
   * How often in a row a job may end its process, or take longer than the lease; then it is put aside without being run
   * again.
   * @default 10
   */
  readonly maxLost?: number | undefined
  /** How long `close()` waits for the handlers that run, in milliseconds; then it resolves all the same. @default 30000 */
  readonly closeTimeout?: number | undefined
  /** Told of errors of the store itself; the queue goes on. @default nothing */
  readonly onError?: ((error: unknown) => void) | undefined
  /** The clock, in milliseconds since 1970. @default Date.now */
  readonly now?: (() => number) | undefined
}

/** A queue whose jobs are in a store. */
export interface StoreQueue extends Queue {
  runDue(options?: RunOptions): Promise<JobCounts>
  /** Tells the listener of a job that was added to the store in a transaction of its own. */
  wake(job: NewJob): void
}

/** Where jobs are kept: what a queue needs of a store. */
export type JobSource = Pick<JobStore, 'add' | 'claim' | 'finish' | 'postpone' | 'bury'> &
  Partial<Pick<JobStore, 'hasten'>>

/** What every listener of one queue shares. */
type Shared = ReturnType<typeof share>

/** The limits of a queue where nothing else is said. */
export const usualLimits = { lease: 60_000, maxLost: 10, pollInterval: 1000, closeTimeout: usualCloseTimeout }
const usualListening = { concurrency: 4, perGroup: 2, attempts: 8 }
const hasteningPeriod = 60_000
const firstBackOff = 60_000
const longestBackOff = 6 * 3_600_000

/** A lease for jobs that ask the network: longer than a page, its feed or a ping can take. */
export function leaseFor({ totalTimeout = 0 }: { readonly totalTimeout?: number | undefined }): number {
  return Math.max(usualLimits.lease, 3 * totalTimeout)
}

/**
 * The default queue: durable in the store itself, nothing to run. A job is claimed with a lease, so a process that
 * dies gives it back; a failure has it run again with full jitter between 0 and 1, 2, 4, … minutes (6 hours at the
 * most); after the last attempt it is put aside, where `store.jobs.buried` lists it and `revive` lets it run again.
 */
export function createStoreQueue(store: { jobs: JobSource }, options: StoreQueueOptions = {}): StoreQueue {
  const shared = share(store, options)
  const { closing } = shared
  const listeners = new Map<string, Listener>()

  function wake({ kind, key, runAt }: NewJob): void {
    listeners.get(kind)?.wakeAt(runAt)
    countAgain(key)
  }

  /** Counts an addition of a job that runs in this process. */
  function countAgain(key: string): void {
    const times = shared.addedAgain.get(key)
    if (times !== undefined) shared.addedAgain.set(key, times + 1)
  }

  return {
    wake,
    async enqueue(job: NewJob) {
      // Before it is added: it may run, and come to its end, meanwhile.
      countAgain(job.key)
      await store.jobs.add(job)
      listeners.get(job.kind)?.wakeAt(job.runAt)
    },
    listen(kind, handler, listenOptions = {}) {
      if (listeners.has(kind)) throw new TypeError(`there is a listener for ${kind} already`)
      listeners.set(kind, startListener(shared, kind, handler, listenOptions))
    },
    async runDue({ signal } = {}) {
      const counts = { done: 0, later: 0, failed: 0 }
      const ending = signal ? AbortSignal.any([closing, signal]) : closing
      // What one kind does may be work for another.
      for (let before = -1; before < counts.done && !ending.aborted; ) {
        before = counts.done
        for (const listener of listeners.values()) await listener.runDue(ending, counts)
      }
      return counts
    },
    async close() {
      shared.close()
      const stopped = Promise.all([...listeners.values()].map((listener) => listener.stop()))
      await endInTime(stopped, shared.closeTimeout, shared.onError)
    },
  }
}

function share({ jobs }: { jobs: JobSource }, options: StoreQueueOptions) {
  const closing = new AbortController()
  return {
    jobs,
    ...pickLimits(usualLimits, options),
    onError: harmless(options.onError ?? (() => {})),
    now: options.now ?? Date.now,
    closing: closing.signal,
    close: () => closing.abort(),
    /** Whether a job runs that may have ended its process before. */
    isAlone: false,
    /** The keys of the jobs that run in this process, and how often each was added again meanwhile. */
    addedAgain: new Map<string, number>(),
  }
}

type Listener = ReturnType<typeof startListener>
type Handler = (job: QueuedJob) => Promise<void>
type Outcome = keyof JobCounts

function startListener(shared: Shared, kind: string, handler: Handler, options: ListenOptions) {
  const { concurrency, perGroup, attempts } = pickLimits(usualListening, options)
  const { longestDelay, onCall = false } = options
  let hastenAt = 0
  const running = new Set<Promise<unknown>>()
  let timer: NodeJS.Timeout | undefined
  let timerAt = Number.POSITIVE_INFINITY
  let claiming: Promise<unknown> | undefined
  /** Whether a wake-up came during a claim; that claim may have run too early to see the new job. */
  let wasMissed = false

  function wakeAt(time: number): void {
    if (onCall || time >= timerAt || shared.closing.aborted) return
    clearTimeout(timer)
    timerAt = time
    timer = setTimeout(tick, Math.min(shared.pollInterval, Math.max(0, time - shared.now())))
    timer.unref()
  }

  function tick(): void {
    timerAt = Number.POSITIVE_INFINITY
    wasMissed = claiming !== undefined
    claiming ??= claimAndStart(concurrency - running.size, shared.closing)
      .catch(shared.onError)
      .finally(() => {
        claiming = undefined
        wakeAt(shared.now() + (wasMissed ? 0 : shared.pollInterval))
      })
  }

  /** Once a minute, by a clock that nobody sets. */
  async function hasten(): Promise<void> {
    if (longestDelay === undefined || performance.now() < hastenAt) return
    hastenAt = performance.now() + hasteningPeriod
    await shared.jobs.hasten?.(kind, shared.now() + longestDelay, shared.now())
  }

  /** Claims what is due, `limit` jobs at the most, and has them run. */
  async function claimAndStart(limit: number, ending: AbortSignal): Promise<Promise<Outcome>[]> {
    await hasten()
    if (limit < 1 || ending.aborted || shared.isAlone) return []
    const { jobs, lease, now } = shared
    const claimed = await jobs.claim({ kind, now: now(), lease, limit, perGroup })
    return (await withoutSuspects(claimed, shared)).map((job) => start(job, ending))
  }

  function start(job: Job, closing: AbortSignal): Promise<Outcome> {
    shared.addedAgain.set(job.key, 0)
    const run = runJob({ ...shared, closing }, job, handler, attempts).finally(async () => {
      await releaseAgain(shared, job)
      running.delete(run)
      if (job.lost) shared.isAlone = false
      wakeAt(shared.now())
    })
    running.add(run)
    return run
  }

  wakeAt(shared.now())
  return {
    wakeAt,
    /** Claims and runs until nothing is due, and counts what that comes to. */
    async runDue(ending: AbortSignal, counts: JobCounts): Promise<void> {
      for (;;) {
        const runs = await claimAndStart(concurrency, ending)
        if (runs.length === 0) return
        for (const outcome of await Promise.all(runs)) counts[outcome] += 1
      }
    },
    async stop(): Promise<void> {
      clearTimeout(timer)
      await claiming
      await Promise.all(running)
    },
  }
}

/**
 * One of the jobs that were under way when their process ended, alone, so that those that did not end it come to an end; the
 * others are given back. All jobs, where none is such.
 */
async function withoutSuspects(jobs: Job[], shared: Shared): Promise<Job[]> {
  if (!shared.isAlone && !jobs.some(({ lost }) => lost)) return jobs
  const chosen = shared.isAlone ? [] : jobs.sort((a, b) => (b.lost ?? 0) - (a.lost ?? 0)).splice(0, 1)
  shared.isAlone = true
  for (const job of jobs) {
    // One that cannot be given back comes back by its lease; the chosen one runs all the same.
    await shared.jobs.postpone(job, shared.now(), 'waits for a job that runs alone').catch(shared.onError)
  }
  return chosen
}

/** Has a job run once more that was added again by this process: its own end ended nothing, and its lease may be long. */
async function releaseAgain({ jobs, now, addedAgain, onError }: Shared, job: Job): Promise<void> {
  const times = addedAgain.get(job.key) ?? 0
  addedAgain.delete(job.key)
  const claim = { id: job.id, attempts: job.attempts + times }
  if (times > 0) await jobs.postpone(claim, now(), 'was added again while it ran').catch(onError)
}

async function runJob(shared: Shared, job: Job, handler: Handler, attempts: number): Promise<Outcome> {
  const { jobs, now, closing, onError, maxLost } = shared
  const { kind, key, payload, lost = 0 } = job
  const isLost = lost >= maxLost
  const last = isLost || job.attempts >= attempts
  try {
    if (isLost)
      throw new Error(`a job of the kind '${kind}' was put aside: it came to no end ${lost} times in a row`)
    await handler({ kind, key, payload, attempts: job.attempts, last, signal: closing })
    await jobs.finish(job)
    return 'done'
  } catch (error) {
    if (isLost) onError(error)
    const isClosed = closing.aborted && !isLost
    const runAt = now() + (isClosed ? 0 : delayAfter(error, job.attempts))
    const message = isClosed ? 'the queue was closed' : messageOf(error)
    const ending = last && !isClosed ? jobs.bury(job, message) : jobs.postpone(job, runAt, message)
    await ending.catch(onError)
    return isClosed || (!last && error instanceof RetryLater) ? 'later' : 'failed'
  }
}

function delayAfter(error: unknown, attempts: number): number {
  if (error instanceof RetryLater) return error.delay
  return Math.ceil(Math.random() * Math.min(longestBackOff, firstBackOff * 2 ** (attempts - 1)))
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
