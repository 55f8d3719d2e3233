import { createRequire } from 'node:module'
import type { SqliteDatabase } from '../../src/sql/sqlite/database.js'

export type SqliteClass = new (path: string) => SqliteDatabase

const require = createRequire(import.meta.url)

const loaders: readonly (readonly [name: string, load: () => SqliteClass])[] = [
  ['node:sqlite', () => require('node:sqlite').DatabaseSync],
  ['better-sqlite3', () => require('better-sqlite3')],
  ['libsql', () => require('libsql')],
]

function loadOrNull(load: () => SqliteClass): SqliteClass | null {
  try {
    return load()
  } catch {
    return null
  }
}

/** Every driver that the project knows, in the order of preference; `null` for one that this Node lacks. */
export const sqliteDrivers = loaders.map(([name, load]) => [name, loadOrNull(load)] as const)
