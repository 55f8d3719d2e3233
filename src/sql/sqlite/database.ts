import type { SqlValue } from '../sql.js'

/** The part of a statement this adapter calls. */
export interface SqliteStatement {
  run(...values: SqlValue[]): { changes: number | bigint; lastInsertRowid: number | bigint }
  all(...values: SqlValue[]): unknown[]
}

/** A database as this adapter calls it. */
export interface SqliteConnection extends Omit<SqliteDatabase, 'prepare'> {
  prepare(sql: string): SqliteStatement
}

/**
 * The part of a SQLite driver this adapter calls: `DatabaseSync` of `node:sqlite`, and `Database` of `better-sqlite3`,
 * `libsql` and `bun:sqlite` all fit. What their statements take is typed so differently that it is left open here.
 */
export interface SqliteDatabase {
  exec(sql: string): unknown
  prepare(sql: string): {
    run(...values: never[]): { changes: number | bigint; lastInsertRowid: number | bigint }
    all(...values: never[]): unknown[]
  }
  close(): unknown
}

/** Does `work` in one transaction that holds the write lock from its start; rolls back when it throws. */
export function inTransaction<T>(database: SqliteConnection, work: () => T): T {
  database.exec('BEGIN IMMEDIATE')
  try {
    const result = work()
    database.exec('COMMIT')
    return result
  } catch (error) {
    try {
      database.exec('ROLLBACK')
    } catch {
      // A disk that is full has rolled back already; the first error is the one to tell.
    }
    throw error
  }
}
