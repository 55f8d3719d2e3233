export { createPostgresStore, type PostgresStoreOptions } from './store/postgres.js'
export type { PostgresClient } from './store/postgres-client.js'
export { type PostgresTables, postgresMigrations, postgresTables } from './store/postgres-schema.js'
