import { randomBytes } from 'node:crypto'
import pg from 'pg'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Database, startPostgres } from '../../examples/platform/database.js'
import { createPgBossQueue, type PgBoss } from '../../src/pg-boss/pg-boss.js'
import { type QueuedJob, RetryLater } from '../../src/queue/queue.js'
import { testQueue } from '../../src/testing/queue.js'
import { describePgBoss, type StartedPgBoss, startPgBoss } from '../support/pg-boss.js'
import { describePostgres } from '../support/postgres.js'

describePostgres('createPgBossQueue', () =>
  describePgBoss('on a database', (version) => {
    let server: Database
    let boss: StartedPgBoss
    let prefixes = 0
    beforeAll(async () => {
      server = await startPostgres()
      boss = await startPgBoss(version, server.connectionString)
    }, 60_000)
    afterAll(async () => {
      await boss.stop({ graceful: false })
      await server.stop()
    })
    const pollInterval = 50
    const newPrefix = (): string => {
      prefixes += 1
      return `t${prefixes}-`
    }

    testQueue(it, async (count) => {
      const prefix = newPrefix()
      return {
        queues: Array.from({ length: count }, () => createPgBossQueue(boss, { prefix, pollInterval })),
        close: async () => {},
      }
    })

    const job = { kind: 'k', key: 'a', group: 'g', payload: 'p', runAt: 0 }

    it('makes its queues once when many start at once', async () => {
      const prefix = newPrefix()
      const queues = Array.from({ length: 8 }, () => createPgBossQueue(boss, { prefix, pollInterval }))
      await Promise.all(queues.map((queue) => queue.enqueue(job)))
      expect(await boss.fetch(`${prefix}k`, { batchSize: 10, includeMetadata: true })).toHaveLength(1)
      await Promise.all(queues.map((queue) => queue.close()))
    })

    it('adds a job inside a transaction of the caller: with it, or not at all', async () => {
      const queue = createPgBossQueue(boss, { prefix: newPrefix(), pollInterval })
      const seen: string[] = []
      queue.listen('k', async ({ payload }) => {
        seen.push(payload)
      })
      const client = new pg.Client({ connectionString: server.connectionString })
      await client.connect()
      const db = { executeSql: (text: string, values?: unknown[]) => client.query(text, values) }
      for (const end of ['ROLLBACK', 'COMMIT']) {
        await client.query('BEGIN')
        await queue.enqueue({ ...job, payload: end }, { db })
        await client.query(end)
      }
      await client.end()
      await expect.poll(() => seen).toEqual(['COMMIT'])
      await queue.close()
    })

    it('puts a job aside after its last attempt, with the error, in the queue of the dead', async () => {
      const prefix = newPrefix()
      const queue = createPgBossQueue(boss, { prefix, pollInterval })
      const lasts: boolean[] = []
      queue.listen(
        'k',
        async ({ last }) => {
          lasts.push(last)
          if (last) throw new Error('no answer')
          throw new RetryLater(10, 'not yet')
        },
        { attempts: 3 },
      )
      await queue.enqueue(job)
      await expect.poll(() => lasts, { timeout: 5000 }).toEqual([false, false, true])
      await queue.close()
      expect(await boss.fetch(`${prefix}k-dead`, { batchSize: 10, includeMetadata: true })).toMatchObject([
        { data: { kind: 'k', key: 'a', payload: 'p', attempts: 3, error: 'no answer' } },
      ])
    })

    it('puts a job aside that came to no end maxLost times in a row, without running it, and tells of it', async () => {
      const prefix = newPrefix()
      const errors: unknown[] = []
      const onError = (error: unknown): void => void errors.push(error)
      const options = { prefix, pollInterval, lease: 1000, maxLost: 1, onError }
      const queue = createPgBossQueue(boss, options)
      await queue.enqueue({ ...job, key: 'deadly' })
      // A process takes it, and is gone.
      const taken = await boss.fetch(`${prefix}k`, { batchSize: 10, includeMetadata: true })
      expect(taken).toMatchObject([{ data: { key: 'deadly' } }])
      await queue.enqueue({ ...job, key: 'good' })
      const seen: string[] = []
      queue.listen('k', async ({ key }) => void seen.push(key))
      await expect.poll(() => errors, { timeout: 10_000 }).toHaveLength(1)
      await queue.close()
      expect(seen).toEqual(['good'])
      expect(String(errors[0])).toContain('it came to no end 1 times in a row')
      expect(await boss.fetch(`${prefix}k-dead`, { batchSize: 10, includeMetadata: true })).toMatchObject([
        { data: { key: 'deadly', error: expect.stringContaining('came to no end') } },
      ])
    })

    it('counts on for a job that has to wait for others of its group', async () => {
      const prefix = newPrefix()
      const sent: object[] = []
      const watched: PgBoss = {
        getQueue: (name) => boss.getQueue(name),
        createQueue: (name, options) => boss.createQueue(name, options),
        complete: (name, id) => boss.complete(name, id),
        fetch: (name, options) => boss.fetch(name, options),
        send(name, data, options) {
          sent.push(data)
          return boss.send(name, data, options)
        },
      }
      const errors: unknown[] = []
      const onError = (error: unknown): void => void errors.push(error)
      const queue = createPgBossQueue(watched, { prefix, pollInterval, lease: 1000, maxLost: 1, onError })
      await queue.enqueue({ ...job, key: 'deadly' })
      await boss.fetch(`${prefix}k`, { batchSize: 10, includeMetadata: true })
      const seen: string[] = []
      const release = new Promise<void>((resolve) => {
        queue.listen(
          'k',
          async ({ key }) => {
            seen.push(key)
            await expect
              .poll(() => sent, { timeout: 10_000 })
              .toContainEqual(expect.objectContaining({ key: 'deadly', lost: 1 }))
            resolve()
          },
          { perGroup: 1 },
        )
      })
      const patient = createPgBossQueue(boss, { prefix })
      await patient.enqueue({ ...job, key: 'long' })
      await patient.close()
      await release
      await expect.poll(() => errors, { timeout: 10_000 }).toHaveLength(1)
      await queue.close()
      expect(seen).toEqual(['long'])
    })

    it('gives a running job back when it closes', async () => {
      const prefix = newPrefix()
      const first = createPgBossQueue(boss, { prefix, pollInterval })
      const started = new Promise<void>((resolve) => {
        first.listen('k', ({ signal }) => {
          resolve()
          return new Promise((_, reject) => {
            signal.addEventListener('abort', () => reject(signal.reason))
          })
        })
      })
      await first.enqueue(job)
      await started
      await first.close()
      const second = createPgBossQueue(boss, { prefix, pollInterval })
      const attempts = await new Promise<number>((resolve) => {
        second.listen('k', async (again) => resolve(again.attempts))
      })
      expect(attempts).toBe(2)
      await second.close()
    })

    it('takes keys and texts that no index and no JSON column of PostgreSQL would', async () => {
      const queue = createPgBossQueue(boss, { prefix: newPrefix(), pollInterval })
      const seen: QueuedJob[] = []
      queue.listen('k', async (each) => {
        seen.push(each)
      })
      const key = randomBytes(4000).toString('hex')
      await queue.enqueue({ ...job, key, payload: 'a\0b\ud800c' })
      await expect.poll(() => seen.map(({ payload }) => payload)).toEqual(['ab\ufffdc'])
      expect(seen[0]?.key).toBe(key)
      await queue.close()
    })

    it('goes on after an error of pg-boss, and tells of it', async () => {
      const errors: unknown[] = []
      let failures = 2
      const flaky: PgBoss = {
        getQueue: (name) => boss.getQueue(name),
        createQueue: (name, options) => boss.createQueue(name, options),
        send: (name, data, options) => boss.send(name, data, options),
        complete: (name, id) => boss.complete(name, id),
        fetch(name, options) {
          failures -= 1
          return failures < 0 ? boss.fetch(name, options) : Promise.reject(new Error('it is down'))
        },
      }
      const options = { prefix: newPrefix(), pollInterval, onError: (error: unknown) => errors.push(error) }
      const queue = createPgBossQueue(flaky, options)
      await queue.enqueue(job)
      await new Promise<void>((resolve) => queue.listen('k', async () => resolve()))
      expect(errors).toHaveLength(2)
      await queue.close()
    })

    it('loses no job that no worker took for a year', async () => {
      const prefix = newPrefix()
      const queue = createPgBossQueue(boss, { prefix, pollInterval })
      await queue.enqueue(job)
      const client = new pg.Client({ connectionString: server.connectionString })
      await client.connect()
      const year = "interval '1 year'"
      await client.query(
        `UPDATE pgboss${version}.job SET created_on = created_on - ${year}, start_after = start_after - ${year},
         keep_until = keep_until - ${year} WHERE name = $1`,
        [`${prefix}k`],
      )
      await client.end()
      await new Promise((resolve) => setTimeout(resolve, 2500)) // for pg-boss to tidy up, each second
      expect(await boss.fetch(`${prefix}k`, { batchSize: 10, includeMetadata: true })).toHaveLength(1)
      await queue.close()
    })

    it('refuses limits that are none', () => {
      expect(() => createPgBossQueue(boss, { lease: 0 })).toThrow(TypeError)
      expect(() => createPgBossQueue(boss, { pollInterval: Number.NaN })).toThrow(TypeError)
      expect(() => createPgBossQueue(boss, { maxLost: 0 })).toThrow(TypeError)
    })
  }),
)

it('offers no wake, by which a receiver would tell that its store keeps the jobs', () => {
  const boss = {} as PgBoss
  expect(Object.keys(createPgBossQueue(boss)).sort()).toEqual(['close', 'enqueue', 'listen', 'runDue'])
})
