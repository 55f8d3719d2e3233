import { describe, expect, it } from 'vitest'
import { pageOf } from '../../../send/blogs.js'
import { serve, servePages } from '../../../support/servers.js'
import { allow, controlsIn, hostile, runCli } from '../running.js'

describe('trackbacks discover', () => {
  it('names the ping URL, and says of each candidate where it was found and how it matches', async () => {
    const pages: Record<string, string> = {}
    const server = await servePages(pages)
    const url = `${server.origin}/1`
    pages['/1'] = pageOf(`${server.origin}/2`, 'http://b.example/tb/2') + pageOf(url, 'http://b.example/tb/1')
    const { status, out, err } = await runCli(['discover', url, ...allow(server)])
    expect({ status, err }).toEqual({ status: 0, err: '' })
    expect(out).toBe(`Ping URL  http://b.example/tb/1

2 candidates in ${url} (utf-8)

  http://b.example/tb/2
    found in    RDF in the page
    post        ${server.origin}/2
    title       A post
    match       other (names another page)

  http://b.example/tb/1  <- selected
    found in    RDF in the page
    post        ${url}
    title       A post
    match       exact (requested URL: the same URL)
`)
  })

  it.each([
    ['the page has no ping URL', { '/1': '<p>nothing' }],
    ['the page answers with HTTP 404', {}],
    [
      'the page has only ping URLs of other posts',
      { '/1': pageOf('http://a.example/2', 'http://b.example/tb') },
    ],
    [
      'ambiguous: the page has several posts',
      { '/1': '<a rel="trackback" href="/tb/1">a</a><a rel="trackback" href="/tb/2">b</a>' },
    ],
  ])('ends with 1 where there is none: %s', async (reason, pages) => {
    const server = await servePages(pages)
    const { status, out } = await runCli(['discover', `${server.origin}/1`, ...allow(server)])
    expect(status).toBe(1)
    expect(out.split('\n')[0]).toBe(`No ping URL: ${reason}`)
  })

  it('writes the discovery as JSON', async () => {
    const server = await servePages({ '/1': '<link rel="trackback" href="/tb/1">' })
    const { status, out } = await runCli(['discover', `${server.origin}/1`, '--json', ...allow(server)])
    expect(status).toBe(0)
    expect(JSON.parse(out)).toEqual({
      pingUrl: `${server.origin}/tb/1`,
      candidates: [
        { pingUrl: `${server.origin}/tb/1`, source: 'link', match: 'unnamed', reason: 'names no page' },
      ],
      page: { url: `${server.origin}/1`, charset: 'utf-8' },
    })
  })

  it('says of a private address that it is never asked, in text and in JSON', async () => {
    const { status, out, err } = await runCli(['discover', 'http://127.0.0.1/', '--json'])
    expect(status).toBe(1)
    expect(err).toMatch(
      /^trackbacks discover: request to 127\.0\.0\.1 blocked: .*--allow-host HOST:PORT\.\n$/,
    )
    expect(JSON.parse(out)).toEqual({ error: { code: 'BLOCKED_URL', message: expect.any(String) } })
  })

  it('gives a slow server as long as --timeout says', async () => {
    const server = await serve((_, response) => void setTimeout(() => response.end(), 20_000).unref())
    const { status, err } = await runCli(['discover', server.origin, '--timeout', '0.2', ...allow(server)])
    expect(status).toBe(1)
    expect(err).toContain('To wait longer, use --timeout SECONDS.')
  })

  it.each([[[]], [['--json']]])('obeys no page: %j', async (options) => {
    const attribute = hostile.replaceAll('"', '')
    const server = await servePages({
      '/1': `<!--<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:dc="http://purl.org/dc/elements/1.1/"
        xmlns:trackback="http://madskills.com/public/xml/rss/module/trackback/"><rdf:Description
        dc:identifier="${attribute}" dc:title="${attribute}" trackback:ping="http://b.example/${attribute}"/></rdf:RDF>-->`,
    })
    const { out } = await runCli(['discover', `${server.origin}/1`, ...options, ...allow(server)], {
      isTTY: true,
    })
    expect(out).toContain('http://b.example/')
    expect(controlsIn(out, true)).toEqual([])
  })
})
