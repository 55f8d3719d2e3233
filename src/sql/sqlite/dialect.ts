import { bindable, bound, fromJob, jobColumns, toJob } from '../row.js'
import type { Sql, SqlValue, Tables } from '../sql.js'

const spellings: Readonly<Record<string, string>> = { TRUE: '1', FALSE: '0', 'strpos(': 'instr(' }

/**
 * A shared statement in the words of SQLite. Its partial indexes know 1 and 0, and better-sqlite3 takes numbered
 * parameters for named ones, so each place of a value is a `?`; `order` has for each of them the place of its value,
 * from 0.
 */
export function toSqlite(statement: string) {
  const order: number[] = []
  const text = statement.replace(/\$(\d+)|\bTRUE\b|\bFALSE\b|\bstrpos\(/g, (word, place?: string) => {
    if (place === undefined) return spellings[word] ?? word
    order.push(Number(place) - 1)
    return '?'
  })
  return { text, order }
}

/** Runs a statement with `?` for each of its values; resolves to its rows. */
export type RunSqlite = (sql: string, values: SqlValue[]) => Promise<unknown[]>

/** SQLite, as the shared statements need it. */
export function sqliteDialect(run: RunSqlite, tables: Tables): Sql {
  const { jobs } = tables
  const translations = new Map<string, ReturnType<typeof toSqlite>>()
  // A job that waits for its group is passed over, so that one busy host does not hold up the others.
  const due = `SELECT * FROM ${jobs}
    WHERE kind = $1 AND buried = FALSE AND run_at <= $2 AND group_name NOT IN (
      SELECT group_name FROM ${jobs} WHERE kind = $1 AND running = TRUE AND run_at > $2
      GROUP BY group_name HAVING count(*) >= $3
    ) ORDER BY run_at, id LIMIT $4 * 4`
  const placeInGroup = `row_number() OVER (PARTITION BY group_name ORDER BY run_at, id) + (
      SELECT count(*) FROM ${jobs} AS busy WHERE busy.kind = $1 AND busy.group_name = due.group_name
        AND busy.running = TRUE AND busy.run_at > $2
    )`
  const claiming = `UPDATE ${jobs} SET running = TRUE, attempts = attempts + 1,
    lost = CASE WHEN running = TRUE THEN lost + 1 ELSE 0 END, run_at = $2 + $5 WHERE id IN (
      SELECT id FROM (SELECT id, run_at, ${placeInGroup} AS place FROM (${due}) AS due)
      WHERE place <= $3 ORDER BY run_at, id LIMIT $4
    ) RETURNING ${jobColumns}`

  async function all(statement: string, values: readonly SqlValue[]): Promise<unknown[]> {
    const translation = translations.get(statement) ?? toSqlite(statement)
    translations.set(statement, translation)
    const { text, order } = translation
    return run(
      text,
      order.map((place) => bound(values[place] ?? null)),
    )
  }

  return {
    tables,
    all,
    toTrackbackKey: (postId, sourceKey) => ({ post_id: postId, source_key: sourceKey }),
    fromJob,
    keyColumn: 'key',
    toKey: bindable,
    keyOrder: { by: 'key', within: '' },
    counts: `(SELECT json_extract(value, '$.key') AS key, json_extract(value, '$.amount') AS amount FROM json_each($2))`,
    async claim({ kind, now, lease, limit, perGroup }) {
      // Looked for first: a claim that finds nothing must not wait for the lock of the writers.
      const found = await all(`SELECT ${jobColumns} FROM (${due}) AS due`, [kind, now, perGroup, limit])
      if (found.length === 0) return []
      const runAt = new Map(found.map(toJob).map((job) => [job.id, job.runAt]))
      const claimed = await all(claiming, [kind, now, perGroup, limit, lease])
      return claimed
        .map(toJob)
        .map((job) => ({ ...job, runAt: runAt.get(job.id) ?? now }))
        .sort((a, b) => a.runAt - b.runAt || Number(a.id) - Number(b.id))
    },
  }
}
