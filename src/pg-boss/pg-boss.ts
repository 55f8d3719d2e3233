import { hash } from 'node:crypto'
import { pickLimits } from '../base/limits.js'
import { optionCheck } from '../base/options.js'
import type { Queue } from '../queue/queue.js'
import { createStoreQueue, type StoreQueueOptions, usualLimits } from '../queue/store-queue.js'
import { bindable } from '../sql/row.js'
import type { Claim, ClaimRequest, Job, NewJob } from '../store/store.js'

/** What pg-boss runs a statement with: of a connection inside a transaction of yours, this is a closure. */
export interface PgBossDatabase {
  executeSql(text: string, values?: unknown[]): Promise<{ rows: unknown[] }>
}

/** A job as pg-boss gives it back. */
export interface PgBossJob {
  readonly id: string
  readonly data: object
  readonly retryCount: number
}

/** The part of pg-boss this adapter calls; versions 10 (Node 20) to 12 (Node 22 and later) fit. */
export interface PgBoss {
  getQueue(name: string): Promise<unknown>
  createQueue(
    name: string,
    options: { name: string; policy: 'short' | 'standard'; deadLetter?: string },
  ): Promise<unknown>
  send(name: string, data: object, options: object): Promise<string | null>
  fetch(name: string, options: { batchSize: number; includeMetadata: true }): Promise<PgBossJob[]>
  complete(name: string, id: string): Promise<unknown>
}

/** Options of `createPgBossQueue`. */
export interface PgBossQueueOptions extends StoreQueueOptions {
  /** What the names of the queues begin with: a kind `verify` waits in `trackbacks-verify`. @default 'trackbacks-' */
  readonly prefix?: string | undefined
}

/** A queue on pg-boss. */
export interface PgBossQueue extends Queue {
  /** With `db`, the job is added by that connection: inside the transaction that is open there. */
  enqueue(job: NewJob, options?: { readonly db?: PgBossDatabase | undefined }): Promise<void>
}

const checkOptions = optionCheck('createPgBossQueue', {
  ...{ string: 'prefix', function: 'onError now', any: 'lease pollInterval maxLost closeTimeout' },
})

/**
 * A queue on pg-boss, for any number of workers. `boss` is started, and stopped after the queue is closed, by the caller.
 * A failure has a job run again with back-off, as in `createStoreQueue`; after the last attempt it waits in the queue of
 * its kind with `-dead` at the end, with its `error`. After a crash pg-boss gives a job back once its lease is over
 * and its own maintenance has run. Limits of a group hold within each process, so n workers run n times as many.
 *
 * ```ts
 * const boss = await new PgBoss(connectionString).start()
 * const receiver = createReceiver({ baseUrl, findPost, store, queue: createPgBossQueue(boss) })
 * ```
 */
export function createPgBossQueue(boss: PgBoss, options: PgBossQueueOptions = {}): PgBossQueue {
  checkOptions(options)
  const { prefix = 'trackbacks-' } = options
  const { lease, maxLost } = pickLimits(usualLimits, options)
  const limits = { expireInSeconds: Math.ceil(lease / 1000), retryLimit: maxLost }
  const jobs = createPgBossJobs(boss, prefix, limits)
  // `wake` is for queues whose jobs are added by the store itself.
  const { wake, ...queue } = createStoreQueue({ jobs }, { ...options, lease })
  return {
    ...queue,
    async enqueue(job, { db } = {}) {
      await jobs.add(job, db)
      wake(job)
    },
  }
}

/** What a job of pg-boss carries; its key is too long for pg-boss' index, which gets a digest. */
interface Data extends Omit<NewJob, 'runAt'> {
  readonly attempts: number
  /** How often in a row it came to no end before it was sent anew for its group. */
  readonly lost?: number | undefined
  readonly error: string | null
}

/** How long pg-boss keeps a job that no worker takes, in seconds: ten years, for its own fortnight would lose some. */
const retention = 10 * 365 * 24 * 3600
/** The code of PostgreSQL for a statement that was ended because it and others waited for each other. */
const deadlock = '40P01'
const mostTries = 10
/** When a job is looked at again whose group has as many running as it may, in milliseconds. */
const groupPause = 500

/**
 * The jobs of pg-boss as a list to claim from. pg-boss can only repeat a job after a delay it was told when the job was
 * sent, so a job that is to run again is sent anew, and then the old one completed: a crash between leaves both, never none.
 */
function createPgBossJobs(boss: PgBoss, prefix: string, limits: object) {
  const claimed = new Map<string, Data>()
  const creations = new Map<string, Promise<string>>()

  /** The queue of a kind, made when it is first needed: pg-boss drops jobs for a queue that it does not have. */
  function queueOf(kind: string): Promise<string> {
    const creation = creations.get(kind) ?? create(boss, `${prefix}${kind}`)
    creations.set(kind, creation)
    creation.catch(() => creations.delete(kind))
    return creation
  }

  function send(name: string, data: Data, runAt: number, db?: PgBossDatabase): Promise<unknown> {
    return boss.send(name, data, {
      singletonKey: hash('sha256', data.key, 'base64url'),
      // Never in the past: pg-boss counts from here how long it keeps a job.
      startAfter: new Date(Math.max(runAt, Date.now())),
      retentionSeconds: retention,
      ...limits,
      ...(db && { db }),
    })
  }

  async function sendAnew(id: string, data: Data, runAt: number, suffix = ''): Promise<void> {
    const name = await queueOf(data.kind)
    await send(name + suffix, data, runAt)
    await boss.complete(name, id)
  }

  /** Whatever comes of it, the job is no longer this process': if pg-boss cannot be told, its lease runs out. */
  async function end({ id }: Claim, tell: (data: Data) => Promise<unknown>): Promise<void> {
    const data = claimed.get(id)
    if (data && claimed.delete(id)) await tell(data)
  }

  function endWith(job: Claim, error: string, runAt: number, suffix?: string): Promise<void> {
    return end(job, (data) => sendAnew(job.id, { ...data, lost: 0, error: bindable(error) }, runAt, suffix))
  }

  return {
    async add({ kind, key, group, payload, runAt }: NewJob, db?: PgBossDatabase) {
      const texts = { key: bindable(key), group: bindable(group), payload: bindable(payload) }
      await send(await queueOf(kind), { kind, ...texts, attempts: 0, error: null }, runAt, db)
    },
    async claim({ kind, now, limit, perGroup }: ClaimRequest) {
      const name = await queueOf(kind)
      const jobs: Job[] = []
      for (const job of await boss.fetch(name, { batchSize: limit, includeMetadata: true })) {
        const data = dataOf(job)
        const busy = [...claimed.values(), ...jobs].filter(
          (each) => each.kind === kind && each.group === data.group,
        )
        if (busy.length >= perGroup) await sendAnew(job.id, data, now + groupPause)
        else jobs.push({ ...data, id: job.id, runAt: now, attempts: data.attempts + 1 })
      }
      for (const { id, ...data } of jobs) claimed.set(id, data)
      return jobs
    },
    finish: (job: Claim) => end(job, async ({ kind }) => boss.complete(await queueOf(kind), job.id)),
    postpone: (job: Claim, runAt: number, error: string) => endWith(job, error, runAt),
    bury: (job: Claim, error: string) => endWith(job, error, Date.now(), '-dead'),
  }
}

/** Makes a queue and that of its dead where there are none. pg-boss 10 deadlocks when several processes do so at once. */
async function create(boss: PgBoss, name: string): Promise<string> {
  const deadLetter = `${name}-dead`
  for (let tries = 1; (await boss.getQueue(name)) === null; tries += 1) {
    try {
      await boss.createQueue(deadLetter, { name: deadLetter, policy: 'standard' })
      await boss.createQueue(name, { name, policy: 'short', deadLetter })
    } catch (error) {
      if ((error as { code?: unknown }).code !== deadlock || tries === mostTries) throw error
    }
  }
  return name
}

/** What a job carries, and what pg-boss counted since it was sent: how often its lease ran out. */
function dataOf({ data, retryCount }: PgBossJob): Data & { lost: number } {
  const { attempts, lost = 0, ...others } = data as Data
  return { ...others, attempts: attempts + retryCount, lost: lost + retryCount }
}
