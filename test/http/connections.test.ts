import type { LookupFunction } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { createHttpClient, type HttpClient } from '../../src/http/client.js'
import { Connections } from '../../src/http/connections.js'
import { Guard } from '../../src/http/guard.js'
import { rejectionOf, scriptedLookup, serve, serveTcp, type TestServer, until } from './servers.js'

let servers: TestServer[] = []
let clients: HttpClient[] = []
afterEach(async () => {
  await Promise.all(clients.map((client) => client.close()))
  expect(await until(() => servers.every(({ sockets }) => sockets.size === 0))).toBe(true)
  await Promise.all(servers.map((server) => server.close()))
  servers = []
  clients = []
})

async function farm(count: number, delay = 0): Promise<TestServer[]> {
  const answer: Parameters<typeof serve>[0] = (_, response) => setTimeout(() => response.end('ok'), delay)
  const started = await Promise.all(Array.from({ length: count }, () => serve(answer)))
  servers.push(...started)
  return started
}

function clientFor(
  hosts: readonly TestServer[],
  options: Parameters<typeof createHttpClient>[0] = {},
): HttpClient {
  const client = createHttpClient({ ...options, allowHosts: hosts.map(({ host }) => host) })
  clients.push(client)
  return client
}

async function ask(client: HttpClient, url: string): Promise<string> {
  return Buffer.from(await (await client.request({ url })).bytes()).toString()
}

const open = () => servers.reduce((sum, { sockets }) => sum + sockets.size, 0)

describe('bounds on connections', () => {
  it('never opens more than maxConnections, and serves all the same', async () => {
    const hosts = await farm(30, 20)
    const client = clientFor(hosts, { maxConnections: 4 })
    let most = 0
    const watch = setInterval(() => {
      most = Math.max(most, open())
    }, 1)
    const answers = await Promise.all([...hosts, ...hosts].map(({ origin }) => ask(client, origin)))
    clearInterval(watch)
    expect(answers).toEqual(new Array(60).fill('ok'))
    expect(most).toBeGreaterThan(1)
    expect(most).toBeLessThanOrEqual(5)
  })

  it('closes idle connections for those that are needed', async () => {
    const hosts = await farm(12)
    const client = clientFor(hosts, { maxConnections: 2 })
    const started = performance.now()
    for (const { origin } of hosts) expect(await ask(client, origin)).toBe('ok')
    // Not by waiting for the idle ones to end by themselves, after 4 seconds each.
    expect(performance.now() - started).toBeLessThan(4000)
    expect(await until(() => open() <= 2)).toBe(true)
  })

  it('never opens more than maxConnectionsPerHost to one host', async () => {
    const [host] = await farm(1, 10)
    if (!host) return expect.unreachable()
    const client = clientFor([host], { maxConnectionsPerHost: 3 })
    const answers = await Promise.all(Array.from({ length: 30 }, () => ask(client, host.origin)))
    expect(answers).toHaveLength(30)
    expect(host.connections).toBe(3)
  })

  it('keeps connections and uses them again', async () => {
    const [host] = await farm(1)
    if (!host) return expect.unreachable()
    const client = clientFor([host])
    for (let n = 0; n < 50; n += 1) await ask(client, host.origin)
    expect(host.connections).toBeLessThanOrEqual(2)
  })

  it('does not connect for a request that is no longer wanted', async () => {
    const [slow, other] = await farm(2, 300)
    if (!slow || !other) return expect.unreachable()
    const client = clientFor([slow, other], { maxConnections: 1 })
    const first = ask(client, slow.origin)
    const signal = AbortSignal.timeout(50)
    expect(await rejectionOf(client.request({ url: other.origin, signal }))).toMatchObject({
      name: 'TimeoutError',
    })
    expect(await first).toBe('ok')
    await new Promise((resolve) => setTimeout(resolve, 50))
    expect(other.connections).toBe(0)
    expect(await ask(client, other.origin)).toBe('ok')
  })

  it('100 requests to a port where nobody listens fail soon, each', async () => {
    const [gone] = await farm(1)
    if (!gone) return expect.unreachable()
    const { origin, host } = gone
    const client = clientFor([gone])
    await gone.close()
    servers = []
    const started = performance.now()
    const errors = await Promise.all(
      Array.from({ length: 100 }, () => rejectionOf(client.request({ url: origin }))),
    )
    for (const error of errors) {
      expect(error).toMatchObject({
        code: 'NETWORK',
        message: '127.0.0.1 could not be reached, or closed the connection (ECONNREFUSED)',
      })
    }
    expect(host).toMatch(/^127/)
    expect(performance.now() - started).toBeLessThan(5000)
  })

  it('a resolver that throws fails its own requests, also those that waited, and no others', async () => {
    const [host] = await farm(1, 30)
    if (!host) return expect.unreachable()
    const lookup: LookupFunction = () => {
      throw new Error('broken')
    }
    const client = clientFor([host], { maxConnections: 1, lookup })
    const asked = [host.origin, 'http://a.example/', 'http://b.example/'].map((url) => ask(client, url))
    const [first, ...others] = await Promise.allSettled(asked)
    expect(first).toMatchObject({ status: 'fulfilled' })
    for (const other of others)
      expect(other).toMatchObject({ status: 'rejected', reason: { code: 'NETWORK' } })
  })

  it('a server that closed the idle connection is connected to anew', async () => {
    const [host] = await farm(1)
    if (!host) return expect.unreachable()
    const client = clientFor([host])
    expect(await ask(client, host.origin)).toBe('ok')
    for (const socket of host.sockets) socket.destroy()
    await new Promise((resolve) => setTimeout(resolve, 20))
    expect(await ask(client, host.origin)).toBe('ok')
    expect(host.connections).toBe(2)
  })
})

describe('the check on the connected socket', () => {
  /** A guard whose resolver lets everything through, as a hole in it would. */
  class LeakyGuard extends Guard {
    override lookupFor(): LookupFunction {
      return scriptedLookup(() => ['127.0.0.1'])
    }
  }

  it.each(['http:', 'https:'])(
    'protects alone where the resolver does not: not a byte is sent over %s',
    async (protocol) => {
      const canary = await serveTcp(() => {})
      servers.push(canary)
      const connections = new Connections(new LeakyGuard({}), 1000, 10)
      connections.enter(`${protocol}//rebind.example:${canary.port}`)
      const error = await new Promise((resolve) =>
        connections.connector(() => false)(
          { protocol, hostname: 'rebind.example', host: `rebind.example:${canary.port}` },
          (...[failure, socket]) => resolve(failure ?? socket),
        ),
      )
      expect(error).toMatchObject({
        code: 'BLOCKED_URL',
        message: expect.stringContaining('request to rebind.example blocked: its address is not public'),
      })
      expect(await until(() => canary.sockets.size === 0)).toBe(true)
      expect(canary.bytes).toBe(0)
      connections.destroy()
    },
  )
})
