import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { createFormTokens } from '../../src/programs/moderation-page/requests/tokens.js'
import { createStoreQueue } from '../../src/queue/store-queue.js'
import type { ReceiverContext } from '../../src/receive/options/context.js'
import { resolveReceiverLimits } from '../../src/receive/options/limits.js'
import { createBlocks } from '../../src/receive/policy/blocks.js'
import { createFlood } from '../../src/receive/policy/flood.js'

import { endWaiting, startTidying } from '../../src/receive/verify/tidy-job.js'
import { createHosts } from '../../src/send/outbox/hosts.js'
import { createMemoryStore } from '../../src/store/memory/store.js'
import { sampleTrackback } from '../../src/testing/sample.js'
import { clientFor, serve } from '../support/servers.js'
import { day, post, receiverWith, send } from './support.js'

const hour = 3_600_000
const year = 365 * day
/** How far a clock goes for a moment, before it is right again. */
const jumps = [
  ['a day back', -day],
  ['a year back', -year],
  ['a day ahead', day],
  ['a year ahead', year],
] as const

function failWith(error: unknown): void {
  expect.fail(String(error))
}

/** A clock that can be set; it goes on with the time that passes. */
function clock() {
  let offset = 0
  const now = () => Date.now() + offset
  return {
    now,
    set: (by: number) => {
      offset = by
    },
  }
}

describe.each(jumps)('a clock that was %s for a moment', (_, jump) => {
  it('hides no block that another process made', async () => {
    const { records } = createMemoryStore()
    const { now, set } = clock()
    const blocks = createBlocks(records, now)
    set(jump)
    await blocks.matcher()
    set(0)
    await createBlocks(records, now).add({ kind: 'host', value: 'a.example' }, '')
    set(11_000)
    expect((await blocks.matcher())('', 'a.example', null)).toBe(true)
  })

  it('does not hide blocks while it is wrong either', async () => {
    const { records } = createMemoryStore()
    const { now, set } = clock()
    const blocks = createBlocks(records, now)
    await blocks.matcher()
    await createBlocks(records, now).add({ kind: 'host', value: 'a.example' }, '')
    set(jump)
    expect((await blocks.matcher())('', 'a.example', null)).toBe(true)
  })

  it('keeps no source from being looked at', async () => {
    const { origin, host } = await serve((_, response) => {
      response.setHeader('content-type', 'text/html')
      response.end(`<p>text <a href="${post.url}">JAL</a></p>`)
    })
    const store = createMemoryStore()
    const { now, set } = clock()
    set(jump)
    await store.records.put('fetched', `${origin}/1`, String(now()), null)
    set(0)
    const receiver = receiverWith({ store, client: clientFor(host), now })
    await send(receiver, undefined, `url=${origin}/1`)
    await expect.poll(() => receiver.count(post.id), { timeout: 3000 }).toBe(1)
  })

  it('stops no tidying, and deletes nothing before its time', async () => {
    vi.useFakeTimers({ toFake: ['setInterval'] })
    onTestFinished(() => void vi.useRealTimers())
    const store = createMemoryStore()
    const start = Math.floor(Date.now() / hour) * hour
    let time = start
    const now = () => time
    const queue = createStoreQueue(store, { pollInterval: 5, now })
    const events = { happened: () => expect.fail('nothing waits for too long') }
    await store.add(sampleTrackback({ url: 'http://a.example/young', state: 'rejected', receivedAt: start }))
    await store.add(sampleTrackback({ url: 'http://a.example/held', state: 'held', receivedAt: start }))
    const tidying = startTidying({
      ...{ store, queue, listen: queue.listen, worker: true },
      ...{ limits: resolveReceiverLimits(), events, now, onError: failWith },
    } as unknown as ReceiverContext)
    onTestFinished(async () => {
      tidying.end()
      await queue.close()
    })
    time = start + jump
    await new Promise((resolve) => setTimeout(resolve, 50))
    time = start + 2 * hour
    await new Promise((resolve) => setTimeout(resolve, 50))
    expect(await store.count({})).toBe(2)
    const receivedAt = start - 15 * day
    await store.add(sampleTrackback({ url: 'http://a.example/old', state: 'rejected', receivedAt }))
    vi.advanceTimersByTime(hour)
    await new Promise((resolve) => setTimeout(resolve, 20))
    time = start + 3 * hour
    await expect.poll(() => store.count({ state: 'rejected' }), { timeout: 3000 }).toBe(1)
  })

  it('leaves the counts of floods able to refuse, and to let pass', async () => {
    const { records } = createMemoryStore()
    const { now, set } = clock()
    const flood = createFlood({ records, kind: 'pings', now, maxCounters: 100, onError: failWith })
    const take = () => flood.take([{ key: 'all', limit: 3 }])
    expect(take()).toBe(0)
    set(jump)
    expect(take()).toBe(0)
    set(0)
    const waits = [take(), take(), take(), take()]
    expect(waits.at(-1)).toBeGreaterThan(0)
    expect(Math.max(...waits)).toBeLessThanOrEqual(2 * hour)
    set(2 * hour)
    expect(take()).toBe(0)
    await flood.close()
  })

  it('ends no form that is good, once it is right', async () => {
    const { records } = createMemoryStore()
    const { now, set } = clock()
    const forms = createFormTokens(records, hour, now)
    const form = await forms.issue('me')
    set(jump)
    await forms.issue('me')
    set(0)
    expect(await forms.spend(form, 'me')).toBe('good')
  })

  it('keeps no host of a sender from being asked, whether it failed meanwhile or not', async () => {
    for (const failures of [0, 1, 5]) {
      const { records } = createMemoryStore()
      const hosts = createHosts(records, 1000)
      const at = (now: number) => hosts.takeTurn('a.example', false, now)
      const start = 400 * day
      await at(start)
      await at(start + jump)
      for (let failure = 0; failure < failures; failure += 1)
        await hosts.tell('a.example', false, start + jump)
      const { at: turn } = await at(start + hour)
      expect(turn).toBe(start + hour)
    }
  })

  it('delays no job that was added then: a source, a recheck, an announcement', async () => {
    const { now, set } = clock()
    set(jump)
    const { origin, host } = await serve((_, response) => {
      response.setHeader('content-type', 'text/html')
      response.end(`<p>text <a href="${post.url}">JAL</a></p>`)
    })
    const store = createMemoryStore()
    const client = clientFor(host)
    const front = receiverWith({ store, client, now, worker: false })
    expect((await send(front, undefined, `url=${origin}/1`)).status).toBe(200)
    set(0)
    // A day is not more than a recheck may be ahead: what waits so long is looked at the next day.
    if (jump === day) return
    const receiver = receiverWith({ store, client, now })
    await expect.poll(() => receiver.count(post.id), { timeout: 3000 }).toBe(1)
  })

  it('plans no look later than the last recheck, also where the post is not found', async () => {
    const { now, set } = clock()
    const { origin, host } = await serve((_, response) => {
      response.setHeader('content-type', 'text/html')
      response.end(`<p>text <a href="${post.url}">JAL</a></p>`)
    })
    const store = createMemoryStore()
    const sources = [`${origin}/1`, `${origin}/2`]
    for (const [index, url] of sources.entries()) {
      set(jump)
      const received = { url, sourceKey: url, receivedAt: now(), postId: index === 0 ? post.id : 'gone' }
      await store.add(sampleTrackback({ ...received, state: 'unverified' }))
      set(0)
    }
    const delays: number[] = []
    const { jobs } = store
    const watched: typeof jobs = {
      ...jobs,
      async postpone(claim, runAt, error) {
        delays.push(runAt - now())
        await jobs.postpone(claim, runAt, error)
      },
    }
    const queue = createStoreQueue({ jobs: watched }, { pollInterval: 5, now })
    onTestFinished(() => queue.close())
    const findPost = (id: string) => (id === 'gone' ? null : post)
    receiverWith({ store, queue, client: clientFor(host), now, findPost, checks: [] })
    for (const { postId, sourceKey } of (await store.list({})).items)
      await queue.enqueue({
        kind: 'verify',
        key: `verify ${postId}\n${sourceKey}`,
        group: '',
        payload: '',
        runAt: 0,
      })
    const looks = async () => (await store.list({})).items.map(({ verification }) => verification?.attempts)
    await expect.poll(looks, { timeout: 3000 }).toEqual([1, 1])
    await expect.poll(() => delays.length, { timeout: 3000 }).toBeGreaterThan(0)
    expect(Math.max(0, ...delays)).toBeLessThanOrEqual(30 * day)
  })

  it('deletes nothing that was looked at by a clock that is right', async () => {
    const store = createMemoryStore()
    const time = Date.now()
    const { id = '' } = await store.add(sampleTrackback({ receivedAt: time + jump, state: 'held' }))
    const verification = { outcome: 'unreachable', reason: '', checkedAt: time, attempts: 1 } as const
    await store.update(id, 1, { state: 'held', verification, checks: [], history: [] })
    const limits = resolveReceiverLimits({})
    const events = { happened: () => {} }
    await endWaiting({ store, limits, events } as unknown as ReceiverContext, time + day)
    expect(await store.count({})).toBe(1)
  })
})
