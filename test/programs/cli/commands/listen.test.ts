import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { run } from '../../../../src/programs/cli/run.js'
import { columnsOf } from '../../../../src/programs/cli/terminal/wrap.js'
import { form, formType, servePages, type TestServer } from '../../../support/servers.js'
import { allow, controlsIn, hostile, runCli, Sink } from '../running.js'

/** A listener that runs until the test ends. */
async function listening(options: readonly string[] = [], isTTY = false) {
  const [stdout, stderr] = [new Sink({ isTTY }), new Sink({ isTTY })]
  const controller = new AbortController()
  const running = run(['listen', '--port', '0', ...options], {
    ...{ stdout, stderr, env: {} },
    signal: controller.signal,
  })
  const end = async () => {
    controller.abort()
    return running
  }
  onTestFinished(async () => void (await end()))
  await expect.poll(() => stdout.text, { timeout: 20_000 }).toMatch(/http:\S+\/trackback\/1/)
  const origin = /http:\/\/[^/]+/.exec(stdout.text)?.[0] ?? ''
  const server: TestServer = { origin, host: origin.slice('http://'.length) }
  const seen = (what: string | RegExp) => expect.poll(() => stdout.text, { timeout: 5000 }).toMatch(what)
  return { stdout, stderr, server, seen, end }
}

async function ping(url: string, fields: Record<string, string> | string, type = formType) {
  const body = typeof fields === 'string' ? fields : form(fields)
  return (await fetch(url, { method: 'POST', body, headers: { 'content-type': type } })).text()
}

describe('trackbacks listen', () => {
  it('says the ping URL, and prints a ping with its character set, the answer and the verification', async () => {
    const { stdout, stderr, server, seen, end } = await listening()
    expect(stdout.text).toContain(`  ping URL    ${server.origin}/trackback/1\n`)
    const answer = await ping(
      `${server.origin}/trackback/18521/7`,
      `url=http://10.0.0.1/1&title=%C6%FC%CB%DC&excerpt=E&blog_name=B&charset=euc-jp`,
      'application/x-www-form-urlencoded',
    )
    expect(answer).toContain('<error>0</error>')
    await seen('Not verified')
    expect(stdout.text).toContain(`Ping for post 18521/7 from 127.0.0.1
  url         http://10.0.0.1/1
  title       日本
  excerpt     E
  blog_name   B
  charset     euc-jp (declared in a field)
  response    accepted (HTTP 200)
`)
    expect(stdout.text).toMatch(
      /Not verified {2}http:\/\/10\.0\.0\.1\/1\n {2}reason .*\n {2}trackback {3}held\n/,
    )
    expect(await end()).toBe(130)
    expect(stdout.text.endsWith('\n1 ping received.\n')).toBe(true)
    expect(stderr.text).toBe('')
  })

  it('shows a verified ping on the page of its post, which others discover and announce', async () => {
    const pages: Record<string, string> = {}
    const mine = await servePages(pages)
    const { stdout, server, seen } = await listening(allow(mine))
    pages['/hello'] =
      `<title>ある日</title><article>I read <a href="${server.origin}/post/5">it</a>.</article>`
    const { status } = await runCli(['announce', `${mine.origin}/hello`, ...allow(mine, server)])
    expect(status).toBe(0)
    await seen(`Linked  ${mine.origin}/hello\n`)
    expect(stdout.text).toMatch(
      /Linked.*\n {2}reason {6}the page links to the post\n {2}trackback {3}published\n/,
    )
    expect(stdout.text).toContain('GET /post/5  HTTP 200')
    expect(await (await fetch(`${server.origin}/post/5`)).text()).toContain('ある日')
    const list = await (await fetch(`${server.origin}/trackback/5?__mode=rss`)).text()
    expect(list).toContain('<title>Post 5</title>')
  })

  it('prints what it refuses, and why', async () => {
    const { stdout, server, seen } = await listening()
    const url = `${server.origin}/trackback/1`
    await ping(url, { title: 'x' })
    await ping(url, '{}', 'application/json')
    await fetch(`${url}?url=http://a.example/`)
    await fetch(server.origin)
    await seen('GET /  HTTP 404')
    expect(stdout.text).toContain('  url         (none)\n  title       x\n')
    expect(stdout.text).toContain('  response    refused (HTTP 200): The source URL is missing (url).\n')
    expect(stdout.text).toContain('  unreadable  the Content-Type is not that of a form\n')
    expect(stdout.text).toContain('  response    refused (HTTP 415): Send pings as application')
    expect(stdout.text).toContain('GET /trackback/1?url=http://a.example/  HTTP 405')
  })

  it('tries a source that does not link again within seconds, and tells when it links at last', async () => {
    const pages: Record<string, string> = { '/1': '<p>nothing yet' }
    const mine = await servePages(pages)
    const { server, seen } = await listening(allow(mine))
    await ping(`${server.origin}/trackback/1`, { url: `${mine.origin}/1` })
    await seen('Not verified')
    pages['/1'] = `<a href="${server.origin}/post/1">it</a>`
    await seen(/Linked .*\n.*\n {2}trackback {3}published\n/)
  })

  it('holds what is linked only from what others wrote', async () => {
    const pages: Record<string, string> = {}
    const mine = await servePages(pages)
    const { server, seen } = await listening(allow(mine))
    pages['/1'] = `<div class="comments"><a href="${server.origin}/post/1">it</a></div>`
    await ping(`${server.origin}/trackback/1`, { url: `${mine.origin}/1` })
    await seen(/Linked .*\n.* in comments, .*\n {2}trackback {3}held\n/)
  })

  it('writes a line of JSON for each event', async () => {
    const { stdout, server, seen, end } = await listening(['--json'])
    await ping(`${server.origin}/trackback/1`, { url: 'http://10.0.0.1/', title: 'T' })
    await fetch(`${server.origin}/post/1`)
    await seen('"request"')
    await seen('"verification"')
    await end()
    const lines = stdout.text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line))
    expect(lines[0]).toEqual({
      type: 'listening',
      pingUrl: `${server.origin}/trackback/1`,
      postUrl: `${server.origin}/post/1`,
      db: null,
    })
    expect(lines.find(({ type }) => type === 'ping')).toEqual({
      type: 'ping',
      at: expect.any(Number),
      postId: '1',
      clientIp: '127.0.0.1',
      ping: { url: 'http://10.0.0.1/', title: 'T', excerpt: '', blogName: '' },
      charset: 'utf-8',
      charsetSource: 'content-type',
      repeated: 0,
      answer: { status: 200, error: 0 },
    })
    expect(lines.find(({ type }) => type === 'verification')).toMatchObject({
      url: 'http://10.0.0.1/',
      outcome: 'blocked',
      state: 'held',
    })
    expect(lines.find(({ type }) => type === 'request')).toEqual({
      type: 'request',
      method: 'GET',
      url: '/post/1',
      status: 200,
    })
    expect(lines.at(-1)).toEqual({ type: 'closed', pings: 1 })
  })

  it('answers requests that name no post, and goes on', async () => {
    const { server, seen } = await listening()
    const { hostname, port } = new URL(server.origin)
    for (const path of ['//', '/post/', '/post/%', '/post/..%2f', '/trackback/%'])
      await new Promise((resolve) => {
        connect(Number(port), hostname)
          .on('close', resolve)
          .resume()
          .end(`GET ${path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n`)
      })
    for (const path of ['//', '/post/', '/post/%', '/post/..%2f', '/trackback/%'])
      await seen(`GET ${path}  HTTP 404`)
    expect((await fetch(`${server.origin}/post/1`)).status).toBe(200)
  })

  it('keeps trackbacks in a file for moderate', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'trackbacks-listen-'))
    onTestFinished(() => rm(folder, { recursive: true }))
    const db = join(folder, 'try.db')
    const { server, seen, end } = await listening(['--db', db])
    await ping(`${server.origin}/trackback/1`, { url: 'http://10.0.0.1/', title: 'Kept' })
    await seen('Not verified')
    await end()
    expect((await runCli(['moderate', db])).out).toContain('Kept')
  })

  it('obeys nobody who pings', async () => {
    const pages: Record<string, string> = {}
    const mine = await servePages(pages)
    for (const options of [[], ['--json']]) {
      const { stdout, server, seen } = await listening([...options, ...allow(mine)])
      pages['/1'] = `<title>${hostile}</title><a href="${server.origin}/post/${hostile}">it</a>`
      const fields = { url: `${mine.origin}/1`, title: hostile, excerpt: hostile, blog_name: hostile }
      await ping(`${server.origin}/trackback/1`, fields)
      await ping(`${server.origin}/trackback/${encodeURIComponent('\u202E\x9B')}`, fields)
      await fetch(`${server.origin}/post/%1B%5B31m`)
      await seen('/post/%1B%5B31m')
      expect(controlsIn(stdout.text)).toEqual([])
    }
  })

  it('keeps within the 80 columns of a terminal', async () => {
    const { stdout, server, seen } = await listening([], true)
    const url = `${server.origin}/trackback/1`
    const fields = { url: 'http://10.0.0.1/a', title: 'T '.repeat(60), excerpt: '日本'.repeat(60) }
    await ping(url, fields)
    await seen('--allow-host')
    await ping(url, { title: 'x', url: 'no URL' })
    await seen('refused')
    const lines = stdout.text.replaceAll(/\x1B\[\d+m/g, '').split('\n')
    expect(lines.filter((line) => columnsOf(line) > 80)).toEqual([])
  })

  it('says in one line that its port is in use, or that the address is not here', async () => {
    const taken = createServer().listen(0, '127.0.0.1')
    onTestFinished(() => void taken.close())
    await once(taken, 'listening')
    const { port } = taken.address() as AddressInfo
    expect(await runCli(['listen', '--port', String(port)])).toEqual({
      status: 1,
      out: '',
      err: `trackbacks listen: port ${port} is in use; choose another with --port\n`,
    })
    const elsewhere = await runCli(['listen', '--port', '0', '--host', '192.0.2.1'])
    expect(elsewhere).toMatchObject({ status: 1, out: '' })
    expect(elsewhere.err).toMatch(/^trackbacks listen: cannot listen on 192\.0\.2\.1: .*\n$/)
    expect((await runCli(['listen', '--port', '70000'])).status).toBe(2)
  })

  it('names the file that it cannot open', async () => {
    const { status, out, err } = await runCli(['listen', '--port', '0', '--db', import.meta.dirname])
    expect({ status, out }).toEqual({ status: 1, out: '' })
    expect(err).toContain(`trackbacks listen: cannot open ${import.meta.dirname}: `)
  })

  it('ends at once while somebody is in the middle of a ping', async () => {
    const { server, end } = await listening()
    const { hostname, port } = new URL(server.origin)
    const socket = connect(Number(port), hostname).on('error', () => {})
    socket.write('POST /trackback/1 HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\nurl=')
    await once(socket, 'connect')
    const started = performance.now()
    expect(await end()).toBe(130)
    expect(performance.now() - started).toBeLessThan(2000)
  })
})

describe('send and listen', () => {
  it('understand each other', async () => {
    const { server } = await listening()
    const { status, out } = await runCli([
      'send',
      `${server.origin}/trackback/1`,
      '--url',
      'http://10.0.0.1/',
      ...allow(server),
    ])
    expect({ status, out }).toEqual({ status: 0, out: `Accepted (HTTP 200): ${server.origin}/trackback/1\n` })
  })
})
