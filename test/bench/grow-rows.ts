/** How many trackbacks a post has. */
export const rowsOfPost = 50
/** How many jobs are due, for claims. */
export const dueJobs = 2000
const hosts = 1000

/** A word that stands in every hundredth trackback. */
export const rareWord = 'obscure'
/** When the first was received; one a minute follows. */
const start = 1_750_000_000_000
const minute = 60_000
/** When the rows of so many end. */
export function endOf(rows: number): number {
  return start + rows * minute
}

/** The differences of the databases in the statements that fill the tables. */
export interface Filling {
  /** A table with the one column `n`, from 1 to a number. */
  numbers(to: number): { readonly before: string; readonly from: string }
  /** What stands beside the key of a post and a source: the name of a column, and its value. */
  readonly hash: readonly [column: string, value: (...texts: string[]) => string] | null
}

/**
 * Statements that leave in new tables so many trackbacks, and the jobs that wait behind them: nine of ten trackbacks are
 * published, with what verification and the checks left behind; clients are known of those of the last 30 days, and one in
 * twenty is to be looked at again.
 */
export function fillings(prefix: string, rows: number, { numbers, hash }: Filling): string[] {
  const post = `(n * 7919 % ${Math.max(1, rows / rowsOfPost)})`
  const host = `(n * 31 % ${hosts})`
  const source = `('https://blog-' || ${host} || '.example/archives/2026/' || n || '.html')`
  const fact = `'{"outcome":"linked","reason":{"code":"linked"},"checkedAt":${start},"attempts":1,"title":"A post about yours",\
"passage":{"before":"I read what was written here, and ","link":"a post on watches","after":" says the same, in fewer words than I need."}}'`
  const checks = `'[${['link', 'passage', 'words', 'links', 'repeats', 'age'].map(checkOf).join()}]'`
  const history = `'[{"at":${start},"state":"published","by":"policy","reason":{"code":"score","score":6}}]'`
  const columns: Record<string, string> = {
    post_id: `CAST(${post} AS TEXT)`,
    source_key: source,
    url: source,
    title: `'A post about yours ' || n`,
    excerpt: `CASE WHEN n % 100 = 7 THEN 'An ${rareWord} one. ' ELSE '' END || '${'I read it, and this is what I think. '.repeat(5)}'`,
    blog_name: `'Blog ' || ${host}`,
    charset: `'utf-8'`,
    charset_source: `'content-type'`,
    received_at: `${start} + n * ${minute}`,
    client_ip: `CASE WHEN n > ${rows - 30 * 1440} THEN '203.0.113.' || (n % 250) END`,
    state: `CASE WHEN n % 20 = 0 THEN 'rejected' WHEN n % 50 = 1 THEN 'held' WHEN n % 100 = 3 THEN 'unverified' ELSE 'published' END`,
    verification: fact,
    checks,
    history,
  }
  const jobs: Record<string, string> = {
    kind: `'verify'`,
    key: `'verify ' || n || ' ' || ${source}`,
    group_name: `'blog-' || ${host} || '.example'`,
    payload: `'{}'`,
    run_at: `${start} + CASE WHEN n <= ${dueJobs} THEN n ELSE n * ${minute} END`,
  }
  if (hash) {
    columns[hash[0]] = hash[1](columns['post_id'] ?? '', source)
    jobs['key_hash'] = hash[1](jobs['key'] ?? '')
  }
  const insertion = (table: string, values: Record<string, string>, count: number): string => {
    const { before, from } = numbers(count)
    return `${before} INSERT INTO ${prefix}${table} (${Object.keys(values)}) SELECT ${Object.values(values)} FROM ${from}`
  }
  return [insertion('received', columns, rows), insertion('jobs', jobs, rows / 20 + dueJobs)]
}

function checkOf(name: string): string {
  return `{"check":"${name}","score":1,"reason":{"code":"${name}"}}`
}
