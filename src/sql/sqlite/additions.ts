import type { Addition, NewJob, NewTrackback, Store } from '../../store/store.js'
import { onBusyKey } from '../jobs.js'
import { fromJob, fromTrackback, toAddition } from '../row.js'
import type { SqlValue, Tables } from '../sql.js'
import { onRepeat } from '../trackbacks.js'
import { inTransaction, type SqliteConnection } from './database.js'
import { toSqlite } from './dialect.js'
import { createFileGuard } from './file.js'

interface Waiting {
  readonly trackback: NewTrackback
  readonly job: NewJob | undefined
  resolve(addition: Addition): void
  reject(error: unknown): void
}

/** For how long additions are gathered while more come, in milliseconds: a commit costs about half of one. */
const longestGathering = 2
/** How many rows one statement inserts: a call of a driver costs as much as the insertion of a row. */
const rowsAtOnce = 16

/** Combines additions that come at once into transactions: who comes alone does not wait for others. */
export function createSqliteAdditions(
  database: SqliteConnection,
  tables: Tables,
): Pick<Store, 'add' | 'close'> {
  const addAll = createAddition(database, tables)
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
    async close() {
      flush()
    },
    add(trackback, job) {
      if (waiting.length === 0) commitSoon(performance.now() + longestGathering)
      return new Promise((resolve, reject) => {
        waiting.push({ trackback, job, resolve, reject })
      })
    },
  }
}

type NewRow = Pick<Waiting, 'trackback' | 'job'>

/** The statement that adds a trackback, or has it replace what is not decided on. */
export function trackbackInsertion(
  { received }: Tables,
  rows = 1,
  onConflict: string = `${onRepeat('post_id, source_key')} RETURNING id, revision`,
): string {
  return `INSERT INTO ${received} AS r (post_id, source_key, url, title, excerpt, blog_name, charset, charset_source,
    client_ip, received_at, blog, state, verification, checks, history)
    VALUES ${Array(rows)
      .fill(`(${Array(15).fill('?')})`)
      .join()} ${onConflict}`
}

/** Adds rows inside the open transaction: the unique key decides, there is no check before the insert. */
function createAddition(database: SqliteConnection, tables: Tables): (rows: readonly NewRow[]) => Addition[] {
  const insertJobs = createJobInsertion(database, tables)
  const insertion = database.prepare(trackbackInsertion(tables, 1, 'ON CONFLICT DO NOTHING'))
  const insertions = database.prepare(trackbackInsertion(tables, rowsAtOnce, 'ON CONFLICT DO NOTHING'))
  const replacement = database.prepare(trackbackInsertion(tables))

  function addOne({ trackback, job }: NewRow): Addition {
    const values = Object.values(fromTrackback(trackback))
    // Most are new, and a statement without RETURNING costs half.
    const { changes, lastInsertRowid: id } = insertion.run(...values)
    const isNew = Number(changes) > 0
    const addition = isNew ? toAddition({ id, revision: 1 }) : toAddition(replacement.all(...values)[0])
    if (job && addition.id) insertJobs([job])
    return addition
  }

  /** One statement, which stands where every row of it is new: it does not tell which were. */
  function addMany(rows: readonly NewRow[]): Addition[] {
    database.exec('SAVEPOINT rows')
    const values = rows.flatMap(({ trackback }) => Object.values(fromTrackback(trackback)))
    const { changes, lastInsertRowid } = insertions.run(...values)
    const areNew = Number(changes) === rows.length
    database.exec(areNew ? 'RELEASE rows' : 'ROLLBACK TO rows')
    if (!areNew) return rows.map(addOne)
    insertJobs(rows.flatMap(({ job }) => job ?? []))
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

/** Adds jobs inside the open transaction. */
function createJobInsertion(database: SqliteConnection, tables: Tables): (jobs: readonly NewJob[]) => void {
  const { text: onBusy } = toSqlite(onBusyKey(tables, 'key'))
  const insertionOf = (count: number): string =>
    `INSERT INTO ${tables.jobs} (kind, key, group_name, payload, run_at)
     VALUES ${Array(count).fill('(?, ?, ?, ?, ?)').join()} ${onBusy}`
  const insertion = database.prepare(insertionOf(1))
  const insertions = database.prepare(insertionOf(rowsAtOnce))
  const valuesOf = (job: NewJob): SqlValue[] => Object.values(fromJob(job))
  return (jobs) => {
    if (jobs.length === rowsAtOnce) insertions.run(...jobs.flatMap(valuesOf))
    else for (const job of jobs) insertion.run(...valuesOf(job))
  }
}
