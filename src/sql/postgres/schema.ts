import { onBusyKey } from '../jobs.js'
import { firstVersion, type TableWords, toFirstVersion, versionAfter } from '../schema.js'
import { type Tables, tablesOf } from '../sql.js'
import { onRepeat } from '../trackbacks.js'
import type { PostgresClient } from './client.js'

/** The names of the tables, and of the functions that claim jobs and add trackbacks, from the prefix. */
export interface PostgresTables extends Tables {
  readonly claim: string
  readonly add: string
}

/**
 * The tables of a prefix. Throws a `TypeError` for a prefix that is more than lower-case letters, digits and underscores,
 * as PostgreSQL folds the others.
 */
export function postgresTables(prefix = 'trackbacks_'): PostgresTables {
  return { ...tablesOf(prefix, 'lower-case letters'), claim: `${prefix}claim`, add: `${prefix}add` }
}

/** How much of a record's key the index of their order holds, in characters: an entry has room for 2,700 bytes. */
export const indexedLength = 500

/**
 * The statements that make the tables, and then those that bring them from one version to the next. For those who let no
 * program change their tables: run by hand, in order, they leave nothing to do for the store. So each writes its version.
 */
export function postgresMigrations(tables: PostgresTables): readonly string[] {
  const { schema, jobs, records } = tables
  const words: TableWords = {
    id: 'BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY',
    text: 'TEXT COLLATE "C"',
    hashes: {
      trackback: 'source_hash TEXT COLLATE "C" NOT NULL UNIQUE,',
      key: 'key_hash TEXT COLLATE "C" NOT NULL,',
    },
    keyColumn: 'key_hash',
    ends: { trackbacks: '', records: '' },
    indexes: `CREATE UNIQUE INDEX ${jobs}_by_key ON ${jobs} (key_hash) WHERE NOT buried;
    CREATE INDEX ${jobs}_by_time ON ${jobs} (kind, run_at, id) WHERE NOT buried;
    CREATE INDEX ${jobs}_by_group ON ${jobs} (kind, group_name) WHERE running;
    CREATE INDEX ${jobs}_aside ON ${jobs} (kind, id) WHERE buried;
    CREATE INDEX ${records}_in_order ON ${records} (kind, left(key, ${indexedLength}));`,
  }
  return [
    `${toFirstVersion(tables, words)}
    ${claimFunction(tables)}`,
    `${additionFunction(tables)}
    UPDATE ${schema} SET version = 4;`,
  ]
}

/**
 * Claims of one kind follow on each other, so that each sees what the one before took, and no more of a group run at
 * once than may; nothing else waits for them. Jobs of a busy group are passed over and do not hold up the others. A plan
 * lives as long as its connection, and one made while the table was small must not read the whole of a large one.
 */
function claimFunction({ jobs, claim }: PostgresTables): string {
  return `CREATE FUNCTION ${claim}(of_kind TEXT, at BIGINT, lease BIGINT, at_most BIGINT, per_group BIGINT)
    RETURNS SETOF ${jobs} LANGUAGE plpgsql SET enable_seqscan = off SET enable_bitmapscan = off AS $claim$
    BEGIN
      IF (SELECT run_at <= at FROM ${jobs} WHERE kind = of_kind AND NOT buried ORDER BY run_at LIMIT 1) IS NOT TRUE THEN
        RETURN;
      END IF;
      -- A claim that a crash of the server undoes is a job that runs again; so nobody waits for the disk here.
      PERFORM set_config('synchronous_commit', 'off', TRUE);
      PERFORM pg_advisory_xact_lock(hashtext('${claim}'), hashtext(of_kind));
      RETURN QUERY
        WITH busy AS (
          SELECT group_name, count(*) AS size FROM ${jobs}
          WHERE kind = of_kind AND running AND run_at > at AND NOT buried GROUP BY group_name
        ), due AS (
          SELECT j.id, j.run_at, j.group_name, coalesce(busy.size, 0) AS size
          FROM ${jobs} j LEFT JOIN busy USING (group_name)
          WHERE j.kind = of_kind AND NOT j.buried AND j.run_at <= at AND coalesce(busy.size, 0) < per_group
          ORDER BY j.run_at, j.id LIMIT at_most * 4
        ), ranked AS (
          SELECT *, size + row_number() OVER (PARTITION BY group_name ORDER BY run_at, id) AS place FROM due
        ), chosen AS (
          SELECT id, run_at FROM ranked WHERE place <= per_group ORDER BY run_at, id LIMIT at_most
        ), claimed AS (
          UPDATE ${jobs} j SET running = TRUE, attempts = j.attempts + 1,
            lost = CASE WHEN j.running THEN j.lost + 1 ELSE 0 END, run_at = at + lease
          FROM chosen WHERE j.id = chosen.id AND j.run_at = chosen.run_at RETURNING j.id
        )
        SELECT j.* FROM ${jobs} j JOIN claimed USING (id) ORDER BY j.run_at, j.id;
    END $claim$;`
}

/**
 * Adds trackbacks and their jobs: a new row has revision 1, one that was replaced has more, one that was known is not among
 * those written. Rows are written in one order by all, so that no two calls wait for each other. It is a function so that
 * it is planned once for a connection: planning takes as long as ten rows.
 */
function additionFunction({ add, received, jobs }: PostgresTables): string {
  const columns =
    'source_hash, post_id, source_key, url, title, excerpt, blog_name, charset, charset_source, received_at, client_ip, blog, state, verification, checks, history'
  return `CREATE FUNCTION ${add}(rows TEXT) RETURNS TABLE (source_hash TEXT, id BIGINT, revision INTEGER)
    LANGUAGE plpgsql AS $add$
    #variable_conflict use_column
    BEGIN
      RETURN QUERY WITH input AS (
        SELECT * FROM json_to_recordset(rows::json) AS i (source_hash text, post_id text, source_key text, url text,
          title text, excerpt text, blog_name text, charset text, charset_source text, received_at bigint, client_ip text,
          blog text, state text, verification text, checks text, history text, kind text, key text, key_hash text,
          group_name text, payload text, run_at bigint)
      ), written AS (
        INSERT INTO ${received} AS r (${columns}) SELECT ${columns} FROM input ORDER BY source_hash
        ${onRepeat('source_hash')} RETURNING source_hash, id, revision
      ), queued AS (
        INSERT INTO ${jobs} (kind, key, key_hash, group_name, payload, run_at)
        SELECT DISTINCT ON (key_hash) kind, key, key_hash, group_name, payload, run_at
        FROM input JOIN written USING (source_hash)
        WHERE kind IS NOT NULL ORDER BY key_hash ${onBusyKey({ jobs }, 'key_hash')}
      )
      SELECT * FROM written;
    END $add$;`
}

/**
 * Brings the schema up to date in one statement. Any number of processes may do so at once: one does the work, the
 * others wait for it and find it done. Rejects where the schema is newer than this version knows, so that nothing is lost.
 */
export async function migratePostgres(
  client: PostgresClient,
  tables: PostgresTables,
  migrations: readonly string[] = postgresMigrations(tables),
): Promise<void> {
  const newest = versionAfter(migrations)
  const steps = migrations.map(
    (migration, index) => `IF found < ${firstVersion + index} THEN ${migration} END IF;`,
  )
  await client.query(`DO $migrate$
    DECLARE found INTEGER := 0;
    BEGIN
      PERFORM pg_advisory_xact_lock(hashtext('${tables.schema}'), 0);
      IF to_regclass('${tables.schema}') IS NOT NULL THEN
        SELECT version INTO found FROM ${tables.schema};
      END IF;
      IF found > ${newest} THEN
        RAISE 'the tables ${tables.schema}… have version %; this release knows ${newest}: update trackbacks', found;
      END IF;
      ${steps.join('\n')}
    END $migrate$`)
}
