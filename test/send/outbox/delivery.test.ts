import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  claimPingUrl,
  type KeptPost,
  keepPost,
  newDelivery,
  readDelivery,
  readPost,
  reportOf,
  toDelivery,
  writeDelivery,
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
    const { records } = create()
    const delivery = newDelivery('7', page, 1000)
    expect(await writeDelivery(records, delivery, 0)).toBe(true)
    expect(await writeDelivery(records, delivery, 0)).toBe(false)
    const kept = await readDelivery(records, '7', page.url)
    expect(kept?.value).toEqual(delivery)
    const { revision = -1 } = kept ?? {}
    const changed = { ...delivery, attempts: 1 }
    expect(await writeDelivery(records, changed, revision)).toBe(true)
    expect(await writeDelivery(records, changed, revision)).toBe(false)
  })

  it('give one target each ping URL of a post, for good', async () => {
    const { records } = create()
    const pingUrl = 'http://a.example/tb'
    const first = { ...newDelivery('7', page, 1000), pingUrl }
    const second = { ...first, target: 'http://a.example/#c' }
    const claims = await Promise.all([claimPingUrl(records, first), claimPingUrl(records, second)])
    expect(claims).toEqual([true, false])
    expect(await claimPingUrl(records, first)).toBe(true)
    expect(await claimPingUrl(records, { ...second, postId: '8' })).toBe(true)
  })

  it('a post announced earlier never replaces the same announced later', async () => {
    const { records } = create()
    expect(await keepPost(records, '7', post)).toBe(true)
    expect(await keepPost(records, '7', { ...post, at: 999 })).toBe(false)
    expect(await keepPost(records, '7', { ...post, version: 'v2' })).toBe(true)
    expect(await readPost(records, '7')).toMatchObject({ at: 1000, version: 'v2' })
  })

  it('are reported all, in the order in which they were found, and of one post only', async () => {
    const { records } = create()
    expect(await reportOf(records, '7')).toBe(null)
    await keepPost(records, '7', post)
    const targets = Array.from({ length: 1001 }, (_, n) => `http://a.example/${n}`)
    for (const [n, url] of targets.entries()) {
      await writeDelivery(records, newDelivery('7', { ...page, url }, n), 0)
    }
    for (const id of ['77', '7 ', '7"', '"7"', '']) await writeDelivery(records, newDelivery(id, page, 1), 0)
    const report = await reportOf(records, '7')
    expect(report?.announcedAt).toBe(1000)
    expect(report?.deliveries.map(({ target }) => target)).toEqual(targets)
  })

  it('tell apart any two post ids', async () => {
    const ids = fc.uniqueArray(fc.string({ unit: 'binary' }), { minLength: 2, maxLength: 4 })
    await fc.assert(
      fc.asyncProperty(ids, async (postIds) => {
        const { records } = create()
        for (const id of postIds) expect(await writeDelivery(records, newDelivery(id, page, 1), 0)).toBe(true)
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
