import { pageCursor, pageLimit, rowId, toPage } from './page.js'
import { bindable, type JobRow, toJob } from './row.js'
import { inTransaction, type SqliteConnection, type SqliteValue } from './sqlite-database.js'
import type { SqliteTables } from './sqlite-schema.js'
import type { JobStore, NewJob } from './store.js'

/** The job list of a SQLite store; `insert` is for a transaction that is open already. */
export interface SqliteJobs extends JobStore {
  insert(jobs: readonly NewJob[]): void
}

/** How many jobs one statement inserts where so many come at once. */
const jobsAtOnce = 16

/** Jobs in a table beside the trackbacks: a claim moves `run_at` to the end of its lease, so it expires by itself. */
export function createSqliteJobs(database: SqliteConnection, { jobs }: SqliteTables): SqliteJobs {
  const insertionOf = (count: number): string =>
    `INSERT INTO ${jobs} (kind, key, group_name, payload, run_at) VALUES ${Array(count).fill('(?, ?, ?, ?, ?)').join()}
     ON CONFLICT (key) WHERE buried = 0
     DO UPDATE SET attempts = attempts + 1, payload = excluded.payload WHERE running = 1`
  const insertion = database.prepare(insertionOf(1))
  const insertions = database.prepare(insertionOf(jobsAtOnce))
  // A job that waits for its group is passed over, so that one busy host does not hold up the others.
  const due = database.prepare(
    `SELECT * FROM ${jobs} WHERE kind = ? AND buried = 0 AND run_at <= ? AND group_name NOT IN (
       SELECT group_name FROM ${jobs} WHERE kind = ? AND running = 1 AND run_at > ?
       GROUP BY group_name HAVING COUNT(*) >= ?
     ) ORDER BY run_at, id LIMIT ?`,
  )
  const groupSizes = database.prepare(
    `SELECT group_name, COUNT(*) AS size FROM ${jobs} WHERE kind = ? AND running = 1 AND run_at > ? GROUP BY group_name`,
  )
  const claiming = database.prepare(
    `UPDATE ${jobs} SET running = 1, attempts = attempts + 1, run_at = ? WHERE id = ?`,
  )
  const deletion = database.prepare(`DELETE FROM ${jobs} WHERE id = ? AND attempts = ?`)
  const postponement = database.prepare(
    `UPDATE ${jobs} SET running = 0, run_at = ?, error = ? WHERE id = ? AND attempts = ?`,
  )
  const burial = database.prepare(
    `UPDATE ${jobs} SET running = 0, buried = 1, error = ? WHERE id = ? AND attempts = ?`,
  )
  const hastening = database.prepare(
    `UPDATE ${jobs} SET run_at = ? WHERE kind = ? AND buried = 0 AND run_at > ?`,
  )
  const aside = database.prepare(
    `SELECT * FROM ${jobs} WHERE kind = ? AND buried = 1 AND id > ? ORDER BY id LIMIT ?`,
  )
  const revival = database.prepare(
    `UPDATE OR IGNORE ${jobs} SET buried = 0, attempts = 0, run_at = ? WHERE id = ? AND buried = 1`,
  )

  function insert(newJobs: readonly NewJob[]): void {
    if (newJobs.length === jobsAtOnce) insertions.run(...newJobs.flatMap(toColumns))
    else for (const job of newJobs) insertion.run(...toColumns(job))
  }

  return {
    insert,
    async add(job) {
      insert([job])
    },
    async claim({ kind, now, lease, limit, perGroup }) {
      const select = (): JobRow[] => due.all(kind, now, kind, now, perGroup, limit * 4) as JobRow[]
      if (select().length === 0) return []
      return inTransaction(database, () => {
        const sizes = new Map<string, number>()
        for (const row of groupSizes.all(kind, now) as { group_name: string; size: number }[]) {
          sizes.set(row.group_name, row.size)
        }
        const claimed = withinGroups(select(), sizes, perGroup).slice(0, limit)
        for (const row of claimed) claiming.run(now + lease, row.id)
        return claimed.map((row) => ({ ...toJob(row), attempts: row.attempts + 1 }))
      })
    },
    async finish({ id, attempts }) {
      deletion.run(rowId(id), attempts)
    },
    async postpone({ id, attempts }, runAt, error) {
      postponement.run(runAt, bindable(error), rowId(id), attempts)
    },
    async bury({ id, attempts }, error) {
      burial.run(bindable(error), rowId(id), attempts)
    },
    async hasten(kind, latest, runAt) {
      hastening.run(runAt, kind, latest)
    },
    async buried(kind, page) {
      const limit = pageLimit(page)
      const rows = aside.all(kind, pageCursor(page) ?? 0, limit + 1) as JobRow[]
      return toPage(rows.map(toJob), limit, ({ id }) => id)
    },
    async revive(id, runAt) {
      return Number(revival.run(runAt, rowId(id)).changes) > 0
    },
  }
}

function withinGroups(rows: readonly JobRow[], sizes: Map<string, number>, perGroup: number): JobRow[] {
  return rows.filter(({ group_name }) => {
    const size = sizes.get(group_name) ?? 0
    sizes.set(group_name, size + 1)
    return size < perGroup
  })
}

function toColumns({ kind, key, group, payload, runAt }: NewJob): SqliteValue[] {
  return [kind, bindable(key), bindable(group), bindable(payload), runAt]
}
