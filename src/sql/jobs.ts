import { pageLimit, rowId, toPage } from '../store/page.js'
import type { JobStore } from '../store/store.js'
import { jobColumns, toJob } from './row.js'
import type { KeyColumn, Sql, SqlValue, Tables } from './sql.js'

/**
 * What becomes of a job whose key another has: one that runs does so once more, one that waits is enough. The claim under
 * way ends nothing then, and counts as lost: nobody can set back the count of a job that ends its process.
 */
export function onBusyKey({ jobs }: Pick<Tables, 'jobs'>, keyColumn: KeyColumn): string {
  return `ON CONFLICT (${keyColumn}) WHERE buried = FALSE
    DO UPDATE SET attempts = ${jobs}.attempts + 1, payload = excluded.payload WHERE ${jobs}.running = TRUE`
}

/** Jobs in a table beside the trackbacks: a claim moves `run_at` to the end of its lease, so it expires by itself. */
export function createJobs(sql: Sql): JobStore {
  const { keyColumn } = sql
  const { jobs } = sql.tables
  const claimed = 'WHERE id = $1 AND attempts = $2 RETURNING id'
  const deletion = `DELETE FROM ${jobs} ${claimed}`
  const postponement = `UPDATE ${jobs} SET running = FALSE, error = $3, run_at = $4 ${claimed}`
  const burial = `UPDATE ${jobs} SET running = FALSE, error = $3, buried = TRUE ${claimed}`
  const hastening = `UPDATE ${jobs} SET run_at = $3 WHERE kind = $1 AND buried = FALSE AND run_at > $2 RETURNING id`
  const aside = `SELECT ${jobColumns} FROM ${jobs} WHERE kind = $1 AND buried = TRUE AND id > $2 ORDER BY id LIMIT $3`
  const revival = `UPDATE ${jobs} AS j SET buried = FALSE, attempts = 0, lost = 0, run_at = $2 WHERE id = $1 AND buried = TRUE
    AND NOT EXISTS (SELECT 1 FROM ${jobs} k WHERE k.${keyColumn} = j.${keyColumn} AND k.buried = FALSE) RETURNING id`

  async function run(text: string, values: readonly SqlValue[]): Promise<void> {
    await sql.all(text, values)
  }

  return {
    async add(job) {
      const columns = sql.fromJob(job)
      const names = Object.keys(columns)
      const places = names.map((_, index) => `$${index + 1}`)
      const insertion = `INSERT INTO ${jobs} (${names}) VALUES (${places}) ${onBusyKey(sql.tables, keyColumn)} RETURNING id`
      await run(insertion, Object.values(columns))
    },
    claim: sql.claim,
    finish: ({ id, attempts }) => run(deletion, [rowId(id), attempts]),
    postpone: ({ id, attempts }, runAt, error) => run(postponement, [rowId(id), attempts, error, runAt]),
    bury: ({ id, attempts }, error) => run(burial, [rowId(id), attempts, error]),
    hasten: (kind, latest, runAt) => run(hastening, [kind, latest, runAt]),
    async buried(kind, page) {
      const limit = pageLimit(page)
      const rows = await sql.all(aside, [kind, rowId(String(page?.after)), limit + 1])
      return toPage(rows.map(toJob), limit, ({ id }) => id)
    },
    async revive(id, runAt) {
      return (await sql.all(revival, [rowId(id), runAt])).length > 0
    },
  }
}
