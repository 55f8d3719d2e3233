import { pageCursor, pageLimit, rowId, toPage } from './page.js'
import { digest, type PostgresClient, wholeMilliseconds } from './postgres-client.js'
import type { PostgresTables } from './postgres-schema.js'
import { bindable, type JobRow, toJob } from './row.js'
import type { JobStore, NewJob } from './store.js'

/** A job as the columns of its row, without those that begin with their defaults. */
export function jobColumns(job: NewJob): Record<string, string | number> {
  const key = bindable(job.key)
  return {
    kind: job.kind,
    key,
    key_hash: digest(key),
    group_name: indexable(bindable(job.group)),
    payload: bindable(job.payload),
    run_at: wholeMilliseconds(job.runAt),
  }
}

/** A group as an index can hold it: a host in a URL may be longer than any that there is. */
function indexable(group: string): string {
  return group.length > longestGroup ? digest(group) : group
}

const longestGroup = 500

/** What becomes of a job whose key another has: one that runs does so once more, one that waits is enough. */
export function onBusyKey(jobs: string): string {
  return `ON CONFLICT (key_hash) WHERE NOT buried
    DO UPDATE SET attempts = ${jobs}.attempts + 1, payload = excluded.payload WHERE ${jobs}.running`
}

/** Jobs in a table beside the trackbacks: a claim moves `run_at` to the end of its lease, so it expires by itself. */
export function createPostgresJobs(client: PostgresClient, { jobs, claim }: PostgresTables): JobStore {
  const insertion = `INSERT INTO ${jobs} (kind, key, key_hash, group_name, payload, run_at)
    VALUES ($1, $2, $3, $4, $5, $6) ${onBusyKey(jobs)}`
  const claiming = `SELECT * FROM ${claim}($1, $2, $3, $4, $5)`
  const deletion = `DELETE FROM ${jobs} WHERE id = $1 AND attempts = $2`
  const postponement = `UPDATE ${jobs} SET running = FALSE, run_at = $1, error = $2 WHERE id = $3 AND attempts = $4`
  const burial = `UPDATE ${jobs} SET running = FALSE, buried = TRUE, error = $1 WHERE id = $2 AND attempts = $3`
  const hastening = `UPDATE ${jobs} SET run_at = $3 WHERE kind = $1 AND NOT buried AND run_at > $2`
  const aside = `SELECT * FROM ${jobs} WHERE kind = $1 AND buried AND id > $2 ORDER BY id LIMIT $3`
  const revival = `UPDATE ${jobs} j SET buried = FALSE, attempts = 0, run_at = $1 WHERE id = $2 AND buried
    AND NOT EXISTS (SELECT FROM ${jobs} k WHERE k.key_hash = j.key_hash AND NOT k.buried) RETURNING id`

  return {
    async add(job) {
      await client.query(insertion, Object.values(jobColumns(job)))
    },
    async claim({ kind, now, lease, limit, perGroup }) {
      const times = [wholeMilliseconds(now), wholeMilliseconds(lease)]
      const { rows } = await client.query(claiming, [kind, ...times, limit, perGroup])
      return (rows as JobRow[]).map((row) => ({ ...toJob(row), attempts: row.attempts + 1 }))
    },
    async finish({ id, attempts }) {
      await client.query(deletion, [rowId(id), attempts])
    },
    async postpone({ id, attempts }, runAt, error) {
      await client.query(postponement, [wholeMilliseconds(runAt), bindable(error), rowId(id), attempts])
    },
    async bury({ id, attempts }, error) {
      await client.query(burial, [bindable(error), rowId(id), attempts])
    },
    async hasten(kind, latest, runAt) {
      await client.query(hastening, [kind, wholeMilliseconds(latest), wholeMilliseconds(runAt)])
    },
    async buried(kind, page) {
      const limit = pageLimit(page)
      const { rows } = await client.query(aside, [kind, pageCursor(page) ?? 0, limit + 1])
      return toPage((rows as JobRow[]).map(toJob), limit, ({ id }) => id)
    },
    async revive(id, runAt) {
      const { rows } = await client.query(revival, [wholeMilliseconds(runAt), rowId(id)])
      return rows.length > 0
    },
  }
}
