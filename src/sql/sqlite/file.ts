import { statSync } from 'node:fs'
import type { SqliteConnection } from './database.js'

/** How often the file is looked at, in milliseconds. */
const period = 1000

/**
 * Gives what throws once the file of a database was deleted or replaced by another: the driver goes on with the file
 * that no name leads to any more, and what it commits is lost. Looks once a second at the most, and each time after
 * the file was lost.
 */
export function createFileGuard(database: SqliteConnection): () => void {
  const list = database.prepare('PRAGMA database_list').all() as { name: string; file: string | null }[]
  const path = list.find(({ name }) => name === 'main')?.file
  // A database in memory has none.
  if (!path) return () => {}
  const opened = idOf(path)
  let lookedAt = performance.now()
  return () => {
    if (performance.now() - lookedAt < period) return
    if (idOf(path) !== opened)
      throw new Error(`the SQLite file ${path} was deleted or replaced: open it again`)
    lookedAt = performance.now()
  }
}

/** What tells a file from all others while it exists; `null` where there is none. */
function idOf(path: string): string | null {
  const found = statSync(path, { bigint: true, throwIfNoEntry: false })
  return found ? `${found.dev} ${found.ino}` : null
}
