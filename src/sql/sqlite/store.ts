import { positiveInteger } from '../../base/limits.js'
import { optionCheck } from '../../base/options.js'
import { turnOfOthers } from '../../base/waiting.js'
import type { Store } from '../../store/store.js'
import { createAdditions } from '../additions.js'
import { createSqlStore } from '../store.js'
import { createWrite } from './additions.js'
import { inTransaction, type SqliteConnection, type SqliteDatabase } from './database.js'
import { type RunSqlite, sqliteDialect } from './dialect.js'
import { createFileGuard } from './file.js'
import { migrateSqlite, sqliteTables } from './schema.js'

/** Options of `createSqliteStore` and `openSqlite`. */
export interface SqliteStoreOptions {
  /** What the names of the tables begin with: letters, digits, underscores. @default 'trackbacks_' */
  readonly tablePrefix?: string | undefined
  /**
   * How long a statement waits for the locks of other processes before it fails, in milliseconds; the event loop stands
   * still meanwhile, as it does for every statement. @default 5000
   */
  readonly busyTimeout?: number | undefined
}

const checkOptions = optionCheck('options of the store', { string: 'tablePrefix', any: 'busyTimeout' })

/** The time in milliseconds, checked: SQLite takes anything, and no number as none. */
export function busyTimeoutOf(options: SqliteStoreOptions = {}): number {
  checkOptions(options)
  return positiveInteger(options.busyTimeout, 5000, 'busyTimeout')
}

/**
 * A store in a SQLite database that the blog engine has open already; makes its tables on the first use. Pings that
 * come at once share one transaction, and each is answered after its commit. How durable a commit is, is the
 * database's own setting: `openSqlite` sets WAL and `synchronous=FULL`. Throws what the driver throws.
 *
 * Give it a connection of its own, to the same file. On the connection that the engine itself uses, a transaction of the
 * engine holds what the store writes meanwhile, and its rollback undoes that. A ping is refused with an error while such a
 * transaction is open, and not acknowledged; a decision of the author is not.
 *
 * ```ts
 * const store = createSqliteStore(new DatabaseSync('blog.db'))
 * ```
 */
export function createSqliteStore(driver: SqliteDatabase, options: SqliteStoreOptions = {}): Store {
  const database = driver as unknown as SqliteConnection
  const tables = sqliteTables(options.tablePrefix)
  database.exec(`PRAGMA busy_timeout = ${busyTimeoutOf(options)}`)
  migrateSqlite(database, tables)
  const sql = sqliteDialect(runnerOf(database), tables)
  const write = createWrite(database, tables)
  const checkFile = createFileGuard(database)
  const additions = createAdditions({
    maxRows: Number.POSITIVE_INFINITY,
    maxWrites: 1,
    async write(rows) {
      checkFile()
      return inTransaction(database, () => write(rows))
    },
  })
  return createSqlStore(sql, additions)
}

/**
 * Runs one statement after the other, with turns for others between them; there are few, so each is prepared only once.
 * What writes takes the lock first: libsql leaves a statement open that finds the lock taken, and nothing can be committed
 * beside it.
 */
function runnerOf(database: SqliteConnection): RunSqlite {
  const prepared = new Map<string, ReturnType<typeof database.prepare>>()
  return async (sql, values) => {
    await turnOfOthers()
    const statement = prepared.get(sql) ?? database.prepare(sql)
    prepared.set(sql, statement)
    const run = (): unknown[] => statement.all(...values)
    return sql.startsWith('SELECT') ? run() : inTransaction(database, run)
  }
}
