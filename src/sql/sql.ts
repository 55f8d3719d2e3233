import { optionCheck } from '../base/options.js'
import type { ClaimRequest, Job, NewJob } from '../store/store.js'

/** What a statement binds: never a boolean, `undefined` or bytes, on which the drivers disagree. */
export type SqlValue = string | number | null

/** Values by the names of their columns. */
export type Columns = Readonly<Record<string, SqlValue>>

/** Where keys are unique: an index of PostgreSQL has no room for long ones, but for their digest. */
export type KeyColumn = 'key' | 'key_hash'

/** The names of the tables. */
export type Tables = Readonly<ReturnType<typeof tablesOf>>

/**
 * A database, as the shared statements need it. They are written for PostgreSQL, in forms that SQLite has, too, and each
 * is atomic by itself.
 */
export interface Sql {
  readonly tables: Tables
  /** Runs one statement, in which `$1` is the first of the values; resolves to its rows. */
  all(text: string, values: readonly SqlValue[]): Promise<unknown[]>
  /** The unique key of the trackback of this post and this source. */
  toTrackbackKey(postId: string, sourceKey: string): Columns
  /** A job as the columns of its row, without those that begin with their defaults. */
  fromJob(job: NewJob): Columns
  /** The column by which a job (while it is not buried) and a record of a kind are unique. */
  readonly keyColumn: KeyColumn
  /** A key as it stands in that column. */
  toKey(key: string): string
  /** The rows of the JSON in `$2`, as a table with the columns `key`, `amount`, and `key_hash` where there is one. */
  readonly counts: string
  /**
   * The order of records by their keys: what to sort by, and what an index needs to hear of the range from `$2` to `$3`
   * after `$4`.
   */
  readonly keyOrder: { readonly by: string; readonly within: string }
  claim(request: ClaimRequest): Promise<Job[]>
}

/** Throws a `TypeError` for options with another name. */
export const checkTableOptions: (options: unknown) => void = optionCheck('options of the store', {
  string: 'tablePrefix',
})

/** The tables of a prefix. Throws a `TypeError` for a prefix that is more than `letters`, digits and underscores. */
export function tablesOf(prefix = 'trackbacks_', letters: 'letters' | 'lower-case letters' = 'letters') {
  const upper = letters === 'letters' ? 'A-Z' : ''
  if (!new RegExp(`^[a-z${upper}_][a-z${upper}0-9_]{0,40}$`).test(prefix)) {
    throw new TypeError(`tablePrefix must be ${letters}, digits and underscores, 41 at the most`)
  }
  return {
    schema: `${prefix}schema`,
    received: `${prefix}received`,
    jobs: `${prefix}jobs`,
    records: `${prefix}records`,
  }
}
