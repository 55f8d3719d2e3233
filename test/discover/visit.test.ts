import type { RequestListener } from 'node:http'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { type DiscoverOptions, discover, discoverPingUrl } from '../../src/discover/discover.js'
import { clientFor, serve } from '../support/servers.js'

const html = { 'content-type': 'text/html; charset=utf-8' }
const block = (identifier: string, ping = '/tb/1') =>
  `<!-- <rdf:RDF><rdf:Description dc:identifier="${identifier}" trackback:ping="${ping}" /></rdf:RDF> -->`

type Answer = string | Buffer | RequestListener
interface Site {
  readonly origin: string
  readonly options: DiscoverOptions
  readonly asked: string[]
}

async function site(
  pages: Record<string, Answer | [Record<string, string>, string | Buffer]>,
): Promise<Site> {
  const asked: string[] = []
  const { origin, host } = await serve((request, response) => {
    const path = request.url ?? ''
    asked.push(path)
    const page = pages[path]
    if (typeof page === 'function') return page(request, response)
    const [headers, body] = Array.isArray(page) ? page : [html, page]
    response.writeHead(page === undefined ? 404 : 200, headers)
    response.end(typeof body === 'string' ? body.replaceAll('ORIGIN', origin) : body)
  })
  return { origin, options: { client: clientFor(host) }, asked }
}

describe('how much is read', () => {
  const filler = '<p>word</p>\n'.repeat(6000)

  it('stops once nothing that follows can change the answer', async () => {
    let closed: Promise<unknown> = Promise.resolve()
    const { origin, options } = await site({
      '/a': (request, response) => {
        closed = new Promise((resolve) => response.on('close', resolve))
        response.writeHead(200, html)
        const own = `http://${request.headers.host}`
        response.write(block(`${own}/a`, `${own}/tb/1`) + filler)
      },
    })
    expect(await discoverPingUrl(`${origin}/a`, options)).toBe(`${origin}/tb/1`)
    await closed
  })

  it.each([
    ['a relative ping URL, whose <base> may follow', block('ORIGIN/a'), '<base href="/blog/">', '/tb/1'],
    [
      'an equivalent match, which an exact one may follow',
      block('ORIGIN/a/', 'ORIGIN/tb/2'),
      block('ORIGIN/a'),
      '/tb/1',
    ],
    ['a rel=trackback, which RDF may follow', '<a rel=trackback href=/tb/2>', block('ORIGIN/a'), '/tb/1'],
    [
      'a fragment match, which makes it ambiguous',
      block('ORIGIN/a#1', '/tb/1'),
      block('ORIGIN/a#2', '/tb/2'),
      null,
    ],
  ])('reads on after %s', async (_, first, last, path) => {
    const { origin, options } = await site({ '/a': first + filler + last })
    expect(await discoverPingUrl(`${origin}/a`, options)).toBe(path && origin + path)
  })

  it('a block that the pieces of the body cut in two is found', async () => {
    const { origin, options } = await site({
      '/a': async (request, response) => {
        response.writeHead(200, html)
        const page = filler.slice(0, 16_300) + block(`http://${request.headers.host}/a`) + filler
        for (let at = 0; at < page.length; at += 16_384) {
          response.write(page.slice(at, at + 16_384))
          await new Promise((resolve) => setTimeout(resolve, 5))
        }
        response.end()
      },
    })
    expect(await discoverPingUrl(`${origin}/a`, options)).toBe(`${origin}/tb/1`)
  })

  it('maxPageSize: what lies behind it is not looked at', async () => {
    const { origin, options } = await site({ '/a': filler + block('ORIGIN/a') })
    expect(await discoverPingUrl(`${origin}/a`, options)).toBe(`${origin}/tb/1`)
    expect(await discoverPingUrl(`${origin}/a`, { ...options, maxPageSize: 50_000 })).toBeNull()
  })

  it('PROTOCOL 62: a block 900 KB down is found by default, one 1,100 KB down is not', async () => {
    const pad = (kilobytes: number) => ' '.repeat(kilobytes * 1024)
    const { origin, options } = await site({
      '/900': pad(900) + block('/900'),
      '/1100': pad(1100) + block('/1100'),
    })
    expect(await discoverPingUrl(`${origin}/900`, options)).toBe(`${origin}/tb/1`)
    expect(await discoverPingUrl(`${origin}/1100`, options)).toBeNull()
  })

  it('THREATS R1: a page that never ends, and one that decodes to 64 MB, are cut off', async () => {
    const bomb = gzipSync(Buffer.alloc(64 << 20, '<p>'))
    const { origin, options } = await site({
      '/bomb': [{ ...html, 'content-encoding': 'gzip' }, bomb],
      '/endless': (_, response) => {
        response.writeHead(200, html)
        const more = () => {
          while (!response.destroyed && response.write(filler));
        }
        response.on('drain', more)
        more()
      },
    })
    expect(await discoverPingUrl(`${origin}/bomb`, options)).toBeNull()
    expect(await discoverPingUrl(`${origin}/endless`, options)).toBeNull()
  })
})

describe('feeds', () => {
  const feed = (items: string) =>
    `<rss xmlns:trackback="http://madskills.com/public/xml/rss/module/trackback/"><channel>${items}</channel></rss>`
  const item = (path: string) =>
    `<item><link>ORIGIN${path}</link><trackback:ping>ORIGIN/tb${path}</trackback:ping></item>`
  const rss = { 'content-type': 'application/rss+xml' }
  const page = '<link rel="alternate" type="application/rss+xml" href="/feed">'

  it('the feed that a page names answers where the page has nothing', async () => {
    const { origin, options, asked } = await site({
      '/a': page,
      '/feed': [rss, feed(item('/b') + item('/a'))],
    })
    expect(await discover(`${origin}/a`, options)).toEqual({
      pingUrl: `${origin}/tb/a`,
      candidates: [
        {
          pingUrl: `${origin}/tb/b`,
          identifier: `${origin}/b`,
          source: 'feed',
          match: 'other',
          reason: 'names another page',
        },
        {
          pingUrl: `${origin}/tb/a`,
          identifier: `${origin}/a`,
          source: 'feed',
          match: 'exact',
          reason: 'requested URL: the same URL',
        },
      ],
      page: { url: `${origin}/a`, charset: 'utf-8' },
    })
    expect(asked).toEqual(['/a', '/feed'])
  })

  it.each(['/tb/a', '//HOST/tb/a', 'tb/a', 'ORIGIN/tb/a'])(
    'PROTOCOL 117, 132: the ping URL %s, in a feed whose links are those of a proxy',
    async (reference) => {
      const entry = (path: string) =>
        `<item><link>http://feeds.example/1</link><trackback:ping>${reference}</trackback:ping><feedburner:origLink>ORIGIN${path}</feedburner:origLink></item>`
      const { origin, options } = await site({
        '/a': page,
        '/feed': (request, response) => {
          const own = request.headers.host ?? ''
          response.writeHead(200, rss)
          response.end(feed(entry('/a')).replaceAll('HOST', own).replaceAll('ORIGIN', `http://${own}`))
        },
      })
      expect(await discoverPingUrl(`${origin}/a`, options)).toBe(`${origin}/tb/a`)
      expect((await discover(`${origin}/feed`, options)).candidates).toMatchObject([
        { pingUrl: `${origin}/tb/a`, identifier: `${origin}/a` },
      ])
    },
  )

  it('is not asked where the page has a candidate, or followFeed is false', async () => {
    const { origin, options, asked } = await site({
      '/a': page + block('/b'),
      '/b': page,
      '/feed': [rss, feed(item('/b'))],
    })
    expect(await discoverPingUrl(`${origin}/a`, options)).toBeNull()
    expect(await discoverPingUrl(`${origin}/b`, { ...options, followFeed: false })).toBeNull()
    expect(asked).toEqual(['/a', '/b'])
  })

  it.each([
    ['is missing', {}],
    ['is no feed', { '/feed': '<p>trackback' }],
    [
      'is of a type we do not read, or refused',
      { '/feed': [{ 'content-type': 'image/png' }, 'x'] as [Record<string, string>, string] },
    ],
    ['breaks off', { '/feed': ((_, response) => response.destroy()) as RequestListener }],
    [
      'leads nowhere',
      {
        '/feed': ((_, response) =>
          response.writeHead(302, { location: 'http://10.0.0.1/' }).end()) as RequestListener,
      },
    ],
  ])('a feed that %s changes nothing', async (_, pages) => {
    const { origin, options } = await site({ '/a': page, ...pages })
    expect(await discover(`${origin}/a`, options)).toMatchObject({ pingUrl: null, candidates: [] })
  })

  it("the caller's abort while the feed is read is thrown as it is", async () => {
    const controller = new AbortController()
    const { origin, options } = await site({ '/a': page, '/feed': () => controller.abort('enough') })
    const found = discover(`${origin}/a`, { ...options, signal: controller.signal })
    await expect(found).rejects.toBe('enough')
  })

  it('a feed itself gives its items, and the one that is the page', async () => {
    const { origin, options } = await site({ '/feed': [rss, feed(item('/a') + item('/feed'))] })
    expect(await discover(`${origin}/feed`, options)).toMatchObject({
      pingUrl: `${origin}/tb/feed`,
      candidates: [{ match: 'other' }, { match: 'exact' }],
    })
  })
})
