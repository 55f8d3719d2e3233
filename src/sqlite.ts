export {
  type AsyncSqliteClient,
  type AsyncSqliteStoreOptions,
  createAsyncSqliteStore,
  type SqliteBatchStatement,
} from './sql/sqlite/async-store.js'
export type { SqliteDatabase } from './sql/sqlite/database.js'
export { openExistingSqlite, openSqlite } from './sql/sqlite/open.js'
export { sqliteMigrations, sqliteTables } from './sql/sqlite/schema.js'
export { createSqliteStore, type SqliteStoreOptions } from './sql/sqlite/store.js'
