import { pageLimit, toPage } from './page.js'
import { bindable } from './row.js'
import { inTransaction, type SqliteConnection } from './sqlite-database.js'
import type { SqliteTables } from './sqlite-schema.js'
import type { RecordStore, StoredRecord } from './store.js'

/** The last code point: no key with a prefix comes after the prefix with it. */
const afterAll = '\u{10ffff}'

/** Records in a table of their own. */
export function createSqliteRecords(database: SqliteConnection, { records }: SqliteTables): RecordStore {
  const one = database.prepare(
    `SELECT key, value, revision FROM ${records}
     WHERE kind = ? AND key = ? AND (expires_at IS NULL OR expires_at > ?)`,
  )
  const expired = database.prepare(`DELETE FROM ${records} WHERE kind = ? AND key = ? AND expires_at <= ?`)
  const insertion = database.prepare(
    `INSERT INTO ${records} (kind, key, value, expires_at) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING`,
  )
  const change = database.prepare(
    `UPDATE ${records} SET value = ?, expires_at = ?, revision = revision + 1 WHERE kind = ? AND key = ? AND revision = ?`,
  )
  const overwrite = database.prepare(
    `INSERT INTO ${records} (kind, key, value, expires_at) VALUES (?, ?, ?, ?)
     ON CONFLICT (kind, key) DO UPDATE
     SET value = excluded.value, expires_at = excluded.expires_at, revision = revision + 1`,
  )
  const deletion = database.prepare(
    `DELETE FROM ${records} WHERE kind = ? AND key = ? AND (expires_at IS NULL OR expires_at > ?)`,
  )
  const page = database.prepare(
    `SELECT key, value, revision FROM ${records}
     WHERE kind = ? AND key >= ? AND key <= ? AND key > ? AND (expires_at IS NULL OR expires_at > ?)
     ORDER BY key LIMIT ?`,
  )
  const counting = database.prepare(
    `INSERT INTO ${records} (kind, key, value, expires_at) VALUES (?, ?, ?, ?)
     ON CONFLICT (kind, key) DO UPDATE SET value = CAST(CAST(value AS INTEGER) + excluded.value AS TEXT)
     RETURNING value`,
  )
  const sweeping = database.prepare(`DELETE FROM ${records} WHERE expires_at <= ?`)

  return {
    async get(kind, key) {
      const [row] = one.all(kind, bindable(key), Date.now()) as StoredRecord[]
      return row ? { key: row.key, value: row.value, revision: row.revision } : null
    },
    async put(kind, key, value, revision, expiresAt) {
      const name = bindable(key)
      const text = bindable(value)
      const expiry = expiresAt ?? null
      return (
        inTransaction(database, () => {
          expired.run(kind, name, Date.now())
          if (revision === null) return overwrite.run(kind, name, text, expiry).changes
          if (revision === 0) return insertion.run(kind, name, text, expiry).changes
          return change.run(text, expiry, kind, name, revision).changes
        }) > 0
      )
    },
    async remove(kind, key) {
      return deletion.run(kind, bindable(key), Date.now()).changes > 0
    },
    async list(kind, prefix, request = {}) {
      const limit = pageLimit(request)
      const from = bindable(prefix)
      const rows = page.all(kind, from, from + afterAll, bindable(request.after ?? ''), Date.now(), limit + 1)
      const kept = (rows as StoredRecord[]).map(({ key, value, revision }) => ({ key, value, revision }))
      return toPage(kept, limit, ({ key }) => key)
    },
    async count(kind, counts, expiresAt) {
      return inTransaction(database, () =>
        counts.map(({ key, amount }) => {
          expired.run(kind, bindable(key), Date.now())
          const [row] = counting.all(kind, bindable(key), String(amount), expiresAt) as { value: string }[]
          return Number(row?.value)
        }),
      )
    },
    async sweep(now) {
      return Number(sweeping.run(now).changes)
    },
  }
}
