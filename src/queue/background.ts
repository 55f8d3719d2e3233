import { harmless } from '../base/errors.js'
import { positiveInteger } from '../base/limits.js'
import { optionCheck } from '../base/options.js'
import { createTeller, endInTime, usualCloseTimeout, usualHookTimeout } from '../base/waiting.js'
import { createHttpClient, type HttpClient, type NetworkOptions } from '../http/client.js'
import { checkStore } from '../store/page.js'
import type { Store } from '../store/store.js'
import { type JobCounts, type Queue, RetryLater, type RunOptions } from './queue.js'
import { createStoreQueue, leaseFor, type StoreQueue } from './store-queue.js'

/** The options that a receiver and a sender have in common. */
export interface BackgroundOptions<Event> {
  /** Where everything is kept, jobs too; the caller closes it, after the receiver or the sender. */
  readonly store: Store
  /** Where jobs (verification, pings) wait their turn. @default a queue in the store */
  readonly queue?: Queue | undefined
  /**
   * Whether this process runs queued jobs by itself. `false` where others on the same store do, or where `runDue` is
   * called; a receiver that is not mounted is a worker. @default true
   */
  readonly worker?: boolean | undefined
  /** Asks other servers; made by `createHttpClient`, and stays open. @default one of the receiver's or sender's own */
  readonly client?: HttpClient | undefined
  /** Told what happened, after it is durable; what it throws goes to `onError`. @default nothing */
  readonly onEvent?: ((event: Event) => unknown) | undefined
  /**
   * Told of errors that strangers must not see: of the store, of its jobs, and of your own functions, such as `findPost`,
   * `charsetFor` and `onEvent`. @default console.error
   */
  readonly onError?: ((error: unknown) => void) | undefined
  /**
   * How long each of your own functions may take to answer (`findPost`, `aliases`, the hooks, `charsetFor`, `onEvent`, and
   * the `learn` of checks), in milliseconds; after that it has failed, and `onError` is told. A ping for which `charsetFor`
   * failed is tried again later; a check that judges has a `timeout` of its own. @default 10_000
   */
  readonly hookTimeout?: number | undefined
  /**
   * How long `close()` waits for what is under way, in milliseconds; then it resolves all the same, and `onError` is told.
   * @default 30_000
   */
  readonly closeTimeout?: number | undefined
  /** The clock, in milliseconds since 1970. @default Date.now */
  readonly now?: (() => number) | undefined
}

const checkRun = optionCheck('runDue', { object: 'signal' })

/**
 * What works in the background of a receiver and of a sender: their options with their defaults, and how their work is
 * begun, told of and ended. `network` is for the client where none is given. Throws a `TypeError` that names what is wrong.
 */
export function createBackground<Event>(options: BackgroundOptions<Event>, network: NetworkOptions) {
  const { store, onEvent, now = Date.now, worker = true } = options
  checkStore(store)
  const onError = harmless(options.onError)
  const hookTimeout = positiveInteger(options.hookTimeout, usualHookTimeout, 'hookTimeout')
  const closeTimeout = positiveInteger(options.closeTimeout, usualCloseTimeout, 'closeTimeout')
  const client = options.client ?? createHttpClient(network)
  const queue: Queue & Partial<StoreQueue> =
    options.queue ?? createStoreQueue(store, { onError, now, lease: leaseFor(client), closeTimeout })
  const { tell, settled } = createTeller(hookTimeout, onError)
  const listen: Queue['listen'] = (kind, handler, listening) => {
    if (!worker && !queue.runDue) return
    const telling: typeof handler = async (job) => {
      try {
        await handler(job)
      } catch (error) {
        if (!(error instanceof RetryLater || job.signal.aborted)) onError(error)
        throw error
      }
    }
    queue.listen(kind, telling, { ...listening, onCall: !worker })
  }
  return {
    ...{ store, queue, client, worker, now, onEvent, onError, hookTimeout },
    /** Tells the queue of a job that was added in a transaction of the store; absent where the queue is not the store's. */
    wake: queue.wake,
    /** Tells the listener, who harms nothing. */
    tell: (event: Event): void => tell(onEvent, event),
    /**
     * Has the jobs of a kind run here, while `runDue` is called or always. `onError` is told of what `handler` throws; not of
     * `RetryLater`, which is no error, nor of what was ended because the queue closes.
     */
    listen,
    /** Runs what is due in the queue. Rejects with a `TypeError` where the queue cannot be called. */
    async runDue(running?: RunOptions): Promise<JobCounts> {
      checkRun(running)
      if (!queue.runDue) throw new TypeError('this queue has no runDue: its jobs run in workers of its own')
      const counts = await queue.runDue(running)
      await settled()
      return counts
    },
    /** Waits for what is under way and for `others`, and ends what is its own; never rejects. */
    async close(others: () => Promise<unknown> = async () => {}): Promise<void> {
      const end = async (): Promise<void> => {
        if (!options.queue) await queue.close()
        await Promise.all([others(), settled()])
      }
      await endInTime(end(), closeTimeout, onError)
      if (!options.client) await endInTime(client.close(), closeTimeout, onError)
    },
  }
}
