import { once } from '../../base/waiting.js'
import type { Store } from '../../store/store.js'
import { fromJob, fromTrackback, toAddition } from '../row.js'
import { versionAfter } from '../schema.js'
import { type Columns, checkTableOptions, type SqlValue, type Tables } from '../sql.js'
import { createSqlStore } from '../store.js'
import { jobInsertion, trackbackInsertion } from './additions.js'
import { sqliteDialect } from './dialect.js'
import { sqliteMigrations, sqliteTables, versionError } from './schema.js'

/** A statement with `?` for each of its values: text, finite numbers and `null`. */
export interface SqliteBatchStatement {
  readonly sql: string
  readonly values: SqlValue[]
}

/** A database that speaks SQLite and answers later: D1, Turso, libsql over HTTP. */
export interface AsyncSqliteClient {
  /**
   * Runs statements in order on one connection, all of them or none; resolves to the rows of each, as objects by the names
   * of their columns. Resolves only after the commit. Most batches hold one statement.
   */
  batch(statements: readonly SqliteBatchStatement[]): Promise<readonly unknown[][]>
}

/** Options of `createAsyncSqliteStore`. */
export interface AsyncSqliteStoreOptions {
  /** What the names of the tables begin with: letters, digits, underscores. @default 'trackbacks_' */
  readonly tablePrefix?: string | undefined
}

/**
 * A store in a database that speaks SQLite (3.38 and later) through a driver of your own, which is one method. Any number
 * of processes may share the database. The tables must be there: run the statements of `sqliteMigrations(sqliteTables())`
 * with the database's own tool.
 *
 * Throws a `TypeError` for an invalid table prefix. Each method rejects with what the client rejects with, and with an
 * `Error` where the tables have another version than this release needs.
 *
 * ```ts
 * // Cloudflare D1
 * const store = createAsyncSqliteStore({
 *   async batch(statements) {
 *     const results = await db.batch(statements.map(({ sql, values }) => db.prepare(sql).bind(...values)))
 *     return results.map(({ results }) => results)
 *   },
 * })
 * ```
 */
export function createAsyncSqliteStore(
  client: AsyncSqliteClient,
  options: AsyncSqliteStoreOptions = {},
): Store {
  checkTableOptions(options)
  const tables = sqliteTables(options.tablePrefix)
  const checked = once(() => checkVersion(client, tables))
  const insertion = trackbackInsertion(tables)
  const enqueueing = `${jobInsertion(tables, 'SELECT ?, ?, ?, ?, ? WHERE changes() > 0')} RETURNING id`
  const running = new Set<Promise<unknown>>()

  /** Resolves to the rows of the first statement. */
  async function run(...statements: SqliteBatchStatement[]): Promise<unknown[]> {
    await checked()
    return (await client.batch(statements))[0] ?? []
  }

  const sql = sqliteDialect((text, values) => run({ sql: text, values }), tables)
  return createSqlStore(sql, {
    async add(trackback, job) {
      const additions = [statement(insertion, fromTrackback(trackback))]
      if (job) additions.push(statement(enqueueing, fromJob(job)))
      const adding = run(...additions)
      running.add(adding)
      try {
        return toAddition((await adding)[0])
      } finally {
        running.delete(adding)
      }
    },
    async close() {
      await Promise.allSettled(running)
    },
  })
}

function statement(sql: string, columns: Columns): SqliteBatchStatement {
  return { sql, values: Object.values(columns) }
}

async function checkVersion(client: AsyncSqliteClient, tables: Tables): Promise<void> {
  const [[row] = []] = await client.batch([{ sql: `SELECT version FROM ${tables.schema}`, values: [] }])
  const { version } = row as { version: number }
  const needed = versionAfter(sqliteMigrations(tables))
  if (version !== needed) throw versionError(tables, version, `needs ${needed}: see sqliteMigrations`)
}
