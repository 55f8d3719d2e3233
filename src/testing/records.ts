import { deepStrictEqual as equal } from 'node:assert'
import type { StoredRecord } from '../store/store.js'
import type { StoreTest } from './sample.js'

const hour = 3_600_000
const keysOf = (records: readonly StoredRecord[]): string[] => records.map(({ key }) => key)

/** The contract of the records inside a store. */
export function testRecords(test: StoreTest): void {
  test('a record is read back, overwritten and removed', async ({ records }) => {
    equal(await records.get('k', 'a'), null)
    equal(await records.put('k', 'a', '{"text":"日本"}', null), true)
    equal(await records.get('k', 'a'), { key: 'a', value: '{"text":"日本"}', revision: 1 })
    equal(await records.put('k', 'a', 'second', null), true)
    equal(await records.get('k', 'a'), { key: 'a', value: 'second', revision: 2 })
    equal(await records.get('other', 'a'), null)
    equal([await records.remove('k', 'a'), await records.remove('k', 'a')], [true, false])
  })

  test('of many who write a new record at once, or a revision, one does', async ({ records }) => {
    for (const revision of [0, 1]) {
      const written = await Promise.all(
        Array.from({ length: 20 }, (_, n) => records.put('k', 'a', `${n}`, revision)),
      )
      equal(written.filter(Boolean).length, 1)
    }
    equal((await records.get('k', 'a'))?.revision, 2)
    equal(await records.put('k', 'none', 'x', 1), false)
  })

  test('records are listed by prefix in the order of their keys, page by page', async ({ records }) => {
    for (const key of ['b/1', 'a/2', 'a/1', 'a/日本', 'a/%', 'a/_', 'a/𠮷', 'a'])
      await records.put('k', key, key, null)
    const keys = ['a/%', 'a/1', 'a/2', 'a/_', 'a/日本', 'a/𠮷']
    equal(keysOf((await records.list('k', 'a/')).items), keys)
    const first = await records.list('k', 'a/', { limit: 4 })
    const second = await records.list('k', 'a/', { limit: 4, after: first.next })
    equal(keysOf([...first.items, ...second.items]), keys)
    equal(second.next, undefined)
    equal((await records.list('k', '')).items.length, 8)
  })

  test('keys may be long, whatever they hold, and differ in their last character only', async ({
    records,
  }) => {
    // No two characters in a row are the same, so that no database makes it short.
    const long = Array.from({ length: 1900 }, (_, n) =>
      String.fromCodePoint(0x4e00 + ((n * 7919) % 20_000)),
    ).join('')
    const keys = ['1', '2', '3'].map((end) => long + end)
    for (const key of keys) equal(await records.put('k', key, key.slice(-1), 0), true)
    equal(await records.put('k', `${long}2`, 'x', 0), false)
    equal((await records.get('k', `${long}2`))?.value, '2')
    const first = await records.list('k', long, { limit: 2 })
    const second = await records.list('k', long, { limit: 2, after: first.next })
    equal(keysOf([...first.items, ...second.items]), keys)
    equal(
      await records.count(
        'n',
        keys.map((key) => ({ key, amount: 1 })),
        Date.now() + hour,
      ),
      [1, 1, 1],
    )
    equal(await records.remove('k', `${long}3`), true)
  })

  test('a record that has expired is as if it were not there', async ({ records }) => {
    await records.put('k', 'a', 'x', null, Date.now() - 1)
    await records.put('k', 'b', 'x', null, Date.now() + hour)
    equal(await records.get('k', 'a'), null)
    equal(keysOf((await records.list('k', '')).items), ['b'])
    equal(await records.put('k', 'a', 'new', 0), true)
    equal((await records.get('k', 'a'))?.value, 'new')
  })

  test('counters add up, also at once, and begin anew when they have expired', async ({ records }) => {
    const expiresAt = Date.now() + hour
    const counts = [
      { key: 'a', amount: 1 },
      { key: 'b', amount: 10 },
    ]
    equal(await records.count('n', counts, expiresAt), [1, 10])
    await Promise.all(Array.from({ length: 20 }, () => records.count('n', counts, expiresAt)))
    equal(
      await records.count(
        'n',
        [
          { key: 'b', amount: 0 },
          { key: 'a', amount: 0 },
        ],
        expiresAt,
      ),
      [210, 21],
    )
    equal(await records.count('n', [{ key: 'old', amount: 7 }], Date.now() - 1), [7])
    equal(await records.count('n', [{ key: 'old', amount: 1 }], expiresAt), [1])
  })

  test('a sweep takes away what has expired, and nothing else', async ({ records }) => {
    await records.put('k', 'a', 'x', null, Date.now() + hour)
    await records.put('k', 'b', 'x', null)
    await records.count('n', [{ key: 'c', amount: 1 }], Date.now() + 2 * hour)
    equal(await records.sweep(Date.now() + 1.5 * hour), 1)
    equal([await records.get('k', 'a'), (await records.get('k', 'b'))?.value], [null, 'x'])
  })
}
