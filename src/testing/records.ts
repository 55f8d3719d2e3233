import { deepStrictEqual as equal } from 'node:assert'
import { eachOf } from '../store/page.js'
import type { RecordStore } from '../store/store.js'
import { atOnce, longText, type StoreTest } from './sample.js'

const hour = 3_600_000

/** The keys with a prefix, from pages of this many. */
async function keysOf(records: RecordStore, prefix = '', limit = 50): Promise<string[]> {
  const keys: string[] = []
  const items = eachOf((after) => records.list('k', prefix, { limit, after }))
  for await (const { key } of items) keys.push(key)
  return keys
}

/** The contract of the records inside a store. */
export function testRecords(test: StoreTest): void {
  test('a record is read back, overwritten and removed', async ({ records }) => {
    equal(await records.get('k', 'a'), null)
    for (const [index, value] of ['{"text":"日本"}', 'second'].entries()) {
      equal(await records.put('k', 'a', value, null), true)
      equal(await records.get('k', 'a'), { key: 'a', value, revision: index + 1 })
    }
    equal(await records.get('other', 'a'), null)
    equal([await records.remove('k', 'a'), await records.remove('k', 'a')], [true, false])
  })

  test('of many who write a new record at once, or a revision, one does', async ({ records }) => {
    for (const revision of [0, 1]) {
      const written = await atOnce(20, (n) => records.put('k', 'a', `${n}`, revision))
      equal(written.filter(Boolean).length, 1)
    }
    equal((await records.get('k', 'a'))?.revision, 2)
    equal(await records.put('k', 'none', 'x', 1), false)
  })

  test('records are listed by prefix in the order of their keys, page by page', async ({ records }) => {
    for (const key of ['b/1', 'a/2', 'a/1', 'a/ｱ日本', 'a/%', 'a/_', 'a/𠮷', 'a'])
      await records.put('k', key, key, null)
    const keys = ['a/%', 'a/1', 'a/2', 'a/_', 'a/ｱ日本', 'a/𠮷']
    for (const limit of [50, 4]) equal(await keysOf(records, 'a/', limit), keys)
    equal((await keysOf(records)).length, 8)
  })

  test('keys may be long, whatever they hold, and differ in their last character only', async ({
    records,
  }) => {
    const keys = ['1', '2', '3'].map((end) => longText + end)
    for (const key of keys) equal(await records.put('k', key, key.slice(-1), 0), true)
    equal(await records.put('k', `${longText}2`, 'x', 0), false)
    equal((await records.get('k', `${longText}2`))?.value, '2')
    equal(await keysOf(records, longText, 2), keys)
    const counts = keys.map((key) => ({ key, amount: 1 }))
    equal(await records.count('n', counts, Date.now() + hour), [1, 1, 1])
    equal(await records.remove('k', `${longText}3`), true)
  })

  test('a record that has expired is as if it were not there, and is swept alone', async ({ records }) => {
    await records.put('k', 'a', 'x', null, Date.now() - 1)
    await records.put('k', 'b', 'x', null, Date.now() + hour)
    await records.put('k', 'c', 'x', null)
    equal(await records.get('k', 'a'), null)
    equal(await keysOf(records), ['b', 'c'])
    equal(await records.put('k', 'a', 'new', 0), true)
    equal((await records.get('k', 'a'))?.value, 'new')
    await records.count('n', [{ key: 'd', amount: 1 }], Date.now() + 2 * hour)
    equal(await records.sweep(Date.now() + 1.5 * hour), 1)
    equal(await keysOf(records), ['a', 'c'])
  })

  test('counters add up, also at once, and begin anew when they have expired', async ({ records }) => {
    const soon = Date.now() + hour
    const count = (amounts: Record<string, number>, expiresAt = soon): Promise<number[]> => {
      const counts = Object.entries(amounts).map(([key, amount]) => ({ key, amount }))
      return records.count('n', counts, expiresAt)
    }
    equal(await count({ a: 1, b: 10 }), [1, 10])
    await atOnce(20, () => count({ a: 1, b: 10 }))
    equal(await count({ b: 0, a: 0 }), [210, 21])
    equal(await count({ old: 7 }, Date.now() - 1), [7])
    equal(await count({ old: 1 }), [1])
  })
}
