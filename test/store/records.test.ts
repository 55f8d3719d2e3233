import { describe, expect, it } from 'vitest'
import { openSqlite } from '../../src/sql/sqlite/open.js'
import { createMemoryStore } from '../../src/store/memory/store.js'
import { changeRecord, listAll, readRecord } from '../../src/store/records.js'

describe.each([
  ['memory', createMemoryStore],
  ['SQLite', () => openSqlite(':memory:')],
])('changeRecord in %s', (_, create) => {
  it('loses no change of many at once', async () => {
    const { records } = create()
    const add = () => changeRecord<number>(records, 'n', 'key', (value) => (value ?? 0) + 1)
    await Promise.all(Array.from({ length: 20 }, add))
    expect((await readRecord<number>(records, 'n', 'key'))?.value).toBe(20)
  })

  it('leaves the record where there is nothing to change', async () => {
    const { records } = create()
    expect(await changeRecord<string>(records, 's', 'key', () => null)).toBe(null)
    expect(await readRecord(records, 's', 'key')).toBe(null)
    await changeRecord<string>(records, 's', 'key', () => '日本\0\ud800')
    await changeRecord<string>(records, 's', 'key', () => null)
    expect(await readRecord(records, 's', 'key')).toEqual({ value: '日本\0\ud800', revision: 1 })
  })

  it('lists all values of a prefix past the size of a page, or as many as are wanted', async () => {
    const { records } = create()
    const numbers = Array.from({ length: 1203 }, (_, index) => index)
    for (const number of numbers)
      await records.put('n', `a/${String(number).padStart(4, '0')}`, `${number}`, 0)
    await records.put('n', 'b', '-1', 0)
    expect(await listAll(records, 'n', 'a/')).toEqual(numbers)
    expect(await listAll(records, 'n')).toEqual([...numbers, -1])
    expect(await listAll(records, 'n', 'a/', 700)).toEqual(numbers.slice(0, 700))
    expect(await listAll(records, 'n', 'none')).toEqual([])
  })
})
