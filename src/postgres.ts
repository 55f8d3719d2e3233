export type { PostgresClient } from './sql/postgres/client.js'
export { type PostgresTables, postgresMigrations, postgresTables } from './sql/postgres/schema.js'
export { createPostgresStore, type PostgresStoreOptions } from './sql/postgres/store.js'
