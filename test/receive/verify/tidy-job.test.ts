import { expect, it, onTestFinished } from 'vitest'
import { createStoreQueue } from '../../../src/queue/store-queue.js'
import type { ReceiverContext } from '../../../src/receive/options/context.js'
import { resolveReceiverLimits } from '../../../src/receive/options/limits.js'
import { createErased } from '../../../src/receive/policy/erased.js'
import { startTidying } from '../../../src/receive/verify/tidy-job.js'
import { createMemoryStore } from '../../../src/store/memory/store.js'
import { sampleTrackback } from '../../../src/testing/sample.js'
import { servePages } from '../../support/servers.js'
import { day, isAccepted, post, receiverWith, send } from '../support.js'

const hour = 3_600_000
const linking = `<a href="${post.url}">this</a>`
// To come, so that a record whose time is over here is there until it is swept.
const start = 60_000 * day

it.each([
  [undefined, 14, 30],
  [{ maxRejectedDays: 3, maxClientIpDays: 5 }, 3, 5],
  [{ maxRejectedDays: 50, maxClientIpDays: 2 }, 50, 2],
])('with the limits %o, every hour takes away what is past its time', async (limits, rejected, clientIp) => {
  const store = createMemoryStore()
  let time = start
  const now = () => time
  const queue = createStoreQueue(store, { pollInterval: 5, now })
  onTestFinished(() => queue.close())
  const add = async (name: string, receivedAt: number, state: 'rejected' | 'held') => {
    await store.add(sampleTrackback({ url: `http://a.example/${name}`, receivedAt, state }))
  }
  for (const after of [-1, 1]) {
    await add(`rejected ${after}`, start + hour - rejected * day + after, 'rejected')
    await add(`held ${after}`, start + hour - clientIp * day + after, 'held')
  }
  await store.records.put('note', 'old', '', 0, start + hour - 1)
  startTidying({
    ...{ store, queue, listen: queue.listen, worker: true, limits: resolveReceiverLimits(limits), now },
    events: { happened: () => {} },
    erased: createErased(store.records, now, 365),
    onError: () => {},
  } as unknown as ReceiverContext)
  time += hour
  await expect.poll(() => store.count({})).toBe(3)
  const { items } = await store.list({})
  const kept = items.filter(({ state }) => state === 'held').map(({ clientIp }) => clientIp)
  expect(items.filter(({ state }) => state === 'rejected').map(({ url }) => url)).toEqual([
    'http://a.example/rejected 1',
  ])
  expect(kept).toEqual([null, '192.0.2.1'])
  await expect.poll(() => store.records.get('note', 'old')).toBe(null)
  time += hour
  await expect.poll(() => store.count({})).toBe(2)
})

it('keeps what was rejected late for its days from then on, to be undone; then it stays refused where an author did so', async () => {
  let time = Date.now()
  const store = createMemoryStore()
  const receiver = receiverWith({ publish: 'always', worker: false, store, now: () => time })
  const pass = async (days: number): Promise<void> => {
    time += days * day
    await receiver.runDue()
    time += hour
    await receiver.runDue()
  }
  await send(receiver)
  const id = (await store.list({})).items[0]?.id ?? ''
  await pass(100)
  await receiver.moderation.reject(id)
  await pass(13)
  expect((await receiver.moderation.undo(id))?.state).toBe('published')
  await receiver.moderation.spam(id)
  await pass(15)
  expect([await store.count({}), isAccepted(await send(receiver))]).toEqual([0, false])
})

it('may take again what the receiver rejected by itself, once it is deleted', async () => {
  let time = Date.now()
  const store = createMemoryStore()
  const receiver = receiverWith({ worker: false, store, now: () => time })
  await send(receiver)
  const found = (await store.list({})).items[0]
  const history = [{ at: time + 10 * day, state: 'rejected', by: 'policy', reason: '' }] as const
  await store.update(found?.id ?? '', 1, { state: 'rejected', verification: null, checks: [], history })
  const counts: number[] = []
  for (const days of [20, 5]) {
    time += days * day
    await receiver.runDue()
    time += hour
    await receiver.runDue()
    counts.push(await store.count({}))
  }
  expect([...counts, isAccepted(await send(receiver))]).toEqual([1, 0, true])
})

it('has a trackback verified whose job is gone, after a day without news, but not one that was put aside', async () => {
  let time = Date.now()
  const source = await servePages({ '/a': linking, '/b': linking })
  const store = createMemoryStore()
  const receiver = receiverWith({ allowHosts: [source.host], worker: false, store, now: () => time })
  for (const name of ['a', 'b']) await send(receiver, undefined, `url=${source.origin}/${name}`)
  const jobs = await store.jobs.claim({ kind: 'verify', now: time, lease: 1, limit: 2, perGroup: 2 })
  for (const job of jobs)
    await (job.key.endsWith('a') ? store.jobs.finish(job) : store.jobs.bury(job, 'deadly'))
  const counts: number[] = []
  for (let hours = 1; hours <= 26; hours += 1) {
    time += hour
    await receiver.runDue()
    counts.push(await store.count({ state: 'published' }))
  }
  expect([counts.indexOf(1) >= 23, counts.at(-1), await store.count({ state: 'unverified' })]).toEqual([
    true,
    1,
    1,
  ])
})
