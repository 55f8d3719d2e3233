export { openExistingSqlite, openSqlite } from './store/open-sqlite.js'
export { createSqliteStore, type SqliteStoreOptions } from './store/sqlite.js'
export type { SqliteDatabase } from './store/sqlite-database.js'
export { sqliteMigrations, sqliteTables } from './store/sqlite-schema.js'
