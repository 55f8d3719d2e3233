import type { Addition, NewJob, NewTrackback, Store } from '../../store/store.js'
import { onBusyKey } from '../jobs.js'
import { fromJob, fromTrackback, toAddition } from '../row.js'
import type { Tables } from '../sql.js'
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

/** Combines additions that come at once into transactions: who comes alone does not wait for others. */
export function createSqliteAdditions(
  database: SqliteConnection,
  tables: Tables,
): Pick<Store, 'add' | 'close'> {
  const addOne = createAddition(database, tables)
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
      const additions = inTransaction(database, () => batch.map(addOne))
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

/** The statement that adds a trackback, or has it replace what is not decided on. */
export function trackbackInsertion(
  { received }: Tables,
  onConflict: string = `${onRepeat('post_id, source_key')} RETURNING id, revision`,
): string {
  return `INSERT INTO ${received} AS r (post_id, source_key, url, title, excerpt, blog_name, charset, charset_source,
    client_ip, received_at, blog, state, verification, checks, history)
    VALUES (${Array(15).fill('?')}) ${onConflict}`
}

/** The statement that adds a job, whose values are the rows of `source`. */
export function jobInsertion({ jobs }: Tables, source: string): string {
  const { text: onBusy } = toSqlite(onBusyKey({ jobs }, 'key'))
  return `INSERT INTO ${jobs} (kind, key, group_name, payload, run_at) ${source} ${onBusy}`
}

/** Adds a row inside the open transaction: the unique key decides, there is no check before the insert. */
function createAddition(database: SqliteConnection, tables: Tables): (row: Waiting) => Addition {
  const insertion = database.prepare(trackbackInsertion(tables, 'ON CONFLICT DO NOTHING'))
  const replacement = database.prepare(trackbackInsertion(tables))
  const enqueueing = database.prepare(jobInsertion(tables, 'VALUES (?, ?, ?, ?, ?)'))
  return ({ trackback, job }) => {
    const values = Object.values(fromTrackback(trackback))
    // Most are new, and a statement without RETURNING costs half.
    const { changes, lastInsertRowid: id } = insertion.run(...values)
    const row = Number(changes) > 0 ? { id, revision: 1 } : replacement.all(...values)[0]
    if (job && row) enqueueing.run(...Object.values(fromJob(job)))
    return toAddition(row)
  }
}
