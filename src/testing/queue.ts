import { deepStrictEqual as equal, ok } from 'node:assert'
import { type Queue, type QueuedJob, RetryLater } from '../queue/queue.js'
import type { NewJob } from '../store/store.js'

type Test = (name: string, body: () => Promise<void>) => unknown

/** Makes queues that share one list of jobs, as processes on one database do. */
export type CreateQueues = (count: number) => Promise<{ queues: readonly Queue[]; close(): Promise<void> }>

const patience = 15_000

/**
 * The contract of a queue, as tests. `create(n)` makes n queues over the same, empty list of jobs, which the queue polls
 * at least every 100 milliseconds.
 */
export function testQueue(test: Test, create: CreateQueues): void {
  const using = (name: string, count: number, body: (queues: readonly Queue[]) => Promise<void>): unknown =>
    test(name, async () => {
      const { queues, close } = await create(count)
      try {
        await body(queues)
      } finally {
        await Promise.all(queues.map((queue) => queue.close()))
        await close()
      }
    })

  using('a job reaches its listener with its payload, once', 1, async ([queue]) => {
    const seen = collect(queue)
    await queue?.enqueue(job('a', { payload: '{"text":"日本"}' }))
    await until(() => seen.length === 1)
    await pause(300)
    equal(
      seen.map(({ payload, attempts }) => [payload, attempts]),
      [['{"text":"日本"}', 1]],
    )
  })

  using('of two listeners on one list each job reaches one', 2, async ([first, second]) => {
    const seen = [collect(first), collect(second)]
    await Promise.all(
      Array.from({ length: 60 }, (_, index) => first?.enqueue(job(`j${index}`, { group: `${index}` }))),
    )
    await until(() => seen.flat().length >= 60)
    await pause(300)
    equal(new Set(seen.flat().map(({ payload }) => payload)).size, 60)
    equal(seen.flat().length, 60)
  })

  using('a job waits for its time', 1, async ([queue]) => {
    const times: number[] = []
    queue?.listen('k', async () => {
      times.push(Date.now())
    })
    const runAt = Date.now() + 1200
    await queue?.enqueue(job('a', { runAt }))
    await until(() => times.length === 1)
    ok((times[0] ?? 0) >= runAt - 50)
  })

  using('a job whose key waits is not added again', 1, async ([queue]) => {
    await queue?.enqueue(job('a', { runAt: Date.now() + 500 }))
    await queue?.enqueue(job('a', { payload: 'again' }))
    const seen = collect(queue)
    await until(() => seen.length > 0)
    await pause(400)
    equal(
      seen.map(({ payload }) => payload),
      ['a'],
    )
  })

  using('a handler that asks for a later time gets the job again, then', 1, async ([queue]) => {
    const attempts: number[] = []
    queue?.listen('k', async (job) => {
      attempts.push(job.attempts)
      if (attempts.length < 3) throw new RetryLater(100, 'not yet')
    })
    await queue?.enqueue(job('a'))
    await until(() => attempts.length === 3)
    equal(attempts, [1, 2, 3])
  })

  using('no more jobs run at once than are allowed, in all and of one group', 1, async ([queue]) => {
    let running = 0
    let most = 0
    let done = 0
    queue?.listen(
      'k',
      async () => {
        running += 1
        most = Math.max(most, running)
        await pause(20)
        running -= 1
        done += 1
      },
      { concurrency: 4, perGroup: 2 },
    )
    for (let index = 0; index < 8; index += 1) await queue?.enqueue(job(`j${index}`))
    await until(() => done === 8)
    ok(most <= 2, `${most} of one group ran at once`)
  })

  using(
    'runDue does what is due, and what that leads to, and counts it; nothing else runs',
    1,
    async ([queue]) => {
      // A queue whose workers are elsewhere has none.
      if (!queue?.runDue) return
      const seen: string[] = []
      const handlers: Readonly<Record<string, () => Promise<void>>> = {
        first: () => queue.enqueue(job('second', { group: 'second' })),
        later: () => Promise.reject(new RetryLater(60_000, 'later')),
        failing: () => Promise.reject(new Error('broken')),
      }
      const handler = async ({ payload }: QueuedJob): Promise<void> => {
        seen.push(payload)
        await handlers[payload]?.()
      }
      queue.listen('k', handler, { onCall: true })
      for (const key of ['first', 'later', 'failing']) await queue.enqueue(job(key, { group: key }))
      await queue.enqueue(job('in a while', { runAt: Date.now() + 60_000 }))
      await pause(300)
      equal(seen, [])
      const counts = await queue.runDue()
      equal(seen.toSorted(), ['failing', 'first', 'later', 'second'])
      equal(counts, { done: 2, later: 1, failed: 1 })
      equal(await queue.runDue({ signal: AbortSignal.abort() }), { done: 0, later: 0, failed: 0 })
    },
  )

  using('jobs of one group but of two kinds run beside each other', 1, async ([queue]) => {
    const started = new Set<string>()
    for (const kind of ['k', 'l']) {
      const handler = async (): Promise<void> => {
        started.add(kind)
        await until(() => started.size === 2)
      }
      queue?.listen(kind, handler, { perGroup: 1 })
      await queue?.enqueue(job(kind, { kind }))
    }
    await until(() => started.size === 2)
  })
}

function job(key: string, changes: Partial<NewJob> = {}): NewJob {
  return { kind: 'k', key, group: 'g', payload: key, runAt: Date.now(), ...changes }
}

function collect(queue: Queue | undefined): QueuedJob[] {
  const seen: QueuedJob[] = []
  queue?.listen('k', async (job) => {
    seen.push(job)
  })
  return seen
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds))
}

async function until(condition: () => boolean): Promise<void> {
  const end = Date.now() + patience
  while (!condition()) {
    if (Date.now() > end) throw new Error('the queue did not do in time what was waited for')
    await pause(10)
  }
}
