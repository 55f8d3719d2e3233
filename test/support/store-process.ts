// A process that uses a store together with its siblings: does what it is told with the store behind each address that it
// is sent, and sends back the outcome, or what went wrong.

import type { SqliteConnection } from '../../src/sql/sqlite/database.js'
import { migrateSqlite, sqliteTables } from '../../src/sql/sqlite/schema.js'
import { sampleTrackback } from '../../src/testing/sample.js'
import { nextSqliteMigrations } from './next-schema.js'
import { sqliteDrivers } from './sqlite-drivers.js'
import { openStore } from './stores.js'

/** What a process is told to do. */
export interface StoreTask {
  readonly task: 'add' | 'upgrade'
  readonly address: string
}

/** Adds one trackback, and closes the store. */
async function add(address: string): Promise<string> {
  const store = openStore(address)
  const { outcome } = await store.add(sampleTrackback())
  await store.close()
  return outcome
}

/** Brings the tables in a file of SQLite to the next version, as the next release would. */
async function upgrade(file: string): Promise<string> {
  const [Driver] = sqliteDrivers.flatMap(([, driver]) => driver ?? [])
  if (!Driver) throw new Error('no SQLite driver')
  const database = new Driver(file) as unknown as SqliteConnection
  database.exec('PRAGMA busy_timeout = 20000')
  migrateSqlite(database, sqliteTables(), nextSqliteMigrations())
  database.close()
  return 'upgraded'
}

const tasks = { add, upgrade }
process.on('message', async ({ task, address }: StoreTask) => {
  process.send?.(await tasks[task](address).catch(String))
})
process.on('disconnect', () => process.exit())
process.send?.('ready')
