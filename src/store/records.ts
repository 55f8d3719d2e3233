import { eachOf } from './page.js'
import type { RecordStore } from './store.js'

/** A value as it was read from a record, with what it takes to write it only where nobody else has. */
export interface Kept<T> {
  readonly value: T
  readonly revision: number
}

/** The records of one kind, which hold JSON. */
export function createJsonRecords<T>(records: RecordStore, kind: string) {
  async function read(key: string): Promise<Kept<T> | null> {
    const record = await records.get(kind, key)
    return record && { value: JSON.parse(record.value) as T, revision: record.revision }
  }

  /** Writes a value if the record still has this revision, as `put` of the store does. */
  function write(key: string, value: T, revision: number | null, expiresAt?: number): Promise<boolean> {
    return records.put(kind, key, JSON.stringify(value), revision, expiresAt)
  }

  return {
    read,
    write,
    /**
     * Reads, decides and writes, again where another writer came between; `null` from `decide` leaves the record as it
     * is. Resolves to what was written.
     */
    async change(key: string, decide: (value: T | null) => T | null, expiresAt?: number): Promise<T | null> {
      for (;;) {
        const kept = await read(key)
        const value = decide(kept?.value ?? null)
        if (value === null || (await write(key, value, kept?.revision ?? 0, expiresAt))) return value
      }
    },
    /** The values whose keys begin with `prefix`, in the order of their keys; `atMost` ends the reading early. */
    async list(prefix = '', atMost: number = Number.POSITIVE_INFINITY): Promise<T[]> {
      const values: T[] = []
      const read = (after?: string) => records.list(kind, prefix, { limit: 500, after })
      for await (const { value } of eachOf(read)) {
        values.push(JSON.parse(value))
        if (values.length === atMost) break
      }
      return values
    },
  }
}
