import { describe, expect, it } from 'vitest'
import { createBackground } from '../../src/queue/background.js'
import { RetryLater } from '../../src/queue/queue.js'
import { createStoreQueue } from '../../src/queue/store-queue.js'
import { createMemoryStore } from '../../src/store/memory/store.js'

describe('createBackground', () => {
  it('tells what a handler throws, not that it asks for a later time, nor what closing ended', async () => {
    const store = createMemoryStore()
    const queue = createStoreQueue(store, { pollInterval: 10 })
    const told: unknown[] = []
    const seen: string[] = []
    const { listen } = createBackground({ store, queue, onError: (error) => told.push(error) }, {})
    listen('k', async ({ key, signal }) => {
      seen.push(key)
      if (key === 'fails') throw new Error('it is down')
      if (key === 'later') throw new RetryLater(60_000, 'not yet')
      await new Promise((_, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason))
      })
    })
    for (const key of ['fails', 'later', 'runs']) {
      await queue.enqueue({ kind: 'k', key, group: key, payload: '', runAt: 0 })
    }
    await expect.poll(() => seen).toEqual(['fails', 'later', 'runs'])
    await queue.close()
    expect(told).toEqual([new Error('it is down')])
    const jobs = await store.jobs.claim({
      kind: 'k',
      now: Date.now() * 2,
      lease: 1,
      limit: 9,
      perGroup: 9,
    })
    expect(jobs.map(({ key }) => key).sort()).toEqual(['fails', 'later', 'runs'])
  })
})
