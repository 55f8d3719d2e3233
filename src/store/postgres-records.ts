import { pageLimit, toPage } from './page.js'
import { countOf, digest, type PostgresClient, wholeMilliseconds } from './postgres-client.js'
import { indexedLength, type PostgresTables } from './postgres-schema.js'
import { bindable } from './row.js'
import type { Count, RecordStore, StoredRecord } from './store.js'

/** The last code point: no key with a prefix comes after the prefix with it. */
const afterAll = '\u{10ffff}'

/** Records in a table of their own, under a digest of their key: a key may be longer than what an index holds. */
export function createPostgresRecords(client: PostgresClient, { records }: PostgresTables): RecordStore {
  const alive = (now: string): string => `(expires_at IS NULL OR expires_at > ${now})`
  // The order of the beginnings is that of the keys, and the index has it.
  const start = (text: string): string => `left(${text} COLLATE "C", ${indexedLength})`
  const one = `SELECT key, value, revision FROM ${records} WHERE kind = $1 AND key_hash = $2 AND ${alive('$3')}`
  const insertion = `INSERT INTO ${records} AS r (kind, key_hash, key, value, expires_at) VALUES ($1, $2, $6, $3, $4)
    ON CONFLICT (kind, key_hash) DO UPDATE SET value = excluded.value, expires_at = excluded.expires_at`
  const overwrite = `${insertion},
    revision = CASE WHEN r.expires_at <= $5 THEN 1 ELSE r.revision + 1 END RETURNING key`
  const creation = `${insertion}, revision = 1 WHERE r.expires_at <= $5 RETURNING key`
  const change = `UPDATE ${records} SET value = $3, expires_at = $4, revision = revision + 1
    WHERE kind = $1 AND key_hash = $2 AND revision = $6 AND ${alive('$5')} RETURNING key`
  const deletion = `WITH gone AS (DELETE FROM ${records} WHERE kind = $1 AND key_hash = $2 RETURNING expires_at)
    SELECT FROM gone WHERE ${alive('$3')}`
  const page = `SELECT key, value, revision FROM ${records}
    WHERE kind = $1 AND key >= $2 AND key <= $3 AND key > $4 AND ${alive('$5')}
      AND ${start('key')} BETWEEN greatest(${start('$2')}, ${start('$4')}) AND ${start('$3')}
    ORDER BY ${start('key')}, key LIMIT $6`
  const counting = `INSERT INTO ${records} AS r (kind, key_hash, key, value, expires_at)
    SELECT $1, key_hash, key, amount, $3::bigint
    FROM json_to_recordset($2::text::json) AS c (key_hash text, key text, amount bigint) ORDER BY key_hash
    ON CONFLICT (kind, key_hash) DO UPDATE SET
      value = CASE WHEN r.expires_at <= $4 THEN 0 ELSE r.value::bigint END + excluded.value::bigint,
      expires_at = CASE WHEN r.expires_at <= $4 THEN excluded.expires_at ELSE r.expires_at END
    RETURNING key, value`
  const sweeping = `WITH gone AS (DELETE FROM ${records} WHERE expires_at <= $1 RETURNING 1)
    SELECT count(*) AS count FROM gone`

  return {
    async get(kind, key) {
      const { rows } = await client.query(one, [kind, digest(bindable(key)), Date.now()])
      return (rows[0] as StoredRecord | undefined) ?? null
    },
    async put(kind, key, value, revision, expiresAt) {
      const expiry = expiresAt === undefined ? null : wholeMilliseconds(expiresAt)
      const name = bindable(key)
      const values = [kind, digest(name), bindable(value), expiry, Date.now()]
      const { rows } = await (revision
        ? client.query(change, [...values, revision])
        : client.query(revision === null ? overwrite : creation, [...values, name]))
      return rows.length > 0
    },
    async remove(kind, key) {
      const { rows } = await client.query(deletion, [kind, digest(bindable(key)), Date.now()])
      return rows.length > 0
    },
    async list(kind, prefix, request = {}) {
      const limit = pageLimit(request)
      const from = bindable(prefix)
      const after = bindable(request.after ?? '')
      const { rows } = await client.query(page, [kind, from, from + afterAll, after, Date.now(), limit + 1])
      return toPage(rows as StoredRecord[], limit, ({ key }) => key)
    },
    async count(kind, counts, expiresAt) {
      const totals = totalsOf(counts)
      const amounts = JSON.stringify(
        [...totals].map(([key, amount]) => ({ key_hash: digest(key), key, amount })),
      )
      const { rows } = await client.query(counting, [kind, amounts, wholeMilliseconds(expiresAt), Date.now()])
      for (const { key, value } of rows as StoredRecord[])
        totals.set(key, Number(value) - (totals.get(key) ?? 0))
      return counts.map(({ key, amount }) => {
        const name = bindable(key)
        totals.set(name, (totals.get(name) ?? 0) + amount)
        return totals.get(name) ?? 0
      })
    },
    async sweep(now) {
      return countOf(await client.query(sweeping, [wholeMilliseconds(now)]))
    },
  }
}

/** One statement writes a row once, so what is counted twice under one key is added up first. */
function totalsOf(counts: readonly Count[]): Map<string, number> {
  const totals = new Map<string, number>()
  for (const { key, amount } of counts) totals.set(bindable(key), (totals.get(bindable(key)) ?? 0) + amount)
  return totals
}
