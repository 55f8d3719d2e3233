import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'

const root = fileURLToPath(new URL('../../', import.meta.url))

beforeAll(() => {
  if (!existsSync(join(root, 'dist/index.js')))
    execFileSync('npm', ['run', 'build', '--silent'], { cwd: root })
}, 60_000)

const children: ChildProcess[] = []
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL')
})

/** The example as a process of its own, with what it has said so far. */
function start(...args: string[]) {
  const child = spawn(process.execPath, ['--import', 'tsx', 'examples/blog/main.ts', ...args], { cwd: root })
  children.push(child)
  const said = { out: '', err: '' }
  child.stdout.on('data', (chunk) => (said.out += chunk))
  child.stderr.on('data', (chunk) => (said.err += chunk))
  const ended = once(child, 'close').then(([code]) => ({ code: code as number | null, ...said }))
  return { child, said, ended }
}

/** Waits until something is there. */
async function until<T>(look: () => T | Promise<T>): Promise<NonNullable<T>> {
  for (;;) {
    const found = await look()
    if (found) return found
    await sleep(50)
  }
}

/** What Node 22 says of its own SQLite, by `openSqlite`, once. */
const sqliteWarning = /^.* ExperimentalWarning: SQLite .*\n\(Use `node --trace-warnings .*\n/

describe('npm start -- --once', () => {
  it('tells the way of a trackback and ends with 0 when it was fetched back', async () => {
    const { code, out, err } = await start('--once').ended
    expect(err.replace(sqliteWarning, '')).toBe('')
    expect(code).toBe(0)
    const steps = ['published', 'discovered', 'sent', 'answered', 'verified', 'shown', 'fetched']
    const places = steps.map((step) => out.search(new RegExp(`^(ja|en)  ${step} `, 'm')))
    expect(places).toEqual([...places].sort((a, b) => a - b))
    expect(places).not.toContain(-1)
    const [, source] = /published +A good answer to a bad day: (\S+)/.exec(out) ?? []
    expect(out).toMatch(/discovered +http:\/\/127\.0\.0\.1:\d+\/t\/trackback\/18521\/60408081 in /)
    expect(out).toContain(`/posts/60408081 shows the trackback from ${source}`)
  })

  it('ends with 1 and the reason when a port is taken', async () => {
    const taken = createServer().listen(0, '127.0.0.1')
    await once(taken, 'listening')
    const { port } = taken.address() as AddressInfo
    const { code, err } = await start('--once', '--port-ja', String(port)).ended
    taken.close()
    expect(code).toBe(1)
    expect(err).toBe(`failed: port ${port} cannot be used\n`)
  })

  it('ends with 1 and the reason for an option it does not know', async () => {
    const { code, err } = await start('--twice').ended
    expect(code).toBe(1)
    expect(err).toContain('--twice')
  })
})

describe('npm start', () => {
  let data: string
  beforeAll(async () => {
    data = await mkdtemp(join(tmpdir(), 'trackbacks-'))
  })
  afterAll(() => rm(data, { recursive: true }))

  const password = 'an open secret'

  async function open() {
    const { child, said, ended } = start(
      ...['--data', data, '--port-ja', '0', '--port-en', '0', '--password', password],
    )
    const originOf = (lang: string) =>
      until(() => new RegExp(`^${lang}  listening +(\\S+)/ `, 'm').exec(said.out)?.[1])
    const [ja, en] = [await originOf('ja'), await originOf('en')]
    const post = `${ja}/posts/60408081`
    const page = async () => (await fetch(post)).text()
    const close = async () => {
      child.kill('SIGINT')
      return ended
    }
    return { ja, en, post, page, close }
  }

  const publish = (blog: string, fields: Record<string, string>) =>
    fetch(`${blog}/posts`, { method: 'POST', body: new URLSearchParams(fields), redirect: 'manual' })

  it('shows the three lines of a Japanese post, and announces its trackback URL in the head', async () => {
    const { ja, page, close } = await open()
    const [head = '', body = ''] = (await page()).split('</head>')
    await close()
    const pingUrl = `${ja}/t/trackback/18521/60408081`
    expect(head).toContain('rel="trackback"')
    expect(head).toContain(pingUrl)
    expect(body.replace(/<[^>]*>/g, '')).toMatch(
      new RegExp(
        `^トラックバック\nこの記事のトラックバックURL: ${pingUrl} .*\nこの記事へのトラックバック一覧です: JALの対応を評価する:$`,
        'm',
      ),
    )
    expect(body).toContain('トラックバックはまだありません。')
  })

  it('shows a post of the other blog a moment after it was published, and still after a second start', async () => {
    const first = await open()
    const title = '1 < 2 & "JAL"'
    const { status, headers } = await publish(first.en, {
      title,
      text: '<script>alert(1)</script>',
      link: first.post,
    })
    expect(status).toBe(303)
    const shown = '1 &lt; 2 &amp; "JAL"'
    await until(async () => (await first.page()).includes(shown))
    const own = await (await fetch(headers.get('location') ?? '')).text()
    expect(own).not.toContain('<script>')
    expect(own).toContain('alert(1)')
    expect((await first.close()).code).toBe(0)

    const second = await open()
    expect(await second.page()).toContain(shown)
    expect(await (await fetch(second.en)).text()).toContain('JAL&#34;')
    await second.close()
  })

  const authorization = `Basic ${Buffer.from(`hanako:${password}`).toString('base64')}`
  const asAuthor = async (url: string) => (await fetch(url, { headers: { authorization } })).text()
  /** Presses a button of one of the author's pages. */
  const press = (url: string, page: string, fields: Record<string, string>) => {
    const token = /name="token" value="([^"]+)"/.exec(page)?.[1] ?? ''
    const headers = { authorization, origin: new URL(url).origin }
    return fetch(url, { method: 'POST', body: new URLSearchParams({ token, ...fields }), headers })
  }

  it('keeps what comes to the English blog until its author has published it', async () => {
    const { ja, en, close } = await open()
    const title = '待合室の時計'
    await publish(ja, { title, text: '読みました。', link: `${en}/posts/7` })
    const page = await until(async () => {
      const html = await asAuthor(`${en}/moderation/`)
      return html.includes(title) ? html : null
    })
    expect(page).toContain('<mark>')
    expect(await (await fetch(`${en}/posts/7`)).text()).not.toContain(title)
    const id = /value="publish:(\d+)"/.exec(page)?.[1]
    const after = await press(`${en}/moderation/`, page, { do: `publish:${id}` })
    expect(await after.text()).toContain('1 trackback published.')
    expect(await (await fetch(`${en}/posts/7`)).text()).toContain(title)
    await close()
  })

  it('tells what became of what was sent, and sends again what was refused', async () => {
    const { ja, en, post, close } = await open()
    const moderation = `${ja}/moderation/`
    const change = async (fields: Record<string, string>) =>
      press(moderation, await asAuthor(`${moderation}blocks?value=127.0.0.1`), fields)
    await change({ do: 'add-block:host:127.0.0.1' })
    await publish(en, { title: 'Refused at first', text: 'text', link: post })
    const refused = await until(async () => {
      const html = await asAuthor(`${en}/moderation/sent`)
      return html.includes('Refused</span>') ? html : null
    })
    expect(refused).toContain('Pings from this source are not accepted.')
    const retry = /retry:[^"]+/.exec(refused)?.[0].replaceAll('&amp;', '&') ?? ''
    await change({ do: 'unblock:host:127.0.0.1' })
    expect(await (await press(`${en}/moderation/`, refused, { do: retry })).text()).toContain(
      'It will be sent again.',
    )
    await until(async () => !(await asAuthor(`${en}/moderation/sent`)).includes('Refused</span>'))
    await until(async () => (await (await fetch(post)).text()).includes('Refused at first'))
    await close()
  })

  it('shows the author’s pages to nobody else, and takes their forms from nowhere else', async () => {
    const { en, close } = await open()
    for (const path of ['/moderation/', '/moderation/blocks', '/moderation/sent']) {
      for (const headers of [{}, { authorization: 'Basic aGFuYWtvOng=' }]) {
        const { status, headers: said } = await fetch(`${en}${path}`, { headers })
        expect([path, status, said.get('www-authenticate')]).toEqual([
          path,
          401,
          expect.stringContaining('Basic'),
        ])
      }
    }
    const forged = { method: 'POST', headers: { authorization, origin: 'http://evil.example' } }
    expect((await fetch(`${en}/moderation/`, { ...forged, body: 'do=publish:1' })).status).toBe(403)
    await close()
  })

  it('refuses what is no post', async () => {
    const { en, post, close } = await open()
    const good = { title: 'title', text: 'text', link: post }
    const bad = [{ title: ' ' }, { text: '' }, { link: 'javascript:alert(1)' }, { link: 'http://' }]
    for (const fields of [...bad, { text: 'x'.repeat(70_000) }]) {
      expect((await publish(en, { ...good, ...fields })).status, Object.keys(fields)[0]).toBe(400)
    }
    expect((await fetch(`${en}/posts/..%2fmain.ts`)).status).toBe(404)
    expect((await close()).code).toBe(0)
  })
})
