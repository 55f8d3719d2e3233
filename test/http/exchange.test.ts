import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createHttpClient, type NetworkOptions } from '../../src/http/client.js'
import { Exchange } from '../../src/http/exchange.js'
import { rejectionOf, serve, serveTcp, type TestServer, until } from './servers.js'
import type { SlowServersReport } from './slow-servers.child.js'

const limits = { connectTimeout: 300, headersTimeout: 400, idleTimeout: 350, totalTimeout: 800 }
const head = 'HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n'

let servers: TestServer[] = []
beforeEach(() => {
  servers = []
})
afterEach(async () => {
  await Promise.all(servers.map((server) => server.close()))
})

async function tcp(
  onSocket: Parameters<typeof serveTcp>[0],
  address?: string,
  port?: number,
): Promise<TestServer> {
  const server = await serveTcp(onSocket, address, port)
  servers.push(server)
  return server
}

/** Sends `text` at once, then one piece every 50 ms for ever. */
function drip(text: string, piece: string): Parameters<typeof serveTcp>[0] {
  return (socket) => {
    socket.write(text)
    const timer = setInterval(() => socket.write(piece), 50)
    socket.on('close', () => clearInterval(timer))
  }
}

let hop = 0
/** For claims about milliseconds, which another process may spoil. */
const busyMachine = { retry: 2 }

/** How long a timer of so many milliseconds takes on this machine as it is now. */
async function elapsed(milliseconds: number): Promise<number> {
  const started = performance.now()
  await new Promise((resolve) => setTimeout(resolve, milliseconds))
  return performance.now() - started
}

const slow: readonly [name: string, limit: number, onSocket: Parameters<typeof serveTcp>[0]][] = [
  ['never answers', limits.headersTimeout, () => {}],
  ['drips its header', limits.headersTimeout, drip(head, 'X: y\r\n')],
  ['drips interim answers', limits.headersTimeout, drip('', 'HTTP/1.1 103 Early Hints\r\n\r\n')],
  [
    'stops after its header',
    limits.idleTimeout,
    (socket) => socket.write(`${head}Content-Length: 9\r\n\r\n`),
  ],
  ['drips its body', limits.totalTimeout, drip(`${head}\r\n`, 'x')],
  [
    'drips nothing but chunk extensions',
    limits.idleTimeout,
    drip(`${head}Transfer-Encoding: chunked\r\n\r\n1;a=`, 'b'),
  ],
  [
    'redirects slowly for ever',
    limits.totalTimeout,
    (socket) => {
      socket.on('data', () => {
        hop += 1
        setTimeout(
          () => socket.write(`HTTP/1.1 302 Found\r\nContent-Length: 0\r\nLocation: /${hop}\r\n\r\n`),
          300,
        )
      })
    },
  ],
]

describe('time limits, on real sockets', () => {
  it.each(slow)('THREATS R2: a server that %s ends at its limit', busyMachine, async (_, limit, onSocket) => {
    const server = await tcp(onSocket)
    const client = createHttpClient({ ...limits, allowHosts: [server.host] })
    const started = performance.now()
    const onTime = elapsed(limit)
    const error = await rejectionOf(
      client.request({ url: server.origin }).then((response) => response.bytes()),
    )
    const took = performance.now() - started
    expect(error).toMatchObject({ code: 'TIMEOUT' })
    expect(took).toBeGreaterThan(limit - 20)
    expect(took).toBeLessThan((await onTime) + 250)
    await client.close()
    expect(await until(() => server.sockets.size === 0)).toBe(true)
  })

  it('THREATS R2: a name that is never resolved ends at the limit for connecting', busyMachine, async () => {
    const client = createHttpClient({ ...limits, lookup: () => {} })
    const started = performance.now()
    const onTime = elapsed(limits.connectTimeout)
    expect(await rejectionOf(client.request({ url: 'http://blog.example/' }))).toMatchObject({
      code: 'TIMEOUT',
      message: 'blog.example could not be connected to within 300 ms',
    })
    expect(performance.now() - started).toBeLessThan((await onTime) + 250)
    await client.close()
  })

  it('THREATS R2: a server that never greets in TLS ends at the limit for connecting', async () => {
    const server = await tcp(() => {})
    const client = createHttpClient({ ...limits, allowHosts: [server.host] })
    expect(await rejectionOf(client.request({ url: `https://${server.host}/` }))).toMatchObject({
      code: 'TIMEOUT',
    })
    expect(server.bytes).toBeGreaterThan(0)
    expect(await until(() => server.sockets.size === 0)).toBe(true)
    await client.close()
  })

  // Again where a busy machine began the second so much later that the end of the first left it time.
  it('a request that waits for a connection ends at the total limit, and is never sent', {
    retry: 3,
  }, async () => {
    let received = ''
    const server = await tcp((socket) => {
      socket.on('data', (data) => {
        received += data
      })
    })
    const options: NetworkOptions = {
      ...limits,
      headersTimeout: 5000,
      maxConnectionsPerHost: 1,
      allowHosts: [server.host],
    }
    const client = createHttpClient({ ...options, totalTimeout: 500 })
    const started = performance.now()
    const errors = await Promise.all(
      ['/first', '/second'].map((path) => rejectionOf(client.request({ url: server.origin + path }))),
    )
    expect(errors).toMatchObject([{ code: 'TIMEOUT' }, { code: 'TIMEOUT' }])
    expect(performance.now() - started).toBeLessThan(1500)
    expect(received).toContain('GET /first')
    await client.close()
    expect(received).not.toContain('/second')
  })

  it('THREATS R2: 200 slow servers at once leave the event loop and the memory free, and no socket behind', {
    retry: 2,
  }, async () => {
    const slowest = slow.map(([, , onSocket]) => onSocket)
    for (let n = 0; n < 200; n += 1) await tcp(slowest[n % slowest.length] ?? (() => {}), `127.0.1.${n + 1}`)
    const child = fileURLToPath(new URL('slow-servers.child.ts', import.meta.url))
    const args = ['--expose-gc', '--import', 'tsx', child, JSON.stringify(limits)]
    const { stdout } = await promisify(execFile)(process.execPath, [
      ...args,
      ...servers.map(({ host }) => host),
    ])
    const report = JSON.parse(stdout) as SlowServersReport
    expect(report.codes).toEqual({ TIMEOUT: 200 })
    expect(report.delay).toBeLessThan(100)
    expect(report.memory).toBeLessThan(64 << 20)
    expect(await until(() => servers.every(({ sockets }) => sockets.size === 0))).toBe(true)
  })

  it('a reader that is slow is not the server being slow', async () => {
    const server = await serve((_, response) => response.end(Buffer.alloc(900_000)))
    servers.push(server)
    const client = createHttpClient({ allowHosts: [server.host], idleTimeout: 500 })
    const response = await client.request({ url: server.origin })
    await elapsed(1200)
    expect(await response.bytes()).toHaveLength(900_000)
    await client.close()
  })
})

describe("the caller's abort", () => {
  const reasons: unknown[] = [new Error('enough'), 'enough', Object.freeze({ enough: true })]

  it.each(reasons)(
    '%j is thrown as it is: before, while connecting, while waiting, in the body',
    async (reason) => {
      const server = await tcp((socket) => {
        socket.on('data', (data) => {
          if (String(data).includes('/body')) socket.write(`${head}Content-Length: 9\r\n\r\nabc`)
        })
      })
      const silent = createHttpClient({ lookup: () => {} })
      const client = createHttpClient({ allowHosts: [server.host] })
      const attempts: [client: typeof client, url: string][] = [
        [silent, 'http://blog.example/'],
        [client, `${server.origin}/never`],
        [client, `${server.origin}/body`],
      ]
      for (const [asked, url] of attempts) {
        const controller = new AbortController()
        setTimeout(() => controller.abort(reason), 50)
        const { signal } = controller
        const started = performance.now()
        expect(await rejectionOf(asked.request({ url, signal }).then((response) => response.bytes()))).toBe(
          reason,
        )
        expect(performance.now() - started).toBeLessThan(2000)
        expect(await rejectionOf(asked.request({ url, signal }))).toBe(reason)
      }
      await Promise.all([silent.close(), client.close()])
      expect(await until(() => server.sockets.size === 0)).toBe(true)
    },
  )

  it('one signal may serve many requests, and is let go of after each', async () => {
    const server = await serve((_, response) => response.end('ok'))
    servers.push(server)
    const client = createHttpClient({ allowHosts: [server.host] })
    const warnings: Error[] = []
    const onWarning = (warning: Error) => warnings.push(warning)
    process.on('warning', onWarning)
    const controller = new AbortController()
    let listening = 0
    const { signal } = controller
    const { addEventListener, removeEventListener } = signal
    signal.addEventListener = (...args: Parameters<typeof addEventListener>) => {
      listening += 1
      addEventListener.apply(signal, args)
    }
    signal.removeEventListener = (...args: Parameters<typeof removeEventListener>) => {
      listening -= 1
      removeEventListener.apply(signal, args)
    }
    await Promise.all(
      Array.from({ length: 50 }, async () => (await client.request({ url: server.origin, signal })).bytes()),
    )
    await new Promise((resolve) => setImmediate(resolve))
    process.off('warning', onWarning)
    expect(warnings).toEqual([])
    expect(listening).toBe(0)
    await client.close()
  })
})

describe('Exchange', () => {
  const bounds = { headersTimeout: 1000, idleTimeout: 1000, remaining: 1000 }
  const controller = () => ({
    reasons: [] as Error[],
    abort(reason: Error) {
      this.reasons.push(reason)
    },
    pause() {},
    resume() {},
  })

  it('ends once, whatever happens afterwards', async () => {
    let closed = 0
    const exchange = new Exchange('h', bounds, () => {
      closed += 1
    })
    const wire = controller()
    exchange.onRequestStart(wire)
    exchange.onResponseStart(wire, 200, {})
    exchange.onResponseData(wire, Buffer.from('a'))
    exchange.onResponseEnd()
    exchange.cancel()
    exchange.fail(new Error('late'))
    exchange.onResponseError(wire, new Error('later'))
    const chunks: Uint8Array[] = []
    for await (const chunk of exchange.chunks()) chunks.push(chunk)
    expect(Buffer.concat(chunks).toString()).toBe('a')
    expect(closed).toBe(1)
    expect(wire.reasons).toEqual([])
  })

  it('takes nothing more after it was cancelled, though the wire may still bring it', async () => {
    let closed = 0
    const exchange = new Exchange('h', bounds, () => {
      closed += 1
    })
    const wire = controller()
    exchange.onRequestStart(wire)
    exchange.onResponseStart(wire, 200, {})
    exchange.onResponseData(wire, Buffer.from('a'))
    exchange.cancel()
    exchange.onResponseData(wire, Buffer.from('b'))
    exchange.onResponseEnd()
    expect(await exchange.chunks().next()).toEqual({ done: true, value: undefined })
    expect(closed).toBe(1)
  })

  it('is stopped at the start when it ended before it was sent', async () => {
    const exchange = new Exchange('h', bounds, () => {})
    exchange.fail('enough')
    const wire = controller()
    exchange.onRequestStart(wire)
    expect(await rejectionOf(exchange.head)).toBe('enough')
    expect(wire.reasons).toHaveLength(1)
  })

  it('gives what arrived before it broke off, then the failure', async () => {
    const exchange = new Exchange('h', bounds, () => {})
    const wire = controller()
    exchange.onRequestStart(wire)
    exchange.onResponseStart(wire, 200, {})
    exchange.onResponseData(wire, Buffer.from('begin'))
    exchange.onResponseError(wire, Object.assign(new Error('x'), { code: 'UND_ERR_SOCKET' }))
    const chunks: string[] = []
    const reading = (async () => {
      for await (const chunk of exchange.chunks()) chunks.push(Buffer.from(chunk).toString())
    })()
    expect(await rejectionOf(reading)).toMatchObject({ code: 'NETWORK' })
    expect(chunks).toEqual(['begin'])
  })
})
