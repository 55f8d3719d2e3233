import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  createDeliveries,
  type Delivery,
  deliveryStates,
  type KeptPost,
  newDelivery,
  toDelivery,
  troubledStates,
} from '../../../src/send/outbox/delivery.js'
import { openSqlite } from '../../../src/sql/sqlite/open.js'
import { createMemoryStore } from '../../../src/store/memory/store.js'

const page = { url: 'http://a.example/', isPingUrl: false }
const post: KeptPost = {
  at: 1000,
  version: 'v1',
  ping: { url: 'http://my.example/7' },
  skipped: [],
  skippedCount: 0,
}

describe.each([
  ['memory', createMemoryStore],
  ['SQLite', () => openSqlite(':memory:')],
])('deliveries in %s', (_, create) => {
  it('are added once, and changed only as they were read', async () => {
    const deliveries = createDeliveries(create().records)
    const delivery = newDelivery('7', page, 1000)
    expect(await deliveries.write(delivery, 0)).toBe(true)
    expect(await deliveries.write(delivery, 0)).toBe(false)
    const kept = await deliveries.read('7', page.url)
    expect(kept?.value).toEqual(delivery)
    const { revision = -1 } = kept ?? {}
    const changed = { ...delivery, attempts: 1 }
    expect(await deliveries.write(changed, revision)).toBe(true)
    expect(await deliveries.write(changed, revision)).toBe(false)
  })

  it('give one target each ping URL of a post, for good', async () => {
    const deliveries = createDeliveries(create().records)
    const pingUrl = 'http://a.example/tb'
    const first = { ...newDelivery('7', page, 1000), pingUrl }
    const second = { ...first, target: 'http://a.example/#c' }
    const claims = await Promise.all([deliveries.claimPingUrl(first), deliveries.claimPingUrl(second)])
    expect(claims).toEqual([true, false])
    expect(await deliveries.claimPingUrl(first)).toBe(true)
    expect(await deliveries.claimPingUrl({ ...second, postId: '8' })).toBe(true)
  })

  it('a post announced earlier never replaces the same announced later', async () => {
    const deliveries = createDeliveries(create().records)
    expect(await deliveries.keepPost('7', post)).not.toBe(null)
    expect(await deliveries.keepPost('7', { ...post, at: 999 })).toBe(null)
    expect(await deliveries.keepPost('7', { ...post, version: 'v2' })).not.toBe(null)
    expect(await deliveries.readPost('7')).toMatchObject({ at: 1000, version: 'v2' })
  })

  it('are reported all, in the order in which they were found, and of one post only', async () => {
    const deliveries = createDeliveries(create().records)
    expect(await deliveries.report('7')).toBe(null)
    await deliveries.keepPost('7', post)
    const targets = Array.from({ length: 1001 }, (_, n) => `http://a.example/${n}`)
    for (const [n, url] of targets.entries()) {
      await deliveries.write(newDelivery('7', { ...page, url }, n), 0)
    }
    for (const id of ['77', '7 ', '7"', '"7"', '']) await deliveries.write(newDelivery(id, page, 1), 0)
    const report = await deliveries.report('7')
    expect(report?.announcedAt).toBe(1000)
    expect(report?.deliveries.map(({ target }) => target)).toEqual(targets)
  })

  it('tell apart any two post ids', async () => {
    const ids = fc.uniqueArray(fc.string({ unit: 'binary' }), { minLength: 2, maxLength: 4 })
    await fc.assert(
      fc.asyncProperty(ids, async (postIds) => {
        const deliveries = createDeliveries(create().records)
        for (const id of postIds) expect(await deliveries.write(newDelivery(id, page, 1), 0)).toBe(true)
      }),
      { numRuns: 10 },
    )
  })
})

it('a delivery shows nothing of the sender’s own bookkeeping', () => {
  expect(Object.keys(toDelivery(newDelivery('7', page, 1))).sort()).toEqual(
    [
      'answer',
      'attempts',
      'changedAt',
      'foundAt',
      'nextAt',
      'pingUrl',
      'postId',
      'reason',
      'state',
      'target',
    ].sort(),
  )
})

describe.each([
  ['memory', createMemoryStore],
  ['SQLite', () => openSqlite(':memory:')],
])('the list of deliveries in %s', (_, create) => {
  it('has every delivery of a state once, page by page, the troubled first, then the newest', async () => {
    const states = fc.constantFrom(...deliveryStates)
    const deliveries = fc.uniqueArray(fc.tuple(fc.string(), fc.webUrl(), states, fc.nat(5)), {
      maxLength: 12,
      selector: ([postId, url]) => `${postId} ${url}`,
    })
    const wanted = fc.option(fc.uniqueArray(states), { nil: undefined })
    await fc.assert(
      fc.asyncProperty(deliveries, wanted, fc.integer({ min: 1, max: 5 }), async (all, state, limit) => {
        const kept = createDeliveries(create().records)
        for (const [postId, url, state, changedAt] of all)
          await kept.write({ ...newDelivery(postId, { url, isPingUrl: false }, 0), state, changedAt }, 0)
        const expected = all.filter(([, , each]) => state?.includes(each) ?? true)
        const listed: Delivery[] = []
        let after: string | undefined
        do {
          const page = await kept.list({ state }, { limit, after }, 1000)
          expect(page.total).toBe(expected.length)
          for (const each of deliveryStates)
            expect(page.counts[each] ?? 0).toBe(all.filter(([, , state]) => state === each).length)
          listed.push(...page.items)
          after = page.next
        } while (after !== undefined)
        const keys = (some: readonly (readonly [string, string])[]) =>
          some.map((each) => each.join(' ')).sort()
        expect(keys(listed.map(({ postId, target }) => [postId, target]))).toEqual(
          keys(expected.map(([postId, url]) => [postId, url])),
        )
        const rank = ({ state }: Delivery) =>
          troubledStates.includes(state) ? 0 : state === 'waiting' ? 1 : 2
        const inOrder = [...listed].sort((a, b) => rank(a) - rank(b) || b.changedAt - a.changedAt)
        expect(listed.map((each) => [rank(each), each.changedAt])).toEqual(
          inOrder.map((each) => [rank(each), each.changedAt]),
        )
      }),
      { numRuns: 30 },
    )
  })

  it('reads as many as the limit allows, and takes no state that is none', async () => {
    const kept = createDeliveries(create().records)
    for (const postId of '12345') await kept.write(newDelivery(postId, page, 0), 0)
    expect((await kept.list({}, {}, 3)).total).toBe(3)
    const wrong = { state: 'lost' } as unknown as { state: 'failed' }
    await expect(kept.list(wrong, {}, 3)).rejects.toThrow(TypeError)
    await expect(kept.list({ stat: 'failed' } as object, {}, 3)).rejects.toThrow(TypeError)
  })
})
