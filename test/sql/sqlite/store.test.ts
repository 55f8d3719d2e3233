import { mkdtempSync, renameSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import type { SqliteConnection, SqliteDatabase } from '../../../src/sql/sqlite/database.js'
import { createSqliteStore } from '../../../src/sql/sqlite/store.js'
import { sampleTrackback } from '../../../src/testing/sample.js'
import { testStore } from '../../../src/testing/store.js'
import { receiverWith, send } from '../../receive/support.js'
import { sqliteDrivers } from '../../support/sqlite-drivers.js'

const folder = mkdtempSync(join(tmpdir(), 'trackbacks-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const verifyJob = { kind: 'verify', key: 'a', group: 'blog.example', payload: '', runAt: 5 }

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

    it('lets others have their turn while many statements follow on each other', async () => {
      const store = createSqliteStore(new Driver(newFile()))
      let turns = 0
      let next = setImmediate(function count() {
        turns += 1
        next = setImmediate(count)
      })
      for (let index = 0; index < 1000; index += 1)
        await store.records.put('kind', `key ${index}`, 'value', null)
      clearImmediate(next)
      expect(turns).toBeGreaterThan(1)
      await store.close()
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

    it.each(['BEGIN', 'BEGIN IMMEDIATE', 'SAVEPOINT engine'])(
      'refuses a ping, and keeps nothing of it, while the engine has a transaction open: %s',
      async (begin) => {
        const database = new Driver(newFile())
        const receiver = receiverWith({
          store: createSqliteStore(database),
          worker: false,
          onError: () => {},
        })
        database.exec(begin)
        expect((await send(receiver)).status).toBe(500)
        database.exec('ROLLBACK')
        expect(await receiver.store.count({})).toBe(0)
        expect((await send(receiver)).status).toBe(200)
        expect(await receiver.store.count({})).toBe(1)
      },
    )

    it.each([
      ['was deleted', (file: string) => rmSync(file)],
      ['was replaced by another', (file: string) => renameSync(fileOfAStore(), file)],
      ['was moved away', (file: string) => renameSync(file, newFile())],
    ])(
      'refuses pings within a second after its file %s, each with an error, until it is opened again',
      async (_, harm) => {
        const file = newFile()
        const errors: unknown[] = []
        const receiver = receiverWith({
          ...{ store: createSqliteStore(new Driver(file)), worker: false },
          onError: (error) => errors.push(error),
        })
        const pingOf = async (name: string) =>
          (await send(receiver, undefined, `url=http://a.example/${name}`)).status
        await new Promise((resolve) => setTimeout(resolve, 1001))
        expect(await pingOf('before')).toBe(200)
        harm(file)
        await new Promise((resolve) => setTimeout(resolve, 1001))
        expect([await pingOf('1'), await pingOf('2'), await pingOf('3')]).toEqual([500, 500, 500])
        expect(errors.join('\n')).toContain(`${file} was deleted or replaced`)
        const again = receiverWith({ store: createSqliteStore(new Driver(file)), worker: false })
        expect((await send(again)).status).toBe(200)
      },
    )

    const fileOfAStore = (): string => {
      const file = newFile()
      new Driver(file).exec('CREATE TABLE other (id INTEGER)')
      return file
    }

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

    it('goes on after each kind of change that found the file locked', async () => {
      const file = newFile()
      const store = createSqliteStore(new Driver(file), { busyTimeout: 1 })
      const other = new Driver(file)
      const { id = '' } = await store.add(sampleTrackback(), verifyJob)
      const change = { state: 'held', verification: null, checks: [], history: [] } as const
      const claim = { kind: 'verify', now: 10, lease: 100, limit: 10, perGroup: 10 }
      const changes: readonly (() => Promise<unknown>)[] = [
        () => store.add(sampleTrackback({ postId: 'other' })),
        () => store.update(id, 1, change),
        () => store.forgetClientIps(Date.now()),
        () => store.jobs.add({ ...verifyJob, key: 'other' }),
        () => store.jobs.claim(claim),
        () => store.jobs.finish({ id: '1', attempts: 1 }),
        () => store.records.put('k', 'a', 'x', null),
        () => store.records.count('n', [{ key: 'a', amount: 1 }], Date.now() + 60_000),
        () => store.records.sweep(Date.now()),
      ]
      for (const make of changes) {
        other.exec('BEGIN IMMEDIATE')
        await expect(make()).rejects.toThrow('database is locked')
        other.exec('ROLLBACK')
        const { outcome, id: added = '' } = await store.add(sampleTrackback({ postId: String(make) }))
        expect([String(make), outcome]).toEqual([String(make), 'added'])
        const seen = createSqliteStore(new Driver(file))
        expect((await seen.get(added))?.postId).toBe(String(make))
        await make()
      }
      other.close()
      await store.close()
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
