import { createServer, type Socket } from 'node:net'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { Sender } from '../../src/send/outbox/sender.js'
import { failure, postTo, quick, senderOf, serveBlogs } from './blogs.js'

const day = 24 * 3_600_000
const lease = 365 * day

interface Clock {
  time: number
}

/** Lets time pass, from one attempt to the next, until no attempt is left or the days are over. */
async function passDays(sender: Sender, clock: Clock, days: number): Promise<void> {
  const end = clock.time + days * day
  while (clock.time < end) {
    await expect
      .poll(
        async () => {
          const { deliveries } = (await sender.report('7')) ?? {}
          return deliveries?.every(({ state, nextAt }) => state !== 'waiting' || (nextAt ?? 0) > clock.time)
        },
        { interval: 2, timeout: 10_000 },
      )
      .toBe(true)
    const { deliveries = [] } = (await sender.report('7')) ?? {}
    const next = Math.min(...deliveries.map(({ nextAt }) => nextAt ?? end))
    clock.time = next >= end ? clock.time + 6 * 3_600_000 : next
  }
}

/** A server that takes connections and says nothing, or hangs up at once; it counts them. */
async function serveSilence(onSocket: (socket: Socket) => void) {
  const silence = { host: '', origin: '', connections: 0, requests: 0 }
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    silence.connections += 1
    sockets.add(socket)
    socket.on('error', () => {})
    socket.on('data', (data) => {
      silence.requests += data.toString('latin1').split(' HTTP/1.1\r\n').length - 1
    })
    onSocket(socket)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  silence.host = `127.0.0.1:${(server.address() as { port: number }).port}`
  silence.origin = `http://${silence.host}`
  return silence
}

describe('over 30 days', () => {
  it('THREATS D4: a target that always answers 500 / never answers / refuses is asked 8 / 8 / 1 times', async () => {
    const broken = [500, 503, 429].map((status) =>
      serveBlogs((_, response) => {
        response.writeHead(status).end(failure('Trouble'))
        return true
      }),
    )
    const silent = [1, 2].map(() => serveSilence(() => {}))
    const refusing = serveBlogs(({ method }, response) => {
      if (method === 'POST') response.end(failure('No'))
      return method === 'POST'
    })
    const [pageTrouble, pingTrouble, throttling] = await Promise.all(broken)
    const [pageSilence, pingSilence] = await Promise.all(silent)
    const no = await refusing
    const servers = [pageTrouble, pingTrouble, throttling, pageSilence, pingSilence, no].flatMap(
      (each) => each ?? [],
    )
    const clock = { time: Date.now() }
    const options = quick(servers, {
      network: { headersTimeout: 400 },
      now: () => clock.time,
      queue: { lease },
    })
    const sender = senderOf(options)
    const pages = [pageTrouble, pageSilence, no].map((each) => `${each?.origin}/post/1`)
    const pingUrls = [pingTrouble, throttling, pingSilence].map((each) => `${each?.origin}/tb/1`)
    await sender.announce(postTo(pages, { pingUrls }))
    await expect.poll(async () => (await sender.report('7'))?.deliveries.length).toBe(6)
    await passDays(sender, clock, 30)
    const { deliveries = [] } = (await sender.report('7')) ?? {}
    const states = Object.fromEntries(
      deliveries.map(({ target, state, attempts }) => [target, `${state} ${attempts}`]),
    )
    expect(states).toEqual({
      [pages[0] ?? '']: 'gave-up 8',
      [pages[1] ?? '']: 'gave-up 8',
      [pages[2] ?? '']: 'refused 1',
      [pingUrls[0] ?? '']: 'gave-up 8',
      [pingUrls[1] ?? '']: 'gave-up 8',
      [pingUrls[2] ?? '']: 'gave-up 8',
    })
    expect(pageTrouble?.requests).toHaveLength(8)
    expect(pingTrouble?.requests).toHaveLength(8)
    expect(throttling?.requests).toHaveLength(8)
    expect(pageSilence?.requests).toBe(8)
    expect(pingSilence?.requests).toBe(8)
    expect(no.requests).toEqual(['GET /post/1', 'POST /tb/1'])
  })

  it('Retry-After is honoured, a day at the most', async () => {
    const clock = { time: Date.now() }
    const answers = ['7200', '99999999', null]
    const times: number[] = []
    const blogs = await serveBlogs((_, response) => {
      const wait = answers[times.length]
      times.push(clock.time)
      if (wait) response.writeHead(429, { 'retry-after': wait }).end(failure('Slow'))
      return Boolean(wait)
    })
    const sender = senderOf(quick([blogs], { now: () => clock.time, queue: { lease } }))
    await sender.announce(postTo([], { pingUrls: [`${blogs.origin}/tb/1`] }))
    await expect.poll(async () => (await sender.report('7'))?.deliveries.length).toBe(1)
    await passDays(sender, clock, 5)
    const [first = 0, second = 0, third = 0] = times
    expect(times).toHaveLength(3)
    expect(second - first).toBeGreaterThanOrEqual(7_200_000)
    expect(second - first).toBeLessThan(7_300_000)
    expect(third - second).toBeGreaterThanOrEqual(day)
    expect(third - second).toBeLessThan(day + 100_000)
  })
})

describe('a dead host', () => {
  it('THREATS D5: with 1,000 jobs sees 10 connections at the most in the first minute, and few in an hour', async () => {
    const dead = await serveSilence((socket) => socket.destroy())
    const alive = await serveBlogs()
    const speed = 600
    const start = Date.now()
    const now = () => start + (Date.now() - start) * speed
    const minutes = () => (now() - start) / 60_000
    const sender = senderOf(quick([dead, alive], { now, limits: { spacing: 1000 }, queue: { lease } }))
    for (let id = 0; id < 20; id += 1) {
      const urls = Array.from({ length: 50 }, (_, n) => `${dead.origin}/post/${n}`)
      await sender.announce(postTo(urls, { id: `${id}`, url: `http://my.example/${id}` }))
    }
    await sender.announce(postTo([`${alive.origin}/post/1`], { id: 'alive' }))
    await expect.poll(minutes, { interval: 2 }).toBeGreaterThan(1)
    expect(dead.connections).toBeLessThanOrEqual(10)
    await expect.poll(minutes, { interval: 10, timeout: 10_000 }).toBeGreaterThan(60)
    expect(dead.connections).toBeGreaterThanOrEqual(4)
    expect(dead.connections).toBeLessThanOrEqual(15)
    expect((await sender.report('alive'))?.deliveries).toMatchObject([{ state: 'accepted' }])
    console.log(`${dead.connections} connections in an hour`)
  })
})
