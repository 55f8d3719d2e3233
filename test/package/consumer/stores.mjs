// Every kind of store a blog engine may choose, by name: each function opens a new, empty one.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createMemoryStore } from 'trackbacks'
import { createPostgresStore } from 'trackbacks/postgres'
import { createSqliteStore, openSqlite } from 'trackbacks/sqlite'

const folder = mkdtempSync(join(tmpdir(), 'trackbacks-stores-'))
process.on('exit', () => rmSync(folder, { recursive: true, force: true }))

let count = 0
function newName() {
  count += 1
  return `s${count}_`
}

function onDriver(Database) {
  return () => {
    const database = new Database(join(folder, newName()))
    const store = createSqliteStore(database)
    let isOpen = true
    return {
      ...store,
      async close() {
        await store.close()
        if (isOpen) database.close()
        isOpen = false
      },
    }
  }
}

async function onPglite() {
  const { PGlite } = await import('@electric-sql/pglite')
  const database = await PGlite.create()
  return {
    open: () => createPostgresStore(database, { tablePrefix: newName() }),
    end: () => database.close(),
  }
}

/** Resolves to `open`, which makes a store of a kind, and `end`, for when all of them are closed. */
export async function storesOf(kind) {
  const end = async () => {}
  switch (kind) {
    case 'memory':
      return { open: createMemoryStore, end }
    case 'openSqlite':
      return { open: () => openSqlite(join(folder, newName())), end }
    case 'node:sqlite':
      return { open: onDriver((await import('node:sqlite')).DatabaseSync), end }
    case 'bun:sqlite':
      return { open: onDriver((await import('bun:sqlite')).Database), end }
    case 'better-sqlite3':
    case 'libsql':
      return { open: onDriver((await import(kind)).default), end }
    case 'pglite':
      return onPglite()
    default:
      throw new Error(`there is no store ${kind}`)
  }
}
