import type { RecordStore } from './store.js'

/** A value as it was read from a record, with what it takes to write it only where nobody else has. */
export interface Kept<T> {
  readonly value: T
  readonly revision: number
}

/** Reads a record that holds JSON. */
export async function readRecord<T>(
  records: RecordStore,
  kind: string,
  key: string,
): Promise<Kept<T> | null> {
  const record = await records.get(kind, key)
  return record && { value: JSON.parse(record.value) as T, revision: record.revision }
}

/**
 * Reads, decides and writes, again where another writer came between; `null` from `decide` leaves the record as it is.
 * Resolves to what was written.
 */
export async function changeRecord<T>(
  records: RecordStore,
  kind: string,
  key: string,
  decide: (value: T | null) => T | null,
  expiresAt?: number,
): Promise<T | null> {
  for (;;) {
    const kept = await readRecord<T>(records, kind, key)
    const value = decide(kept?.value ?? null)
    if (value === null) return null
    if (await records.put(kind, key, JSON.stringify(value), kept?.revision ?? 0, expiresAt)) return value
  }
}

/** The values of all records whose keys begin with `prefix`, in the order of their keys; `atMost` ends the reading early. */
export async function listAll<T>(
  records: RecordStore,
  kind: string,
  prefix = '',
  atMost: number = Number.POSITIVE_INFINITY,
): Promise<T[]> {
  const values: T[] = []
  let after: string | undefined
  do {
    const page = await records.list(kind, prefix, { limit: 500, after })
    for (const { value } of page.items) values.push(JSON.parse(value))
    after = page.next
  } while (after !== undefined && values.length < atMost)
  return values.slice(0, atMost)
}
