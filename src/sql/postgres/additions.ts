import type { Store } from '../../store/store.js'
import { createAdditions } from '../additions.js'
import { fromTrackback, toAddition } from '../row.js'
import { digest, type PostgresClient } from './client.js'
import { fromHashedJob } from './dialect.js'
import type { PostgresTables } from './schema.js'

/** Adds trackbacks by one statement for many; a second one under way uses the time in which the first is committed. */
export function createPostgresAdditions(
  client: PostgresClient,
  tables: PostgresTables,
): Pick<Store, 'add' | 'close'> {
  const statement = `SELECT * FROM ${tables.add}($1)`
  return createAdditions({
    // More rows make a statement no faster.
    maxRows: 500,
    maxWrites: 2,
    async write(waiting) {
      const rows = waiting.map(({ key, trackback, job }) => ({
        source_hash: digest(key),
        ...fromTrackback(trackback),
        ...(job && fromHashedJob(job)),
      }))
      const written = (await client.query(statement, [JSON.stringify(rows)])).rows as WrittenRow[]
      const byHash = new Map(written.map((row) => [row.source_hash, row]))
      return rows.map(({ source_hash }) => toAddition(byHash.get(source_hash)))
    },
  })
}

interface WrittenRow {
  readonly source_hash: string
}
