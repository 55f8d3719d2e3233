import type { KeyColumn, Tables } from './sql.js'

/** Where the tables of a database differ from those of another. */
export interface TableWords {
  /** The type of an id that the database gives out. */
  readonly id: string
  /** The type of text that an index holds, in the order of its bytes. */
  readonly text: string
  /** The columns by which trackbacks, and jobs and records, are unique, where they are columns of their own. */
  readonly hashes: { readonly trackback: string; readonly key: string }
  readonly keyColumn: KeyColumn
  /** What follows on the columns of trackbacks, and on those of records. */
  readonly ends: { readonly trackbacks: string; readonly records: string }
  /** The indexes that only this database has. */
  readonly indexes: string
}

/** The version that the first of the migrations makes: no release had the two before it. */
export const firstVersion = 3

/** The version that the last of some migrations makes. */
export function versionAfter(migrations: readonly string[]): number {
  return firstVersion + migrations.length - 1
}

/** The statements that make the tables of the first version. */
export function toFirstVersion({ schema, received, jobs, records }: Tables, words: TableWords): string {
  const { id, text, hashes, keyColumn, ends, indexes } = words
  return `CREATE TABLE IF NOT EXISTS ${schema} (version INTEGER NOT NULL);
    INSERT INTO ${schema} VALUES (${firstVersion});
    CREATE TABLE ${received} (
      id ${id},
      ${hashes.trackback}
      post_id ${text} NOT NULL,
      source_key TEXT NOT NULL,
      url TEXT NOT NULL,
      title TEXT NOT NULL,
      excerpt TEXT NOT NULL,
      blog_name TEXT NOT NULL,
      charset TEXT NOT NULL,
      charset_source TEXT NOT NULL,
      received_at BIGINT NOT NULL,
      client_ip TEXT,
      blog TEXT NOT NULL DEFAULT '',
      state ${text} NOT NULL,
      verification TEXT,
      checks TEXT NOT NULL DEFAULT '[]',
      history TEXT NOT NULL DEFAULT '[]',
      revision INTEGER NOT NULL DEFAULT 1${ends.trackbacks}
    );
    CREATE INDEX ${received}_by_post ON ${received} (post_id, state, received_at, id);
    CREATE INDEX ${received}_by_state ON ${received} (state, received_at, id);
    CREATE INDEX ${received}_by_blog ON ${received} (blog, state, received_at, id) WHERE blog <> '';
    CREATE INDEX ${received}_with_client ON ${received} (received_at) WHERE client_ip IS NOT NULL;
    CREATE TABLE ${jobs} (
      id ${id},
      kind ${text} NOT NULL,
      key TEXT NOT NULL,
      ${hashes.key}
      group_name ${text} NOT NULL,
      payload TEXT NOT NULL,
      run_at BIGINT NOT NULL,
      attempts INTEGER NOT NULL DEFAULT 0,
      lost INTEGER NOT NULL DEFAULT 0,
      running BOOLEAN NOT NULL DEFAULT FALSE,
      buried BOOLEAN NOT NULL DEFAULT FALSE,
      error TEXT
    );
    CREATE TABLE ${records} (
      kind ${text} NOT NULL,
      key ${text} NOT NULL,
      value TEXT NOT NULL,
      revision INTEGER NOT NULL DEFAULT 1,
      expires_at BIGINT,
      ${hashes.key}
      PRIMARY KEY (kind, ${keyColumn})
    )${ends.records};
    CREATE INDEX ${records}_by_expiry ON ${records} (expires_at) WHERE expires_at IS NOT NULL;
    ${indexes}`
}
