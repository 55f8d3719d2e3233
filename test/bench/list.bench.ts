import { mkdtempSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import type { Store } from 'trackbacks'
import { createPostgresStore } from 'trackbacks/postgres'
import { createSqliteStore, type SqliteDatabase } from 'trackbacks/sqlite'
import { startPostgres } from '../../examples/platform/database.js'
import { goal } from './goals.js'
import { type Contender, inTurn, ratioOf } from './harness.js'

const sizes = [1000, 1_000_000]
const columns =
  'post_id, source_key, url, title, excerpt, blog_name, charset, charset_source, received_at, state'
const values = `'7', 'https://blog.example/' || n, 'https://blog.example/' || n, 'A post about yours',
  'I read it, and this is what I think of it', 'A blog', 'utf-8', 'content-type', 1700000000000 + n, 'published'`

function listing(name: string, store: Store): Contender {
  return {
    name,
    async round() {
      const lists = 400
      const start = performance.now()
      for (let index = 0; index < lists; index += 1) {
        await store.list({ postId: '7', state: 'published' }, { order: 'newest' })
      }
      return (lists * 1000) / (performance.now() - start)
    },
  }
}

/** The same list from a post with few trackbacks and from one with very many. */
async function compare(driver: string, stores: readonly Store[]): Promise<void> {
  const [few, many] = stores.map((store, index) =>
    listing(`among ${sizes[index]?.toLocaleString('en')}`, store),
  )
  if (!few || !many) return
  const outcomes = await inTurn(`list: the 50 newest trackbacks of one post, ${driver}`, [few, many])
  goal(`list, ${driver}: a million costs as much as a thousand, times`, 1 / ratioOf(outcomes, 1), { most: 2 })
}

async function inSqlite(folder: string): Promise<void> {
  const Database = createRequire(import.meta.url)('libsql') as new (path: string) => SqliteDatabase
  const stores = sizes.map((size) => {
    const database = new Database(join(folder, `${size}.db`))
    const store = createSqliteStore(database)
    database.exec(`WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < ${size})
      INSERT INTO trackbacks_received (${columns}) SELECT ${values} FROM numbers`)
    return store
  })
  await compare('SQLite', stores)
  await Promise.all(stores.map((store) => store.close()))
}

async function inPostgres(pool: pg.Pool): Promise<void> {
  const stores: Store[] = []
  for (const size of sizes) {
    const tablePrefix = `list${size}_`
    const store = createPostgresStore(pool, { tablePrefix })
    await store.count({})
    await pool.query(`INSERT INTO ${tablePrefix}received (source_hash, ${columns})
      SELECT 'hash ' || n, ${values} FROM generate_series(1, ${size}) AS n`)
    await pool.query(`ANALYZE ${tablePrefix}received`)
    stores.push(store)
  }
  await compare('PostgreSQL', stores)
}

export default async function run(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'trackbacks-bench-'))
  const server = await startPostgres()
  const pool = new pg.Pool({ connectionString: server.connectionString }).on('error', () => {})
  try {
    await inSqlite(folder)
    await inPostgres(pool)
  } finally {
    rmSync(folder, { recursive: true, force: true })
    await pool.end()
    await server.stop()
  }
}
