import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { columnsOf } from '../../../../src/programs/cli/terminal/wrap.js'
import { renderTrackbacks } from '../../../../src/render/trackbacks.js'
import { failure, serveBlogs } from '../../../send/blogs.js'
import { servePages, type TestServer } from '../../../support/servers.js'
import { allow, controlsIn, hostile, runCli } from '../running.js'

const head =
  '<title>x</title><meta property="og:title" content="Hello"><meta property="og:site_name" content="日記">'

/** A blog whose post links to posts of another one, of which the second refuses and the third takes no pings. */
async function blogsAnd(links: (origin: string) => readonly string[], text = 'I read ') {
  const blogs = await serveBlogs((request, response) => {
    if (request.url === '/tb/2') response.end(failure('Closed.'))
    else if (request.url === '/post/3') response.end('<p>no trackbacks here')
    else return false
    return true
  })
  const anchors = links(blogs.origin).map((url) => `<a href="${url}">it</a>`)
  const mine = await servePages({
    '/hello': `${head}<nav><a href="http://nav.example/">n</a></nav><article>${text}${anchors.join(', ')}.</article>`,
  })
  return { blogs, mine, argv: argvOf(mine, blogs) }
}

function argvOf(mine: TestServer, blogs: TestServer): string[] {
  return ['announce', `${mine.origin}/hello`, ...allow(mine, blogs)]
}

const threePosts = (origin: string) => [`${origin}/post/1`, `${origin}/post/2`, `${origin}/post/3`, '/about']

describe('trackbacks announce', () => {
  it('pings what the main text links to, and tells of each target', async () => {
    const { blogs, mine, argv } = await blogsAnd(threePosts)
    const { status, out, err } = await runCli(argv)
    expect({ status, err }).toEqual({ status: 0, err: '' })
    expect(out).toContain(`Hello
  url         ${mine.origin}/hello
  blog name   日記
  excerpt     I read it, it, it, it.
  links       3 to follow in its <article>
  skipped     1 (1 to its own site)
`)
    expect(out).toContain(`accepted  ${blogs.origin}/post/1\n    ping URL    ${blogs.origin}/tb/1\n`)
    expect(out).toContain(
      `refused  ${blogs.origin}/post/2\n    ping URL    ${blogs.origin}/tb/2\n    they say    Closed.\n`,
    )
    expect(out).toContain(`no ping URL  ${blogs.origin}/post/3\n    reason      the page has no ping URL\n`)
    expect(out.endsWith('\n1 accepted, 1 refused, 1 without a ping URL\n')).toBe(true)
    expect(Object.fromEntries(blogs.forms[0] ?? [])).toMatchObject({
      url: `${mine.origin}/hello`,
      title: 'Hello',
      excerpt: 'I read it, it, it, it.',
      blog_name: '日記',
    })
    expect(blogs.forms).toHaveLength(2)
  })

  it('sends what is given in place of what the page says', async () => {
    const { blogs, argv } = await blogsAnd((origin) => [`${origin}/post/1`])
    const given = ['--title', 'T', '--excerpt', 'E', '--blog-name', 'B', '--charset', 'shift_jis']
    expect((await runCli([...argv, ...given])).status).toBe(0)
    expect(Object.fromEntries(blogs.forms[0] ?? [])).toMatchObject({
      title: 'T',
      excerpt: 'E',
      blog_name: 'B',
      charset: 'shift_jis',
    })
  })

  it('with --dry-run says what would be pinged and why, and sends nothing', async () => {
    const { blogs, argv } = await blogsAnd(threePosts)
    const { status, out } = await runCli([...argv, '--dry-run'])
    expect(status).toBe(0)
    expect(out).toContain(`would ping  ${blogs.origin}/post/1
    ping URL    ${blogs.origin}/tb/1
    match       requested URL: the same URL
`)
    expect(out.endsWith('\n2 would be pinged, 1 without a ping URL (nothing was sent)\n')).toBe(true)
    expect(blogs.requests.every((request) => request.startsWith('GET '))).toBe(true)
  })

  it('pings nobody back for a trackback under the post, and takes neither its title nor its text', async () => {
    const { blogs, mine } = await blogsAnd(() => [])
    const list = renderTrackbacks({
      post: {},
      pingUrl: `${mine.origin}/tb/7`,
      trackbacks: [
        { id: '1', url: `${blogs.origin}/post/2`, title: 'Theirs', excerpt: '', blogName: '', receivedAt: 0 },
      ],
    })
    const post = `<article>I read <a href="${blogs.origin}/post/1">it</a>.${list}</article>`
    const own = await servePages({ '/own': `<title>My own title</title>${post}` })
    const { out } = await runCli(['announce', `${own.origin}/own`, '--dry-run', ...allow(own, blogs)])
    expect(out).toContain('My own title\n')
    expect(out).toContain('  excerpt     I read it.\n  links       1 to follow in its <article>\n')
    expect(out).not.toMatch(/Theirs|Trackback|post\/2/)
  })

  it('writes a line of JSON for each event', async () => {
    const { blogs, mine, argv } = await blogsAnd(threePosts)
    const { status, out } = await runCli([...argv, '--json'])
    const lines = out
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line))
    expect(status).toBe(0)
    expect(lines[0]).toMatchObject({
      type: 'post',
      url: `${mine.origin}/hello`,
      title: 'Hello',
      blogName: '日記',
      mainText: '<article>',
      targets: [1, 2, 3].map((id) => `${blogs.origin}/post/${id}`),
      skipped: [{ url: `${mine.origin}/about`, reason: 'own-site' }],
    })
    const types = lines.map(({ type }) => type)
    expect(types.filter((type) => type === 'found')).toHaveLength(3)
    expect(types.toSorted()).toEqual(
      [
        'post',
        ...Array(3).fill('found'),
        ...Array(2).fill('discovered'),
        'accepted',
        'refused',
        'no-ping-url',
        'summary',
      ].toSorted(),
    )
    expect(lines.find(({ type }) => type === 'refused').answer.message).toBe('Closed.')
    expect(lines.at(-1)).toEqual({ type: 'summary', accepted: 1, refused: 1, 'no-ping-url': 1 })
  })

  it('with --dry-run and --json writes the targets', async () => {
    const { argv } = await blogsAnd(threePosts)
    const { out } = await runCli([...argv, '--json', '--dry-run'])
    const lines = out
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line))
    expect(lines.map(({ type, state = null }) => [type, state])).toEqual([
      ['post', null],
      ['target', 'would-ping'],
      ['target', 'would-ping'],
      ['target', 'no-ping-url'],
      ['summary', null],
    ])
    expect(lines.at(-1)).toEqual({ type: 'summary', 'would-ping': 2, 'no-ping-url': 1 })
  })

  it('ends with 1 where there is nobody to ping, nobody who accepts, or no page', async () => {
    const nobody = await blogsAnd(() => ['/about'])
    const lonely = await runCli(nobody.argv)
    expect(lonely.status).toBe(1)
    expect(lonely.out).toContain('Nothing to ping.')
    const refusing = await blogsAnd((origin) => [`${origin}/post/2`])
    expect((await runCli(refusing.argv)).status).toBe(1)
    const missing = await runCli(['announce', `${nobody.mine.origin}/gone`, ...allow(nobody.mine)])
    expect(missing).toMatchObject({ status: 1, out: '' })
    expect(missing.err).toMatch(/^trackbacks announce: http:\S+\/gone answers with HTTP 404\n$/)
  })

  it.each([
    ['no link to follow', () => ['/about'], 0],
    ['only pages without a ping URL', (origin: string) => [`${origin}/post/3`], 0],
    ['somebody who refuses', (origin: string) => [`${origin}/post/2`, `${origin}/post/3`], 1],
  ])('with --allow-none and %s ends with its own status', async (_, links, expected) => {
    const { argv } = await blogsAnd(links)
    for (const options of [[], ['--json']])
      expect((await runCli([...argv, '--allow-none', ...options])).status).toBe(expected)
    expect((await runCli(argv)).status).toBe(1)
  })

  it('with --allow-none and --dry-run ends with 0 if no ping would be tried', async () => {
    const { argv } = await blogsAnd((origin) => [`${origin}/post/3`])
    expect((await runCli([...argv, '--dry-run', '--allow-none'])).status).toBe(0)
    expect((await runCli([...argv, '--dry-run'])).status).toBe(1)
  })

  it('does not wait for a server in trouble, nor for one that rests', async () => {
    const blogs = await serveBlogs((_, response) => {
      response.writeHead(503).end()
      return true
    })
    const links = [1, 2, 3, 4, 5].map((id) => `<a href="${blogs.origin}/post/${id}">it</a>`)
    const mine = await servePages({ '/hello': `<main>${links}</main>` })
    const { status, out } = await runCli(argvOf(mine, blogs))
    expect(status).toBe(1)
    expect(out.split('\n').at(-2)).toBe('5 gave up')
  })

  it('says on a terminal alone what it is waiting for', async () => {
    const { argv } = await blogsAnd((origin) => [`${origin}/post/1`])
    const { err, out } = await runCli(argv, { isTTY: true })
    expect(err).toMatch(/^\r\x1B\[KReading 127\.0\.0\.1:\d+\r\x1B\[K\r\x1B\[KWaiting for 127\.0\.0\.1:\d+\r/)
    expect(err.endsWith('\r\x1B[K')).toBe(true)
    expect(out).toContain('\x1B[32maccepted\x1B[39m')
  })

  it.each([40, 80, 120])('keeps within a terminal of %i columns, but for URLs', async (columns) => {
    const { argv } = await blogsAnd((origin) => [...threePosts(origin), 'http://127.0.0.1:1/'])
    const { out } = await runCli([...argv, '--dry-run'], { isTTY: true, columns })
    const lines = out.replaceAll(/\x1B\[\d+m/g, '').split('\n')
    expect(
      lines.filter((line) => columnsOf(line) > columns && !/^ *(?:(?:url|ping URL) +)?\S+$/.test(line)),
    ).toEqual([])
    expect(lines.filter((line) => line !== line.trimEnd())).toEqual([])
  })

  it('names what it is waiting for, not what is done, and for how long', async () => {
    const slow = await serveBlogs(() => new Promise((resolve) => setTimeout(() => resolve(false), 1500)))
    const blogs = await serveBlogs()
    const links = [`${blogs.origin}/post/1`, `${slow.origin}/post/1`].map((url) => `<a href="${url}">it</a>`)
    const mine = await servePages({ '/hello': `<main>${links}</main>` })
    const argv = ['announce', `${mine.origin}/hello`, ...allow(mine, blogs, slow)]
    const { err, out } = await runCli(argv, { isTTY: true })
    expect(err).toContain(`Waiting for 2 targets (${blogs.host})\r`)
    expect(err).toContain(`Waiting for ${slow.host}, 1 s\r`)
    expect(out).toContain('2 accepted')
  })

  it('ends when it is interrupted', async () => {
    const blogs = await serveBlogs(() => new Promise<boolean>(() => {}))
    const mine = await servePages({ '/hello': `<main><a href="${blogs.origin}/post/1">it</a></main>` })
    for (const options of [[], ['--dry-run']]) {
      const signal = AbortSignal.timeout(300)
      const started = performance.now()
      const { status } = await runCli([...argvOf(mine, blogs), ...options], { signal: abortsLike(signal) })
      expect(status).toBe(130)
      expect(performance.now() - started).toBeLessThan(3000)
    }
  })

  it.each([[[]], [['--json']], [['--dry-run']]])('obeys nobody: %j', async (options) => {
    const blogs = await serveBlogs((request, response) => {
      if (request.method !== 'POST') return false
      response.end(failure(`<![CDATA[${hostile}]]>`))
      return true
    })
    const mine = await servePages({
      '/hello': `<meta property="og:title" content="${hostile}"><meta property="og:site_name" content="${hostile}"><article>${hostile}<a href="${blogs.origin}/post/1">it</a><a href="${blogs.origin}/post/1?${hostile}">it</a></article>`,
    })
    const { out, err } = await runCli([...argvOf(mine, blogs), ...options], { isTTY: true })
    expect(out).toContain(`${blogs.origin}/tb/1`)
    expect(controlsIn(out, true)).toEqual([])
    expect(controlsIn(err, true)).toEqual([])
  })
})

describe('trackbacks announce --db', () => {
  async function file(): Promise<string[]> {
    const folder = await mkdtemp(join(tmpdir(), 'trackbacks-announce-'))
    onTestFinished(() => rm(folder, { recursive: true }))
    return ['--db', join(folder, 'pings.db')]
  }

  it('pings nobody twice, and says what an earlier run has done', async () => {
    const { blogs, argv } = await blogsAnd(threePosts)
    const db = await file()
    const first = await runCli([...argv, ...db])
    expect(first).toMatchObject({ status: 0, err: '' })
    expect(first.out).not.toContain('earlier')
    const requests = blogs.requests.length
    const again = await runCli([...argv, ...db])
    expect(again).toMatchObject({ status: 0, err: '' })
    expect(blogs.requests).toHaveLength(requests)
    expect(again.out).toContain(`accepted  ${blogs.origin}/post/1  (in an earlier run)\n`)
    expect(again.out).toContain(`refused  ${blogs.origin}/post/2  (in an earlier run)\n`)
    expect(again.out.endsWith('\n1 accepted, 1 refused, 1 without a ping URL\n')).toBe(true)
    const json = await runCli([...argv, ...db, '--json'])
    const types = json.out
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line).type)
    expect(types).toEqual(['post', 'unchanged', 'unchanged', 'unchanged', 'summary'])
    const preview = await runCli([...argv, ...db, '--dry-run'])
    expect(preview.out.endsWith('\n1 accepted, 1 refused, 1 without a ping URL (nothing was sent)\n')).toBe(
      true,
    )
    expect(blogs.requests).toHaveLength(requests)
  })

  it('pings a link that was added since, and leaves alone one that was removed', async () => {
    const blogs = await serveBlogs()
    const page = (...ids: number[]) =>
      `<main>${ids.map((id) => `<a href="${blogs.origin}/post/${id}">it</a>`)}</main>`
    const pages: Record<string, string> = { '/hello': page(1, 2) }
    const mine = await servePages(pages)
    const argv = [...argvOf(mine, blogs), ...(await file())]
    await runCli(argv)
    expect(blogs.forms).toHaveLength(2)
    pages['/hello'] = page(2, 3)
    const { out } = await runCli(argv)
    expect(blogs.forms).toHaveLength(3)
    expect(out).toContain(`accepted  ${blogs.origin}/post/3\n`)
    expect(out).not.toContain('/post/1')
    expect(out.endsWith('\n2 accepted\n')).toBe(true)
  })

  it('tries again in each run what gave up, and nothing else', async () => {
    let isDown = true
    const blogs = await serveBlogs((request, response) => {
      if (request.method !== 'POST' || !isDown) return false
      response.writeHead(503).end()
      return true
    })
    const mine = await servePages({ '/hello': `<main><a href="${blogs.origin}/post/1">it</a></main>` })
    const argv = [...argvOf(mine, blogs), ...(await file())]
    expect(await runCli(argv)).toMatchObject({ status: 1, out: expect.stringMatching(/\n1 gave up\n$/) })
    isDown = false
    expect(await runCli(argv)).toMatchObject({ status: 0, out: expect.stringMatching(/\n1 accepted\n$/) })
    const sent = blogs.forms.length
    expect((await runCli(argv)).status).toBe(0)
    expect(blogs.forms).toHaveLength(sent)
  })

  it('with --allow-none is no failure if everything was done in an earlier run', async () => {
    const { argv } = await blogsAnd((origin) => [`${origin}/post/2`])
    const options = [...(await file()), '--allow-none']
    expect((await runCli([...argv, ...options])).status).toBe(1)
    expect((await runCli([...argv, ...options])).status).toBe(0)
  })

  it('keeps the posts of one file apart, and takes up what an interrupted run has begun', async () => {
    let isHanging = true
    const blogs = await serveBlogs((request) =>
      isHanging && request.method === 'POST' ? new Promise<boolean>(() => {}) : false,
    )
    const page = `<main><a href="${blogs.origin}/post/1">it</a></main>`
    const mine = await servePages({ '/hello': page, '/other': page })
    const db = await file()
    const interrupted = await runCli([...argvOf(mine, blogs), ...db, '--timeout', '1'], {
      signal: abortsLike(AbortSignal.timeout(700)),
    })
    expect(interrupted.status).toBe(130)
    isHanging = false
    const { status, out } = await runCli(['announce', `${mine.origin}/other`, ...db, ...allow(mine, blogs)])
    expect(status).toBe(0)
    expect(out.endsWith('\n1 accepted\n')).toBe(true)
    expect(out.match(/post\/1\n/g)).toHaveLength(1)
  })

  it('says in one line that the file cannot be opened', async () => {
    const { argv } = await blogsAnd(() => [])
    const { status, err } = await runCli([...argv, '--db', import.meta.dirname])
    expect(status).toBe(1)
    expect(err).toMatch(/^trackbacks announce: cannot open [^\n]+\n$/)
  })
})

/** A signal with the reason that Ctrl-C gives. */
function abortsLike(timer: AbortSignal): AbortSignal {
  const controller = new AbortController()
  timer.addEventListener('abort', () => controller.abort())
  return controller.signal
}
