import type { Store } from '../../store/store.js'
import { checkTableOptions } from '../sql.js'
import { createSqlStore, once } from '../store.js'
import { createPostgresAdditions } from './additions.js'
import type { PostgresClient } from './client.js'
import { postgresDialect } from './dialect.js'
import { migratePostgres, postgresTables } from './schema.js'

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
  const { tablePrefix } = options
  const tables = postgresTables(tablePrefix)
  const migrated = once(() => migratePostgres(client, tables))
  const afterMigration: PostgresClient = {
    async query(text, values) {
      await migrated()
      return client.query(text, values)
    },
  }
  const dialect = postgresDialect(afterMigration, tables)
  return createSqlStore(dialect, createPostgresAdditions(afterMigration, tables))
}
