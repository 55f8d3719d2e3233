import { pageLimit, toPage } from '../page.js'
import type { RecordStore, StoredRecord } from '../store.js'

interface Entry {
  readonly record: StoredRecord
  readonly expiresAt: number
}

/** The records of the memory store. */
export function createMemoryRecords(): RecordStore {
  const kinds = new Map<string, Map<string, Entry>>()

  function entriesOf(kind: string): Map<string, Entry> {
    if (!kinds.has(kind)) kinds.set(kind, new Map())
    return kinds.get(kind) as Map<string, Entry>
  }

  function find(kind: string, key: string): Entry | undefined {
    const entry = entriesOf(kind).get(key)
    return entry && entry.expiresAt > Date.now() ? entry : undefined
  }

  return {
    get: async (kind, key) => find(kind, key)?.record ?? null,
    async put(kind, key, value, revision, expiresAt = Number.POSITIVE_INFINITY) {
      const found = find(kind, key)?.record.revision ?? 0
      if (revision !== null && revision !== found) return false
      entriesOf(kind).set(key, { record: { key, value, revision: found + 1 }, expiresAt })
      return true
    },
    async remove(kind, key) {
      const found = find(kind, key) !== undefined
      entriesOf(kind).delete(key)
      return found
    },
    async list(kind, prefix, page = {}) {
      const limit = pageLimit(page)
      const { after = '' } = page
      const keys = [...entriesOf(kind).keys()].filter(
        (key) => key.startsWith(prefix) && (after === '' || compareBytes(key, after) > 0),
      )
      const records = keys.sort(compareBytes).flatMap((key) => find(kind, key)?.record ?? [])
      return toPage(records, limit, ({ key }) => key)
    },
    async count(kind, counts, expiresAt) {
      return counts.map(({ key, amount }) => {
        const found = find(kind, key)
        const value = Number(found?.record.value ?? 0) + amount
        const record = { key, value: String(value), revision: 1 }
        entriesOf(kind).set(key, { record, expiresAt: found?.expiresAt ?? expiresAt })
        return value
      })
    },
    async sweep(now) {
      let swept = 0
      for (const entries of kinds.values())
        for (const [key, { expiresAt }] of entries) if (expiresAt <= now && entries.delete(key)) swept += 1
      return swept
    },
  }
}

/** As databases compare text that is UTF-8. */
function compareBytes(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b))
}
