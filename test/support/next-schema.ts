import { postgresMigrations, postgresTables } from '../../src/sql/postgres/schema.js'
import { versionAfter } from '../../src/sql/schema.js'
import type { Tables } from '../../src/sql/sql.js'
import { sqliteMigrations, sqliteTables } from '../../src/sql/sqlite/schema.js'

/** The version that follows on those there are. */
export const nextVersion = versionAfter(sqliteMigrations(sqliteTables())) + 1
/** The same for PostgreSQL. */
export const nextPostgresVersion = versionAfter(postgresMigrations(postgresTables())) + 1

/** What a next release may do to the tables: it fails, or is to be seen, where it is done twice. */
function nextMigration({ schema, received }: Pick<Tables, 'schema' | 'received'>, version: number): string {
  return `ALTER TABLE ${received} ADD COLUMN note TEXT NOT NULL DEFAULT '';
    UPDATE ${received} SET note = note || 'from ' || title;
    UPDATE ${schema} SET version = ${version};`
}

/** The migrations of SQLite with one more. */
export function nextSqliteMigrations(tables = sqliteTables()): readonly string[] {
  return [...sqliteMigrations(tables), nextMigration(tables, nextVersion)]
}

/** The migrations of PostgreSQL with one more. */
export function nextPostgresMigrations(tables = postgresTables()): readonly string[] {
  return [...postgresMigrations(tables), nextMigration(tables, nextPostgresVersion)]
}
