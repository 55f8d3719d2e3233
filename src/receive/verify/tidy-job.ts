import type { NewJob } from '../../store/store.js'
import type { ReceiverContext } from '../options/context.js'
import { endWaiting } from './end-waiting.js'

const tidyKind = 'tidy'
const hour = 3_600_000
const day = 24 * hour

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
      await store.expire({
        rejectedBefore: time - limits.maxRejectedDays * day,
        clientIpsBefore: time - limits.maxClientIpDays * day,
      })
      await store.records.sweep(time)
      await endWaiting(context, time)
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
