import { describe, expect, it } from 'vitest'
import {
  type AsyncSqliteClient,
  createAsyncSqliteStore,
  type SqliteBatchStatement,
} from '../../../src/sql/sqlite/async-store.js'
import type { SqliteConnection } from '../../../src/sql/sqlite/database.js'
import { sqliteMigrations, sqliteTables } from '../../../src/sql/sqlite/schema.js'
import { createSqliteStore } from '../../../src/sql/sqlite/store.js'
import type { NewJob } from '../../../src/store/store.js'
import { sampleTrackback } from '../../../src/testing/sample.js'
import { testStore } from '../../../src/testing/store.js'
import { nextVersion } from '../../support/next-schema.js'
import { type SqliteClass, sqliteDrivers } from '../../support/sqlite-drivers.js'

const everything = { kind: 'verify', now: 10, lease: 100, limit: 10, perGroup: 10 }

function verifyJob(key: string): NewJob {
  return { kind: 'verify', key, group: 'blog.example', payload: '', runAt: 5 }
}

for (const [name, Driver] of sqliteDrivers) {
  if (!Driver) {
    describe.skip(`createAsyncSqliteStore over ${name} (not on this machine)`, () => it('skipped', () => {}))
    continue
  }
  describe(`createAsyncSqliteStore over ${name}`, () => testDriver(Driver))
}

function testDriver(Driver: SqliteClass): void {
  const open = () => new Driver(':memory:') as unknown as SqliteConnection

  function openWithTables(prefix?: string): SqliteConnection {
    const database = open()
    for (const statements of sqliteMigrations(sqliteTables(prefix))) database.exec(statements)
    return database
  }

  testStore(it, () => createAsyncSqliteStore(clientOf(openWithTables())))

  it('keeps a ping and its job together, or neither', async () => {
    const database = openWithTables()
    const store = createAsyncSqliteStore(clientOf(database))
    database.exec('ALTER TABLE trackbacks_jobs RENAME TO away')
    await expect(store.add(sampleTrackback(), verifyJob('a'))).rejects.toThrow('no such table')
    database.exec('ALTER TABLE away RENAME TO trackbacks_jobs')
    expect(await store.count({})).toBe(0)
    expect(await store.add(sampleTrackback(), verifyJob('a'))).toEqual({ outcome: 'added', id: '1' })
    expect(await store.jobs.claim(everything)).toHaveLength(1)
  })

  it('adds a job only with what was added or replaced, whatever its state', async () => {
    const store = createAsyncSqliteStore(clientOf(openWithTables()))
    for (const state of ['unverified', 'published'] as const) {
      const trackback = sampleTrackback({ postId: state, state })
      await store.add(trackback, verifyJob(`${state} once`))
      await store.add(trackback, verifyJob(`${state} twice`))
    }
    const keys = (await store.jobs.claim(everything)).map(({ key }) => key)
    expect(keys).toEqual(['unverified once', 'unverified twice', 'published once'])
  })

  it('asks its client for no more than text, numbers and null in the places of question marks', async () => {
    const statements: SqliteBatchStatement[] = []
    const client = clientOf(openWithTables())
    const store = createAsyncSqliteStore({
      batch(batch) {
        statements.push(...batch)
        return client.batch(batch)
      },
    })
    await store.add(sampleTrackback({ receivedAt: 5.4 }), verifyJob('a'))
    await store.list({ text: 'blog' })
    await store.records.put('k', 'a', 'x', null)
    await store.jobs.claim({ ...everything, now: 10.4 })
    for (const { sql, values } of statements) {
      expect([sql, sql.split('?').length - 1]).toEqual([sql, values.length])
      expect(sql).not.toMatch(/\$\d|TRUE|FALSE|strpos/)
      for (const value of values) {
        expect(typeof value === 'string' || value === null || Number.isInteger(value)).toBe(true)
      }
    }
  })

  it('works in the tables of a store that has the database to itself, with all that they hold', async () => {
    const database = open()
    const before = createSqliteStore(database, { tablePrefix: 'tb_' })
    await before.add(sampleTrackback(), verifyJob('a'))
    const store = createAsyncSqliteStore(clientOf(database), { tablePrefix: 'tb_' })
    expect((await store.find('18521/60408081', 'https://blog.example/entry'))?.blogName).toBe('日記')
    expect(await store.jobs.claim(everything)).toHaveLength(1)
  })

  it('rejects where there are no tables, or those of another version, until they are right', async () => {
    const database = open()
    const store = createAsyncSqliteStore(clientOf(database))
    await expect(store.add(sampleTrackback())).rejects.toThrow('no such table')
    for (const statements of sqliteMigrations(sqliteTables())) database.exec(statements)
    const needed = nextVersion - 1
    for (const version of [needed - 1, needed + 1]) {
      database.exec(`UPDATE trackbacks_schema SET version = ${version}`)
      await expect(store.add(sampleTrackback())).rejects.toThrow(
        `have version ${version}; this release needs ${needed}`,
      )
    }
    database.exec(`UPDATE trackbacks_schema SET version = ${needed}`)
    expect((await store.add(sampleTrackback())).outcome).toBe('added')
  })

  it('ends only after what was added before is durable', async () => {
    const database = openWithTables()
    const store = createAsyncSqliteStore(clientOf(database))
    const events: string[] = []
    const adding = store.add(sampleTrackback()).then(() => events.push('added'))
    await store.close()
    events.push('closed')
    await adding
    expect(events).toEqual(['added', 'closed'])
  })
}

describe('createAsyncSqliteStore', () => {
  it('refuses a table prefix that is more than a name', () => {
    const client: AsyncSqliteClient = { batch: async () => [] }
    for (const tablePrefix of ['', 'a b', 'x;DROP', '1x', 'x'.repeat(50)]) {
      expect(() => createAsyncSqliteStore(client, { tablePrefix })).toThrow(TypeError)
    }
  })
})

/** A client as an author writes it: it answers later, and many batches are under way at once. */
function clientOf(database: SqliteConnection): AsyncSqliteClient {
  return {
    async batch(statements) {
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 2))
      database.exec('BEGIN')
      try {
        const rows = statements.map(({ sql, values }) => database.prepare(sql).all(...values))
        database.exec('COMMIT')
        return rows
      } catch (error) {
        database.exec('ROLLBACK')
        throw error
      }
    },
  }
}
