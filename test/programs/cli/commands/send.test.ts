import { describe, expect, it } from 'vitest'
import { failure, serveBlogs } from '../../../send/blogs.js'
import { bodyOf, serve } from '../../../support/servers.js'
import { allow, controlsIn, hostile, runCli } from '../running.js'

const source = ['--url', 'http://my.example/7']

async function answering(
  status: number,
  headers: Record<string, string>,
  body: string,
  options: string[] = [],
) {
  const server = await serve((request, response) => {
    request.resume()
    response.writeHead(status, headers).end(body)
  })
  const url = `${server.origin}/tb/1`
  return { url, ...(await runCli(['send', url, ...source, ...options, ...allow(server)])) }
}

describe('trackbacks send', () => {
  it('sends all fields, and ends with 0 where they are accepted', async () => {
    const blogs = await serveBlogs()
    const fields = ['--title', 'ある日', '--excerpt', 'b', '--blog-name', 'c']
    const ran = await runCli(['send', `${blogs.origin}/tb/1`, ...source, ...fields, ...allow(blogs)])
    expect(ran).toEqual({ status: 0, out: `Accepted (HTTP 200): ${blogs.origin}/tb/1\n`, err: '' })
    expect(Object.fromEntries(blogs.forms[0] ?? [])).toEqual({
      url: 'http://my.example/7',
      title: 'ある日',
      excerpt: 'b',
      blog_name: 'c',
      charset: 'utf-8',
    })
  })

  it.each([
    ['refused', 200, {}, failure('Closed.'), 'Refused (HTTP 200, error 1)', 'Closed.'],
    ['throttled', 503, { 'retry-after': '30' }, 'busy', 'Not now (HTTP 503, try again in 30 seconds)', null],
    ['throttled', 429, {}, failure('Slow down'), 'Not now (HTTP 429)', 'Slow down'],
    [
      'unrecognised',
      200,
      { 'content-type': 'text/html' },
      '<p>Hi',
      'Not a TrackBack response (HTTP 200, text/html)',
      'Hi',
    ],
  ])(
    'ends with 1 where it is %s, with what they say',
    async (outcome, http, headers, body, headline, words) => {
      const { status, out, url } = await answering(http, headers as Record<string, string>, body)
      expect(status).toBe(1)
      expect(out).toBe(`${headline}: ${url}\n${words === null ? '' : `  they say    ${words}\n`}`)
      const json = await answering(http, headers as Record<string, string>, body, ['--json'])
      expect(json.status).toBe(1)
      expect(JSON.parse(json.out)).toMatchObject({ outcome, status: http, pingUrl: json.url })
    },
  )

  it('sends in the character set that is asked for', async () => {
    let body = ''
    const server = await serve(async (request, response) => {
      body = (await bodyOf(request)).toString()
      response.end(failure('x'))
    })
    await runCli([
      'send',
      server.origin,
      ...source,
      '--title',
      '日本',
      '--charset',
      'EUC-JP',
      ...allow(server),
    ])
    expect(body).toContain('title=%C6%FC%CB%DC')
    expect(body).toContain('charset=euc-jp')
  })

  it('obeys no server', async () => {
    for (const body of [failure(`<![CDATA[${hostile}]]>`), `<p>${hostile}`]) {
      for (const options of [[], ['--json']]) {
        const { out } = await answering(200, { 'content-type': 'text/html; charset=utf-8' }, body, options)
        expect(out.length).toBeGreaterThan(20)
        expect(controlsIn(out)).toEqual([])
      }
    }
  })

  it.each([
    [['send', 'http://a.example/'], "required option '--url <url>' not specified"],
    [
      ['send', 'http://a.example/', '--url', '/7'],
      "option '--url <url>' argument '/7' is invalid. It must be an absolute http or https URL",
    ],
    [['send', 'http://a.example/', ...source, '--charset', 'nope'], 'nope'],
    [['send', ...source], "missing required argument 'ping-url'"],
  ])('ends with 2: %j', async (argv, message) => {
    const { status, out, err } = await runCli(argv)
    expect({ status, out }).toEqual({ status: 2, out: '' })
    expect(err).toContain(message)
    expect(err).toMatch(/^[^\n]*see trackbacks send --help\n$/i)
  })
})
