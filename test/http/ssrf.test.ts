import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { discover } from '../../src/discover/discover.js'
import { createHttpClient, type NetworkOptions } from '../../src/http/client.js'
import { verifySource } from '../../src/receive/verify/verification.js'
import { sendPing } from '../../src/send/send-ping.js'
import { scriptedLookup, serve, serveCanary, type TestServer } from './servers.js'
import { classUrls, internalUrls, loopbackUrls } from './spellings.js'

/** Every way in which the library can be made to ask a URL that a stranger chose. */
const doors = {
  sendPing: (url: string, options: NetworkOptions) =>
    sendPing(url, { url: 'https://blog.example/1' }, { client: createHttpClient(options) }),
  discover: (url: string, options: NetworkOptions) => discover(url, { client: createHttpClient(options) }),
  verifySource: (url: string, options: NetworkOptions) =>
    verifySource(url, 'https://blog.example/1', { client: createHttpClient(options) }),
}

let canary: TestServer
let hops: TestServer
let options: NetworkOptions
let attempts = 0

beforeAll(async () => {
  canary = await serveCanary()
  hops = await serve((request, response) => {
    const url = new URL(request.url ?? '', 'http://hops')
    const left = Number(url.pathname.slice(1))
    const to = Buffer.from(url.searchParams.get('to') ?? '').toString('latin1')
    const location = left > 1 ? `/${left - 1}${url.search}` : to
    response.writeHead([301, 302, 307, 308][left % 4] ?? 302, { location }).end(Buffer.from('moved'))
  })
  const lookup = scriptedLookup(() => new Error('nothing is resolved here'))
  options = { allowHosts: [hops.host], allowPorts: [canary.port], lookup }
})
afterAll(async () => {
  expect(canary.connections).toBe(0)
  expect(attempts).toBeGreaterThanOrEqual(1500)
  await Promise.all([canary.close(), hops.close()])
})

/** What became of one attempt through one door: the code of the error, or what was done instead. */
async function attempt(door: keyof typeof doors, url: string, network: NetworkOptions): Promise<string> {
  attempts += 1
  try {
    const result = await doors[door](url, network)
    return 'code' in result && typeof result.code === 'string' ? result.code : JSON.stringify(result)
  } catch (error) {
    return (error as { code?: string }).code ?? String(error)
  }
}

/** Tries every URL through every door, some at once; gives back those that were not blocked. */
async function tryAll(urls: readonly string[], network: NetworkOptions): Promise<string[]> {
  const tries = urls.flatMap((url) =>
    (Object.keys(doors) as (keyof typeof doors)[]).map((door) => [door, url] as const),
  )
  const failures: string[] = []
  const next = async (): Promise<void> => {
    for (let one = tries.pop(); one; one = tries.pop()) {
      const outcome = await attempt(one[0], one[1], network)
      if (outcome !== 'BLOCKED_URL') failures.push(`${one[0]} ${one[1]} ${outcome}`)
    }
  }
  await Promise.all(Array.from({ length: 8 }, next))
  return failures
}

const through = (hop: number, to: string) => `${hops.origin}/${hop}?to=${encodeURIComponent(to)}`

describe('THREATS S1 to S6: no request of ours reaches where it must not', () => {
  it('loopback in every spelling, asked directly', async () => {
    expect(await tryAll(loopbackUrls(canary.port), options)).toEqual([])
    expect(canary.connections).toBe(0)
  })

  it('internal addresses and names in every spelling, asked directly', async () => {
    expect(await tryAll(internalUrls(canary.port), options)).toEqual([])
  })

  it('S5: the same server on another port, and the same port on another address', async () => {
    const { port } = hops
    const urls = [
      `http://127.0.0.1:${canary.port}/`,
      `http://127.0.0.2:${port}/`,
      `http://localhost:${port}/`,
      `http://[::1]:${port}/`,
    ]
    expect(await tryAll(urls, { ...options, allowPorts: [port, canary.port] })).toEqual([])
    expect(hops.connections).toBe(0)
  })

  it('S3: redirects to loopback in every spelling, at the first hop', async () => {
    const urls = loopbackUrls(canary.port).filter((to) => {
      const readable = URL.canParse(to, hops.origin) && !/[\t\n\0]/.test(to.trim())
      return readable && new URL(to, hops.origin).origin !== hops.origin
    })
    expect(urls.length).toBeGreaterThan(80)
    expect(
      await tryAll(
        urls.map((to) => through(1, to)),
        options,
      ),
    ).toEqual([])
    expect(canary.connections).toBe(0)
  })

  it.each([1, 2, 3, 4, 5])('S3: redirects to loopback at hop %i', async (hop) => {
    const { port } = canary
    const targets = [
      '127.0.0.1',
      '0x7f.1',
      '0.0.0.0',
      '[::1]',
      '[::ffff:127.0.0.1]',
      'localhost',
      'user@127.0.0.1',
    ]
    const urls = [
      ...targets.map((host) => `http://${host}:${port}/`),
      `//127.1:${port}/`,
      `https://127.0.0.1:${port}/`,
    ]
    expect(
      await tryAll(
        urls.map((to) => through(hop, to)),
        options,
      ),
    ).toEqual([])
    expect(canary.connections).toBe(0)
  })

  it.each([1, 2, 3, 4, 5])('S3: redirects to internal addresses and names at hop %i', async (hop) => {
    expect(
      await tryAll(
        classUrls(canary.port).map((to) => through(hop, to)),
        options,
      ),
    ).toEqual([])
  })

  it('S2: names that resolve to loopback, alone, in a mixture or in an odd form', async () => {
    const answers = [
      ['127.0.0.1'],
      ['::1'],
      ['0.0.0.0'],
      ['::'],
      ['127.0.0.1', '::1'],
      ['::ffff:127.0.0.1'],
      ['127.0.0.1', '127.0.0.2', '127.0.0.3'],
      ['127.1'],
      ['localhost'],
    ]
    for (const answer of answers) {
      const lookup = scriptedLookup(() => answer)
      const urls = [
        `http://rebind.example:${canary.port}/`,
        through(1, `http://rebind.example:${canary.port}/`),
      ]
      expect(await tryAll(urls, { ...options, lookup })).toEqual([])
      expect(lookup.asked).toBe(6)
    }
    expect(canary.connections).toBe(0)
  })

  it('S2: names of which one answer of many is not public', async () => {
    const bad = [
      '10.0.0.1',
      '169.254.169.254',
      '192.168.1.1',
      'fd00::1',
      'fe80::1',
      '64:ff9b::a00:1',
      '2002:a00:1::',
      'junk',
    ]
    for (const address of bad) {
      for (const answer of [
        ['8.8.8.8', address],
        [address, '8.8.8.8'],
        ['2606:4700::1', '8.8.8.8', address],
      ]) {
        const lookup = scriptedLookup(() => answer)
        expect(await tryAll([`http://mixed.example:${canary.port}/`], { ...options, lookup })).toEqual([])
      }
    }
  })

  it('S2: 1,000 flips between no answer and loopback', async () => {
    const lookup = scriptedLookup((_, n) => (n % 2 ? new Error('no answer') : ['127.0.0.1', '::1']))
    const urls = new Array<string>(334).fill(`http://flip.example:${canary.port}/`)
    const failures = await tryAll(urls, { ...options, lookup })
    expect(failures).toHaveLength(501)
    expect(failures.every((failure) => failure.endsWith('NETWORK'))).toBe(true)
    expect(lookup.asked).toBe(1002)
    expect(canary.connections).toBe(0)
  })

  it('S2: a name that turns to loopback after some answers, on a client that is kept', async () => {
    for (const after of [1, 2, 5, 10]) {
      const lookup = scriptedLookup((_, n) => (n <= after ? [] : ['127.0.0.1']))
      const url = `http://later.example:${canary.port}/`
      const codes: string[] = []
      for (let n = 0; n < after + 3; n += 1)
        codes.push(await attempt('verifySource', url, { ...options, lookup }))
      expect(codes).toEqual([...new Array(after).fill('NETWORK'), ...new Array(3).fill('BLOCKED_URL')])
    }
    expect(canary.connections).toBe(0)
  })

  it('a page whose ping URL or feed leads to loopback: the one is refused, the other not read', async () => {
    const evil = `http://127.0.0.1:${canary.port}/`
    const pages = [
      `<link rel="trackback" href="${evil}">`,
      `<link rel="alternate" type="application/rss+xml" href="${evil}">`,
      `<a rel="trackback" href="//localhost:${canary.port}/tb">TrackBack</a>`,
    ]
    for (const html of pages) {
      const server = await serve((_, response) => response.setHeader('content-type', 'text/html').end(html))
      const network = { ...options, allowHosts: [server.host] }
      const { pingUrl } = await discover(server.origin, { client: createHttpClient(network) })
      if (pingUrl !== null) expect(await attempt('sendPing', pingUrl, network)).toBe('BLOCKED_URL')
      else expect(html).toContain('rss')
      await server.close()
    }
    expect(canary.connections).toBe(0)
  })
})
