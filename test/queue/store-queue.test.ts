import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { createStoreQueue } from '../../src/queue/store-queue.js'
import { openSqlite } from '../../src/sql/sqlite/open.js'
import { createMemoryStore } from '../../src/store/memory/store.js'
import { testQueue } from '../../src/testing/queue.js'

const pollInterval = 50

describe('createStoreQueue in memory', () =>
  testQueue(it, async (count) => {
    const store = createMemoryStore()
    const queues = Array.from({ length: count }, () => createStoreQueue(store, { pollInterval }))
    return { queues, close: () => store.close() }
  }))

describe('createStoreQueue in SQLite', () =>
  testQueue(it, async (count) => {
    const folder = mkdtempSync(join(tmpdir(), 'trackbacks-'))
    const stores = Array.from({ length: count }, () => openSqlite(join(folder, 'jobs.db')))
    return {
      queues: stores.map((store) => createStoreQueue(store, { pollInterval })),
      async close() {
        await Promise.all(stores.map((store) => store.close()))
        rmSync(folder, { recursive: true })
      },
    }
  }))

describe('createStoreQueue', () => {
  const job = { kind: 'k', key: 'a', group: 'g', payload: '', runAt: 0 }

  it.each([
    ['memory', createMemoryStore],
    ['SQLite', () => openSqlite(':memory:')],
  ])(
    'has a job that is added again while it runs here run once more as soon as it ends, in %s',
    async (_, create) => {
      const store = create()
      const queue = createStoreQueue(store, { pollInterval: 5, lease: 3_600_000 })
      onTestFinished(async () => {
        await queue.close()
        await store.close()
      })
      const seen: string[] = []
      queue.listen('k', async ({ key, payload }) => {
        seen.push(`${key} ${payload}`)
        if (payload !== 'first') return
        await queue.enqueue({ ...job, key, payload: 'second' })
        await queue.enqueue({ ...job, key, payload: 'third' })
        if (key === 'fails') throw new Error('broken')
      })
      for (const key of ['ends', 'fails']) await queue.enqueue({ ...job, key, payload: 'first' })
      const expected = ['ends first', 'ends third', 'fails first', 'fails third']
      await expect.poll(() => seen.toSorted()).toEqual(expected)
      await expect.poll(() => queue.runDue()).toEqual({ done: 0, later: 0, failed: 0 })
      const all = { kind: 'k', now: 1e15, lease: 1, limit: 9, perGroup: 9 }
      expect([seen.toSorted(), await store.jobs.claim(all)]).toEqual([expected, []])
    },
  )

  it('leaves a job alone that another process has under way by then', async () => {
    const store = createMemoryStore()
    let time = 1
    const queue = createStoreQueue(store, { lease: 100, now: () => time })
    onTestFinished(() => queue.close())
    const claim = { kind: 'k', now: 200, lease: 1000, limit: 1, perGroup: 1 }
    const others: unknown[] = []
    queue.listen(
      'k',
      async () => {
        await queue.enqueue(job)
        time = 200
        others.push(...(await store.jobs.claim(claim)))
      },
      { onCall: true },
    )
    await queue.enqueue(job)
    await queue.runDue()
    expect([others.length, (await store.jobs.claim({ ...claim, now: 1100 })).length]).toEqual([1, 0])
  })

  it('puts a job aside after its last attempt, with the error', async () => {
    const store = createMemoryStore()
    let time = 1
    const now = (): number => {
      time += 3_600_000
      return time
    }
    const queue = createStoreQueue(store, { pollInterval: 5, lease: 30 * 24 * 3_600_000, now })
    const lasts: boolean[] = []
    queue.listen(
      'k',
      async ({ last }) => {
        lasts.push(last)
        throw new Error('no answer')
      },
      { attempts: 3 },
    )
    await queue.enqueue(job)
    await expect.poll(async () => (await store.jobs.buried('k')).items[0]?.error).toBe('no answer')
    expect(lasts).toEqual([false, false, true])
    await queue.close()
  })

  it('has failed jobs run again at any time within 1, 2, 4, … minutes, 6 hours at the most', async () => {
    const { jobs } = createMemoryStore()
    let now = 1
    let delays: number[] = []
    const postpone: typeof jobs.postpone = async (claim, runAt, error) => {
      await jobs.postpone(claim, runAt, error)
      delays.push(runAt - now)
    }
    const queue = createStoreQueue({ jobs: { ...jobs, postpone } }, { pollInterval: 5, now: () => now })
    const count = 200
    for (let key = 0; key < count; key += 1) await queue.enqueue({ ...job, key: `${key}` })
    const fail = () => Promise.reject(new Error('no answer'))
    queue.listen('k', fail, { concurrency: count, perGroup: count, attempts: 99 })
    for (const minutes of [1, 2, 4, 8, 16, 32, 64, 128, 256, 360, 360]) {
      await expect.poll(() => delays.length, { interval: 5 }).toBe(count)
      const parts = delays.map((delay) => delay / (minutes * 60_000))
      delays = []
      expect(Math.min(...parts)).toBeGreaterThan(0)
      expect(Math.min(...parts)).toBeLessThan(0.1)
      expect(Math.max(...parts)).toBeGreaterThan(0.9)
      expect(Math.max(...parts)).toBeLessThanOrEqual(1)
      now += 6 * 3_600_000
    }
    await queue.close()
  })

  it('gives a running job back when it closes', async () => {
    const store = createMemoryStore()
    const queue = createStoreQueue(store, { pollInterval: 5 })
    let started = false
    queue.listen('k', async ({ signal }) => {
      started = true
      await new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)))
    })
    await queue.enqueue(job)
    await expect.poll(() => started).toBe(true)
    await queue.close()
    const now = Date.now() + 1
    expect(await store.jobs.claim({ kind: 'k', now, lease: 1, limit: 1, perGroup: 1 })).toHaveLength(1)
  })

  it('tells of errors of the store and goes on', async () => {
    const store = createMemoryStore()
    const errors: unknown[] = []
    const claim = store.jobs.claim
    let failures = 2
    const jobs = {
      ...store.jobs,
      claim: async (request: Parameters<typeof claim>[0]) => {
        failures -= 1
        if (failures >= 0) throw new Error('disk')
        return claim(request)
      },
    }
    const queue = createStoreQueue(
      { ...store, jobs },
      { pollInterval: 5, onError: (error) => errors.push(error) },
    )
    let done = false
    queue.listen('k', async () => {
      done = true
    })
    await queue.enqueue(job)
    await expect.poll(() => done).toBe(true)
    expect(errors).toHaveLength(2)
    await queue.close()
  })

  it('runs a job at once that was added while a claim was under way', async () => {
    const { jobs } = createMemoryStore()
    let claims = 0
    const claim: typeof jobs.claim = async (request) => {
      const claimed = await jobs.claim(request)
      claims += 1
      await new Promise((resolve) => setTimeout(resolve, 30))
      return claimed
    }
    const queue = createStoreQueue({ jobs: { ...jobs, claim } }, { pollInterval: 60_000 })
    let done = false
    queue.listen('k', async () => {
      done = true
    })
    await expect.poll(() => claims, { interval: 1 }).toBe(1)
    await queue.enqueue(job)
    await expect.poll(() => done).toBe(true)
    await queue.close()
  })

  it('refuses a second listener for a kind, and limits that are none', () => {
    const queue = createStoreQueue(createMemoryStore())
    queue.listen('k', async () => {})
    expect(() => queue.listen('k', async () => {})).toThrow(TypeError)
    expect(() => queue.listen('other', async () => {}, { concurrency: 0 })).toThrow(TypeError)
    expect(() => createStoreQueue(createMemoryStore(), { lease: Number.NaN })).toThrow(TypeError)
    return queue.close()
  })
})

describe('close of a queue', () => {
  it('resolves though a handler or the store never ends', async () => {
    const store = createMemoryStore()
    const errors: unknown[] = []
    const never = new Promise<never>(() => {})
    const options = { closeTimeout: 20, pollInterval: 5, onError: (error: unknown) => errors.push(error) }
    const busy = createStoreQueue(store, options)
    let hasBegun = false
    busy.listen('k', () => {
      hasBegun = true
      return never
    })
    await busy.enqueue({ kind: 'k', key: 'a', group: 'g', payload: '', runAt: 0 })
    await expect.poll(() => hasBegun).toBe(true)
    await busy.close()
    const hung = createStoreQueue({ jobs: { ...store.jobs, claim: () => never } }, options)
    hung.listen('k', async () => {})
    await new Promise((resolve) => setTimeout(resolve, 20))
    await hung.close()
    expect(errors).toEqual(Array(2).fill(expect.objectContaining({ code: 'TIMEOUT' })))
    expect(() => createStoreQueue(store, { closeTimeout: 0 })).toThrow(
      'closeTimeout must be a positive integer',
    )
  })
})

describe('a job that ends its process', () => {
  it('is put aside after maxLost times in a row, without being run again, and others go on', async () => {
    const store = createMemoryStore()
    await store.jobs.add({ kind: 'k', key: 'deadly', group: 'a', payload: '', runAt: 0 })
    // Three processes claim it, and are gone.
    for (const now of [0, 100, 200])
      await store.jobs.claim({ kind: 'k', now, lease: 50, limit: 1, perGroup: 1 })
    await store.jobs.add({ kind: 'k', key: 'good', group: 'b', payload: '', runAt: 0 })
    const errors: unknown[] = []
    const onError = (error: unknown) => errors.push(error)
    const queue = createStoreQueue(store, { pollInterval: 5, maxLost: 3, onError })
    onTestFinished(() => queue.close())
    const seen: string[] = []
    queue.listen('k', async ({ key }) => void seen.push(key))
    await expect.poll(() => [seen.length, errors.length]).toEqual([1, 1])
    expect(seen).toEqual(['good'])
    expect(String(errors[0])).toContain('it came to no end 3 times')
    const { items } = await store.jobs.buried('k')
    expect(items).toMatchObject([{ key: 'deadly' }])
    await store.jobs.revive(items[0]?.id ?? '', 0)
    await expect.poll(() => seen).toEqual(['good', 'deadly'])
  })

  it('runs alone, and the others after it, also where the store takes none of them back', async () => {
    const store = createMemoryStore()
    for (const key of ['suspect', 'beside it'])
      await store.jobs.add({ kind: 'k', key, group: key, payload: '', runAt: 0 })
    // A process claims both, and is gone.
    await store.jobs.claim({ kind: 'k', now: 0, lease: 50, limit: 2, perGroup: 2 })
    const errors: unknown[] = []
    const broken = { ...store.jobs, postpone: () => Promise.reject(new Error('the disk is full')) }
    const queue = createStoreQueue(
      { jobs: broken },
      { pollInterval: 5, lease: 200, onError: (error) => errors.push(error) },
    )
    onTestFinished(() => queue.close())
    const seen: string[] = []
    queue.listen('k', async ({ key }) => void seen.push(key))
    await expect.poll(() => seen.toSorted(), { timeout: 5000 }).toEqual(['beside it', 'suspect'])
    expect(String(errors[0])).toContain('the disk is full')
  })

  it('is run once more where maxLost allows it, and an end in order starts the count anew', async () => {
    const store = createMemoryStore()
    await store.jobs.add({ kind: 'k', key: 'slow', group: 'a', payload: '', runAt: 0 })
    for (const now of [0, 100, 200])
      await store.jobs.claim({ kind: 'k', now, lease: 50, limit: 1, perGroup: 1 })
    const queue = createStoreQueue(store, { pollInterval: 5, maxLost: 4 })
    onTestFinished(() => queue.close())
    const seen: string[] = []
    queue.listen('k', async ({ key }) => void seen.push(key))
    await expect.poll(() => seen).toEqual(['slow'])
    for (const maxLost of [0, -1, 1.5, '3']) {
      expect(() => createStoreQueue(store, { maxLost: maxLost as number })).toThrow(TypeError)
    }
  })
})
