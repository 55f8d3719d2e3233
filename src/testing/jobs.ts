import { deepStrictEqual as equal, ok } from 'node:assert'
import type { ClaimRequest, Job, NewJob, Store } from '../store/store.js'
import { atOnce, longText, type StoreTest } from './sample.js'

async function add(store: Store, ...jobs: (Partial<NewJob> & { readonly key: string })[]): Promise<void> {
  for (const job of jobs) await store.jobs.add({ kind: 'k', group: 'g', payload: job.key, runAt: 0, ...job })
}

function claim(store: Store, changes: Partial<ClaimRequest> = {}): Promise<Job[]> {
  return store.jobs.claim({ kind: 'k', now: 100, lease: 50, limit: 10, perGroup: 10, ...changes })
}

/** Claims the one job that is due. */
async function claimOne(store: Store, now = 100): Promise<Job> {
  const [job, ...others] = await claim(store, { now })
  ok(job && others.length === 0, `one job is due at ${now}`)
  return job
}

async function claimKeys(store: Store, changes?: Partial<ClaimRequest>): Promise<string[]> {
  return (await claim(store, changes)).map(({ key }) => key)
}

/** The contract of the job list inside a store. */
export function testJobs(test: StoreTest): void {
  test('jobs that are too far ahead are hastened, of their kind, also those that run', async (store) => {
    const lease = 1000
    await add(store, { key: 'running', runAt: 9000 })
    equal(await claimKeys(store, { now: 9000, lease }), ['running'])
    await add(store, { key: 'late', runAt: 5000 }, { key: 'in time', runAt: 200 })
    await add(store, { key: 'other', kind: 'other', runAt: 5000 })
    await store.jobs.hasten('k', 300, 100)
    equal(await claimKeys(store, { now: 99, lease }), [])
    equal((await claimKeys(store, { now: 100, lease })).sort(), ['late', 'running'])
    equal(await claimKeys(store, { now: 200, lease }), ['in time'])
    equal(await claimKeys(store, { now: 100, kind: 'other' }), [])
  })

  test('a claimed job is nobody else’s until its lease is over; such claims are counted, until one comes to an end', async (store) => {
    await add(store, { key: 'a' })
    equal((await claimOne(store)).lost ?? 0, 0)
    equal(await claim(store, { now: 149 }), [])
    equal((await claimOne(store, 150)).lost, 1)
    const third = await claimOne(store, 200)
    equal([third.lost, third.attempts], [2, 3])
    await store.jobs.postpone(third, 300, 'no answer')
    equal(await claim(store, { now: 299 }), [])
    const { lost = 0, attempts, error } = await claimOne(store, 300)
    equal([lost, attempts, error], [0, 4, 'no answer'])
    // One that is asked for again meanwhile is not told from one that was lost.
    await add(store, { key: 'a', payload: 'again' })
    equal((await claimOne(store, 350)).lost, 1)
  })

  test('keys and groups may be long, whatever they hold', async (store) => {
    const job = (end: string): NewJob => {
      const long = longText + end
      return { kind: 'long', key: long, group: long, payload: end, runAt: 1 }
    }
    await add(store, job('a'), job('a'), job('b'))
    const claimed = await claim(store, { kind: 'long', perGroup: 1 })
    equal(claimed.map(({ payload }) => payload).sort(), ['a', 'b'])
    equal(claimed.map(({ key }) => key).sort(), [`${longText}a`, `${longText}b`])
  })

  test('jobs are claimed when they are due, the earliest first, of their kind only', async (store) => {
    await add(store, { key: 'b', runAt: 20 }, { key: 'a', runAt: 10 }, { key: 'later', runAt: 101 })
    await add(store, { key: 'other', kind: 'other' })
    const claimed = await claim(store)
    equal(
      claimed.map(({ key, attempts, payload, group }) => [key, attempts, payload, group]),
      ['a', 'b'].map((key) => [key, 1, key, 'g']),
    )
  })

  test('a job with the key of one that waits is not added; one that runs runs once more, whatever it comes to', async (store) => {
    await add(store, { key: 'a' }, { key: 'a', payload: 'second' })
    const first = await claimOne(store)
    equal(first.payload, 'a')
    await add(store, { key: 'a', payload: 'third' })
    await store.jobs.finish(first)
    equal(await claim(store, { now: 149 }), [])
    const again = await claimOne(store, 151)
    equal(again.payload, 'third')
    await store.jobs.finish(again)
    equal(await claim(store, { now: 1000 }), [])
    await add(store, { key: 'a', payload: 'fourth' })
    equal((await claimOne(store)).payload, 'fourth')
  })

  test('a claim whose lease is over ends nothing once the job was claimed again', async (store) => {
    await add(store, { key: 'a' })
    const late = await claimOne(store)
    const current = await claimOne(store, 151)
    await store.jobs.finish(late)
    await store.jobs.postpone(late, 5000, 'late')
    await store.jobs.bury(late, 'late')
    await store.jobs.postpone(current, 300, 'again')
    equal((await claimOne(store, 300)).key, 'a')
  })

  test('no more of a group and of one kind run at once than are allowed, and others are not held up', async (store) => {
    for (let index = 1; index <= 8; index += 1) await add(store, { key: `a${index}`, group: 'a' })
    await add(store, { key: 'b1', group: 'b', runAt: 50 }, { key: 'other', group: 'a', kind: 'other' })
    equal(await claimKeys(store, { limit: 2, perGroup: 2 }), ['a1', 'a2'])
    equal(await claimKeys(store, { limit: 2, perGroup: 2 }), ['b1'])
    equal(await claimKeys(store, { perGroup: 1, kind: 'other' }), ['other'])
  })

  test('a buried job is listed, and runs again only when it is revived', async (store) => {
    await add(store, { key: 'a' }, { key: 'b' })
    for (const each of await claim(store)) await store.jobs.bury(each, `${each.key} failed`)
    equal(await claim(store, { now: 1000 }), [])
    const { items, next } = await store.jobs.buried('k', { limit: 1 })
    const [{ id, key, error } = {} as Job] = items
    equal([key, error], ['a', 'a failed'])
    equal((await store.jobs.buried('k', { after: next })).items[0]?.key, 'b')
    equal([await store.jobs.revive(id, 2000), await store.jobs.revive(id, 2000)], [true, false])
    const revived = await claimOne(store, 2000)
    equal([revived.key, revived.attempts], ['a', 1])
  })

  test('a burst of claims at once gives each job to one of them', async (store) => {
    for (let index = 0; index < 60; index += 1) await add(store, { key: `j${index}`, group: `g${index % 7}` })
    const claimed = (await atOnce(12, () => claimKeys(store))).flat()
    equal([claimed.length, new Set(claimed).size], [60, 60])
  })
}
