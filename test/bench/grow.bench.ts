import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import { createRequire } from 'node:module'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { createReceiver, type Store } from 'trackbacks'
import { toNodeHandler } from 'trackbacks/node'
import { createPostgresStore } from 'trackbacks/postgres'
import { openSqlite, type SqliteDatabase } from 'trackbacks/sqlite'
import { startPostgres } from '../../examples/platform/database.js'
import { openRates } from '../support/open-rates.js'
import { cpuOf, ownCpu } from './cpu.js'
import { goal } from './goals.js'
import { dueJobs, endOf, type Filling, fillings, rareWord, rowsOfPost } from './grow-rows.js'
import { type Contender, collectGarbage, inTurn } from './harness.js'
import { loadWithPings } from './receive-load.js'

const sizes = [10_000, 100_000, 1_000_000] as const
const rounds = 5

/** A store that holds so many trackbacks. */
interface Grown {
  readonly size: number
  readonly store: Store
  /** Seconds of processor time that this process and the database have taken. */
  cpu(): Promise<number>
  /** Does what the database puts off: it belongs to what was done. */
  settle(): Promise<void>
  /** Takes away what came since it was filled. */
  restore(): Promise<void>
}

/** Something that is done to a store: gives back how often it was done, and the processor time at its beginning. */
interface Task {
  readonly name: string
  /** How much more it may cost at a million than at ten thousand. */
  readonly most?: number
  does(grown: Grown): Promise<{ done: number; before: number }>
}

/** Does something over and over, for a while. */
function repeatedly(
  name: string,
  most: number | undefined,
  operation: (grown: Grown, turn: number) => Promise<unknown>,
): Task {
  return {
    name,
    ...(most && { most }),
    async does(grown) {
      const before = await grown.cpu()
      const end = performance.now() + 200
      let done = 0
      while (done === 0 || performance.now() < end) await operation(grown, done++)
      return { done, before }
    },
  }
}

/** A whole receiver takes pings to every post there is, for a while. */
async function takePings({ store, size, cpu }: Grown): Promise<{ done: number; before: number }> {
  const receiver = createReceiver({
    baseUrl: 'http://127.0.0.1/trackback/',
    findPost: (id) => ({ id, url: `https://my.example/${id}.html` }),
    ...{ store, worker: false, verifyAfter: 3_600_000, rateLimits: openRates },
  })
  const handler = toNodeHandler(receiver)
  // Starting the processes that send takes more time than what they send.
  let before: Promise<number> | undefined
  const server = createServer((request, response) => {
    before ??= cpu()
    handler(request, response)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const counts = await loadWithPings((server.address() as AddressInfo).port, '/trackback/', 800, {
    posts: size / rowsOfPost,
  })
  server.close()
  await receiver.close()
  return { done: counts.reduce((sum, { answered }) => sum + answered, 0), before: (await before) ?? 0 }
}

let claims = 0
/** Takes jobs that are due; their leases are over when the next claim comes, and so they are due again. */
async function claim({ store }: Grown): Promise<void> {
  claims += 1
  const now = endOf(0) + dueJobs + claims * 3
  const jobs = await store.jobs.claim({ kind: 'verify', now, lease: 1, limit: 20, perGroup: 2 })
  if (jobs.length < 20) throw new Error('jobs are missing')
}

const tasks: readonly Task[] = [
  { name: 'accepted pings', most: 1.5, does: takePings },
  repeatedly('claims of 20 jobs', 2, claim),
  repeatedly('lists: the page of a post', 2, ({ store, size }, turn) =>
    store.list({ postId: String(turn % (size / rowsOfPost)), state: 'published' }, { order: 'newest' }),
  ),
  repeatedly('lists: the newest that wait', 2, ({ store }) =>
    store.list({ state: 'held' }, { order: 'newest' }),
  ),
  repeatedly('counts of a post', 2, ({ store, size }, turn) =>
    store.count({ postId: String(turn % (size / rowsOfPost)), state: 'published' }),
  ),
  repeatedly('counts that the moderation page shows', undefined, ({ store }) =>
    store.count({ state: 'published' }, { atMost: 1000 }),
  ),
  repeatedly('searches for a rare word, first page', undefined, ({ store }) =>
    store.list({ text: rareWord, state: 'published' }, { order: 'newest' }),
  ),
  repeatedly('searches for what is not there', undefined, ({ store }) =>
    store.list({ text: 'no such words', state: 'published' }),
  ),
]

async function compare(driver: string, stores: readonly Grown[]): Promise<void> {
  for (const task of tasks) {
    const memory: number[] = []
    const contenders = stores.map(
      (grown): Contender => ({
        name: `at ${grown.size.toLocaleString('en')}`,
        async round() {
          collectGarbage()
          const { done, before } = await task.does(grown)
          await grown.settle()
          const seconds = (await grown.cpu()) - before
          memory.push(process.memoryUsage.rss() / 2 ** 20)
          await grown.restore()
          return done / seconds
        },
      }),
    )
    const title = `grow, ${driver}: ${task.name}, a second of CPU`
    const outcomes = await inTurn(title, contenders as [Contender, ...Contender[]], rounds)
    console.log(
      `  memory of the process: ${stores.map((_, index) => memory[index]?.toFixed(0)).join(', ')} MiB`,
    )
    const times = 1 / (outcomes.at(-1)?.ratio ?? Number.NaN)
    // What a ping costs in PostgreSQL is told, too, but depends on its settings.
    if (task.most && (driver === 'SQLite' || task.does !== takePings))
      goal(`grow, ${driver}, ${task.name}: CPU at a million, times that at ten thousand`, times, {
        most: task.most,
      })
  }
}

const sqlite: Filling = {
  numbers: (to) => ({
    before: `WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < ${to})`,
    from: 'numbers',
  }),
  hash: null,
}

async function inSqlite(folder: string): Promise<Grown[]> {
  const Database = createRequire(import.meta.url)('libsql') as new (path: string) => SqliteDatabase
  return sizes.map((size) => {
    const file = join(folder, `${size}.db`)
    const store = openSqlite(file)
    const database = new Database(file)
    for (const filling of fillings('trackbacks_', size, sqlite)) database.exec(filling)
    database.exec('ANALYZE; PRAGMA wal_checkpoint(TRUNCATE)')
    const settle = async () => void database.exec('PRAGMA wal_checkpoint(TRUNCATE)')
    return {
      ...{ size, store, settle },
      cpu: async () => ownCpu(),
      async restore() {
        database.exec(`DELETE FROM trackbacks_received WHERE id > ${size};
          DELETE FROM trackbacks_jobs WHERE id > ${size / 20 + dueJobs}`)
        await settle()
      },
    }
  })
}

const postgres: Filling = {
  numbers: (to) => ({ before: '', from: `generate_series(1, CAST(${to} AS BIGINT)) AS n` }),
  hash: [
    'source_hash',
    (...texts) => `encode(sha256(convert_to(${texts.join(` || E'\\n' || `)}, 'UTF8')), 'base64')`,
  ],
}

async function inPostgres(pool: pg.Pool): Promise<Grown[]> {
  const cpu = async (): Promise<number> => {
    const { rows } = await pool.query('SELECT pid FROM pg_stat_activity')
    return rows.reduce((sum, { pid }) => sum + cpuOf(pid), ownCpu())
  }
  const stores: Grown[] = []
  for (const size of sizes) {
    const tablePrefix = `grow${size}_`
    const store = createPostgresStore(pool, { tablePrefix })
    await store.count({})
    for (const filling of fillings(tablePrefix, size, postgres)) await pool.query(filling)
    const restore = async (): Promise<void> => {
      await pool.query(`DELETE FROM ${tablePrefix}received WHERE id > ${size}`)
      await pool.query(`DELETE FROM ${tablePrefix}jobs WHERE id > ${size / 20 + dueJobs}`)
      for (const table of ['received', 'jobs']) await pool.query(`VACUUM ANALYZE ${tablePrefix}${table}`)
    }
    await restore()
    // What was filled in is written to the tables now, and not while something is measured.
    await pool.query('CHECKPOINT')
    // Checkpoints come every few minutes; the first change of a page after one costs more, and grows with the table.
    stores.push({ size, store, cpu, settle: async () => {}, restore })
  }
  return stores
}

/** What costs more the more there is: each at ten thousand, a hundred thousand and a million trackbacks. */
export default async function run(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'trackbacks-bench-'))
  const server = await startPostgres(['autovacuum=off'])
  const pool = new pg.Pool({ connectionString: server.connectionString, idleTimeoutMillis: 0 }).on(
    'error',
    () => {},
  )
  try {
    await compare('SQLite', await inSqlite(folder))
    await compare('PostgreSQL', await inPostgres(pool))
  } finally {
    await pool.end()
    await server.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}
