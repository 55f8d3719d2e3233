import type { Tables } from './sql.js'

/** Where the tables of a database differ from those of another. */
export interface TableWords {
  /** The type of an id that the database gives out. */
  readonly id: string
  /** The type of text that an index holds, in the order of its bytes. */
  readonly text: string
  /** The columns by which trackbacks and jobs are unique, where they are columns of their own. */
  readonly hashes: { readonly trackback: string; readonly job: string }
  /** What follows on the columns of trackbacks, and on those of records. */
  readonly ends: { readonly trackbacks: string; readonly records: string }
  /** The indexes of jobs, each with the table that it is of. */
  readonly jobIndexes: string
}

/** The statements that make the tables of version 1. */
export function toVersion1({ schema, received, jobs, records }: Tables, words: TableWords): string {
  const { id, text, hashes, ends, jobIndexes } = words
  return `CREATE TABLE IF NOT EXISTS ${schema} (version INTEGER NOT NULL);
    INSERT INTO ${schema} VALUES (1);
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
      charset_reason TEXT NOT NULL,
      received_at BIGINT NOT NULL,
      client_ip TEXT,
      state ${text} NOT NULL,
      verification TEXT,
      checks TEXT NOT NULL DEFAULT '[]',
      history TEXT NOT NULL DEFAULT '[]',
      revision INTEGER NOT NULL DEFAULT 1${ends.trackbacks}
    );
    CREATE INDEX ${received}_by_post ON ${received} (post_id, state, id);
    CREATE INDEX ${received}_by_state ON ${received} (state, id);
    CREATE INDEX ${received}_with_client ON ${received} (received_at) WHERE client_ip IS NOT NULL;
    CREATE TABLE ${jobs} (
      id ${id},
      kind ${text} NOT NULL,
      key TEXT NOT NULL,
      ${hashes.job}
      group_name ${text} NOT NULL,
      payload TEXT NOT NULL,
      run_at BIGINT NOT NULL,
      attempts INTEGER NOT NULL DEFAULT 0,
      running BOOLEAN NOT NULL DEFAULT FALSE,
      buried BOOLEAN NOT NULL DEFAULT FALSE,
      error TEXT
    );
    ${jobIndexes}
    CREATE TABLE ${records} (
      kind ${text} NOT NULL,
      key ${text} NOT NULL,
      value TEXT NOT NULL,
      revision INTEGER NOT NULL DEFAULT 1,
      expires_at BIGINT,
      PRIMARY KEY (kind, key)
    )${ends.records};
    CREATE INDEX ${records}_by_expiry ON ${records} (expires_at) WHERE expires_at IS NOT NULL;`
}

/**
 * The step to version 3: the states and facts get the names that they have in code, a trackback may belong to a blog, and
 * lists are in the order in which trackbacks were received. A key of JSON has quotes around it that no text in it can have.
 */
export function toVersion3({ schema, received }: Tables): string {
  return `ALTER TABLE ${received} RENAME COLUMN charset_reason TO charset_source;
    ALTER TABLE ${received} ADD COLUMN blog TEXT NOT NULL DEFAULT '';
    UPDATE ${received} SET state = 'unverified' WHERE state = 'pending';
    UPDATE ${received} SET checks = replace(checks, '"note":', '"reason":'),
      verification = replace(replace(verification, '"looks":', '"attempts":'), '"isByOthers":', '"isUserContent":'),
      history = replace(replace(history, '"state":"pending"', '"state":"unverified"'),
        '"before":"pending"', '"before":"unverified"');
    DROP INDEX ${received}_by_post;
    DROP INDEX ${received}_by_state;
    CREATE INDEX ${received}_by_post ON ${received} (post_id, state, received_at, id);
    CREATE INDEX ${received}_by_state ON ${received} (state, received_at, id);
    CREATE INDEX ${received}_by_blog ON ${received} (blog, state, received_at, id) WHERE blog <> '';
    UPDATE ${schema} SET version = 3;`
}
