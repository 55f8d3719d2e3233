import { TrackbackError } from '../base/errors.js'
import type { Job, NewJob } from '../store/store.js'

/** A job as its listener sees it. */
export interface QueuedJob extends Pick<Job, 'kind' | 'key' | 'payload' | 'attempts'> {
  /** Whether this is the last attempt: a failure now puts the job aside. */
  readonly last: boolean
  /** Aborted when the queue closes: the job runs again later. */
  readonly signal: AbortSignal
}

/** How a listener works. */
export interface ListenOptions {
  /** How many jobs at once. @default 4 */
  readonly concurrency?: number | undefined
  /** How many attempts before a job is put aside. @default 8 */
  readonly attempts?: number | undefined
  /**
   * How far ahead a job of this kind may be, in milliseconds; what is later got its time from a clock that was wrong, and
   * runs at once. Not all queues look. @default no limit
   */
  readonly longestDelay?: number | undefined
  /** How many jobs of one group at once; those of other kinds do not count. @default 2 */
  readonly perGroup?: number | undefined
  /** Whether jobs run only while `runDue` is called. @default false */
  readonly onCall?: boolean | undefined
}

/** What a call of `runDue` did: jobs that are done, that run again later as they asked for, and that failed. */
export type JobCounts = { [outcome in 'done' | 'later' | 'failed']: number }

/** How `runDue` works. */
export interface RunOptions {
  /** Ends it early: what runs is given back, and runs again the next time. */
  readonly signal?: AbortSignal | undefined
}

/**
 * What is done later: at least once, by any number of listeners in any number of processes. An own queue must pass
 * `testQueue` (`trackbacks/testing`).
 */
export interface Queue {
  /** Resolves once the job is durable; a job whose key waits already is not added again. */
  enqueue(job: NewJob): Promise<void>
  /**
   * Calls `handler` for each job of a kind. A handler that throws has the job run again later, with back-off;
   * `RetryLater` says when.
   */
  listen(kind: string, handler: (job: QueuedJob) => Promise<void>, options?: ListenOptions): void
  /** Runs what is due of the kinds that are listened for, until nothing is. A queue whose workers are elsewhere has none. */
  runDue?(options?: RunOptions): Promise<JobCounts>
  /** Stops listening and waits for the handlers that run, for a limited time; never rejects. */
  close(): Promise<void>
}

/** Thrown by a handler: run this job again after `delay` milliseconds. */
export class RetryLater extends Error {
  override readonly name = 'RetryLater'
  readonly delay: number

  constructor(delay: number, reason: string) {
    super(reason)
    this.delay = delay
  }
}

/** Whether an error of a handler means that nothing was tried: it was too early, or the queue or the client is closed. */
export function isNoAttempt(error: unknown, { signal }: Pick<QueuedJob, 'signal'>): boolean {
  const isClosed = error instanceof TrackbackError && error.code === 'CLOSED'
  return error instanceof RetryLater || signal.aborted || isClosed
}
