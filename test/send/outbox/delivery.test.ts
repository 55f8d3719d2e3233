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

  const pingUrl = 'http://a.example/tb'
  const first = { ...newDelivery('7', page, 1000), pingUrl, version: 'v1' }
  const second = { ...first, target: 'http://a.example/#c' }

  it('give one target each ping URL of a post, whatever their text while it waits', async () => {
    const deliveries = createDeliveries(create().records)
    for (const each of [first, second]) await deliveries.write(each, 0)
    const claim = (each: typeof first, text = post) => deliveries.claimPingUrl(each, pingUrl, text)
    expect(await Promise.all([claim(first), claim(second)])).toEqual([true, false])
    expect(await claim(first)).toBe(true)
    expect(await claim(second, { ...post, version: 'v2', again: true })).toBe(false)
    expect(await claim({ ...second, postId: '8' })).toBe(true)
  })

  it.each([
    [
      'http://a.example/tb',
      ['HTTP://A.example:80/tb', 'http://a.example/tb#c', 'http://a.example/%74b', 'https://a.example./tb'],
    ],
    ['http://a.example/tb?id=1', ['http://A.EXAMPLE/tb?id=1#', 'http://www.a.example/tb?id=%31']],
  ])(
    'give one target %s, however that is spelled, and another path to another',
    async (written, spellings) => {
      for (const spelling of spellings) {
        const deliveries = createDeliveries(create().records)
        await deliveries.write({ ...first, pingUrl: written }, 0)
        expect(await deliveries.claimPingUrl(first, written, post)).toBe(true)
        expect(await deliveries.claimPingUrl(second, spelling, post)).toBe(false)
        expect(
          await deliveries.claimPingUrl(second, spelling.replace('tb', 'TB').replace('%74b', 'TB'), post),
        ).toBe(true)
      }
    },
  )

  it('leave a ping URL to who claimed it as it is written, as earlier versions did', async () => {
    const { records } = create()
    const deliveries = createDeliveries(records)
    await deliveries.write({ ...first, state: 'accepted' }, 0)
    await records.put('delivery-url', `"7" ${pingUrl}`, page.url, 0)
    expect(await deliveries.claimPingUrl(second, pingUrl, post)).toBe(false)
    expect(await deliveries.claimPingUrl(first, pingUrl, post)).toBe(true)
    expect(await deliveries.claimPingUrl(second, pingUrl, post)).toBe(false)
  })

  it('take over a ping URL from a target that is done with another text, unless that accepted it and again is not asked for', async () => {
    const taken: string[] = []
    for (const state of deliveryStates)
      for (const version of ['v1', 'v2'])
        for (const again of [false, true]) {
          const deliveries = createDeliveries(create().records)
          await deliveries.write({ ...first, state, version: 'v1' }, 0)
          await deliveries.claimPingUrl(first, pingUrl, post)
          const thirds = ['#1', '#2'].map((fragment) => ({ ...second, target: page.url + fragment }))
          for (const third of thirds) await deliveries.write(third, 0)
          const text = { ...post, version, again }
          const claims = await Promise.all(
            thirds.map((third) => deliveries.claimPingUrl(third, pingUrl, text)),
          )
          expect(claims).not.toEqual([true, true])
          if (claims.includes(true)) taken.push(`${state} ${version} ${again}`)
        }
    const done = deliveryStates.filter((state) => state !== 'waiting' && state !== 'accepted')
    const expected = done.flatMap((state) => [`${state} v2 false`, `${state} v2 true`])
    expect(taken.toSorted()).toEqual([...expected, 'accepted v2 true'].toSorted())
  })

  it('take over a ping URL from a target that turned to another', async () => {
    const elsewhere = 'http://a.example/other'
    for (const [state, now, isFree] of [
      ['waiting', elsewhere, true],
      ['waiting', null, false],
      ['accepted', elsewhere, true],
      ['no-ping-url', null, true],
    ] as const) {
      const deliveries = createDeliveries(create().records)
      await deliveries.claimPingUrl(first, pingUrl, post)
      await deliveries.write({ ...first, state, pingUrl: now }, 0)
      expect(await deliveries.claimPingUrl(second, pingUrl, post)).toBe(isFree)
    }
  })

  it('a post announced earlier never replaces the same announced later', async () => {
    const deliveries = createDeliveries(create().records)
    expect(await deliveries.keepPost('7', post)).not.toBe(null)
    expect(await deliveries.keepPost('7', { ...post, at: 999 })).toBe(null)
    expect(await deliveries.keepPost('7', { ...post, version: 'v2' })).not.toBe(null)
    expect(await deliveries.readPost('7')).toMatchObject({ at: 1000, version: 'v2' })
  })

  it('announcements of a post follow each other whatever the clock says, also those made at once', async () => {
    const deliveries = createDeliveries(create().records)
    expect(await deliveries.nextAnnouncement('7', 900)).toBe(900)
    await deliveries.keepPost('7', post)
    const clocks = [5, 1000, 0, 1000]
    const made = await Promise.all(clocks.map((now) => deliveries.nextAnnouncement('7', now)))
    expect(made.toSorted()).toEqual([1001, 1002, 1003, 1004])
    expect(await deliveries.nextAnnouncement('7', 9000)).toBe(9000)
    expect(await deliveries.report('7', { begun: true })).toBe(null)
    await deliveries.keepPost('7', { ...post, at: 9000 })
    await deliveries.endBeginning('7', 9000)
    expect(await deliveries.report('7', { begun: true })).toMatchObject({ announcedAt: 9000 })
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
