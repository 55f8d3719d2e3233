import { bindable } from './row.js'
import { inTransaction, type SqliteConnection, type SqliteValue } from './sqlite-database.js'
import { createFileGuard } from './sqlite-file.js'
import type { SqliteJobs } from './sqlite-jobs.js'
import type { SqliteTables } from './sqlite-schema.js'
import type { Addition, NewJob, NewTrackback } from './store.js'

interface Waiting {
  readonly trackback: NewTrackback
  readonly job: NewJob | undefined
  resolve(addition: Addition): void
  reject(error: unknown): void
}

/** The additions of a SQLite store. */
export interface SqliteAdditions {
  add(trackback: NewTrackback, job: NewJob | undefined): Promise<Addition>
  /** Commits what waits. */
  flush(): void
}

/** For how long additions are gathered while more come, in milliseconds: a commit costs about half of one. */
const longestGathering = 2
/** How many rows one statement inserts: a call of a driver costs as much as the insertion of a row. */
const rowsAtOnce = 16

/** Combines additions that come at once into transactions: who comes alone does not wait for others. */
export function createSqliteAdditions(
  database: SqliteConnection,
  tables: SqliteTables,
  jobs: SqliteJobs,
): SqliteAdditions {
  const addAll = createAddition(database, tables, jobs)
  const checkFile = createFileGuard(database)
  let waiting: Waiting[] = []

  /** Commits after a turn of the event loop that brought nothing more. */
  function commitSoon(latest: number): void {
    const known = waiting.length
    const look = (): void => {
      if (waiting.length > known && performance.now() < latest) commitSoon(latest)
      else flush()
    }
    // Twice: pings that a turn brings are handled together at its end, which may come after the first of these.
    setImmediate(() => setImmediate(look))
  }

  function flush(): void {
    const batch = waiting
    if (batch.length === 0) return
    waiting = []
    try {
      checkFile()
      const additions = inTransaction(database, () => addAll(batch))
      for (const [index, { resolve }] of batch.entries()) resolve(additions[index] as Addition)
    } catch (error) {
      for (const { reject } of batch) reject(error)
    }
  }

  return {
    flush,
    add(trackback, job) {
      if (waiting.length === 0) commitSoon(performance.now() + longestGathering)
      return new Promise((resolve, reject) => {
        waiting.push({ trackback, job, resolve, reject })
      })
    },
  }
}

type NewRow = Pick<Waiting, 'trackback' | 'job'>

/** Adds rows inside the open transaction: the unique key decides, there is no check before the insert. */
function createAddition(
  database: SqliteConnection,
  { received }: SqliteTables,
  jobs: SqliteJobs,
): (rows: readonly NewRow[]) => Addition[] {
  const row = '(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)'
  const insertionOf = (rows: number): string =>
    `INSERT INTO ${received} (post_id, source_key, url, title, excerpt, blog_name, charset, charset_reason,
       client_ip, received_at, state) VALUES ${Array(rows).fill(row).join()} ON CONFLICT DO NOTHING`
  const insertion = database.prepare(insertionOf(1))
  const insertions = database.prepare(insertionOf(rowsAtOnce))
  const replacement = database.prepare(
    `UPDATE ${received} SET url = ?, title = ?, excerpt = ?, blog_name = ?, charset = ?, charset_reason = ?,
       client_ip = ?, revision = revision + 1
     WHERE post_id = ? AND source_key = ? AND state = 'pending' RETURNING id`,
  )

  function addOne({ trackback, job }: NewRow): Addition {
    const key = keyColumns(trackback)
    const text = textColumns(trackback)
    const { changes, lastInsertRowid } = insertion.run(...key, ...text, trackback.receivedAt, trackback.state)
    const [kept] = Number(changes) > 0 ? [{ id: lastInsertRowid }] : idsIn(replacement.all(...text, ...key))
    if (!kept) return { outcome: 'known' }
    if (job) jobs.insert([job])
    return { outcome: Number(changes) > 0 ? 'added' : 'replaced', id: String(kept.id) }
  }

  /** One statement, which stands where every row of it is new: it does not tell which were. */
  function addMany(rows: readonly NewRow[]): Addition[] {
    database.exec('SAVEPOINT rows')
    const values = rows.flatMap(({ trackback }) => [
      ...[...keyColumns(trackback), ...textColumns(trackback)],
      ...[trackback.receivedAt, trackback.state],
    ])
    const { changes, lastInsertRowid } = insertions.run(...values)
    const areNew = Number(changes) === rows.length
    database.exec(areNew ? 'RELEASE rows' : 'ROLLBACK TO rows')
    if (!areNew) return rows.map(addOne)
    jobs.insert(rows.flatMap(({ job }) => job ?? []))
    const first = Number(lastInsertRowid) - rows.length + 1
    return rows.map((_, index) => ({ outcome: 'added', id: String(first + index) }))
  }

  return (rows) => {
    const additions: Addition[] = []
    for (let from = 0; from < rows.length; from += rowsAtOnce) {
      const some = rows.slice(from, from + rowsAtOnce)
      additions.push(...(some.length === rowsAtOnce ? addMany(some) : some.map(addOne)))
    }
    return additions
  }
}

function idsIn(rows: unknown[]): { id: number | bigint }[] {
  return rows as { id: number }[]
}

function keyColumns({ postId, sourceKey }: NewTrackback): SqliteValue[] {
  return [bindable(postId), bindable(sourceKey)]
}

function textColumns({ url, title, excerpt, blogName, ...rest }: NewTrackback): SqliteValue[] {
  const text = [bindable(url), bindable(title), bindable(excerpt), bindable(blogName)]
  return [...text, rest.charset, rest.charsetReason, rest.clientIp]
}
