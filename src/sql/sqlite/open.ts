import { statSync } from 'node:fs'
import { TrackbackError } from '../../base/errors.js'
import type { Store } from '../../store/store.js'
import type { SqliteConnection, SqliteDatabase } from './database.js'
import { sqliteTables } from './schema.js'
import { busyTimeoutOf, createSqliteStore, type SqliteStoreOptions } from './store.js'

type DatabaseClass = new (path: string) => SqliteDatabase

/** The drivers in the order in which they are tried, and where each keeps its class. */
const drivers: readonly (readonly [name: string, classOf: (module: never) => DatabaseClass])[] = [
  ['bun:sqlite', (module: { Database: DatabaseClass }) => module.Database],
  ['node:sqlite', (module: { DatabaseSync: DatabaseClass }) => module.DatabaseSync],
  ['better-sqlite3', (module: DatabaseClass) => module],
  ['libsql', (module: DatabaseClass) => module],
]

/**
 * Opens a store in a SQLite file, which is made where there is none, with the first driver there is: `bun:sqlite`,
 * `node:sqlite` (Node 22.13 and later: nothing to install), `better-sqlite3`, `libsql`. The file is in WAL mode with
 * `synchronous=FULL`, so that what was accepted survives a power failure; several processes may have it open.
 *
 * Throws a `TrackbackError` `NO_SQLITE` that names the command to run if there is no driver, and what the driver
 * throws if the file cannot be opened. Drivers are loaded by name at run time: a tool that traces files (Next's
 * `standalone`) does not see `libsql`. There, import the driver and pass an open database to `createSqliteStore`.
 *
 * ```ts
 * const store = openSqlite('trackbacks.db')
 * ```
 */
export function openSqlite(path: string, options?: SqliteStoreOptions): Store {
  // Without a name, drivers open a file that is deleted when it is closed.
  if (typeof path !== 'string' || path === '') throw new TypeError("openSqlite needs a path: 'trackbacks.db'")
  return ownSqliteStore(openDatabase(path), options)
}

/**
 * Opens the store in a SQLite file that has one; `null` where there is no such file, or it is none of ours, which is then
 * left as it is. Throws an `Error` if its tables have another prefix, and otherwise as `openSqlite` does.
 */
export function openExistingSqlite(path: string, options?: SqliteStoreOptions): Store | null {
  if (!statSync(path, { throwIfNoEntry: false })?.isFile()) return null
  const { schema } = sqliteTables(options?.tablePrefix)
  const database = openDatabase(path)
  let isOurs = false
  try {
    const prefixes = prefixesIn(database)
    isOurs = prefixes.some((prefix) => `${prefix}schema` === schema)
    if (!isOurs && prefixes.length > 0)
      throw new Error(`its tables have another prefix: ${prefixes.join(', ')}`)
  } finally {
    if (!isOurs) database.close()
  }
  return isOurs ? ownSqliteStore(database, options) : null
}

/** A store that has a database to itself: sets it up as `openSqlite` says, and closes it, also where it cannot be a store. */
export function ownSqliteStore(database: SqliteDatabase, options?: SqliteStoreOptions): Store {
  let isOpen = true
  function end(): void {
    if (isOpen) database.close()
    isOpen = false
  }
  try {
    const timeout = busyTimeoutOf(options)
    database.exec(`PRAGMA busy_timeout = ${timeout}`)
    changeToWal(database, timeout)
    database.exec('PRAGMA synchronous = FULL')
    // Fewer, larger checkpoints: each one costs a sync of the whole file between two pings.
    database.exec('PRAGMA wal_autocheckpoint = 20000')
    const store = createSqliteStore(database, options)
    return { ...store, close: () => store.close().then(end) }
  } catch (error) {
    end()
    throw error
  }
}

/** Tries again for itself: this is the one statement for which SQLite does not wait while others open the same new file. */
function changeToWal(database: SqliteDatabase, timeout: number): void {
  const deadline = performance.now() + timeout
  for (;;) {
    try {
      database.exec('PRAGMA journal_mode = WAL')
      return
    } catch (error) {
      if (!String(error).includes('database is locked') || performance.now() > deadline) throw error
      // Sleeps.
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1 + Math.random() * 20)
    }
  }
}

/** Whether an error has SQLite's own words: codes differ between the drivers, and Deno's have none. */
const prefixListing = `SELECT substr(s.name, 1, length(s.name) - 6) AS prefix
  FROM sqlite_master s JOIN sqlite_master r ON r.name = substr(s.name, 1, length(s.name) - 6) || 'received'
  WHERE s.name LIKE '%schema'`

/** The prefixes of the stores in a database. */
function prefixesIn(database: SqliteDatabase): string[] {
  try {
    const list = (database as unknown as SqliteConnection).prepare(prefixListing).all()
    return (list as { prefix: string }[]).map(({ prefix }) => prefix)
  } catch (error) {
    if (String(error).includes('file is not a database')) return []
    throw error
  }
}

const noDriver =
  'No SQLite driver was found. Run: npm install libsql. If a driver is installed but a bundler left it out, ' +
  'open the database yourself: createSqliteStore(new Database(path))'

function openDatabase(path: string): SqliteDatabase {
  // Not an import of createRequire: webpack would resolve the drivers itself. A CommonJS bundle has no import.meta.url.
  const { createRequire } = process.getBuiltinModule('module')
  const require = createRequire(import.meta.url ?? `${process.cwd()}/`)
  for (const [name, classOf] of drivers) {
    const module = load(require, name)
    if (module !== undefined) return new (classOf(module as never))(path)
  }
  throw new TrackbackError('NO_SQLITE', noDriver)
}

function load(require: NodeJS.Require, name: string): unknown {
  // libsql has Node write a report, for which the names of all open connections are looked up: it can take 15 seconds.
  const report = (process.report ?? {}) as { excludeNetwork?: boolean }
  const { excludeNetwork = false } = report
  report.excludeNetwork = true
  try {
    return require(name)
  } catch (error) {
    const { code } = error as { code?: string }
    if (code === 'MODULE_NOT_FOUND' || code === 'ERR_UNKNOWN_BUILTIN_MODULE') return undefined
    throw error
  } finally {
    report.excludeNetwork = excludeNetwork
  }
}
