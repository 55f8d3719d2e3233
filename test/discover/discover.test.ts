import type { RequestListener } from 'node:http'
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

describe('discover', () => {
  it('finds the ping URL of a page', async () => {
    const { origin, options } = await site({ '/a': block('ORIGIN/a') })
    expect(await discover(`${origin}/a`, options)).toEqual({
      pingUrl: `${origin}/tb/1`,
      candidates: [
        {
          pingUrl: `${origin}/tb/1`,
          identifier: `${origin}/a`,
          source: 'rdf',
          match: 'exact',
          reason: 'requested URL: the same URL',
        },
      ],
      page: { url: `${origin}/a`, charset: 'utf-8' },
    })
    expect(await discoverPingUrl(new URL(`${origin}/a`), options)).toBe(`${origin}/tb/1`)
  })

  it('PEERS 38: after a redirect the requested and the final URL count', async () => {
    const { origin, options } = await site({
      '/old': (_, response) => response.writeHead(301, { location: '/new' }).end(),
      '/new': block('ORIGIN/new', '/tb/new') + block('ORIGIN/old', '/tb/old'),
    })
    expect((await discover(`${origin}/old`, options)).pingUrl).toBe(`${origin}/tb/old`)
    expect(await discover(`${origin}/old#x`, options)).toMatchObject({ page: { url: `${origin}/new` } })
  })

  it('PROTOCOL 48: the fragment that was asked for decides, also after a redirect', async () => {
    const { origin, options } = await site({
      '/old': (_, response) => response.writeHead(302, { location: '/new' }).end(),
      '/new': block('ORIGIN/new#1', '/tb/1') + block('ORIGIN/new#2', '/tb/2'),
    })
    expect(await discoverPingUrl(`${origin}/old#2`, options)).toBe(`${origin}/tb/2`)
    expect(await discoverPingUrl(`${origin}/old`, options)).toBeNull()
  })

  it('reads the Link header of a page without any candidate in it', async () => {
    const { origin, options } = await site({ '/a': [{ ...html, link: '</tb/1>; rel="trackback"' }, '<p>x'] })
    expect(await discoverPingUrl(`${origin}/a`, options)).toBe(`${origin}/tb/1`)
  })

  it.each([
    ['text/html', true],
    ['application/xhtml+xml; charset=utf-8', true],
    ['text/xml', true],
    ['application/xml', true],
    ['', true],
    ['text/html charset=utf-8', true],
    ['text/html,application/pdf', true],
    ['text/plain', false],
    ['image/png', false],
    ['application/json', false],
    ['application/pdf', false],
    ['application/pdf, text/html', false],
  ])('reads %s: %s', async (type, isRead) => {
    const { origin, options } = await site({
      '/a': [type ? { 'content-type': type } : {}, `<html>${block('ORIGIN/a')}</html>`],
    })
    const found = discoverPingUrl(`${origin}/a`, options)
    if (isRead) expect(await found).toBe(`${origin}/tb/1`)
    else
      await expect(found).rejects.toMatchObject({
        name: 'TrackbackError',
        code: 'UNSUPPORTED_TYPE',
        message: 'the server sent something that is not a page',
      })
  })

  it('an HTTP error is no page, and says so', async () => {
    const { origin, options } = await site({
      '/gone': (_, response) => response.writeHead(410, html).end(block('/gone')),
    })
    expect(await discover(`${origin}/gone`, options)).toEqual({
      pingUrl: null,
      candidates: [],
      page: { url: `${origin}/gone`, charset: 'utf-8', status: 410 },
    })
  })

  it('no answer at all throws', async () => {
    const { origin } = await site({})
    await expect(discover(`${origin}/a`)).rejects.toMatchObject({ code: 'BLOCKED_URL' })
    await expect(discover('nonsense')).rejects.toMatchObject({ code: 'BLOCKED_URL' })
  })

  it('the abort of the caller is thrown as it is', async () => {
    const { origin, options } = await site({ '/a': () => {} })
    const abort = new AbortController()
    const reason = new Error('enough')
    setTimeout(() => abort.abort(reason), 20)
    await expect(discover(`${origin}/a`, { ...options, signal: abort.signal })).rejects.toBe(reason)
  })

  it('a limit that is no positive integer is a TypeError', async () => {
    await expect(discover('http://a.example/', { maxPageSize: 0 })).rejects.toThrow(TypeError)
  })
})
