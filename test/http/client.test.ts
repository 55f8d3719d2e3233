import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer, type IncomingMessage } from 'node:http'
import { type AddressInfo, connect, type Socket } from 'node:net'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { createHttpClient, type HttpClient, type HttpResponse, sharedClient } from '../../src/http/client.js'
import { version } from '../../src/http/version.js'
import {
  rejectionOf,
  scriptedLookup,
  serve,
  serveCanary,
  serveTcp,
  type TestServer,
  until,
} from './servers.js'
import { lookAlikeNames } from './spellings.js'

let server: TestServer
let client: HttpClient
beforeAll(async () => {
  server = await serve((request, response) => {
    if (request.url === '/never') return
    response.setHeader('X-Twice', ['a', 'b'])
    response.end(JSON.stringify({ method: request.method, headers: request.headers }))
  })
  client = createHttpClient({ allowHosts: [server.host] })
})
afterAll(async () => {
  await client.close()
  await server.close()
})

async function headersSeen(
  asked: HttpClient,
  headers: Record<string, string> = {},
): Promise<Record<string, string>> {
  const response = await asked.request({ url: server.origin, headers })
  return JSON.parse(Buffer.from(await response.bytes()).toString()).headers
}

describe('createHttpClient', () => {
  it('says what it is, the site where it is known, and takes another name', async () => {
    const { version: packaged } = JSON.parse(
      readFileSync(new URL('../../package.json', import.meta.url), 'utf8'),
    )
    expect(version).toBe(packaged)
    const names = [
      [{}, `trackbacks/${version}`],
      [
        { site: 'https://me:secret@blog.example/日記?x#y' },
        `trackbacks/${version} (+https://blog.example/%E6%97%A5%E8%A8%98)`,
      ],
      [{ site: 'https://blog.example/', userAgent: 'My blog' }, 'My blog'],
    ] as const
    for (const [options, name] of names) {
      const named = createHttpClient({ ...options, allowHosts: [server.host] })
      expect((await headersSeen(named))['user-agent']).toBe(name)
      await named.close()
    }
  })

  it('refuses a name that would break the header, and a site that is no URL', () => {
    for (const userAgent of ['', 'a\r\nX: y', 'ブログ'])
      expect(() => createHttpClient({ userAgent })).toThrow(TypeError)
    expect(() => createHttpClient({ site: 'blog' })).toThrow(TypeError)
  })

  it('sends the headers it is given, and asks for gzip alone', async () => {
    expect(await headersSeen(client, { Accept: 'text/html' })).toMatchObject({
      accept: 'text/html',
      'accept-encoding': 'gzip',
    })
  })

  it('gives back status, header fields in any case and the body once', async () => {
    const response = await client.request({ url: server.origin, method: 'POST', body: new Uint8Array([1]) })
    expect(response).toMatchObject({ url: `${server.origin}/`, redirects: [], status: 200 })
    expect(response.header('x-TWICE')).toBe('a, b')
    expect(response.header('x-none')).toBeNull()
    expect(response.header('constructor')).toBeNull()
    expect(JSON.parse(Buffer.from(await response.bytes()).toString()).method).toBe('POST')
    expect(await response.bytes()).toHaveLength(0)
    response.cancel()
  })

  it('HEAD has no body', async () => {
    const response = await client.request({ url: server.origin, method: 'HEAD' })
    expect(response.status).toBe(200)
    expect(await response.bytes()).toHaveLength(0)
  })

  it('maxSize caps one answer', async () => {
    const response = await client.request({ url: server.origin, maxSize: 10 })
    expect(await rejectionOf(response.bytes())).toMatchObject({ code: 'TOO_LARGE' })
    expect(await rejectionOf(client.request({ url: server.origin, maxSize: 0 }))).toBeInstanceOf(TypeError)
  })

  it('what is no URL is blocked; an ill-formed header is a TypeError', async () => {
    for (const url of ['', '/path', 'blog.example', 'http://[::1']) {
      const message = `'${url}' is not an absolute URL`
      expect(await rejectionOf(client.request({ url }))).toMatchObject({ code: 'BLOCKED_URL', message })
    }
    expect((await rejectionOf(client.request({ url: 'x'.repeat(1e6) }))).message.length).toBeLessThan(200)
    expect(
      await rejectionOf(client.request({ url: server.origin, headers: { a: 'b\r\nc: d' } })),
    ).toBeInstanceOf(TypeError)
  })

  it('a name that does not resolve is NETWORK and the resolver says why in the cause', async () => {
    const lookup = scriptedLookup(() =>
      Object.assign(new Error('getaddrinfo ENOTFOUND'), { code: 'ENOTFOUND' }),
    )
    const own = createHttpClient({ lookup })
    const error = await rejectionOf(own.request({ url: 'https://blog.example/' }))
    expect(error).toMatchObject({
      code: 'NETWORK',
      message: 'blog.example could not be reached, or closed the connection (ENOTFOUND)',
    })
    expect(error.cause).toMatchObject({ code: 'ENOTFOUND' })
    await own.close()
  })

  it('an address that was resolved stands in the cause, not in the message', async () => {
    const own = createHttpClient({ lookup: scriptedLookup(() => ['10.9.8.7']) })
    const error = await rejectionOf(own.request({ url: 'https://blog.example/' }))
    expect(error).toMatchObject({ code: 'BLOCKED_URL' })
    expect(error.message).not.toContain('10.9')
    expect(String(error.cause)).toContain('10.9.8.7: private, RFC 1918')
    await own.close()
  })

  it('public names that look internal do reach the resolver', async () => {
    const lookup = scriptedLookup(() => Object.assign(new Error('no'), { code: 'ENOTFOUND' }))
    const own = createHttpClient({ lookup })
    for (const name of lookAlikeNames)
      expect(await rejectionOf(own.request({ url: `http://${name}/` }))).toMatchObject({ code: 'NETWORK' })
    expect(lookup.asked).toBe(lookAlikeNames.length)
    await own.close()
  })

  it('THREATS S6: proxies named by the environment are not used', async () => {
    const proxy = await serveCanary()
    const names = [
      'http_proxy',
      'HTTP_PROXY',
      'https_proxy',
      'HTTPS_PROXY',
      'ALL_PROXY',
      'NODE_USE_ENV_PROXY',
    ]
    const before = names.map((name) => process.env[name])
    for (const name of names)
      process.env[name] = name === 'NODE_USE_ENV_PROXY' ? '1' : `http://127.0.0.1:${proxy.port}`
    const own = createHttpClient({ allowHosts: [server.host] })
    expect((await own.request({ url: server.origin })).status).toBe(200)
    names.forEach((name, index) => {
      if (before[index] === undefined) delete process.env[name]
      else process.env[name] = before[index]
    })
    expect(proxy.connections).toBe(0)
    await Promise.all([own.close(), proxy.close()])
  })
})

describe('proxy', () => {
  /** A proxy that tunnels, by its CONNECT, and what it was asked for. */
  async function serveProxy(answer = '200 OK'): Promise<{ origin: string; asked: string[] }> {
    const asked: string[] = []
    const proxy = createServer().on('connect', (request: IncomingMessage, socket: Socket) => {
      asked.push(`${request.url} ${request.headers['proxy-authorization'] ?? ''}`.trim())
      socket.on('error', () => {}).write(`HTTP/1.1 ${answer}\r\n\r\n`)
      if (!answer.startsWith('200')) return void socket.end()
      const tunnel = connect(Number(server.host.split(':')[1]), '127.0.0.1').on('error', () =>
        socket.destroy(),
      )
      socket.pipe(tunnel).pipe(socket)
    })
    await once(proxy.listen(0, '127.0.0.1'), 'listening')
    onTestFinished(() => void proxy.close())
    return { origin: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`, asked }
  }

  async function through(proxy: string, url: string): Promise<HttpResponse> {
    const own = createHttpClient({ proxy })
    onTestFinished(() => own.close())
    return own.request({ url })
  }

  it('is sent everything through, and resolves the names itself', async () => {
    const { origin, asked } = await serveProxy()
    const response = await through(origin.replace('//', '//user:secret@'), 'http://blog.invalid/')
    const { headers } = JSON.parse(Buffer.from(await response.bytes()).toString())
    expect([response.status, headers.host]).toEqual([200, 'blog.invalid'])
    expect(headers['proxy-authorization']).toBeUndefined()
    expect(asked).toEqual(['blog.invalid:80 Basic dXNlcjpzZWNyZXQ='])
  })

  it('is never asked for names, ports and addresses that are refused', async () => {
    const { origin, asked } = await serveProxy()
    for (const url of [
      'http://127.0.0.1/',
      'http://[::1]/',
      'http://localhost/',
      'http://blog.invalid:8080/',
    ]) {
      expect(await rejectionOf(through(origin, url))).toMatchObject({ code: 'BLOCKED_URL' })
    }
    expect(asked).toEqual([])
  })

  it('that refuses is a failure of the network', async () => {
    const { origin, asked } = await serveProxy('403 Forbidden')
    expect(await rejectionOf(through(origin, 'https://blog.invalid/'))).toMatchObject({ code: 'NETWORK' })
    expect(asked).toEqual(['blog.invalid:443'])
  })

  it('is a URL', () => {
    for (const proxy of ['proxy.example:3128', 'socks5://proxy.example', 'proxy', '']) {
      expect(() => createHttpClient({ proxy })).toThrow(new TypeError('proxy must be an http or https URL'))
    }
  })
})

describe('close', () => {
  it('ends what is under way and what comes after with CLOSED, and leaves no socket', async () => {
    const own = createHttpClient({ allowHosts: [server.host], maxConnectionsPerHost: 2 })
    const waiting = Array.from({ length: 5 }, () =>
      rejectionOf(own.request({ url: `${server.origin}/never` })),
    )
    const { connections } = server
    expect(await until(() => server.connections >= connections + 2)).toBe(true)
    const during = server.sockets.size
    await own.close()
    for (const error of await Promise.all(waiting)) expect(error).toMatchObject({ code: 'CLOSED' })
    expect(await rejectionOf(own.request({ url: server.origin }))).toMatchObject({ code: 'CLOSED' })
    expect(await until(() => server.sockets.size <= during - 2)).toBe(true)
    await own.close()
  })

  it('closes connections that are being made', async () => {
    const silent = await serveTcp(() => {})
    const own = createHttpClient({ lookup: () => {}, allowHosts: [silent.host] })
    const urls = ['http://blog.example/', `https://${silent.host}/`]
    const waiting = urls.map((url) => rejectionOf(own.request({ url })))
    expect(await until(() => silent.bytes > 0)).toBe(true)
    await own.close()
    for (const error of await Promise.all(waiting)) expect(error).toMatchObject({ code: 'CLOSED' })
    expect(await until(() => silent.sockets.size === 0)).toBe(true)
    await silent.close()
  })

  it.each(['closed', 'idle'])('a process whose client is %s exits by itself', async (state) => {
    const child = new URL('exits.child.ts', import.meta.url)
    const started = performance.now()
    const args = ['--import', 'tsx', child.pathname, server.origin, server.host, state]
    const { stdout } = await promisify(execFile)(process.execPath, args, { timeout: 20_000 })
    const [status, doneAt] = stdout.trim().split(' ')
    expect(status).toBe('200')
    // An idle connection is kept for 4 seconds.
    expect(Date.now() - Number(doneAt)).toBeLessThan(3000)
    expect(performance.now() - started).toBeLessThan(15_000)
  })
})

describe('sharedClient', () => {
  it('is one guarded client for the whole process', async () => {
    expect(sharedClient()).toBe(sharedClient())
    expect(await rejectionOf(sharedClient().request({ url: server.origin }))).toMatchObject({
      code: 'BLOCKED_URL',
    })
  })
})
