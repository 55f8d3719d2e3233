import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { SqliteConnection } from '../../../src/sql/sqlite/database.js'
import { openSqlite } from '../../../src/sql/sqlite/open.js'
import { migrateSqlite, sqliteMigrations, sqliteTables } from '../../../src/sql/sqlite/schema.js'
import { createSqliteStore } from '../../../src/sql/sqlite/store.js'
import { sampleTrackback } from '../../../src/testing/sample.js'
import { nextSqliteMigrations, nextVersion } from '../../support/next-schema.js'
import { type SqliteClass, sqliteDrivers } from '../../support/sqlite-drivers.js'
import { type StoreProcesses, startStoreProcesses } from '../../support/store-processes.js'

const folder = mkdtempSync(join(tmpdir(), 'trackbacks-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

let files = 0
function newFile(): string {
  files += 1
  return join(folder, `${files}.db`)
}

const tables = sqliteTables()
const titles = ['one', 'two', 'three']

/** A file of this release, with a trackback of each title. */
async function fileOfNow(): Promise<string> {
  const file = newFile()
  const store = openSqlite(file)
  for (const title of titles)
    await store.add(sampleTrackback({ url: `https://blog.example/${title}`, title }))
  await store.close()
  return file
}

const notes = (database: SqliteConnection) =>
  database
    .prepare(`SELECT note FROM ${tables.received} ORDER BY id`)
    .all()
    .map((row) => ({ ...(row as object) }))
const versions = (database: SqliteConnection) =>
  database
    .prepare(`SELECT version FROM ${tables.schema}`)
    .all()
    .map((row) => ({ ...(row as object) }))
const fromTitles = titles.map((title) => ({ note: `from ${title}` }))

const drivers = sqliteDrivers.flatMap(([name, Driver]) => (Driver ? [[name, Driver] as const] : []))

describe.each(drivers)('migrateSqlite on %s', (_, Driver: SqliteClass) => {
  const open = (file: string) => new Driver(file) as unknown as SqliteConnection

  it('makes the tables of a new file, in the newest version', () => {
    const database = open(newFile())
    migrateSqlite(database, tables)
    expect(versions(database)).toEqual([{ version: nextVersion - 1 }])
    database.close()
  })

  it('brings a file of the version before up to date once, with all that it holds', async () => {
    const database = open(await fileOfNow())
    for (let start = 0; start < 3; start += 1) migrateSqlite(database, tables, nextSqliteMigrations())
    expect(notes(database)).toEqual(fromTitles)
    expect(versions(database)).toEqual([{ version: nextVersion }])
    database.close()
  })

  it('leaves tables of a version that no release had as they are, with an error', () => {
    const database = open(newFile())
    database.exec(`CREATE TABLE ${tables.schema} (version INTEGER NOT NULL)`)
    database.exec(`INSERT INTO ${tables.schema} VALUES (2)`)
    database.exec(`CREATE TABLE ${tables.received} (id INTEGER, note TEXT)`)
    expect(() => migrateSqlite(database, tables)).toThrow('already exists')
    expect(versions(database)).toEqual([{ version: 2 }])
    expect(notes(database)).toEqual([])
    database.close()
  })

  it('leaves the file as it is where a migration fails, and goes on where it was once it does not', async () => {
    const database = open(await fileOfNow())
    const [last = ''] = nextSqliteMigrations().slice(-1)
    const failing = [...sqliteMigrations(tables), `${last} no SQL`]
    expect(() => migrateSqlite(database, tables, failing)).toThrow('syntax error')
    expect(() => notes(database)).toThrow('no such column')
    const store = createSqliteStore(database)
    expect(await store.count({})).toBe(3)
    migrateSqlite(database, tables, nextSqliteMigrations())
    expect(notes(database)).toEqual(fromTitles)
    database.close()
  })

  it('refuses, as the release before, a file that was brought up to date, and changes nothing', async () => {
    const database = open(await fileOfNow())
    migrateSqlite(database, tables, nextSqliteMigrations())
    const message = `version ${nextVersion}; this release knows ${nextVersion - 1}`
    expect(() => createSqliteStore(database)).toThrow(message)
    expect(versions(database)).toEqual([{ version: nextVersion }])
    database.close()
  })

  it('has nothing left to do where the published statements were run by hand', async () => {
    const database = open(newFile())
    for (const statements of sqliteMigrations(tables)) database.exec(statements)
    const store = createSqliteStore(database)
    expect((await store.add(sampleTrackback())).outcome).toBe('added')
    database.close()
  })

  it('finds its tables by whatever case their prefix is written in, as SQLite does', () => {
    const database = open(newFile())
    for (const prefix of ['tb_', 'TB_']) migrateSqlite(database, sqliteTables(prefix))
    database.close()
  })
})

describe('migrateSqlite', () => {
  let processes: StoreProcesses
  beforeAll(async () => {
    processes = await startStoreProcesses(8)
  }, 60_000)
  afterAll(() => processes.stop())

  it('brings a file up to date once when 8 processes start at once, and none of them fails', async () => {
    for (let round = 0; round < 5; round += 1) {
      const file = await fileOfNow()
      expect(await processes.upgrade(file)).toEqual(Array<string>(8).fill('upgraded'))
      const [[, Driver] = []] = drivers
      if (!Driver) throw new Error('no SQLite driver')
      const database = new Driver(file) as unknown as SqliteConnection
      expect(notes(database)).toEqual(fromTitles)
      expect(versions(database)).toEqual([{ version: nextVersion }])
      database.close()
    }
  })
})
