import { mkdtempSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Database, startPostgres } from '../../examples/platform/database.js'
import { createReceiver } from '../../src/receive/receiver.js'
import { createPostgresStore } from '../../src/sql/postgres/store.js'
import type { SqliteDatabase } from '../../src/sql/sqlite/database.js'
import { createSqliteStore } from '../../src/sql/sqlite/store.js'
import type { Store } from '../../src/store/store.js'
import { openRates } from '../support/open-rates.js'
import { describePostgres } from '../support/postgres.js'
import { form, formType } from '../support/servers.js'

const faults = 50
const pings = 12

/** A fault: `start` brings it about while pings come, `end` mends what it broke; neither touches the receiver. */
interface Fault {
  start(): unknown
  end(): unknown
}

/**
 * Brings a fault about 50 times in the middle of pings. No ping may be told success that is not kept, every one gets an
 * answer, and after the fault the same receiver takes pings again.
 */
async function survive(store: Store, fault: Fault): Promise<void> {
  const errors: unknown[] = []
  const receiver = createReceiver({
    baseUrl: 'http://my.example/trackback/',
    findPost: (id) => ({ id, url: 'http://my.example/post' }),
    store,
    verifyAfter: 3_600_000,
    rateLimits: openRates,
    onError: (error) => errors.push(error),
  })
  const ping = async (url: string): Promise<{ url: string; answer: string; status: number }> => {
    const body = Buffer.from(form({ url, title: 'A title', excerpt: 'An excerpt '.repeat(40) }))
    const reply = await receiver.handle({ method: 'POST', url: '/trackback/7', contentType: formType, body })
    return { url, answer: String(reply.body), status: reply.status }
  }
  expect((await ping('http://other.example/first')).answer).toContain('<error>0</error>')
  let failed = 0
  for (let round = 0; round < faults; round += 1) {
    const answers = []
    for (let index = 0; index < pings; index += 1) {
      if (index === Math.floor(Math.random() * 6)) await fault.start()
      answers.push(ping(`http://other.example/${round}/${index}`))
      if (index % 4 === 3) await new Promise((resolve) => setTimeout(resolve, Math.random() * 3))
    }
    await fault.start()
    answers.push(ping(`http://other.example/${round}/during`))
    const settled = await Promise.all(answers)
    await fault.end()
    const accepted = settled.filter(({ answer }) => answer.includes('<error>0</error>'))
    const refused = settled.filter(
      ({ answer, status }) => answer.includes('<error>1</error>') && status >= 500,
    )
    expect(accepted.length + refused.length).toBe(settled.length)
    for (const { url } of accepted) expect(await store.find('7', url), url).not.toBeNull()
    failed += refused.length
    expect((await ping(`http://other.example/${round}/after`)).answer).toContain('<error>0</error>')
  }
  expect(failed).toBeGreaterThan(faults / 2)
  expect(errors.length).toBeGreaterThanOrEqual(failed)
  await receiver.close()
  await store.close()
}

describe('a receiver on SQLite', () => {
  const folder = mkdtempSync(join(tmpdir(), 'trackbacks-'))
  afterAll(() => rmSync(folder, { recursive: true, force: true }))
  const Database = createRequire(import.meta.url)('libsql') as new (path: string) => SqliteDatabase

  function open(name: string): SqliteDatabase {
    const database = new Database(join(folder, name))
    database.exec('PRAGMA journal_mode = WAL')
    return database
  }

  it(`THREATS D7: survives a full disk ${faults} times`, async () => {
    const database = open('full.db')
    const numberOf = (pragma: string): number =>
      Number(Object.values(database.prepare(`PRAGMA ${pragma}`).all()[0] as Record<string, number>)[0])
    await survive(createSqliteStore(database), {
      start: () => database.exec(`PRAGMA max_page_count = ${numberOf('page_count')}`),
      end: () => database.exec('PRAGMA max_page_count = 1000000'),
    })
  })

  it(`THREATS D7: survives ${faults} times that another connection holds the lock (SQLITE_BUSY)`, async () => {
    const database = open('busy.db')
    const other = open('busy.db')
    const store = createSqliteStore(database)
    database.exec('PRAGMA busy_timeout = 5')
    let isHeld = false
    await survive(store, {
      start() {
        if (!isHeld) other.exec('BEGIN IMMEDIATE')
        isHeld = true
      },
      end() {
        other.exec('ROLLBACK')
        isHeld = false
      },
    })
    other.close()
  })
})

describePostgres('a receiver on PostgreSQL', () => {
  let server: Database
  let admin: pg.Client
  beforeAll(async () => {
    server = await startPostgres()
    admin = new pg.Client({ connectionString: server.connectionString })
    await admin.connect()
  }, 60_000)
  afterAll(async () => {
    await admin.end()
    await server.stop()
  })

  function pool(options: pg.PoolConfig = {}): pg.Pool {
    return new pg.Pool({ connectionString: server.connectionString, max: 4, ...options }).on(
      'error',
      () => {},
    )
  }

  it(`THREATS D7: survives ${faults} times that its connections are dropped`, async () => {
    const application_name = 'dropped'
    const clients = pool({ application_name })
    const drop = (): Promise<unknown> =>
      admin.query('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = $1', [
        application_name,
      ])
    await survive(createPostgresStore(clients), {
      start: drop,
      // The pool hears of it, as it does in life between two pings.
      end: () => new Promise((resolve) => setTimeout(resolve, 30)),
    })
    await clients.end()
  })

  it(`THREATS D7: survives ${faults} statement timeouts`, async () => {
    await createPostgresStore(admin, { tablePrefix: 'slow_' }).count({})
    const clients = pool({ statement_timeout: 100 })
    let isHeld = false
    await survive(createPostgresStore(clients, { tablePrefix: 'slow_' }), {
      async start() {
        if (!isHeld) await admin.query('BEGIN; LOCK TABLE slow_received IN ACCESS EXCLUSIVE MODE')
        isHeld = true
      },
      async end() {
        await admin.query('ROLLBACK')
        isHeld = false
      },
    })
    await clients.end()
  })
})
