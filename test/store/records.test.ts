import { describe, expect, it } from 'vitest'
import { openSqlite } from '../../src/sql/sqlite/open.js'
import { createMemoryStore } from '../../src/store/memory/store.js'
import { createJsonRecords } from '../../src/store/records.js'

describe.each([
  ['memory', createMemoryStore],
  ['SQLite', () => openSqlite(':memory:')],
])('createJsonRecords in %s', (_, create) => {
  it('loses no change of many at once', async () => {
    const numbers = createJsonRecords<number>(create().records, 'n')
    const add = () => numbers.change('key', (value) => (value ?? 0) + 1)
    await Promise.all(Array.from({ length: 20 }, add))
    expect((await numbers.read('key'))?.value).toBe(20)
  })

  it('leaves the record where there is nothing to change', async () => {
    const strings = createJsonRecords<string>(create().records, 's')
    expect(await strings.change('key', () => null)).toBe(null)
    expect(await strings.read('key')).toBe(null)
    await strings.change('key', () => '日本\0\ud800')
    await strings.change('key', () => null)
    expect(await strings.read('key')).toEqual({ value: '日本\0\ud800', revision: 1 })
  })

  it('lists all values of a prefix past the size of a page, or as many as are wanted', async () => {
    const { records } = create()
    const numbers = Array.from({ length: 1203 }, (_, index) => index)
    for (const number of numbers)
      await records.put('n', `a/${String(number).padStart(4, '0')}`, `${number}`, 0)
    await records.put('n', 'b', '-1', 0)
    const { list } = createJsonRecords<number>(records, 'n')
    expect(await list('a/')).toEqual(numbers)
    expect(await list()).toEqual([...numbers, -1])
    expect(await list('a/', 700)).toEqual(numbers.slice(0, 700))
    expect(await list('none')).toEqual([])
  })
})
