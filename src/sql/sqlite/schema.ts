import { firstVersion, toFirstVersion, versionAfter } from '../schema.js'
import { type Tables, tablesOf } from '../sql.js'
import { inTransaction, type SqliteConnection } from './database.js'

/**
 * The tables of a prefix, `trackbacks_` where none is given. Throws a `TypeError` for a prefix that is more than
 * letters, digits and underscores.
 */
export function sqliteTables(prefix?: string): Tables {
  return tablesOf(prefix)
}

/**
 * The statements that make the tables, and then those that bring them from one version to the next. For those who let no
 * program change their tables: run by hand, in order, they leave nothing to do for the store. So each writes its version.
 */
export function sqliteMigrations(tables: Tables): readonly string[] {
  const { schema, received, jobs } = tables
  return [
    toFirstVersion(tables, {
      id: 'INTEGER PRIMARY KEY AUTOINCREMENT',
      text: 'TEXT',
      hashes: { trackback: '', key: '' },
      keyColumn: 'key',
      ends: { trackbacks: ', UNIQUE (post_id, source_key)', records: ' WITHOUT ROWID' },
      indexes: `CREATE UNIQUE INDEX ${jobs}_by_key ON ${jobs} (key) WHERE buried = 0;
    CREATE INDEX ${jobs}_by_time ON ${jobs} (kind, buried, run_at);
    CREATE INDEX ${jobs}_by_group ON ${jobs} (kind, group_name) WHERE running = 1;`,
    }),
    // A ping pays for each index; of a post, what is published is listed and counted, the rest found by its unique key.
    `DROP INDEX ${received}_by_post;
    CREATE INDEX ${received}_by_post ON ${received} (post_id, state, received_at, id) WHERE state = 'published';
    UPDATE ${schema} SET version = 4;`,
  ]
}

/**
 * Brings the schema up to date. Any number of processes may do so at once: the first to hold the write lock does
 * the work, the others find it done. A newer schema than this version knows is an error, so that nothing is lost.
 */
export function migrateSqlite(
  database: SqliteConnection,
  tables: Tables,
  migrations: readonly string[] = sqliteMigrations(tables),
): void {
  inTransaction(database, () => {
    const { schema } = tables
    // It has no row where there are no tables yet.
    database.exec(`CREATE TABLE IF NOT EXISTS ${schema} (version INTEGER NOT NULL)`)
    const [row] = database.prepare(`SELECT version FROM ${schema}`).all() as { version: number }[]
    const version = row?.version ?? 0
    const newest = versionAfter(migrations)
    if (version > newest) throw versionError(tables, version, `knows ${newest}: update trackbacks`)
    const made = Math.max(0, version + 1 - firstVersion)
    for (const migration of migrations.slice(made)) database.exec(migration)
  })
}

/** Tables of another version than this release can use. */
export function versionError({ schema }: Tables, version: number, need: string): Error {
  return new Error(`the tables ${schema}… have version ${version}; this release ${need}`)
}
