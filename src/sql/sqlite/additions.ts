import type { Addition, NewTrackback } from '../../store/store.js'
import type { Waiting } from '../additions.js'
import { onBusyKey } from '../jobs.js'
import { fromJob, fromTrackback, toAddition } from '../row.js'
import type { Tables } from '../sql.js'
import { onRepeat } from '../trackbacks.js'
import type { SqliteConnection } from './database.js'
import { toSqlite } from './dialect.js'

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

/** Adds rows inside the open transaction: the unique key decides, there is no check before the insert. */
export function createWrite(database: SqliteConnection, tables: Tables) {
  const insertion = database.prepare(trackbackInsertion(tables, 'ON CONFLICT DO NOTHING'))
  const replacement = database.prepare(trackbackInsertion(tables))
  const values = [0, 1, 2, 3, 4].map((place) => `json_extract(value, '$[${place}]')`)
  const enqueueing = database.prepare(jobInsertion(tables, `SELECT ${values} FROM json_each(?) WHERE TRUE`))

  function addOne(trackback: NewTrackback): Addition {
    const values = Object.values(fromTrackback(trackback))
    // Most are new, and a statement without RETURNING costs half.
    const { changes, lastInsertRowid: id } = insertion.run(...values)
    return toAddition(Number(changes) > 0 ? { id, revision: 1 } : replacement.all(...values)[0])
  }

  return (rows: readonly Waiting[]): Addition[] => {
    const additions = rows.map(({ trackback }) => addOne(trackback))
    const jobs = rows.flatMap(({ job }, index) =>
      job && additions[index]?.id ? [Object.values(fromJob(job))] : [],
    )
    if (jobs.length > 0) enqueueing.run(JSON.stringify(jobs))
    return additions
  }
}
