import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Database, startPostgres } from '../../examples/platform/database.js'
import { createReceiver } from '../../src/receive/receiver.js'
import { openSqlite } from '../../src/sql/sqlite/open.js'
import { describePgBoss } from '../support/pg-boss.js'
import { describePostgres } from '../support/postgres.js'
import { kill, startProcess } from '../support/processes.js'
import { openQueue } from '../support/queues.js'
import { form, formType, servePages } from '../support/servers.js'

/** A worker takes the job and is killed; another one gets it, once, as its second attempt. */
async function expectRedelivery(kind: string, address: string): Promise<void> {
  const { queue, close } = await openQueue(kind, address)
  await queue.enqueue({ kind: 'k', key: 'a', group: 'g', payload: 'the job', runAt: Date.now() })
  const { child, message } = await startProcess<string>('queue-process.ts', [kind, address])
  await kill(child)
  const seen: [string, number][] = []
  queue.listen('k', async ({ payload, attempts }) => {
    seen.push([payload, attempts])
  })
  await expect.poll(() => seen.length, { timeout: 15_000 }).toBe(1)
  await new Promise((resolve) => setTimeout(resolve, 1200))
  expect([message, seen]).toEqual(['the job', [['the job', 2]]])
  await close()
}

describe('a queue in SQLite', () => {
  const folder = mkdtempSync(join(tmpdir(), 'trackbacks-'))
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  it('gives a job to another worker when the one that had it is killed', () =>
    expectRedelivery('store', join(folder, 'jobs.db')))

  it('THREATS R14: puts a verification aside that killed its process maxLost times, and verifies the others', async () => {
    const file = join(folder, 'deadly.db')
    const ids = ['deadly', 'a', 'b', 'c']
    const page = '<a href="http://my.example/post">a post</a>'
    const { origin, host } = await servePages(Object.fromEntries(ids.map((id) => [`/${id}`, page])))
    const store = openSqlite(file)
    const front = createReceiver({
      baseUrl: 'http://my.example/trackback/',
      findPost: (id) => ({ id, url: 'http://my.example/post' }),
      ...{ store, worker: false, verifyAfter: 0, limits: { sourceSpacing: 1 } },
    })
    for (const id of ids) {
      const body = Buffer.from(form({ url: `${origin}/${id}` }))
      await front.handle({ method: 'POST', url: `/trackback/${id}`, contentType: formType, body })
    }
    const buried = async () => (await store.jobs.buried('verify')).items
    let killed = 0
    for (; (await buried()).length === 0; killed += 1) {
      const { child } = await startProcess<string>('deadly-process.ts', [file, host])
      const isOver = async () => child.signalCode !== null || (await buried()).length > 0
      await expect.poll(isOver, { timeout: 15_000 }).toBe(true)
      if (child.signalCode !== null) continue
      await expect.poll(() => store.count({ state: 'published' }), { timeout: 15_000 }).toBe(3)
      await kill(child)
      break
    }
    expect(killed).toBeGreaterThanOrEqual(3)
    expect(await buried()).toMatchObject([{ key: expect.stringContaining('deadly') }])
    expect(await store.count({ postId: 'deadly', state: 'unverified' })).toBe(1)
    await front.close()
    await store.close()
  }, 60_000)
})

describePostgres('a queue in PostgreSQL', () => {
  let server: Database
  beforeAll(async () => {
    server = await startPostgres()
  }, 60_000)
  afterAll(() => server.stop())

  it('gives a job to another worker when the one that had it is killed', () =>
    expectRedelivery('store', server.connectionString))

  describePgBoss('a queue on pg-boss', (version) => {
    it('gives a job to another worker when the one that had it is killed', () =>
      expectRedelivery(`pg-boss ${version}`, server.connectionString))
  })
})
