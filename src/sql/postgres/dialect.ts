import type { NewJob } from '../../store/store.js'
import { bindable, bound, fromJob, jobColumns, toJob } from '../row.js'
import type { Columns, Sql } from '../sql.js'
import { digest, type PostgresClient } from './client.js'
import { indexedLength, type PostgresTables } from './schema.js'

/** How many characters of a group an index holds; a host in a URL may be longer than any that there is. */
const longestGroup = 500

/** A job as the columns of its row, with key and group as an index can hold them. */
export function fromHashedJob(job: NewJob): Columns {
  const group = job.group.length > longestGroup ? toKey(job.group) : bindable(job.group)
  return { ...fromJob(job), group_name: group, key_hash: toKey(job.key) }
}

function toKey(key: string): string {
  return digest(bindable(key))
}

/** The beginning of a key: the order of the beginnings is that of the keys, and the index has it. */
function start(key: string): string {
  return `left(${key} COLLATE "C", ${indexedLength})`
}

/** PostgreSQL, as the shared statements need it. */
export function postgresDialect(client: PostgresClient, tables: PostgresTables): Sql {
  // The function gives back the rows as they were before.
  const lost = 'CASE WHEN running THEN lost + 1 ELSE 0 END AS lost'
  const columns = jobColumns.replace('attempts, lost', `attempts + 1 AS attempts, ${lost}`)
  const claiming = `SELECT ${columns} FROM ${tables.claim}($1, $2, $3, $4, $5)`
  const all: Sql['all'] = async (text, values) => (await client.query(text, values.map(bound))).rows
  return {
    tables,
    all,
    toTrackbackKey: (postId, sourceKey) => ({ source_hash: digest(bindable(postId), bindable(sourceKey)) }),
    fromJob: fromHashedJob,
    keyColumn: 'key_hash',
    toKey,
    counts: 'json_to_recordset($2::text::json) AS c (key_hash text, key text, amount bigint)',
    keyOrder: {
      by: `${start('key')}, key`,
      within: `AND ${start('key')} BETWEEN greatest(${start('$2')}, ${start('$4')}) AND ${start('$3')}`,
    },
    claim: async ({ kind, now, lease, limit, perGroup }) =>
      (await all(claiming, [kind, now, lease, limit, perGroup])).map(toJob),
  }
}
