import { pageLimit, toPage } from '../store/page.js'
import type { RecordStore, StoredRecord } from '../store/store.js'
import { bindable } from './row.js'
import type { Sql } from './sql.js'

/** The last code point: no key with a prefix comes after the prefix with it. */
const afterAll = '\u{10ffff}'

/** Records in a table of their own. */
export function createRecords(sql: Sql): RecordStore {
  const { all, keyColumn, keyOrder, toKey } = sql
  const { records } = sql.tables
  const [hashColumn, hashPlace] = keyColumn === 'key' ? ['', ''] : [`, ${keyColumn}`, ', $2']
  const alive = (now: string): string => `(expires_at IS NULL OR expires_at > ${now})`
  const itself = `kind = $1 AND ${keyColumn} = $2`
  const one = `SELECT key, value, revision FROM ${records} WHERE ${itself} AND ${alive('$3')}`
  const insertion = `INSERT INTO ${records} AS r (kind, key, value, expires_at${hashColumn})
    VALUES ($1, $6, $3, $4${hashPlace})
    ON CONFLICT (kind, ${keyColumn}) DO UPDATE SET value = excluded.value, expires_at = excluded.expires_at`
  const overwrite = `${insertion},
    revision = CASE WHEN r.expires_at <= $5 THEN 1 ELSE r.revision + 1 END RETURNING key`
  const creation = `${insertion}, revision = 1 WHERE r.expires_at <= $5 RETURNING key`
  const change = `UPDATE ${records} SET value = $3, expires_at = $4, revision = revision + 1
    WHERE ${itself} AND revision = $6 AND ${alive('$5')} RETURNING key`
  const deletion = `DELETE FROM ${records} WHERE ${itself} AND ${alive('$3')} RETURNING key`
  const page = `SELECT key, value, revision FROM ${records}
    WHERE kind = $1 AND key >= $2 AND key <= $3 AND key > $4 AND ${alive('$5')} ${keyOrder.within}
    ORDER BY ${keyOrder.by} LIMIT $6`
  // One statement writes a row once, so what is counted twice under one key is added up first. SQLite takes ON CONFLICT
  // after a SELECT only where that has a WHERE.
  const counting = `INSERT INTO ${records} AS r (kind, key, value, expires_at${hashColumn})
    SELECT $1, key, sum(amount), CAST($3 AS BIGINT)${hashColumn} FROM ${sql.counts}
    WHERE TRUE GROUP BY key${hashColumn} ORDER BY ${keyColumn}
    ON CONFLICT (kind, ${keyColumn}) DO UPDATE SET
      value = CASE WHEN r.expires_at <= $4 THEN 0 ELSE CAST(r.value AS BIGINT) END + CAST(excluded.value AS BIGINT),
      expires_at = CASE WHEN r.expires_at <= $4 THEN excluded.expires_at ELSE r.expires_at END
    RETURNING key, value`
  const sweeping = `DELETE FROM ${records} WHERE expires_at <= $1 RETURNING 1 AS swept`

  return {
    async get(kind, key) {
      const [row] = await all(one, [kind, toKey(key), Date.now()])
      return row ? toRecord(row) : null
    },
    async put(kind, key, value, revision, expiresAt) {
      const values = [kind, toKey(key), value, expiresAt ?? null, Date.now()]
      const rows = revision
        ? await all(change, [...values, revision])
        : await all(revision === null ? overwrite : creation, [...values, key])
      return rows.length > 0
    },
    async remove(kind, key) {
      return (await all(deletion, [kind, toKey(key), Date.now()])).length > 0
    },
    async list(kind, prefix, request = {}) {
      const limit = pageLimit(request)
      const last = prefix + afterAll
      const rows = await all(page, [kind, prefix, last, request.after ?? '', Date.now(), limit + 1])
      return toPage(rows.map(toRecord), limit, ({ key }) => key)
    },
    async count(kind, counts, expiresAt) {
      const named = counts.map(({ key, amount }) => ({ key_hash: toKey(key), key: bindable(key), amount }))
      const rows = await all(counting, [kind, JSON.stringify(named), expiresAt, Date.now()])
      const totals = new Map((rows as StoredRecord[]).map(({ key, value }) => [key, Number(value)]))
      // Of a key that is counted twice, the last count has the total.
      const values = named.toReversed().map(({ key, amount }) => {
        const value = totals.get(key) ?? 0
        totals.set(key, value - amount)
        return value
      })
      return values.toReversed()
    },
    async sweep(now) {
      return (await all(sweeping, [now])).length
    },
  }
}

/** Some drivers give rows that are no usual objects. */
function toRecord(row: unknown): StoredRecord {
  return { ...(row as StoredRecord) }
}
