import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Database, startPostgres } from '../../examples/platform/database.js'
import { createReceiver } from '../../src/receive/receiver.js'
import { describePgBoss } from '../support/pg-boss.js'
import { describePostgres } from '../support/postgres.js'
import { kill, startProcess } from '../support/processes.js'
import { openQueue } from '../support/queues.js'
import { form, formType, servePages } from '../support/servers.js'
import { openStore } from '../support/stores.js'

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

/** Four pings, of which the verification of one kills each process that begins it. */
async function expectOneAside(kind: string, address: string): Promise<void> {
  const ids = ['deadly', 'a', 'b', 'c']
  const page = '<a href="http://my.example/post">a post</a>'
  const { origin, host } = await servePages(Object.fromEntries(ids.map((id) => [`/${id}`, page])))
  const store = openStore(address)
  const { queue, close } = await openQueue(kind, address)
  const front = createReceiver({
    baseUrl: 'http://my.example/trackback/',
    findPost: (id) => ({ id, url: 'http://my.example/post' }),
    ...{ store, queue, worker: false, verifyAfter: 0, limits: { sourceSpacing: 1 } },
  })
  for (const id of ids) {
    const body = Buffer.from(form({ url: `${origin}/${id}` }))
    await front.handle({ method: 'POST', url: `/trackback/${id}`, contentType: formType, body })
  }
  // Other tests have trackbacks in the same database.
  const countOf = async (state: 'published' | 'unverified'): Promise<number> =>
    (await store.list({ state, text: origin })).items.length
  const told: string[] = []
  let killed = 0
  for (; told.length === 0; killed += 1) {
    const { child } = await startProcess<string>('deadly-process.ts', [address, host, kind])
    child.on('message', (text: string) => told.push(text))
    const isOver = () => child.signalCode !== null || told.length > 0
    await expect.poll(isOver, { timeout: 60_000 }).toBe(true)
    if (child.signalCode !== null) continue
    await expect.poll(() => countOf('published'), { timeout: 60_000 }).toBe(3)
    await kill(child)
    break
  }
  expect(killed).toBeGreaterThanOrEqual(3)
  expect(told).toEqual([expect.stringMatching(/was put aside: it came to no end/)])
  expect(await countOf('unverified')).toBe(1)
  await front.close()
  await close()
  await store.close()
}

describe('a queue in SQLite', () => {
  const folder = mkdtempSync(join(tmpdir(), 'trackbacks-'))
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  it('gives a job to another worker when the one that had it is killed', () =>
    expectRedelivery('store', join(folder, 'jobs.db')))

  it(
    'THREATS R14: puts a verification aside that killed its process maxLost times, and verifies the others',
    () => expectOneAside('store', join(folder, 'deadly.db')),
    60_000,
  )
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
    it(
      'THREATS R14: puts a verification aside that killed its process maxLost times, and verifies the others',
      () => expectOneAside(`pg-boss ${version}`, server.connectionString),
      180_000,
    )

    it('gives a job to another worker when the one that had it is killed', () =>
      expectRedelivery(`pg-boss ${version}`, server.connectionString))
  })
})
