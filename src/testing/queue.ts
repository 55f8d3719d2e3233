import { deepStrictEqual as equal, ok } from 'node:assert'
import { setTimeout as pause } from 'node:timers/promises'
import { type ListenOptions, type Queue, type QueuedJob, RetryLater } from '../queue/queue.js'
import type { NewJob } from '../store/store.js'
import type { TestFunction } from './sample.js'

/** Makes queues that share one list of jobs, as processes on one database do. */
export type CreateQueues = (count: number) => Promise<{ queues: readonly Queue[]; close(): Promise<void> }>

const patience = 15_000

/**
 * The contract of a queue, as tests. `create(n)` makes n queues over the same, empty list of jobs, which the queue polls
 * at least every 100 milliseconds.
 */
export function testQueue(test: TestFunction, create: CreateQueues): void {
  /** Declares a test with as many queues as its body names. */
  const using = (name: string, body: (queue: Queue, second: Queue) => Promise<void>): unknown =>
    test(name, async () => {
      const { queues, close } = await create(body.length)
      try {
        await body(...(queues as [Queue, Queue]))
      } finally {
        await Promise.all(queues.map((queue) => queue.close()))
        await close()
      }
    })

  using('a job reaches one of the listeners, with its payload, once', async (first, second) => {
    const seen = [first, second].map((queue) => collect(queue))
    const payloads = Array.from({ length: 60 }, (_, index) => `{"text":"日本 ${index}"}`)
    await Promise.all(payloads.map((payload) => first.enqueue(job(payload, { group: payload }))))
    await until(() => seen.flat().length >= 60)
    await pause(300)
    const jobs = seen.flat().map(({ payload, attempts }) => `${attempts} ${payload}`)
    equal(jobs.sort(), payloads.map((payload) => `1 ${payload}`).sort())
  })

  using('a job waits for its time, and while it does, no other with its key is added', async (queue) => {
    const runAt = Date.now() + 1200
    const times: number[] = []
    const seen = collect(queue, async () => void times.push(Date.now()))
    await queue.enqueue(job('a', { runAt }))
    await queue.enqueue(job('a', { payload: 'again' }))
    await until(() => seen.length > 0)
    await pause(400)
    equal([seen.length, seen[0]?.payload], [1, 'a'])
    ok((times[0] ?? 0) >= runAt - 50)
  })

  using('a handler that asks for a later time gets the job again, then', async (queue) => {
    const seen = collect(queue, async () => {
      if (seen.length < 3) throw new RetryLater(100, 'not yet')
    })
    await queue.enqueue(job('a'))
    await until(() => seen.length === 3)
    equal(
      seen.map(({ attempts }) => attempts),
      [1, 2, 3],
    )
  })

  using('no more jobs run at once than are allowed, in all and of one group', async (queue) => {
    const counts = { running: 0, most: 0, done: 0 }
    const handler = async (): Promise<void> => {
      counts.running += 1
      counts.most = Math.max(counts.most, counts.running)
      await pause(20)
      counts.running -= 1
      counts.done += 1
    }
    queue.listen('k', handler, { concurrency: 4, perGroup: 2 })
    for (let index = 0; index < 8; index += 1) await queue.enqueue(job(`j${index}`))
    await until(() => counts.done === 8)
    ok(counts.most <= 2, `${counts.most} of one group ran at once`)
  })

  using('runDue does what is due, and what that leads to, and counts it; no other runs', async (queue) => {
    // A queue whose workers are elsewhere has none.
    if (!queue.runDue) return
    const handlers: Readonly<Record<string, () => Promise<void>>> = {
      first: () => queue.enqueue(job('second', { group: 'second' })),
      later: () => Promise.reject(new RetryLater(60_000, 'later')),
      failing: () => Promise.reject(new Error('broken')),
    }
    const seen = collect(queue, async ({ payload }) => handlers[payload]?.(), { onCall: true })
    for (const key of ['first', 'later', 'failing']) await queue.enqueue(job(key, { group: key }))
    await queue.enqueue(job('in a while', { runAt: Date.now() + 60_000 }))
    await pause(300)
    equal(seen, [])
    const counts = await queue.runDue()
    equal(seen.map(({ payload }) => payload).sort(), ['failing', 'first', 'later', 'second'])
    equal(counts, { done: 2, later: 1, failed: 1 })
    equal(await queue.runDue({ signal: AbortSignal.abort() }), { done: 0, later: 0, failed: 0 })
  })

  using('jobs of one group but of two kinds run beside each other', async (queue) => {
    const started = new Set<string>()
    for (const kind of ['k', 'l']) {
      const handler = async (): Promise<void> => {
        started.add(kind)
        await until(() => started.size === 2)
      }
      queue.listen(kind, handler, { perGroup: 1 })
      await queue.enqueue(job(kind, { kind }))
    }
    await until(() => started.size === 2)
  })
}

function job(key: string, changes: Partial<NewJob> = {}): NewJob {
  return { kind: 'k', key, group: 'g', payload: key, runAt: Date.now(), ...changes }
}

/** Listens, and gathers the jobs. */
function collect(
  queue: Queue,
  handle: (job: QueuedJob) => Promise<void> = async () => {},
  options?: ListenOptions,
): QueuedJob[] {
  const seen: QueuedJob[] = []
  const handler = (job: QueuedJob): Promise<void> => {
    seen.push(job)
    return handle(job)
  }
  queue.listen('k', handler, options)
  return seen
}

async function until(condition: () => boolean): Promise<void> {
  const end = Date.now() + patience
  while (!condition()) {
    if (Date.now() > end) throw new Error('the queue did not do in time what was waited for')
    await pause(10)
  }
}
