import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createHttpClient, type HttpClient, type HttpRequest } from '../../src/http/client.js'
import { addRedirect, type Hop, nextHop } from '../../src/http/redirects.js'
import { selfSigned } from './certificate.js'
import { rejectionOf, serve, type TestServer } from './servers.js'

const hop: Hop = {
  method: 'POST',
  url: new URL('https://blog.example/tb/1?a=b'),
  headers: {
    'content-type': 'text/plain',
    'user-agent': 'x',
    authorization: 'secret',
    cookie: 'c',
    'x-own': 'o',
  },
  body: 'url=x',
}
const get: Hop = { ...hop, method: 'GET' }

describe('nextHop', () => {
  it('PROTOCOL 98: a redirected POST stays a POST with its body on 301, 302, 307 and 308', () => {
    for (const status of [301, 302, 307, 308]) {
      expect(nextHop(hop, { status, location: '/tb/2' })).toEqual({
        ...hop,
        url: new URL('https://blog.example/tb/2'),
      })
    }
  })

  it('PROTOCOL 98: 303 ends a POST, and is followed by a GET', () => {
    expect(nextHop(hop, { status: 303, location: '/tb/2' })).toBeNull()
    expect(nextHop(get, { status: 303, location: '/tb/2' })?.url.href).toBe('https://blog.example/tb/2')
  })

  it('no other status is a redirect', () => {
    for (const status of [200, 201, 300, 304, 305, 306, 309, 400, 500]) {
      expect(nextHop(get, { status, location: '/' })).toBeNull()
    }
  })

  it('without one URL that can be read there is nowhere to go', () => {
    for (const location of [undefined, 'http://', 'https://[::1', 'http://a b/', ['/1', '/2']]) {
      expect(nextHop(get, { status: 302, location })).toBeNull()
    }
  })

  it('a target in raw UTF-8, as it comes in a header, is read as that', () => {
    const location = Buffer.from('https://例え.example/日記?題=あ').toString('latin1')
    expect(nextHop(get, { status: 302, location })?.url.href).toBe(
      new URL('https://例え.example/日記?題=あ').href,
    )
  })

  it('another origin is sent no credentials and no headers of the caller', () => {
    for (const location of [
      'https://other.example/',
      'https://blog.example:444/',
      '//other.example/',
      'https://www.blog.example/',
    ]) {
      expect(nextHop(hop, { status: 307, location })?.headers).toEqual({
        'content-type': 'text/plain',
        'user-agent': 'x',
      })
    }
    expect(nextHop(hop, { status: 307, location: 'https://blog.example:443/x' })?.headers).toEqual(
      hop.headers,
    )
  })

  it('THREATS S3, PROTOCOL 142: a ping never leaves https for http, a page may be read there; the other way is free', () => {
    const down = { status: 302, location: 'http://blog.example/' }
    expect(() => nextHop(hop, down)).toThrow(expect.objectContaining({ code: 'BLOCKED_URL' }))
    expect(nextHop(get, down)?.url.protocol).toBe('http:')
    const up = nextHop(
      { ...hop, url: new URL('http://blog.example/') },
      { status: 301, location: 'https://blog.example/' },
    )
    expect(up?.url.protocol).toBe('https:')
  })
})

describe('addRedirect', () => {
  const url = (path: string) => new URL(path, 'https://blog.example/')
  const tooMany = expect.objectContaining({ code: 'TOO_MANY_REDIRECTS' })

  it('goes as far as it may', () => {
    const redirects: string[] = []
    addRedirect(redirects, url('/1'), url('/2#a'), 2)
    addRedirect(redirects, url('/2#a'), url('/3'), 2)
    expect(redirects).toEqual(['https://blog.example/1', 'https://blog.example/2#a'])
    expect(() => addRedirect(redirects, url('/3'), url('/4'), 2)).toThrow(tooMany)
  })

  it('never goes back, a fragment making no difference', () => {
    const redirects: string[] = []
    addRedirect(redirects, url('/1#x'), url('/2'), 5)
    expect(() => addRedirect(redirects, url('/2'), url('/1#y'), 5)).toThrow(tooMany)
    expect(() => addRedirect([], url('/1'), url('/1#x'), 5)).toThrow(tooMany)
  })
})

describe('redirects over real sockets', () => {
  let server: TestServer
  let other: TestServer
  let client: HttpClient
  const seen: { method: string; path: string; headers: NodeJS.Dict<string | string[]>; body: string }[] = []

  beforeAll(async () => {
    const record: Parameters<typeof serve>[0] = (request, response) => {
      let body = ''
      request.on('data', (data) => {
        body += data
      })
      request.on('end', () => {
        seen.push({ method: request.method ?? '', path: request.url ?? '', headers: request.headers, body })
        const url = new URL(request.url ?? '', 'http://h')
        const to = url.searchParams.getAll('to')
        const status = Number(url.searchParams.get('status') ?? 302)
        const left = Number(url.searchParams.get('left') ?? 0)
        const across = request.headers.host === server.host ? other.origin : server.origin
        if (url.pathname === '/circle') response.writeHead(302, { location: `${across}/circle` })
        else if (left > 0)
          response.writeHead(status, { location: `${url.pathname}?left=${left - 1}&status=${status}` })
        else if (to.length > 0)
          response.writeHead(
            status,
            to.flatMap((target) => ['location', target]),
          )
        response.end(`body of ${request.url}`)
      })
    }
    server = await serve(record)
    other = await serve(record)
    client = createHttpClient({ allowHosts: [server.host, other.host] })
  })
  afterAll(async () => {
    await client.close()
    await Promise.all([server.close(), other.close()])
  })

  const ask = async (path: string, request: Partial<HttpRequest> = {}) => {
    seen.length = 0
    return client.request({ url: server.origin + path, ...request })
  }
  const ping = {
    method: 'POST',
    body: 'url=x',
    headers: { 'Content-Type': 'text/plain', Authorization: 'secret' },
  } as const

  it('follows five, not six, and says which', async () => {
    const response = await ask('/a?left=5')
    expect(response.url).toBe(`${server.origin}/a?left=0&status=302`)
    expect(response.redirects).toHaveLength(5)
    expect(response.redirects[0]).toBe(`${server.origin}/a?left=5`)
    expect(Buffer.from(await response.bytes()).toString()).toBe('body of /a?left=0&status=302')
    expect(await rejectionOf(ask('/b?left=6'))).toMatchObject({ code: 'TOO_MANY_REDIRECTS' })
    expect(seen).toHaveLength(6)
  })

  it.each([301, 302, 307, 308])(
    'PROTOCOL 98: a POST is sent again on %i, five hops long, with body and headers',
    async (status) => {
      const response = await ask(`/a?left=5&status=${status}`, ping)
      expect(response.status).toBe(200)
      await response.bytes()
      expect(seen).toHaveLength(6)
      for (const { method, body, headers } of seen) {
        expect({ method, body }).toEqual({ method: 'POST', body: 'url=x' })
        expect(headers).toMatchObject({
          authorization: 'secret',
          'content-type': 'text/plain',
          'content-length': '5',
        })
      }
    },
  )

  it('PROTOCOL 98: a POST answered with 303 ends there, the answer given back', async () => {
    const response = await ask('/a?status=303&to=/b', ping)
    expect(response.status).toBe(303)
    expect(Buffer.from(await response.bytes()).toString()).toBe('body of /a?status=303&to=/b')
    expect(seen).toHaveLength(1)
  })

  it('credentials do not cross origins, and do not come back with a second redirect', async () => {
    const back = encodeURIComponent(`${server.origin}/end`)
    const response = await ask(`/a?to=${encodeURIComponent(`${other.origin}/x?to=${back}`)}`, {
      ...ping,
      headers: { ...ping.headers, Cookie: 'c', 'X-Own': 'o' },
    })
    await response.bytes()
    expect(seen.map(({ headers }) => headers['authorization'])).toEqual(['secret', undefined, undefined])
    for (const { headers, body } of seen.slice(1)) {
      expect(body).toBe('url=x')
      expect(Object.keys(headers).sort()).toEqual([
        'accept-encoding',
        'connection',
        'content-length',
        'content-type',
        'host',
        'user-agent',
      ])
    }
  })

  it('THREATS S3: loops of one, two and through another origin end', async () => {
    expect(await rejectionOf(ask('/circle'))).toMatchObject({ code: 'TOO_MANY_REDIRECTS' })
    expect(seen).toHaveLength(2)
    for (const to of ['', '%23x', '%3Fto%3D']) {
      expect(await rejectionOf(ask(`/self?to=${to}`))).toMatchObject({ code: 'TOO_MANY_REDIRECTS' })
      expect(seen.length).toBeLessThanOrEqual(2)
    }
  })

  it('a redirect with two targets, with none or with nonsense is given back as it is', async () => {
    for (const path of ['/a?to=/1&to=/2', '/a?to=http://[', '/a?status=304&to=/1']) {
      const response = await ask(path)
      expect(response.status).toBeGreaterThanOrEqual(302)
      expect(seen).toHaveLength(1)
      response.cancel()
    }
  })

  it('THREATS S3: a redirect to another scheme is blocked', async () => {
    for (const to of [
      'file:///etc/passwd',
      'gopher://127.0.0.1/',
      'data:text/html,x',
      'javascript:1',
      'ftp://blog.example/',
    ]) {
      expect(await rejectionOf(ask(`/a?to=${encodeURIComponent(to)}`))).toMatchObject({ code: 'BLOCKED_URL' })
    }
  })

  it('THREATS S3: a real https server leads a page to http and no ping, and its certificate is checked', async () => {
    const secure = createServer(selfSigned('127.0.0.1'), (_, response) => {
      response.writeHead(302, { location: `${server.origin}/plain` }).end()
    })
    await new Promise<void>((resolve) => secure.listen(0, '127.0.0.1', resolve))
    const { port } = secure.address() as AddressInfo
    const url = `https://127.0.0.1:${port}/`
    const options = { allowHosts: [server.host, `127.0.0.1:${port}`] }
    const strict = createHttpClient(options)
    expect(await rejectionOf(strict.request({ url }))).toMatchObject({
      code: 'NETWORK',
      message: /SELF_SIGNED/,
    })
    const restore = trustAnyCertificate()
    seen.length = 0
    expect(await rejectionOf(strict.request({ url, method: 'POST', body: 'url=x' }))).toMatchObject({
      code: 'BLOCKED_URL',
      message: /from https to http/,
    })
    expect(seen).toHaveLength(0)
    expect((await strict.request({ url })).url).toBe(`${server.origin}/plain`)
    restore()
    await strict.close()
    await new Promise((resolve) => secure.close(resolve))
  })
})

function trustAnyCertificate(): () => void {
  const before = process.env['NODE_TLS_REJECT_UNAUTHORIZED']
  const { emitWarning } = process
  process.emitWarning = () => {}
  process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = '0'
  return () => {
    process.emitWarning = emitWarning
    if (before === undefined) delete process.env['NODE_TLS_REJECT_UNAUTHORIZED']
    else process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = before
  }
}
