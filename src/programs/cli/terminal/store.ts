import { existsSync } from 'node:fs'
import { dirname } from 'node:path'
import type { Moderation, ReceiverOptions, Store } from '../../../index.js'
import type { Context } from './command.js'
import { explain, isTrackbackError } from './failures.js'

type StoreChoice = { readonly tablePrefix?: string | undefined; readonly mustExist?: boolean }

/**
 * Opens the store in a SQLite file until the command ends, and makes the file unless it must exist; without a file, opens
 * one in memory. Throws if the tables in the file have another prefix.
 */
export async function openStore(
  { library, using }: Context,
  path: string | undefined,
  { tablePrefix, mustExist = false }: StoreChoice = {},
): Promise<Store> {
  if (path === undefined) return using(library.createMemoryStore())
  const needed = mustExist ? path : dirname(path)
  if (!existsSync(needed)) throw new Error(`${mustExist ? 'file' : 'folder'} not found: ${needed}`)
  const { openExistingSqlite, openSqlite, sqliteTables } = await import('../../../sqlite.js')
  const options = { tablePrefix }
  // A mistaken prefix is a mistake in the command, whatever the file is.
  sqliteTables(tablePrefix)
  try {
    const store = openExistingSqlite(path, options) ?? (mustExist ? null : openSqlite(path, options))
    if (store) return using(store)
  } catch (error) {
    throw isTrackbackError(error) ? error : new Error(`cannot open ${path}: ${explain(error)}`)
  }
  throw new Error(`${path} is not a trackbacks database`)
}

/** Opens the moderation of a store. It neither receives nor verifies: that is the work of the blog's own process. */
export function openModeration(
  { library, client, warn, using }: Context,
  store: Store,
  findPost: ReceiverOptions['findPost'] = () => null,
): Moderation {
  const baseUrl = 'http://localhost/t/'
  return using(library.createReceiver({ baseUrl, findPost, store, client, worker: false, onError: warn }))
    .moderation
}
