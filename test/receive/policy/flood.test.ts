import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createFlood, type Flood } from '../../../src/receive/policy/flood.js'
import { createMemoryStore } from '../../../src/store/memory/store.js'
import type { RecordStore } from '../../../src/store/store.js'

const minute = 60_000
const hour = 60 * minute

class Clock {
  time = 1_000_000 * hour
  readonly now = (): number => this.time
}

/** What is in use once the garbage is gone, in MiB: how much garbage waits differs from one Node to the next. */
function memoryInUse(): number {
  setFlagsFromString('--expose-gc')
  runInNewContext('gc')()
  return process.memoryUsage().heapUsed / 1024 / 1024
}

function floodWith(
  clock: Clock,
  records: RecordStore = createMemoryStore().records,
  maxCounters = 1000,
): Flood {
  return createFlood({ records, kind: 'test', now: clock.now, maxCounters, onError: () => {} })
}

describe('createFlood', () => {
  it('lets as many through as the limit says, at once, and then says how long to wait', () => {
    const clock = new Clock()
    const flood = floodWith(clock)
    const quota = [{ key: 'host a', limit: 3 }]
    expect([1, 2, 3].map(() => flood.take(quota))).toEqual([0, 0, 0])
    const wait = flood.take(quota)
    expect(wait).toBeGreaterThan(0)
    clock.time += wait + 1
    expect(flood.take(quota)).toBe(0)
  })

  it('holds the limit in any sixty minutes, whenever the pings come', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 10 * minute }), { minLength: 50, maxLength: 300 }),
        (gaps) => {
          const clock = new Clock()
          const flood = floodWith(clock)
          const taken: number[] = []
          for (const gap of gaps) {
            clock.time += gap
            if (flood.take([{ key: 'a', limit: 10 }]) === 0) taken.push(clock.time)
          }
          for (const time of taken) {
            const within = taken.filter((each) => each >= time && each < time + hour).length
            expect(within).toBeLessThanOrEqual(10)
          }
        },
      ),
      { numRuns: 50 },
    )
  })

  it('counts nothing where one of several limits is reached', () => {
    const flood = floodWith(new Clock())
    const small = { key: 'client', limit: 1 }
    const large = { key: 'host', limit: 3 }
    expect(flood.take([small, large])).toBe(0)
    for (let index = 0; index < 10; index += 1) expect(flood.take([small, large])).toBeGreaterThan(0)
    expect([flood.take([large]), flood.take([large])]).toEqual([0, 0])
  })

  it('is shared by the processes of one store', async () => {
    const clock = new Clock()
    const { records } = createMemoryStore()
    const [first, second] = [floodWith(clock, records), floodWith(clock, records)]
    const quota = [{ key: 'a', limit: 10 }]
    for (let index = 0; index < 5; index += 1) {
      first.take(quota)
      second.take(quota)
    }
    await first.close()
    await second.close()
    expect(second.take(quota)).toBeGreaterThan(0)
  })

  it('keeps its counts when the store fails, and tells of the error', async () => {
    const clock = new Clock()
    const { records } = createMemoryStore()
    const errors: unknown[] = []
    let fails = true
    const failing: RecordStore = {
      ...records,
      count: async (...counting) => {
        if (fails) throw new Error('store')
        return records.count(...counting)
      },
    }
    const flood = createFlood({
      records: failing,
      kind: 'test',
      now: clock.now,
      maxCounters: 10,
      onError: (error) => errors.push(error),
    })
    const quota = [{ key: 'a', limit: 2 }]
    flood.take(quota)
    flood.take(quota)
    await flood.close()
    expect(errors).toHaveLength(1)
    expect(flood.take(quota)).toBeGreaterThan(0)
    fails = false
  })

  it('counts once what it has shared, though reading what was before fails', async () => {
    const clock = new Clock()
    const { records } = createMemoryStore()
    const failing: RecordStore = { ...records, get: () => Promise.reject(new Error('store')) }
    const flood = floodWith(clock, failing)
    const quota = [{ key: 'a', limit: 2 }]
    flood.take(quota)
    await flood.close()
    await flood.close()
    expect(flood.take(quota)).toBe(0)
    const [counted] = (await records.list('test', 'a ')).items
    expect(counted?.value).toBe('1')
  })

  it('closes only after an exchange with the store that is under way', async () => {
    const { records } = createMemoryStore()
    let exchanged = false
    const slow: RecordStore = {
      ...records,
      async count(...counting) {
        await new Promise((resolve) => setTimeout(resolve, 20))
        exchanged = true
        return records.count(...counting)
      },
    }
    const flood = floodWith(new Clock(), slow)
    flood.take([{ key: 'a', limit: 2 }])
    void flood.close()
    await flood.close()
    expect(exchanged).toBe(true)
  })

  it('exchanges few of many counters at once, and first those that count most', async () => {
    const { records } = createMemoryStore()
    const exchanges: string[][] = []
    const recording: RecordStore = {
      ...records,
      async count(kind, counts, expiresAt) {
        exchanges.push(counts.map(({ key }) => key.split(' ')[0] ?? ''))
        return records.count(kind, counts, expiresAt)
      },
    }
    const flood = floodWith(new Clock(), recording)
    const hosts = Array.from({ length: 500 }, (_, index) => `host-${index}`)
    for (const key of [...hosts, 'busy', 'busy']) flood.take([{ key, limit: 10 }])
    await flood.close()
    expect(exchanges.map((keys) => keys.length)).toEqual([200])
    expect(exchanges[0]?.[0]).toBe('busy')
    await flood.close()
    await flood.close()
    expect(new Set(exchanges.flat())).toEqual(new Set([...hosts, 'busy']))
    expect(exchanges.flat()).toHaveLength(501)
  })

  it('forgets the oldest beyond its bound: a million hosts take little memory (THREATS R8)', () => {
    const flood = floodWith(new Clock(), undefined, 10_000)
    const before = memoryInUse()
    for (let index = 0; index < 1_000_000; index += 1)
      flood.take([{ key: `host ${index}.example`, limit: 60 }])
    expect(memoryInUse() - before).toBeLessThan(8)
    expect(flood.take([{ key: 'host 999999.example', limit: 60 }])).toBe(0)
  })
})
