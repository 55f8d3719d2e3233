import { positiveInteger } from '../limits.js'
import { closable } from './closable.js'
import { pageCursor, pageLimit, rowId, toPage } from './page.js'
import { bindable, type TrackbackRow, toColumn, toTrackback } from './row.js'
import { createSqliteAdditions } from './sqlite-additions.js'
import type { SqliteConnection, SqliteDatabase, SqliteStatement, SqliteValue } from './sqlite-database.js'
import { createSqliteJobs } from './sqlite-jobs.js'
import { createSqliteRecords } from './sqlite-records.js'
import { migrateSqlite, type SqliteTables, sqliteTables } from './sqlite-schema.js'
import type { Store, Trackback, TrackbackFilter, TrackbackPageRequest } from './store.js'

/** Options of `createSqliteStore` and `openSqlite`. */
export interface SqliteStoreOptions {
  /** What the names of the tables begin with: letters, digits, underscores. @default 'trackbacks_' */
  readonly tablePrefix?: string | undefined
  /**
   * How long a statement waits for the locks of other processes before it fails, in milliseconds; the event loop stands
   * still meanwhile, as it does for every statement. @default 5000
   */
  readonly busyTimeout?: number | undefined
}

/** The time in milliseconds, checked: SQLite takes anything, and no number as none. */
export function busyTimeoutOf(options: SqliteStoreOptions = {}): number {
  return positiveInteger(options.busyTimeout, 5000, 'busyTimeout')
}

/**
 * A store in a SQLite database that the blog engine has open already; makes its tables on the first use. Pings that
 * come at once share one transaction, and each is answered after its commit. How durable a commit is, is the
 * database's own setting: `openSqlite` sets WAL and `synchronous=FULL`. Throws what the driver throws.
 *
 * Give it a connection of its own, to the same file. On the connection that the engine itself uses, a transaction of the
 * engine holds what the store writes meanwhile, and its rollback undoes that. A ping is refused with an error while such a
 * transaction is open, and not acknowledged; a decision of the author is not.
 *
 * ```ts
 * const store = createSqliteStore(new DatabaseSync('blog.db'))
 * ```
 */
export function createSqliteStore(driver: SqliteDatabase, options: SqliteStoreOptions = {}): Store {
  const database = driver as unknown as SqliteConnection
  const tables = sqliteTables(options.tablePrefix)
  database.exec(`PRAGMA busy_timeout = ${busyTimeoutOf(options)}`)
  migrateSqlite(database, tables)
  const jobs = createSqliteJobs(database, tables)
  const select = createSelects(database, tables)
  const additions = createSqliteAdditions(database, tables, jobs)
  const update = database.prepare(
    `UPDATE ${tables.received} SET state = ?, verification = ?, checks = ?, history = ?, revision = revision + 1
     WHERE id = ? AND revision = ?`,
  )
  const deletion = database.prepare(`DELETE FROM ${tables.received} WHERE id = ? AND revision = ?`)
  const deleteRejected = database.prepare(
    `DELETE FROM ${tables.received} WHERE id IN (
       SELECT id FROM ${tables.received} WHERE state = 'rejected' AND received_at < ? LIMIT 2000
     )`,
  )
  const forgetClients = database.prepare(
    `UPDATE ${tables.received} SET client_ip = NULL WHERE id IN (
       SELECT id FROM ${tables.received} WHERE client_ip IS NOT NULL AND received_at < ? LIMIT 2000
     )`,
  )

  return closable({
    jobs,
    records: createSqliteRecords(database, tables),
    add: additions.add,
    async get(id) {
      return select.one(rowId(id))
    },
    async find(postId, sourceKey) {
      return select.bySource(bindable(postId), bindable(sourceKey))
    },
    async update(id, revision, { state, verification, checks, history }) {
      const facts = [verification, checks, history].map(toColumn)
      return Number(update.run(state, ...facts, rowId(id), revision).changes) > 0
    },
    async remove(id, revision) {
      return Number(deletion.run(rowId(id), revision).changes) > 0
    },
    async list(filter, request) {
      const limit = pageLimit(request)
      return toPage(select.page(filter, request, limit + 1), limit, ({ id }) => id)
    },
    async count(filter) {
      return select.count(filter)
    },
    async expire({ rejectedBefore = 0, clientIpsBefore = 0 }) {
      const deleted = Number(deleteRejected.run(rejectedBefore).changes)
      return deleted + Number(forgetClients.run(clientIpsBefore).changes)
    },
    async close() {
      additions.flush()
    },
  })
}

interface Selects {
  one(id: number): Trackback | null
  bySource(postId: string, sourceKey: string): Trackback | null
  page(filter: TrackbackFilter, request: TrackbackPageRequest | undefined, limit: number): Trackback[]
  count(filter: TrackbackFilter): number
}

function createSelects(database: SqliteConnection, { received }: SqliteTables): Selects {
  const byId = database.prepare(`SELECT * FROM ${received} WHERE id = ?`)
  const byKey = database.prepare(`SELECT * FROM ${received} WHERE post_id = ? AND source_key = ?`)
  const prepared = new Map<string, SqliteStatement>()

  function prepare(sql: string): SqliteStatement {
    const statement = prepared.get(sql) ?? database.prepare(sql)
    prepared.set(sql, statement)
    return statement
  }

  return {
    one(id) {
      const [row] = byId.all(id) as TrackbackRow[]
      return row ? toTrackback(row) : null
    },
    bySource(postId, sourceKey) {
      const [row] = byKey.all(postId, sourceKey) as TrackbackRow[]
      return row ? toTrackback(row) : null
    },
    page(filter, request, limit) {
      const { where, values } = conditions(filter, request)
      const order = request?.order === 'newest' ? 'DESC' : 'ASC'
      const rows = prepare(`SELECT * FROM ${received} ${where} ORDER BY id ${order} LIMIT ?`).all(
        ...values,
        limit,
      )
      return (rows as TrackbackRow[]).map(toTrackback)
    },
    count(filter) {
      const { where, values } = conditions(filter, undefined)
      const [row] = prepare(`SELECT COUNT(*) AS count FROM ${received} ${where}`).all(...values) as {
        count: number
      }[]
      return row?.count ?? 0
    },
  }
}

/** What a search looks through, in one piece; texts are single lines, so none goes from one part into the next. */
const searchedText = `url || char(10) || title || char(10) || excerpt || char(10) || blog_name`

/** The WHERE clause of a filter, put together from fixed pieces; what comes from outside is only ever bound. */
function conditions(
  { postId, state, text }: TrackbackFilter,
  request: TrackbackPageRequest | undefined,
): { where: string; values: SqliteValue[] } {
  const pieces: string[] = []
  const values: SqliteValue[] = []
  const after = pageCursor(request)
  if (postId !== undefined) {
    pieces.push('post_id = ?')
    values.push(bindable(postId))
  }
  if (state !== undefined) {
    pieces.push('state = ?')
    values.push(state)
  }
  if (text !== undefined) {
    pieces.push(`instr(lower(${searchedText}), lower(?)) > 0`)
    values.push(bindable(text))
  }
  if (after !== undefined) {
    pieces.push(request?.order === 'newest' ? 'id < ?' : 'id > ?')
    values.push(after)
  }
  return { where: pieces.length > 0 ? `WHERE ${pieces.join(' AND ')}` : '', values }
}
