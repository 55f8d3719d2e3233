import { randomBytes } from 'node:crypto'
import { PGlite } from '@electric-sql/pglite'
import pg from 'pg'
import postgres from 'postgres'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Database, startPostgres } from '../../../examples/platform/database.js'
import type { PostgresClient } from '../../../src/sql/postgres/client.js'
import { migratePostgres, postgresMigrations, postgresTables } from '../../../src/sql/postgres/schema.js'
import { createPostgresStore } from '../../../src/sql/postgres/store.js'
import type { Addition, NewJob, TrackbackState } from '../../../src/store/store.js'
import { sampleTrackback } from '../../../src/testing/sample.js'
import { testStore } from '../../../src/testing/store.js'
import { nextPostgresMigrations, nextPostgresVersion } from '../../support/next-schema.js'
import { describePostgres } from '../../support/postgres.js'
import { startStoreProcesses } from '../../support/store-processes.js'

let prefixes = 0

/** Tables of their own for each test, in one database. */
function newPrefix(): string {
  prefixes += 1
  return `t${prefixes}_`
}

describe('createPostgresStore on PGlite', () => {
  let database: PGlite
  beforeAll(async () => {
    database = await PGlite.create()
  }, 60_000)
  afterAll(() => database.close())

  testStore(it, () => createPostgresStore(database, { tablePrefix: newPrefix() }))
})

describePostgres('createPostgresStore on a pool of pg', () => {
  let server: Database
  let pool: pg.Pool
  beforeAll(async () => {
    server = await startPostgres()
    pool = new pg.Pool({ connectionString: server.connectionString }).on('error', () => {})
  }, 60_000)
  afterAll(async () => {
    await pool.end()
    await server.stop()
  }, 60_000)
  const open = (client: PostgresClient = pool) => createPostgresStore(client, { tablePrefix: newPrefix() })

  testStore(it, () => open())

  describe('and through postgres.js', () => {
    let sql: postgres.Sql
    beforeAll(() => {
      const host = new URLSearchParams(server.connectionString.split('?')[1]).get('host') ?? ''
      sql = postgres({ host, user: 'postgres', database: 'postgres', max: 4 })
    })
    afterAll(() => sql.end())

    testStore(it, () => open({ query: async (text, values) => ({ rows: await sql.unsafe(text, values) }) }))
  })

  it('makes its tables once when 8 processes start at once', async () => {
    const processes = await startStoreProcesses(8)
    const outcomes = await processes.add(server.connectionString)
    processes.stop()
    expect(outcomes.sort()).toEqual(['added', ...Array<string>(7).fill('replaced')])
  })

  it('makes its tables once when 8 stores start at once on connections of their own', async () => {
    const tablePrefix = newPrefix()
    const stores = Array.from({ length: 8 }, () => createPostgresStore(pool, { tablePrefix }))
    expect(await Promise.all(stores.map((store) => store.count({})))).toEqual(Array<number>(8).fill(0))
  })

  it('asks for no right to make tables where the published statements were run by hand', async () => {
    const tablePrefix = newPrefix()
    for (const statements of postgresMigrations(postgresTables(tablePrefix))) await pool.query(statements)
    await pool.query('CREATE ROLE guest LOGIN; REVOKE CREATE ON SCHEMA public FROM PUBLIC')
    await pool.query('GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO guest')
    const guest = new pg.Client({
      connectionString: server.connectionString.replace('//postgres@', '//guest@'),
    })
    await guest.connect()
    const store = createPostgresStore(guest, { tablePrefix })
    expect((await store.add(sampleTrackback())).outcome).toBe('added')
    await expect(open(guest).count({})).rejects.toThrow('permission denied')
    await guest.end()
  })

  it('refuses tables of a newer version, and changes nothing', async () => {
    const tablePrefix = newPrefix()
    await pool.query(`CREATE TABLE ${tablePrefix}schema (version INTEGER NOT NULL)`)
    await pool.query(`INSERT INTO ${tablePrefix}schema VALUES (99)`)
    const store = createPostgresStore(pool, { tablePrefix })
    await expect(store.add(sampleTrackback())).rejects.toThrow('version 99; this release knows 4')
    const { rows } = await pool.query(`SELECT to_regclass('${tablePrefix}received') AS made`)
    expect(rows).toEqual([{ made: null }])
  })

  it('brings tables of the version before up to date once, on 8 connections at once, with all that they hold', async () => {
    const tables = await tablesOfNow()
    const next = nextPostgresMigrations(tables)
    await Promise.all(Array.from({ length: 8 }, () => migratePostgres(pool, tables, next)))
    const { rows } = await pool.query(`SELECT note, version FROM ${tables.received}, ${tables.schema}`)
    expect(rows).toEqual([{ note: 'from JALの対応を評価する', version: nextPostgresVersion }])
  })

  it('adds to the tables of version 3 what comes', async () => {
    const tables = postgresTables(newPrefix())
    await migratePostgres(pool, tables, postgresMigrations(tables).slice(0, 1))
    const store = createPostgresStore(pool, { tablePrefix: tables.schema.replace('schema', '') })
    const outcomes = await Promise.all([store.add(sampleTrackback()), store.add(sampleTrackback())])
    expect(outcomes.map(({ outcome }) => outcome)).toEqual(['added', 'replaced'])
  })

  it('makes new tables in the newest version at once', async () => {
    const tables = postgresTables(newPrefix())
    await migratePostgres(pool, tables, nextPostgresMigrations(tables))
    const { rows } = await pool.query(`SELECT version FROM ${tables.schema}`)
    expect(rows).toEqual([{ version: nextPostgresVersion }])
  })

  it('leaves tables as they are where a migration fails, and refuses, as the release before, those of the next', async () => {
    const tables = await tablesOfNow()
    const next = nextPostgresMigrations(tables)
    const failing = [...next.slice(0, -1), `${next.at(-1)} PERFORM 1 / 0;`]
    await expect(migratePostgres(pool, tables, failing)).rejects.toThrow('division by zero')
    const tablePrefix = tables.schema.replace('schema', '')
    expect(await createPostgresStore(pool, { tablePrefix }).count({})).toBe(1)
    await migratePostgres(pool, tables, next)
    const message = `version ${nextPostgresVersion}; this release knows ${nextPostgresVersion - 1}`
    await expect(createPostgresStore(pool, { tablePrefix }).count({})).rejects.toThrow(message)
  })

  /** Tables of this release, with one trackback. */
  async function tablesOfNow() {
    const tablePrefix = newPrefix()
    await createPostgresStore(pool, { tablePrefix }).add(sampleTrackback())
    return postgresTables(tablePrefix)
  }

  it('lists records by an index, however many there are', async () => {
    const tables = postgresTables(newPrefix())
    await migratePostgres(pool, tables)
    await pool.query(`INSERT INTO ${tables.records} (kind, key_hash, key, value)
      SELECT 'k', n::text, 'key ' || n, '' FROM generate_series(1, 20000) AS n`)
    await pool.query(`ANALYZE ${tables.records}`)
    const asked: string[] = []
    const store = createPostgresStore(
      {
        async query(text, values) {
          const { rows } = await pool.query(text.startsWith('DO') ? text : `EXPLAIN ${text}`, values)
          asked.push(JSON.stringify(rows))
          return { rows: [] }
        },
      },
      { tablePrefix: tables.schema.replace('schema', '') },
    )
    await store.records.list('k', 'key 19', { after: 'key 1950' })
    expect(asked.at(-1)).toContain('_in_order')
    expect(asked.at(-1)).not.toContain('Seq Scan')
  })

  it('tries again to make its tables after a failure', async () => {
    let failures = 1
    const store = open({
      query(text, values) {
        failures -= 1
        return failures < 0 ? pool.query(text, values) : Promise.reject(new Error('no connection'))
      },
    })
    await expect(store.add(sampleTrackback())).rejects.toThrow('no connection')
    expect((await store.add(sampleTrackback())).outcome).toBe('added')
  })

  it('rejects additions whose statement failed, and goes on with the next', async () => {
    const tablePrefix = newPrefix()
    const store = createPostgresStore(pool, { tablePrefix })
    await store.count({})
    await pool.query(`ALTER TABLE ${tablePrefix}received RENAME TO ${tablePrefix}away`)
    const additions = ['a', 'b'].map((postId) => store.add(sampleTrackback({ postId })))
    for (const { status } of await Promise.allSettled(additions)) expect(status).toBe('rejected')
    await pool.query(`ALTER TABLE ${tablePrefix}away RENAME TO ${tablePrefix}received`)
    expect((await store.add(sampleTrackback())).outcome).toBe('added')
  })

  it('combines what comes at once into few statements', async () => {
    const statements: string[] = []
    const store = open({
      query(text, values) {
        statements.push(text)
        return pool.query(text, values)
      },
    })
    await store.count({})
    statements.length = 0
    const urls = Array.from({ length: 1700 }, (_, index) => `https://blog.example/${index}`)
    const additions = await Promise.all(urls.map((url) => store.add(sampleTrackback({ url }))))
    expect(new Set(additions.map(({ id }) => id)).size).toBe(1700)
    expect(await store.count({})).toBe(1700)
    expect(statements.length).toBeLessThanOrEqual(5)
  })

  it('answers repeats that come at once as if they had come one after the other', async () => {
    const store = open()
    const add = (state: TrackbackState, titles: string[]): Promise<Addition[]> =>
      Promise.all(titles.map((title) => store.add(sampleTrackback({ postId: state, title, state }))))
    const [first, ...repeats] = await add('unverified', ['one', 'two', 'three'])
    expect(first?.outcome).toBe('added')
    expect(repeats).toEqual(repeats.map(() => ({ outcome: 'replaced', id: first?.id })))
    expect((await store.get(first?.id ?? ''))?.title).toBe('three')
    expect((await add('unverified', ['four', 'five'])).map(({ outcome }) => outcome)).toEqual([
      'replaced',
      'replaced',
    ])
    expect((await store.get(first?.id ?? ''))?.title).toBe('five')
    const shown = await add('published', ['one', 'two', 'three'])
    expect(shown.map(({ outcome }) => outcome)).toEqual(['added', 'known', 'known'])
    expect((await store.get(shown[0]?.id ?? ''))?.title).toBe('one')
  })

  it('adds one job for all trackbacks that come at once and share its key', async () => {
    const store = open()
    const urls = ['a', 'b', 'c'].map((path) => `https://blog.example/${path}`)
    await Promise.all(urls.map((url) => store.add(sampleTrackback({ url }), verifyJob('shared'))))
    const all = { kind: 'verify', now: 10, lease: 1, limit: 10, perGroup: 10 }
    expect(await store.jobs.claim(all)).toHaveLength(1)
    expect(await store.count({})).toBe(3)
  })

  it('waits for nothing that waits for it: many stores add the same sources in different orders', async () => {
    const tablePrefix = newPrefix()
    const stores = Array.from({ length: 6 }, () => createPostgresStore(pool, { tablePrefix }))
    const sources = Array.from({ length: 60 }, (_, index) => `https://blog.example/${index}`)
    for (let round = 0; round < 15; round += 1) {
      const additions = stores.flatMap((store) => {
        const shuffled = [...sources].sort(() => Math.random() - 0.5)
        return shuffled.map((url) => store.add(sampleTrackback({ url }), verifyJob(url)))
      })
      await Promise.all(additions)
    }
    expect(await stores[0]?.count({})).toBe(60)
  })

  it('lets no more of a group run than may, however many claim at once', async () => {
    const tablePrefix = newPrefix()
    const stores = Array.from({ length: 6 }, () => createPostgresStore(pool, { tablePrefix }))
    for (let index = 0; index < 40; index += 1) await stores[0]?.jobs.add(verifyJob(`${index}`))
    const request = { kind: 'verify', now: 10, lease: 1000, limit: 3, perGroup: 2 }
    const claims = await Promise.all(stores.map((store) => store.jobs.claim(request)))
    expect(claims.flat()).toHaveLength(2)
  })

  it('keeps long ids and URLs apart, which no index entry could hold', async () => {
    const store = open()
    const postId = randomBytes(1000).toString('hex')
    const urls = ['a', 'b'].map(
      (end) => `https://blog.example/${randomBytes(4000).toString('base64url')}/${end}`,
    )
    for (const url of urls) {
      const job = verifyJob(url)
      expect((await store.add(sampleTrackback({ postId, url }), job)).outcome).toBe('added')
      expect((await store.add(sampleTrackback({ postId, url }), job)).outcome).toBe('replaced')
      expect((await store.find(postId, url))?.url).toBe(url)
    }
    expect((await store.list({ postId })).items.map(({ url }) => url)).toEqual(urls)
    const all = { kind: 'verify', now: 10, lease: 1, limit: 10, perGroup: 10 }
    expect((await store.jobs.claim(all)).map(({ payload }) => payload)).toEqual(urls)
  })

  it('counts one key twice in one call', async () => {
    const { records } = open()
    const counts = [1, 10, 100].map((amount, index) => ({ key: index === 1 ? 'b' : 'a', amount }))
    const expiresAt = Date.now() + 60_000
    expect(await records.count('n', counts, expiresAt)).toEqual([1, 10, 101])
    expect(await records.count('n', counts, expiresAt)).toEqual([102, 20, 202])
  })

  it('keeps what was added before it is closed, and leaves the client open', async () => {
    const tablePrefix = newPrefix()
    const store = createPostgresStore(pool, { tablePrefix })
    const adding = store.add(sampleTrackback())
    await store.close()
    expect((await adding).outcome).toBe('added')
    expect(await createPostgresStore(pool, { tablePrefix }).count({})).toBe(1)
  })

  it('keeps two blogs apart by their table prefixes in one database', async () => {
    const [first, second] = [open(), open()]
    await first.add(sampleTrackback())
    expect([await first.count({}), await second.count({})]).toEqual([1, 0])
  })

  it('works on a single client as on a pool', async () => {
    const client = new pg.Client({ connectionString: server.connectionString })
    await client.connect()
    const store = open(client)
    const additions = await Promise.all(
      ['a', 'b', 'a'].map((postId) => store.add(sampleTrackback({ postId }))),
    )
    expect(additions.map(({ outcome }) => outcome)).toEqual(['added', 'added', 'replaced'])
    await client.end()
  })
})

function verifyJob(url: string): NewJob {
  return { kind: 'verify', key: `verify:${url}`, group: 'blog.example', payload: url, runAt: 0 }
}

describe('createPostgresStore', () => {
  it('refuses a table prefix that is more than a name', () => {
    const client: PostgresClient = { query: async () => ({ rows: [] }) }
    for (const tablePrefix of ['', 'a b', 'x;DROP', '1x', 'Upper_', 'x'.repeat(50)]) {
      expect(() => createPostgresStore(client, { tablePrefix })).toThrow(TypeError)
    }
  })
})
