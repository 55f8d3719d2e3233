import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Database, startPostgres } from '../../examples/platform/database.js'
import { describePgBoss } from '../support/pg-boss.js'
import { describePostgres } from '../support/postgres.js'
import { kill, startProcess } from '../support/processes.js'
import { openQueue } from '../support/queues.js'

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
