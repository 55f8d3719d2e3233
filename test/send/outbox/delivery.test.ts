import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  createDeliveries,
  type KeptPost,
  newDelivery,
  toDelivery,
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
    expect(await deliveries.keepPost('7', post)).toBe(true)
    expect(await deliveries.keepPost('7', { ...post, at: 999 })).toBe(false)
    expect(await deliveries.keepPost('7', { ...post, version: 'v2' })).toBe(true)
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
