import type { Queue } from '../jobs/queue.js'
import type { NewJob, Store } from '../store/store.js'
import type { ResolvedLimits } from './limits.js'

const tidyKind = 'tidy'
const hour = 3_600_000
const day = 24 * hour

/** What tidying needs of the receiver. */
export interface TidyOptions {
  readonly store: Store
  readonly queue: Pick<Queue, 'enqueue' | 'listen'>
  readonly limits: ResolvedLimits
  readonly now: () => number
  readonly onError: (error: unknown) => void
}

/**
 * Takes away every hour what is past its time: rejected trackbacks, addresses of clients, records. The job is named
 * after its hour, so of many processes one does it.
 */
export function startTidying({ store, queue, limits, now, onError }: TidyOptions): void {
  queue.listen(
    tidyKind,
    async ({ key }) => {
      // A clock that was put back must not end the chain: the next hour follows on the job's own.
      const time = Math.max(now(), Number(key.slice(tidyKind.length + 1)) * hour)
      await queue.enqueue(nextJob(time))
      await store.expire({
        rejectedBefore: time - limits.maxRejectedDays * day,
        clientIpsBefore: time - limits.maxClientIpDays * day,
      })
      await store.records.sweep(time)
    },
    { concurrency: 1 },
  )
  queue.enqueue(nextJob(now())).catch(onError)
}

function nextJob(time: number): NewJob {
  const next = Math.floor(time / hour) + 1
  return { kind: tidyKind, key: `${tidyKind} ${next}`, group: tidyKind, payload: '', runAt: next * hour }
}
