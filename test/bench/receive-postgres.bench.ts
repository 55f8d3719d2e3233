import pg from 'pg'
import type { Store } from 'trackbacks'
import { createPostgresStore } from 'trackbacks/postgres'
import { startPostgres } from '../../examples/platform/database.js'
import { sampleTrackback } from '../../src/testing/sample.js'
import { goal } from './goals.js'
import { type Contender, inTurn, ratioOf } from './harness.js'
import { bare, receiving } from './receive.bench.js'

/** As many clients as have a ping under way, each of which inserts one row with a commit of its own. */
function singleInserts(pool: pg.Pool): Contender {
  return {
    name: '16 clients inserting singly, no HTTP',
    async round() {
      await pool.query('DROP TABLE IF EXISTS single')
      await pool.query('CREATE TABLE single (source TEXT UNIQUE, title TEXT, excerpt TEXT, blog_name TEXT)')
      const { title, excerpt, blogName } = sampleTrackback()
      const count = 8000
      let sent = 0
      const start = performance.now()
      const insertOnAndOn = async (): Promise<void> => {
        while (sent < count) {
          sent += 1
          const values = [`https://blog.example/${sent}`, title, excerpt, blogName]
          await pool.query('INSERT INTO single VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING', values)
        }
      }
      await Promise.all(Array.from({ length: 16 }, insertOnAndOn))
      return (count * 1000) / (performance.now() - start)
    },
  }
}

export default async function run(): Promise<void> {
  const server = await startPostgres()
  const pool = new pg.Pool({ connectionString: server.connectionString, max: 16 }).on('error', () => {})
  let prefixes = 0
  const open = (): Store => {
    prefixes += 1
    return createPostgresStore(pool, { tablePrefix: `bench${prefixes}_` })
  }
  try {
    const outcomes = await inTurn(
      'receive-postgres: pings accepted, each answered after its commit, fsync on',
      [bare, receiving('toNodeHandler, PostgreSQL', open), singleInserts(pool)],
    )
    goal('receive-postgres, of bare node:http', ratioOf(outcomes, 1), { least: 0.3 })
  } finally {
    await pool.end()
    await server.stop()
  }
}
