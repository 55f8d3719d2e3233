import { hash } from 'node:crypto'

/**
 * The part of a PostgreSQL driver this adapter calls: `pg.Pool`, `pg.Client` and `PGlite` fit as they are. Only strings,
 * numbers and `null` are bound, and each call is one statement that is atomic by itself, so it does not matter which
 * connection of a pool runs it.
 */
export interface PostgresClient {
  query(text: string, values?: (string | number | null)[]): Promise<{ rows: unknown[] }>
}

/** What is unique, as an index can hold it: an entry of an index is too small for a long URL and a long post id. */
export function digest(...texts: readonly string[]): string {
  return hash('sha256', texts.join('\n'), 'base64url')
}
