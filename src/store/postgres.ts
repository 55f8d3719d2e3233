import { closable } from './closable.js'
import { pageCursor, pageLimit, rowId, toPage } from './page.js'
import { createPostgresAdditions } from './postgres-additions.js'
import { countOf, digest, type PostgresClient, wholeMilliseconds } from './postgres-client.js'
import { createPostgresJobs } from './postgres-jobs.js'
import { createPostgresRecords } from './postgres-records.js'
import { migratePostgres, type PostgresTables, postgresTables } from './postgres-schema.js'
import { bindable, type TrackbackRow, toColumn, toTrackback } from './row.js'
import type { Store, Trackback, TrackbackFilter, TrackbackPageRequest } from './store.js'

/** Options of `createPostgresStore`. */
export interface PostgresStoreOptions {
  /** What the names of the tables begin with: lower-case letters, digits, underscores. @default 'trackbacks_' */
  readonly tablePrefix?: string | undefined
}

/**
 * A store in PostgreSQL (13 and later), for any number of processes. Makes its tables before the first statement; pings
 * that come at once share one statement, and each is answered after its commit. `client` is a `pg.Pool`, a `pg.Client`
 * or a `PGlite`; of postgres.js it is a closure. It stays open when the store is closed. Give a `pg.Pool` a listener
 * for its `error` event: without one, Node ends the process when the server drops an idle connection.
 *
 * Throws a `TypeError` for a table prefix that is none; each method rejects with what the client rejects with.
 *
 * ```ts
 * const store = createPostgresStore(new pg.Pool({ connectionString }).on('error', console.error))
 * // postgres.js:
 * const store = createPostgresStore({ query: async (text, values) => ({ rows: await sql.unsafe(text, values) }) })
 * ```
 */
export function createPostgresStore(
  client: PostgresClient,
  { tablePrefix }: PostgresStoreOptions = {},
): Store {
  const tables = postgresTables(tablePrefix)
  const migrated = afterMigration(client, tables)
  const additions = createPostgresAdditions(migrated, tables)
  const { received } = tables
  const select = async (clauses: string, values: (string | number)[]): Promise<Trackback[]> => {
    const { rows } = await migrated.query(`SELECT * FROM ${received} ${clauses}`, values)
    return (rows as TrackbackRow[]).map(toTrackback)
  }
  const change = `UPDATE ${received} SET state = $1, verification = $2, checks = $3, history = $4,
    revision = revision + 1 WHERE id = $5 AND revision = $6 RETURNING id`
  const deletion = `DELETE FROM ${received} WHERE id = $1 AND revision = $2 RETURNING id`
  const expiry = `WITH deleted AS (
      DELETE FROM ${received} WHERE id IN (
        SELECT id FROM ${received} WHERE state = 'rejected' AND received_at < $1 ORDER BY id LIMIT $3
      ) RETURNING id
    ), forgotten AS (
      UPDATE ${received} SET client_ip = NULL WHERE id IN (
        SELECT id FROM ${received} WHERE client_ip IS NOT NULL AND received_at < $2
          AND NOT (state = 'rejected' AND received_at < $1) LIMIT $3
      ) RETURNING id
    )
    SELECT (SELECT count(*) FROM deleted) + (SELECT count(*) FROM forgotten) AS count`

  return closable({
    jobs: createPostgresJobs(migrated, tables),
    records: createPostgresRecords(migrated, tables),
    add: additions.add,
    async get(id) {
      return (await select('WHERE id = $1', [rowId(id)]))[0] ?? null
    },
    async find(postId, sourceKey) {
      const hash = digest(bindable(postId), bindable(sourceKey))
      return (await select('WHERE source_hash = $1', [hash]))[0] ?? null
    },
    async update(id, revision, { state, verification, checks, history }) {
      const facts = [verification, checks, history].map(toColumn)
      const { rows } = await migrated.query(change, [state, ...facts, rowId(id), revision])
      return rows.length > 0
    },
    async remove(id, revision) {
      return (await migrated.query(deletion, [rowId(id), revision])).rows.length > 0
    },
    async list(filter, request) {
      const limit = pageLimit(request)
      const { where, values } = conditions(filter, request)
      const order = request?.order === 'newest' ? 'DESC' : 'ASC'
      const clauses = `${where} ORDER BY id ${order} LIMIT $${values.length + 1}`
      return toPage(await select(clauses, [...values, limit + 1]), limit, ({ id }) => id)
    },
    async count(filter) {
      const { where, values } = conditions(filter)
      return countOf(await migrated.query(`SELECT count(*) AS count FROM ${received} ${where}`, values))
    },
    async expire({ rejectedBefore = 0, clientIpsBefore = 0 }) {
      const times = [rejectedBefore, clientIpsBefore].map(wholeMilliseconds)
      return countOf(await migrated.query(expiry, [...times, expiryLimit]))
    },
    close: additions.settled,
  })
}

/** How many rows one call of `expire` deletes, and of how many it forgets the client. */
const expiryLimit = 2000

/** The client, behind a migration that is done once, before the first statement; after a failure the next one tries again. */
function afterMigration(client: PostgresClient, tables: PostgresTables): PostgresClient {
  let migration: Promise<void> | undefined
  return {
    async query(text, values) {
      migration ??= migratePostgres(client, tables).catch((error: unknown) => {
        migration = undefined
        throw error
      })
      await migration
      return client.query(text, values)
    },
  }
}

/** The WHERE clause of a filter, put together from fixed pieces; what comes from outside is only ever bound. */
function conditions(
  { postId, state, text }: TrackbackFilter,
  request?: TrackbackPageRequest,
): { where: string; values: (string | number)[] } {
  const pieces: string[] = []
  const values: (string | number)[] = []
  const add = (piece: string, value: string | number, end = ''): void => {
    values.push(value)
    pieces.push(`${piece} $${values.length}${end}`)
  }
  const after = pageCursor(request)
  if (postId !== undefined) add('post_id =', bindable(postId))
  if (state !== undefined) add('state =', state)
  if (text !== undefined)
    add(`strpos(lower(concat_ws(chr(10), url, title, excerpt, blog_name)), lower(`, bindable(text), ')) > 0')
  if (after !== undefined) add(request?.order === 'newest' ? 'id <' : 'id >', after)
  return { where: pieces.length > 0 ? `WHERE ${pieces.join(' AND ')}` : '', values }
}
