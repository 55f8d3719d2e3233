import { describe, expect, it } from 'vitest'
import { createHttpClient } from '../../../src/http/client.js'
import { type QueuedJob, RetryLater } from '../../../src/queue/queue.js'
import { createDeliveries, type KeptDelivery, newDelivery } from '../../../src/send/outbox/delivery.js'
import { deliveryJob, runDeliveryJob } from '../../../src/send/outbox/delivery-job.js'
import { createHosts } from '../../../src/send/outbox/hosts.js'
import {
  createSenderContext,
  type SenderContext,
  type SenderLimits,
} from '../../../src/send/outbox/options.js'
import { createMemoryStore } from '../../../src/store/memory/store.js'
import type { NewJob, RecordStore } from '../../../src/store/store.js'
import { clientFor } from '../../support/servers.js'
import { type Answer, serveBlogs } from '../blogs.js'

/** A delivery to one post of a server, and what it takes to bring it on by hand. */
async function workbench(isPingUrl: boolean, answer?: Answer, limits: SenderLimits = {}) {
  const blogs = await serveBlogs(answer)
  const store = createMemoryStore()
  const settings = createSenderContext({ store, blogName: 'My blog', limits: { spacing: 1, ...limits } })
  const enqueued: NewJob[] = []
  const told: string[] = []
  const work = {
    ...settings,
    client: createHttpClient({ allowHosts: [blogs.host] }),
    queue: { enqueue: async (job: NewJob) => void enqueued.push(job) },
    tell: (type: string) => told.push(type),
  } as unknown as SenderContext
  const target = `${blogs.origin}/${isPingUrl ? 'tb' : 'post'}/1`
  const delivery = newDelivery('7', { url: target, isPingUrl }, Date.now())
  await work.deliveries.keepPost('7', {
    at: 1,
    version: 'v1',
    ping: { url: 'http://my.example/7' },
    skipped: [],
    skippedCount: 0,
  })
  await work.deliveries.write(delivery, 0)
  const jobOf = (delivery: KeptDelivery, last = false): QueuedJob => {
    const { kind, key, payload } = deliveryJob(delivery, 0)
    return { kind, key, payload, attempts: 1, last, signal: new AbortController().signal }
  }
  const read = async () => {
    const kept = await work.deliveries.read('7', target)
    if (!kept) throw new Error('there is no delivery')
    return kept
  }
  return { blogs, work, delivery, jobOf, read, enqueued, told }
}

describe('a job of a delivery', () => {
  it('that runs again after it was recorded sends nothing', async () => {
    const { blogs, work, delivery, jobOf, told } = await workbench(true)
    for (let run = 0; run < 3; run += 1) await runDeliveryJob(jobOf(delivery), work)
    expect(blogs.requests).toEqual(['POST /tb/1'])
    expect(told).toEqual(['accepted'])
  })

  it('that gets an answer forgives its host what failed before', async () => {
    const { blogs, work, delivery, jobOf } = await workbench(true)
    for (let failure = 0; failure < 2; failure += 1) await work.hosts.tell(blogs.host, false, Date.now())
    await runDeliveryJob(jobOf(delivery), work)
    expect(await work.hosts.takeTurn(blogs.host, true, Date.now())).toMatchObject({ hasFailed: false })
  })

  it('that finds the ping URL found already passes it on to be pinged', async () => {
    const { blogs, work, delivery, jobOf, enqueued } = await workbench(false)
    await runDeliveryJob(jobOf(delivery), work)
    await runDeliveryJob(jobOf(delivery), work)
    expect(blogs.requests).toEqual(['GET /post/1'])
    expect(enqueued.map(({ kind }) => kind)).toEqual(['send-ping', 'send-ping'])
    expect(new Set(enqueued.map(({ key }) => key)).size).toBe(1)
  })

  it.each(['delivery-url', 'delivery-host'])(
    'counts each error of the store as an attempt, and gives up (%s)',
    async (broken) => {
      const errors: unknown[] = []
      const { blogs, work, delivery, jobOf, read } = await workbench(true, undefined, { maxAttempts: 3 })
      const fail = (kind: string) =>
        kind === broken ? Promise.reject(new Error('index row size exceeds')) : null
      const records = {
        ...work.store.records,
        put: (...given) => fail(given[0]) ?? work.store.records.put(...given),
      } as RecordStore
      const [deliveries, hosts] = [createDeliveries(records), createHosts(records, 1)]
      const failing = { ...work, deliveries, hosts, onError: (error: unknown) => errors.push(error) }
      for (let run = 1; run < 3; run += 1) {
        await expect(runDeliveryJob(jobOf(delivery), failing)).rejects.toThrow(RetryLater)
        const { value, revision } = await read()
        expect(value).toMatchObject({ state: 'waiting', attempts: run, reason: { code: 'own-failure' } })
        await work.deliveries.write({ ...value, nextAt: null }, revision)
      }
      await runDeliveryJob(jobOf(delivery), failing)
      expect((await read()).value).toMatchObject({ state: 'gave-up', attempts: 3 })
      expect(errors).toHaveLength(3)
      expect(blogs.requests).toEqual([])
    },
  )

  it('records the text of a ping before it is sent, and no longer sends what began anew just then', async () => {
    const versions: (string | undefined)[] = []
    const { blogs, work, delivery, jobOf, read } = await workbench(true, async () => {
      versions.push((await read()).value.version)
      return false
    })
    const restarting = {
      ...work.deliveries,
      write: async (...given: Parameters<typeof work.deliveries.write>) => {
        await work.deliveries.restart(await read(), Date.now())
        return work.deliveries.write(...given)
      },
    }
    await runDeliveryJob(jobOf(delivery), { ...work, deliveries: restarting })
    expect(blogs.requests).toEqual([])
    await runDeliveryJob(jobOf((await read()).value), work)
    expect(versions).toEqual(['v1'])
  })

  it('of an earlier round does nothing', async () => {
    const { blogs, work, delivery, jobOf, read } = await workbench(true)
    await work.deliveries.restart(await read(), Date.now())
    await runDeliveryJob(jobOf(delivery), work)
    expect(blogs.requests).toEqual([])
    await runDeliveryJob(jobOf((await read()).value), work)
    expect(blogs.requests).toEqual(['POST /tb/1'])
  })

  it('does not run before the time that is recorded, whatever the queue says', async () => {
    const { blogs, work, delivery, jobOf, read } = await workbench(true)
    const { value, revision } = await read()
    await work.deliveries.write({ ...value, nextAt: Date.now() + 60_000 }, revision)
    await expect(runDeliveryJob(jobOf(delivery), work)).rejects.toThrow(RetryLater)
    expect(blogs.requests).toEqual([])
  })

  it('THREATS D6: two at once, as after a pause longer than the lease, record one result', async () => {
    const { work, delivery, jobOf, read, told } = await workbench(true, async () => {
      await new Promise((resolve) => setTimeout(resolve, 50))
      return false
    })
    await Promise.all([
      runDeliveryJob(jobOf(delivery), work),
      runDeliveryJob(jobOf(delivery), { ...work, now: () => Date.now() + 10 }),
    ])
    expect(told).toEqual(['accepted'])
    expect((await read()).value).toMatchObject({ state: 'accepted', attempts: 1, version: 'v1' })
  })

  it('records its result, though another was put in line meanwhile, which then does nothing', async () => {
    const { blogs, work, delivery, jobOf, read, told } = await workbench(true, async () => {
      await new Promise((resolve) => setTimeout(resolve, 50))
      return false
    })
    const slow = { ...work, hosts: createHosts(work.store.records, 100) }
    const first = runDeliveryJob(jobOf(delivery), slow)
    await expect.poll(() => blogs.requests.length, { interval: 2 }).toBe(1)
    await expect(runDeliveryJob(jobOf(delivery), slow)).rejects.toThrow(RetryLater)
    expect((await read()).value.hasTurn).toBe(true)
    await first
    await runDeliveryJob(jobOf(delivery), slow)
    expect((await read()).value).toMatchObject({ state: 'accepted', hasTurn: false })
    expect(told).toEqual(['accepted'])
    expect(blogs.requests).toHaveLength(1)
  })

  it('gives up where the queue gives no other chance, also in line', async () => {
    const refusing = await workbench(true, (_, response) => {
      response.writeHead(500).end()
      return true
    })
    await refusing.work.client.close()
    const open = { ...refusing.work, client: createHttpClient({ allowHosts: [refusing.blogs.host] }) }
    await runDeliveryJob(refusing.jobOf(refusing.delivery, true), open)
    expect((await refusing.read()).value).toMatchObject({ state: 'gave-up', attempts: 1 })
    const waiting = await workbench(true)
    for (let failure = 0; failure < 3; failure += 1)
      await waiting.work.hosts.tell(waiting.blogs.host, false, Date.now())
    await runDeliveryJob(waiting.jobOf(waiting.delivery, true), waiting.work)
    expect((await waiting.read()).value).toMatchObject({ state: 'gave-up', attempts: 0 })
  })

  it.each([
    ['a week', {}, 7 * 24 * 3_600_000],
    ['maxAge', { maxAge: 7_200_000 }, 7_200_000],
  ])('gives up a host that has not answered for %s', async (_, limits, maxAge) => {
    const { blogs, work, delivery, jobOf, read, told } = await workbench(true, undefined, limits)
    const runAt = async (time: number) => {
      for (let failure = 0; failure < 3; failure += 1) await work.hosts.tell(blogs.host, false, time)
      await runDeliveryJob(jobOf((await read()).value), { ...work, now: () => time })
    }
    await expect(runAt(delivery.foundAt)).rejects.toThrow(RetryLater)
    const { nextAt } = (await read()).value
    await expect(runAt(Math.max(nextAt ?? 0, delivery.foundAt + maxAge))).rejects.toThrow(RetryLater)
    await runAt(((await read()).value.nextAt ?? 0) + 1)
    expect((await read()).value).toMatchObject({ state: 'gave-up', attempts: 0, nextAt: null })
    expect(told).toEqual(['gave-up'])
    expect(blogs.requests).toEqual([])
  })

  it('gives up a host that does not answer also where a clock far ahead found the delivery', async () => {
    const { blogs, work, delivery, jobOf, read } = await workbench(true)
    const start = delivery.foundAt
    const { value, revision } = await read()
    await work.deliveries.write({ ...value, foundAt: start + 4 * 365 * 24 * 3_600_000 }, revision)
    const runAt = async (time: number) => {
      for (let failure = 0; failure < 3; failure += 1) await work.hosts.tell(blogs.host, false, time)
      await runDeliveryJob(jobOf(delivery), { ...work, now: () => time })
    }
    await expect(runAt(start)).rejects.toThrow(RetryLater)
    await runAt(start + work.limits.maxAge + 1)
    expect((await read()).value).toMatchObject({ state: 'gave-up', attempts: 0 })
  })

  it('spacing: waits so long after another at the same host', async () => {
    const { blogs, work, delivery, jobOf } = await workbench(true, undefined, { spacing: 7000 })
    const other = newDelivery('7', { url: `${blogs.origin}/tb/2`, isPingUrl: true }, delivery.foundAt)
    await work.deliveries.write(other, 0)
    const fixed = { ...work, now: () => delivery.foundAt }
    await runDeliveryJob(jobOf(delivery), fixed)
    await expect(runDeliveryJob(jobOf(other), fixed)).rejects.toMatchObject({ delay: 7000 })
    expect(blogs.requests).toEqual(['POST /tb/1'])
  })

  it('maxAttempts: gives up after so many', async () => {
    const failing: Answer = (_, response) => {
      response.writeHead(500).end()
      return true
    }
    const { work, delivery, jobOf, read } = await workbench(true, failing, { maxAttempts: 2 })
    await expect(runDeliveryJob(jobOf(delivery), work)).rejects.toThrow(RetryLater)
    const now = () => Date.now() + 7_200_000
    await runDeliveryJob(jobOf(delivery), { ...work, now })
    expect((await read()).value).toMatchObject({ state: 'gave-up', attempts: 2 })
  })

  it('maxUrlLength: takes no longer ping URL from a page', async () => {
    const { work, delivery, jobOf, read } = await workbench(false, undefined, { maxUrlLength: 20 })
    await runDeliveryJob(jobOf(delivery), work)
    const reason = { code: 'ping-url-too-long', limit: 20 }
    expect((await read()).value).toMatchObject({ state: 'failed', reason })
  })

  it('is not counted where our own client is closed', async () => {
    const { work, delivery, jobOf, read } = await workbench(true)
    await work.client.close()
    await expect(runDeliveryJob(jobOf(delivery), work)).rejects.toMatchObject({ code: 'CLOSED' })
    expect((await read()).value).toMatchObject({ state: 'waiting', attempts: 0 })
  })
})

describe('a host that a delivery is led to', () => {
  const leads: Readonly<Record<string, (victim: string) => Answer>> = {
    'a redirect of a ping': (victim) => (_, response) => {
      response.writeHead(307, { location: `${victim}/tb/1` }).end()
      return true
    },
    'a redirect of a page': (victim) => (_, response) => {
      response.writeHead(302, { location: `${victim}/post/1` }).end()
      return true
    },
    'the feed of a page': (victim) => (_, response) => {
      response.setHeader('content-type', 'text/html')
      response.end(`trackback <link rel=alternate type="application/rss+xml" href="${victim}/feed">`)
      return true
    },
  }

  it.each(Object.entries(leads))('by %s is asked when it is its turn', async (by, lead) => {
    const victim = await serveBlogs()
    const { blogs, work, delivery, jobOf, read } = await workbench(by.endsWith('ping'), lead(victim.origin))
    const client = clientFor([blogs.host, victim.host])
    const time = Date.now()
    const at = (after: number): SenderContext => ({ ...work, client, now: () => time + after })
    const hosts = createHosts(work.store.records, 60_000)
    await hosts.takeTurn(victim.host, false, time)
    await hosts.takeTurn(victim.host, false, time)
    await expect(runDeliveryJob(jobOf(delivery), { ...at(0), hosts })).rejects.toThrow(RetryLater)
    expect(victim.requests).toEqual([])
    expect((await read()).value).toMatchObject({ state: 'waiting', nextAt: time + 120_000, attempts: 0 })
    await runDeliveryJob(jobOf(delivery), { ...at(120_000), hosts })
    expect(victim.requests).toHaveLength(1)
    expect((await hosts.takeTurn(victim.host, false, time + 120_000)).at).toBeGreaterThan(time + 120_000)
  })

  it('gives up where the queue gives no other chance', async () => {
    const victim = await serveBlogs()
    const { blogs, work, delivery, jobOf, read } = await workbench(
      true,
      leads['a redirect of a ping']?.(victim.origin),
      { spacing: 60_000 },
    )
    const client = clientFor([blogs.host, victim.host])
    await work.hosts.takeTurn(victim.host, false, Date.now())
    await runDeliveryJob(jobOf(delivery, true), { ...work, client })
    expect((await read()).value.state).toBe('gave-up')
    expect(victim.requests).toEqual([])
  })

  it('rests after it has failed three times, and not who led there', async () => {
    const victim = await serveBlogs((_, response) => {
      response.writeHead(500).end()
      return true
    })
    const { blogs, work, delivery, jobOf, read } = await workbench(
      true,
      leads['a redirect of a ping']?.(victim.origin),
    )
    const client = clientFor([blogs.host, victim.host])
    let time = 0
    for (let run = 0; run < 3; run += 1) {
      time = (await read()).value.nextAt ?? Date.now()
      await expect(runDeliveryJob(jobOf(delivery), { ...work, client, now: () => time })).rejects.toThrow()
    }
    expect(await work.hosts.takeTurn(victim.host, true, time + 1)).toMatchObject({ isResting: true })
    expect(await work.hosts.takeTurn(blogs.host, true, time + 1)).toMatchObject({ isResting: false })
  })
})

describe('the group of a delivery', () => {
  it.each([
    'http://blog.example/1',
    'https://blog.example/1',
    'http://BLOG.example./1',
    'https://blog.example..:80/1',
  ])('of %s is the host that it asks', (url) => {
    expect(deliveryJob(newDelivery('7', { url, isPingUrl: true }, 1), 1).group).toBe('blog.example')
  })
})
