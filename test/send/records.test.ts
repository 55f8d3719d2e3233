import { describe, expect, it } from 'vitest'
import { changeRecord, readRecord } from '../../src/send/records.js'
import { createMemoryStore } from '../../src/store/memory.js'
import { openSqlite } from '../../src/store/open-sqlite.js'

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
})
