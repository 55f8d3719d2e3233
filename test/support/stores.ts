import pg from 'pg'
import { openSqlite } from '../../src/store/open-sqlite.js'
import { createPostgresStore } from '../../src/store/postgres.js'
import type { Store } from '../../src/store/store.js'

/** Opens the store behind an address, as a process of its own does: a file of SQLite, or a URL of PostgreSQL. */
export function openStore(address: string): Store {
  if (!address.startsWith('postgresql:')) return openSqlite(address)
  const pool = new pg.Pool({ connectionString: address, max: 4 }).on('error', () => {})
  const store = createPostgresStore(pool)
  return {
    ...store,
    async close() {
      await store.close()
      await pool.end()
    },
  }
}
