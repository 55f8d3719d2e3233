import { deepStrictEqual as equal } from 'node:assert'
import type { Job, NewJob, Store } from '../store/store.js'
import type { StoreTest } from './sample.js'

const request = { kind: 'k', now: 100, lease: 50, limit: 10, perGroup: 10 }

function job(key: string, changes: Partial<NewJob> = {}): NewJob {
  return { kind: 'k', key, group: 'g', payload: key, runAt: 0, ...changes }
}

async function addAll(store: Store, ...jobs: NewJob[]): Promise<void> {
  for (const each of jobs) await store.jobs.add(each)
}

async function finishAll(store: Store, ...jobs: (Job | undefined)[]): Promise<void> {
  for (const each of jobs) if (each) await store.jobs.finish(each)
}

const keysOf = (jobs: readonly Job[]): string[] => jobs.map(({ key }) => key)

/** The contract of the job list inside a store. */
export function testJobs(test: StoreTest): void {
  test('jobs that are too far ahead are hastened, of their kind, also those that run', async ({ jobs }) => {
    const add = (kind: string, key: string, runAt: number) =>
      jobs.add({ kind, key, group: key, payload: '', runAt })
    const claim = async (now: number, kind = 'k') => {
      const claimed = await jobs.claim({ kind, now, lease: 1000, limit: 9, perGroup: 9 })
      return claimed.map(({ key }) => key).sort()
    }
    await add('k', 'running', 9000)
    equal(await claim(9000), ['running'])
    await add('k', 'late', 5000)
    await add('k', 'in time', 200)
    await add('other', 'other', 5000)
    await jobs.hasten('k', 300, 100)
    equal(await claim(99), [])
    equal(await claim(100), ['late', 'running'])
    equal(await claim(200), ['in time'])
    equal(await claim(100, 'other'), [])
  })

  test('a claim that comes to no end is counted, until one does', async ({ jobs }) => {
    const claim = async (now: number) => (await jobs.claim({ ...request, now }))[0]
    await jobs.add(job('a'))
    equal((await claim(100))?.lost ?? 0, 0)
    equal(await claim(149), undefined)
    equal((await claim(150))?.lost, 1)
    const third = await claim(200)
    equal([third?.lost, third?.attempts], [2, 3])
    if (third) await jobs.postpone(third, 300, 'later')
    equal((await claim(300))?.lost ?? 0, 0)
    // One that is asked for again meanwhile is not told from one that was lost.
    await jobs.add(job('a', { payload: 'again' }))
    equal((await claim(350))?.lost, 1)
  })

  test('keys and groups may be long, whatever they hold', async ({ jobs }) => {
    // No two characters in a row are the same, so that no database makes it short.
    const long = Array.from({ length: 1900 }, (_, n) =>
      String.fromCodePoint(0x4e00 + ((n * 7919) % 20_000)),
    ).join('')
    const request = { kind: 'long', now: 10, lease: 10, limit: 9, perGroup: 1 }
    for (const end of ['a', 'a', 'b']) {
      await jobs.add({ kind: 'long', key: long + end, group: long + end, payload: end, runAt: 1 })
    }
    const claimed = await jobs.claim(request)
    equal(claimed.map(({ payload }) => payload).sort(), ['a', 'b'])
    equal(claimed.map(({ key }) => key).sort(), [`${long}a`, `${long}b`])
  })

  test('jobs are claimed when they are due, the earliest first, of their kind only', async (store) => {
    await addAll(store, job('b', { runAt: 20 }), job('a', { runAt: 10 }), job('later', { runAt: 101 }))
    await store.jobs.add(job('other', { kind: 'other' }))
    const claimed = await store.jobs.claim(request)
    equal(keysOf(claimed), ['a', 'b'])
    equal([claimed[0]?.attempts, claimed[0]?.payload, claimed[0]?.group], [1, 'a', 'g'])
  })

  test('a claimed job is nobody else’s until its lease is over', async (store) => {
    await store.jobs.add(job('a'))
    equal((await store.jobs.claim(request)).length, 1)
    equal((await store.jobs.claim({ ...request, now: 149 })).length, 0)
    const again = await store.jobs.claim({ ...request, now: 151 })
    equal([again[0]?.key, again[0]?.attempts], ['a', 2])
  })

  test('a second job with the key of one that waits is not added; after its end it is', async (store) => {
    await addAll(store, job('a'), job('a', { payload: 'second' }))
    const [claimed] = await store.jobs.claim(request)
    equal(claimed?.payload, 'a')
    await finishAll(store, claimed)
    equal((await store.jobs.claim({ ...request, now: 1000 })).length, 0)
    await store.jobs.add(job('a', { payload: 'third' }))
    equal((await store.jobs.claim(request))[0]?.payload, 'third')
  })

  test('a job added while one with its key runs has that one run once more, whatever its run comes to', async (store) => {
    await store.jobs.add(job('a'))
    const [first] = await store.jobs.claim(request)
    await store.jobs.add(job('a', { payload: 'second' }))
    await finishAll(store, first)
    equal(await store.jobs.claim({ ...request, now: 149 }), [])
    const [again] = await store.jobs.claim({ ...request, now: 151 })
    equal(again?.payload, 'second')
    await finishAll(store, again)
    equal(await store.jobs.claim({ ...request, now: 1000 }), [])
  })

  test('a claim whose lease is over ends nothing once the job was claimed again', async (store) => {
    await store.jobs.add(job('a'))
    const [late] = await store.jobs.claim(request)
    const [current] = await store.jobs.claim({ ...request, now: 151 })
    await finishAll(store, late)
    if (late) await store.jobs.postpone(late, 5000, 'late')
    if (late) await store.jobs.bury(late, 'late')
    if (current) await store.jobs.postpone(current, 300, 'again')
    equal(keysOf(await store.jobs.claim({ ...request, now: 300 })), ['a'])
  })

  test('a postponed job runs again at its time, with its error', async (store) => {
    await store.jobs.add(job('a'))
    const [claimed] = await store.jobs.claim(request)
    if (claimed) await store.jobs.postpone(claimed, 500, 'no answer')
    equal(await store.jobs.claim({ ...request, now: 499 }), [])
    const [again] = await store.jobs.claim({ ...request, now: 500 })
    equal([again?.attempts, again?.error], [2, 'no answer'])
  })

  test('no more of a group run at once than are allowed, and other groups are not held up', async (store) => {
    for (const key of ['a1', 'a2', 'a3', 'a4', 'a5', 'a6', 'a7', 'a8'])
      await store.jobs.add(job(key, { group: 'a' }))
    await store.jobs.add(job('b1', { group: 'b', runAt: 50 }))
    equal(keysOf(await store.jobs.claim({ ...request, limit: 2, perGroup: 2 })), ['a1', 'a2'])
    equal(keysOf(await store.jobs.claim({ ...request, limit: 2, perGroup: 2 })), ['b1'])
  })

  test('what runs of another kind does not count for a group', async (store) => {
    await addAll(store, job('a'), job('b', { kind: 'other' }))
    equal(keysOf(await store.jobs.claim({ ...request, perGroup: 1 })), ['a'])
    equal(keysOf(await store.jobs.claim({ ...request, perGroup: 1, kind: 'other' })), ['b'])
  })

  test('a buried job is listed, and runs again only when it is revived', async (store) => {
    await addAll(store, job('a'), job('b'))
    for (const each of await store.jobs.claim(request)) await store.jobs.bury(each, `${each.key} failed`)
    equal(await store.jobs.claim({ ...request, now: 1000 }), [])
    const { items, next } = await store.jobs.buried('k', { limit: 1 })
    equal([items[0]?.key, items[0]?.error], ['a', 'a failed'])
    equal(keysOf((await store.jobs.buried('k', { after: next })).items), ['b'])
    equal(await store.jobs.revive(items[0]?.id ?? '', 2000), true)
    equal(await store.jobs.revive(items[0]?.id ?? '', 2000), false)
    const [revived] = await store.jobs.claim({ ...request, now: 2000 })
    equal([revived?.key, revived?.attempts], ['a', 1])
  })

  test('a burst of claims at once gives each job to one of them', async (store) => {
    for (let index = 0; index < 60; index += 1)
      await store.jobs.add(job(`j${index}`, { group: `g${index % 7}` }))
    const claims = await Promise.all(Array.from({ length: 12 }, () => store.jobs.claim(request)))
    const keys = claims.flatMap(keysOf)
    equal(new Set(keys).size, keys.length)
    equal(keys.length, 60)
  })
}
