import pg from 'pg'
import { createPostgresStore } from '../../src/sql/postgres/store.js'
import { openSqlite, ownSqliteStore } from '../../src/sql/sqlite/open.js'
import type { Store } from '../../src/store/store.js'
import { sqliteDrivers } from './sqlite-drivers.js'

/**
 * Opens the store behind an address, as a process of its own does: a file of SQLite, with the driver named before it
 * (`libsql:/tmp/a.db`) or else the first there is, or a URL of PostgreSQL.
 */
export function openStore(address: string): Store {
  if (address.startsWith('postgresql:')) return openPostgres(address)
  const [name = '', Driver] = sqliteDrivers.find(([each]) => address.startsWith(`${each}:`)) ?? []
  return Driver ? ownSqliteStore(new Driver(address.slice(name.length + 1))) : openSqlite(address)
}

function openPostgres(connectionString: string): Store {
  const pool = new pg.Pool({ connectionString, max: 4 }).on('error', () => {})
  const store = createPostgresStore(pool)
  return {
    ...store,
    async close() {
      await store.close()
      await pool.end()
    },
  }
}
