import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { sampleTrackback, testStore } from '../../src/store/contract.js'
import { createSqliteStore } from '../../src/store/sqlite.js'
import type { SqliteConnection, SqliteDatabase } from '../../src/store/sqlite-database.js'
import { sqliteDrivers } from '../support/sqlite-drivers.js'

const folder = mkdtempSync(join(tmpdir(), 'trackbacks-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

let files = 0
function newFile(): string {
  files += 1
  return join(folder, `${files}.db`)
}

for (const [name, Driver] of sqliteDrivers) {
  if (!Driver) {
    describe.skip(`createSqliteStore on ${name} (not on this machine)`, () => it('skipped', () => {}))
    continue
  }
  describe(`createSqliteStore on ${name}`, () => {
    testStore(it, () => createSqliteStore(new Driver(newFile())))

    it('keeps two blogs apart by their table prefixes in one database', async () => {
      const file = newFile()
      const first = createSqliteStore(new Driver(file), { tablePrefix: 'one_' })
      const second = createSqliteStore(new Driver(file), { tablePrefix: 'two_' })
      await first.add(sampleTrackback())
      expect([await first.count({}), await second.count({})]).toEqual([1, 0])
      await first.close()
      await second.close()
    })

    it('finds what was kept when the file is opened again', async () => {
      const file = newFile()
      const before = createSqliteStore(new Driver(file))
      await before.add(sampleTrackback())
      await before.close()
      const after = createSqliteStore(new Driver(file))
      expect(await after.find('18521/60408081', 'https://blog.example/entry')).toMatchObject({
        blogName: '日記',
      })
      await after.close()
    })

    it('keeps what was added before it is closed', async () => {
      const file = newFile()
      const store = createSqliteStore(new Driver(file))
      const adding = store.add(sampleTrackback())
      await store.close()
      expect((await adding).outcome).toBe('added')
      const again = createSqliteStore(new Driver(file))
      expect(await again.count({})).toBe(1)
      await again.close()
    })

    it('waits for locks on a database of the engine for as long as it is told', () => {
      const database = new Driver(newFile())
      createSqliteStore(database, { busyTimeout: 1234 })
      const [row] = (database as unknown as SqliteConnection).prepare('PRAGMA busy_timeout').all()
      expect(Object.values(row as object)).toEqual([1234])
      database.close()
    })

    it('refuses tables of a newer version, and changes nothing', () => {
      const file = newFile()
      const database = new Driver(file)
      database.exec('CREATE TABLE trackbacks_schema (version INTEGER NOT NULL)')
      database.exec('INSERT INTO trackbacks_schema (version) VALUES (99)')
      expect(() => createSqliteStore(database)).toThrow(/version 99/)
      database.close()
    })

    it('rejects an addition that could not be committed, and goes on with the next', async () => {
      const file = newFile()
      const store = createSqliteStore(new Driver(file))
      const other = new Driver(file)
      other.exec('ALTER TABLE trackbacks_received RENAME TO away')
      await expect(store.add(sampleTrackback())).rejects.toThrow()
      other.exec('ALTER TABLE away RENAME TO trackbacks_received')
      expect((await store.add(sampleTrackback())).outcome).toBe('added')
      other.close()
      await store.close()
    })
  })
}

describe('createSqliteStore', () => {
  it('refuses a table prefix that is more than a name', () => {
    const database = {} as SqliteDatabase
    for (const tablePrefix of ['', 'a b', 'x;DROP', '1x', 'x'.repeat(50)]) {
      expect(() => createSqliteStore(database, { tablePrefix })).toThrow(TypeError)
    }
  })
})
