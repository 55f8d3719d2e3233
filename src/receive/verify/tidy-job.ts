import type { Queue } from '../../queue/queue.js'
import type { NewJob } from '../../store/store.js'
import type { ReceiverContext } from '../options/context.js'
import { type EndWaitingContext, endWaiting } from './end-waiting.js'

const tidyKind = 'tidy'
const hour = 3_600_000
const day = 24 * hour

/** What tidying needs of the receiver; its queue may be one that tells of errors. */
export type TidyContext = EndWaitingContext &
  Pick<ReceiverContext, 'now' | 'onError'> & { readonly queue: Pick<Queue, 'enqueue' | 'listen'> }

/** The tidying of a receiver. */
export interface Tidying {
  /** Has the next hour's tidying wait in the queue. */
  begin(): Promise<void>
  end(): void
}

/**
 * Deletes expired data every hour: rejected trackbacks, those that waited too long, addresses of clients,
 * records. The job is named after its hour, so of many processes one does it; and by that hour it judges what is past its
 * time, for it was named before a clock that is ahead now. `onCall`: nothing begins by itself.
 */
export function startTidying(context: TidyContext, onCall = false): Tidying {
  const { store, queue, limits, now, onError } = context
  queue.listen(
    tidyKind,
    async ({ key }) => {
      const named = Number(key.slice(tidyKind.length + 1)) * hour
      const time = Math.min(named, now())
      // A clock that was put back must not end the chain: the next hour follows on the job's own.
      await queue.enqueue(nextJob(Math.max(now(), named)))
      await store.expire({
        rejectedBefore: time - limits.maxRejectedDays * day,
        clientIpsBefore: time - limits.maxClientIpDays * day,
      })
      await store.records.sweep(time)
      await endWaiting(context, time)
    },
    { concurrency: 1, onCall },
  )
  const begin = async (): Promise<void> => queue.enqueue(nextJob(now()))
  if (onCall) return { begin, end() {} }
  const start = (): void => void begin().catch(onError)
  start()
  // By a timer that no clock moves: the chain may be a year ahead, where the clock was for a moment.
  const timer = setInterval(start, hour).unref()
  return { begin, end: () => clearInterval(timer) }
}

function nextJob(time: number): NewJob {
  const next = Math.floor(time / hour) + 1
  return { kind: tidyKind, key: `${tidyKind} ${next}`, group: tidyKind, payload: '', runAt: next * hour }
}
