import { once } from '../../base/waiting.js'
import type { Store } from '../../store/store.js'
import { createAdditions, type Writing } from '../additions.js'
import { fromTrackback, toAddition } from '../row.js'
import { checkTableOptions } from '../sql.js'
import { createSqlStore } from '../store.js'
import { digest, type PostgresClient } from './client.js'
import { fromHashedJob, postgresDialect } from './dialect.js'
import { migratePostgres, type PostgresTables, postgresTables } from './schema.js'

/** Options of `createPostgresStore`. */
export interface PostgresStoreOptions {
  /** What the names of the tables begin with: lower-case letters, digits, underscores. @default 'trackbacks_' */
  readonly tablePrefix?: string | undefined
}

/**
 * A store in PostgreSQL (13 and later), for any number of processes. Makes its tables before the first statement; pings
 * that come at once share one statement, and each is answered after its commit. `client` is a `pg.Pool`, a `pg.Client`
 * or a `PGlite`; of postgres.js it is a closure. It stays open when the store is closed. Give a `pg.Pool` a listener
 * for its `error` event: without one, Node ends the process when the server drops an idle connection.
 *
 * Throws a `TypeError` for an invalid table prefix; each method rejects with what the client rejects with.
 *
 * ```ts
 * const store = createPostgresStore(new pg.Pool({ connectionString }).on('error', console.error))
 * // postgres.js:
 * const store = createPostgresStore({ query: async (text, values) => ({ rows: await sql.unsafe(text, values) }) })
 * ```
 */
export function createPostgresStore(client: PostgresClient, options: PostgresStoreOptions = {}): Store {
  checkTableOptions(options)
  const tables = postgresTables(options.tablePrefix)
  const migrated = once(() => migratePostgres(client, tables))
  const afterMigration: PostgresClient = {
    async query(text, values) {
      await migrated()
      return client.query(text, values)
    },
  }
  const dialect = postgresDialect(afterMigration, tables)
  return createSqlStore(dialect, createAdditions(writing(afterMigration, tables)))
}

/** Adds trackbacks by one statement for many; a second one under way uses the time in which the first is committed. */
function writing(client: PostgresClient, tables: PostgresTables): Writing {
  const statement = `SELECT * FROM ${tables.add}($1)`
  return {
    // More rows make a statement no faster.
    maxRows: 500,
    maxWrites: 2,
    async write(waiting) {
      const rows = waiting.map(({ key, trackback, job }) => ({
        source_hash: digest(key),
        ...fromTrackback(trackback),
        ...(job && fromHashedJob(job)),
      }))
      const written = (await client.query(statement, [JSON.stringify(rows)])).rows as typeof rows
      const byHash = new Map(written.map((row) => [row.source_hash, row]))
      return rows.map(({ source_hash }) => toAddition(byHash.get(source_hash)))
    },
  }
}
