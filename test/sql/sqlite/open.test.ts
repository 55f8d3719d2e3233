import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { SqliteConnection, SqliteDatabase } from '../../../src/sql/sqlite/database.js'
import { openSqlite, ownSqliteStore } from '../../../src/sql/sqlite/open.js'
import { sqliteDrivers } from '../../support/sqlite-drivers.js'
import { type StoreProcesses, startStoreProcesses } from '../../support/store-processes.js'

const root = fileURLToPath(new URL('../../..', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'trackbacks-'))
let processes: StoreProcesses
beforeAll(async () => {
  processes = await startStoreProcesses(8)
}, 60_000)
afterAll(() => {
  processes.stop()
  rmSync(folder, { recursive: true, force: true })
})

const outcomes = ['added', ...Array<string>(7).fill('replaced')]

/** Bundles a file as an author's tool does, runs it, and returns what it prints. Drivers stay outside, in node_modules. */
async function runBundled(code: string): Promise<string> {
  const here = join(root, 'coverage/bundles')
  mkdirSync(here, { recursive: true })
  const outfile = join(here, `${process.pid}.cjs`)
  await build({
    stdin: { contents: code, resolveDir: join(root, 'src/sql/sqlite') },
    ...{ bundle: true, platform: 'node', format: 'cjs', outfile, logLevel: 'silent' },
  })
  return execFileSync(process.execPath, [outfile], {
    cwd: here,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  })
}

it('looks up no names of connections while libsql is loaded, which can hold up the process for seconds', async () => {
  const said = await runBundled(`
    import { openSqlite } from './open.js'
    const { getReport } = process.report
    const asked = []
    process.report.getReport = () => {
      asked.push(process.report.excludeNetwork)
      return getReport.call(process.report)
    }
    openSqlite(':memory:')
    console.log(asked.every(Boolean), process.report.excludeNetwork)`)
  expect(said.trim()).toBe('true false')
})

describe('openSqlite', () => {
  it('finds a driver in a CommonJS bundle, which has no import.meta.url', async () => {
    const code =
      "import { openSqlite } from './open.js'; openSqlite(':memory:').close().then(() => console.log('ok'))"
    expect(await runBundled(code)).toBe('ok\n')
  })

  it('makes a new file once when 8 processes open it at once, and none of them fails', async () => {
    for (let round = 0; round < 15; round += 1) {
      expect((await processes.add(join(folder, `new-${round}.db`))).sort()).toEqual(outcomes)
    }
  })

  it('leaves the file in WAL mode', async () => {
    const file = join(folder, 'wal.db')
    await openSqlite(file).close()
    const other = open(file)
    expect(settingOf(other, 'journal_mode')).toBe('wal')
    other.close()
  })

  it('waits for a file that another connection keeps locked, and says so when that takes too long', async () => {
    const file = join(folder, 'locked.db')
    const other = open(file)
    other.exec('BEGIN EXCLUSIVE')
    expect(() => openSqlite(file, { busyTimeout: 100 })).toThrow('database is locked')
    other.exec('ROLLBACK')
    other.close()
    await openSqlite(file).close()
  })

  it('refuses a time to wait that is none', () => {
    for (const busyTimeout of [0, -1, 1.5, Number.NaN]) {
      expect(() => openSqlite(join(folder, 'never.db'), { busyTimeout })).toThrow(TypeError)
    }
  })

  it('does what was asked of it before it is closed', async () => {
    for (let time = 0; time < 20; time += 1) {
      const store = openSqlite(join(folder, `closed-${time}.db`))
      await new Promise((resolve) => setTimeout(resolve, time))
      const writing = store.records.put('kind', 'key', 'value', null)
      const counting = store.count({})
      await store.close()
      expect([await writing, await counting]).toEqual([true, 0])
    }
  })

  it('closes its file once, and says CLOSED of what is asked afterwards, not what the driver says', async () => {
    const store = openSqlite(join(folder, 'closed.db'))
    await store.close()
    await store.close()
    await expect(store.list({})).rejects.toMatchObject({ name: 'TrackbackError', code: 'CLOSED' })
    await expect(store.records.sweep(0)).rejects.toMatchObject({ code: 'CLOSED' })
  })

  it('says what the driver says of a file that is no database, and leaves it as it is', () => {
    const file = join(folder, 'notes.txt')
    const text = 'What I wanted to write about.\n'.repeat(100)
    writeFileSync(file, text)
    expect(() => openSqlite(file)).toThrow('not a database')
    expect(readFileSync(file, 'utf8')).toBe(text)
  })
})

describe('ownSqliteStore', () => {
  for (const [name, Driver] of sqliteDrivers) {
    if (!Driver) continue
    it(`has each commit reach the disk, and waits for locks as long as it is told, on ${name}`, async () => {
      const database = new Driver(join(folder, `own-${name.replace(/\W/g, '-')}.db`))
      for (const setting of ['synchronous = OFF', 'busy_timeout = 1']) database.exec(`PRAGMA ${setting}`)
      const store = ownSqliteStore(database, { busyTimeout: 1234 })
      const settings = ['journal_mode', 'synchronous', 'busy_timeout']
      const full = 2
      expect(settings.map((setting) => settingOf(database, setting))).toEqual(['wal', full, 1234])
      ownSqliteStore(database)
      expect(settingOf(database, 'busy_timeout')).toBe(5000)
      await store.close()
    })
  }
})

function settingOf(database: SqliteDatabase, name: string): unknown {
  const [row] = (database as unknown as SqliteConnection).prepare(`PRAGMA ${name}`).all()
  return Object.values(row as object)[0]
}

/** A connection of its own, on the first driver that there is. */
function open(file: string): SqliteDatabase {
  const [Database] = sqliteDrivers.flatMap(([, driver]) => driver ?? [])
  if (!Database) throw new Error('no SQLite driver')
  return new Database(file)
}
