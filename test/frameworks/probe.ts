// What a running host is asked, and what it should say: its answers and its rows as those of node:http (expected.json),
// then what an author and a reader see.
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { openSqlite } from '../../src/sql/sqlite/open.js'
import { root } from '../package/packed.js'
import { bodyOf } from '../support/servers.js'
import type { Host } from './hosts.js'
import { type RawAnswer, requests, send } from './requests.js'

export const expectedFile = join(root, 'test/frameworks/expected.json')

/** The password of the author, as the shared file of the docs reads it. */
export const password = 'secret'

/** An answer without what belongs to a host or to the day. */
interface Answer {
  readonly status: number
  readonly type: string | null
  readonly location?: string
  readonly allow?: string
  readonly body: string
}

/** What node:http answers and stores. */
export interface Expected {
  readonly answers: Readonly<Record<string, Answer>>
  readonly rows: readonly object[]
}

export interface Failure {
  readonly what: string
  readonly got: unknown
}

/** A page with a ping URL; `pings` are the forms that came to it. */
export interface Target {
  readonly host: string
  readonly pings: URLSearchParams[]
  close(): void
}

/** Starts the page that the posts link to, under another name than the blog: links to the own site are not pinged. */
export async function startTarget(): Promise<Target> {
  const pings: URLSearchParams[] = []
  const server = createServer(async (request, response) => {
    const isPing = request.method === 'POST'
    if (isPing) pings.push(new URLSearchParams((await bodyOf(request)).toString()))
    response.setHeader('content-type', isPing ? 'text/xml' : 'text/html')
    const page = `<link rel="trackback" href="http://${request.headers.host}/ping">`
    response.end(isPing ? '<?xml version="1.0"?><response><error>0</error></response>' : page)
  })
  await new Promise<void>((resolve) => server.listen(0, resolve))
  const host = `localhost:${(server.address() as AddressInfo).port}`
  return { host, pings, close: () => void server.close() }
}

/** Sends every request; returns what was answered and what is in the store. */
export async function askAll(port: number, database: string): Promise<Expected> {
  const answers: Record<string, Answer> = {}
  for (const [name, request] of requests) answers[name] = plain(await send(port, request), port)
  return { answers, rows: await rowsOf(database) }
}

function plain({ status, headers, body }: RawAnswer, port: number): Answer {
  const neutral = (text: string): string =>
    text.replaceAll(`http://127.0.0.1:${port}`, 'https://my.blog').replace(/<pubDate>.*<\/pubDate>/g, '')
  const { location, allow } = headers
  return {
    status,
    type: headers['content-type']?.toLowerCase().replace('; ', ';') ?? null,
    ...(location && { location: neutral(location) }),
    ...(allow && { allow }),
    body: neutral(body),
  }
}

async function rowsOf(database: string): Promise<object[]> {
  const store = openSqlite(database)
  try {
    const { items } = await store.list({}, { limit: 500, order: 'oldest' })
    return items.map(({ postId, url, title, excerpt, blogName, charset, clientIp }) => {
      return { postId, url, title, excerpt, blogName, charset, clientIp }
    })
  } finally {
    await store.close()
  }
}

/** What differs from node:http, but for the names that are the host's own; then the page, announcing, moderation. */
export async function probe(
  port: number,
  database: string,
  target: Target,
  { ownAnswers = [] }: Pick<Host, 'ownAnswers'> = {},
): Promise<Failure[]> {
  const expected: Expected = JSON.parse(readFileSync(expectedFile, 'utf8'))
  const found = await askAll(port, database)
  const failures: Failure[] = []
  const check = (what: string, isRight: boolean, got: unknown): void => {
    if (!isRight) failures.push({ what, got })
  }
  for (const [name, answer] of Object.entries(expected.answers)) {
    if (ownAnswers.includes(name)) continue
    const got = found.answers[name]
    check(name, JSON.stringify(got) === JSON.stringify(answer), got)
  }
  check('rows', JSON.stringify(found.rows) === JSON.stringify(expected.rows), found.rows)
  failures.push(...(await probePages(port)))
  for (let tries = 0; target.pings.length === 0 && tries < 100; tries += 1) await wait(100)
  await wait(200)
  const pings = target.pings.map((form) => [form.get('url'), form.get('blog_name'), form.get('title')])
  const announced = [[`http://127.0.0.1:${port}/post/7`, 'My blog', 'Post 7 & <b>']]
  check('announce', JSON.stringify(pings) === JSON.stringify(announced), pings)
  return failures
}

async function probePages(port: number): Promise<Failure[]> {
  const failures: Failure[] = []
  const check = (what: string, isRight: boolean, got: unknown): void => {
    if (!isRight) failures.push({ what, got })
  }
  const get = (path: string, headers = {}) => send(port, { method: 'GET', path, headers })
  const page = await get('/post/7')
  const head = page.body.slice(0, page.body.indexOf('</head>'))
  check('post page', page.status === 200, page)
  check('link in the head', /<link[^>]* rel="trackback"/.test(head) && head.includes('/trackback/7"'), head)
  check('RDF', /<!--\s*<rdf:RDF/.test(page.body), page.body.slice(0, 2000))
  check('list', page.body.includes('日本のブログ 表示ソ十能 ｱｲｳ ～①'), page.body.slice(0, 2000))
  check('page of an id in Japanese', (await get(`/post/${encodeURIComponent('珈琲')}`)).status === 200, '')
  check('no page', (await get('/post/absent')).status === 404, '')

  const stranger = await get('/moderation/')
  check('moderation asks who', stranger.status === 401 && 'www-authenticate' in stranger.headers, stranger)
  const authorization = `Basic ${btoa(`author:${password}`)}`
  const opened = await get('/moderation/published', { authorization })
  const policy = opened.headers['content-security-policy'] ?? ''
  check('moderation opens', opened.status === 200 && policy.includes("default-src 'none'"), opened)
  const [form = ''] = /<form[^>]*method="post"[\s\S]*?<\/form>/.exec(opened.body) ?? []
  const fields = [...form.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)"/g)]
  const [, name = '', value = ''] = /<button[^>]* name="([^"]*)" value="([^"]*remove[^"]*)"/.exec(form) ?? []
  const action = /action="([^"]*)"/.exec(form)?.[1] ?? ''
  const body = new URLSearchParams({ [name]: value })
  for (const [, key = '', text = ''] of fields) body.append(key, text)
  const ask = (origin: string) =>
    send(port, {
      method: 'POST',
      path: new URL(action, `http://127.0.0.1:${port}/moderation/`).pathname,
      headers: { authorization, origin, 'content-type': 'application/x-www-form-urlencoded' },
      body: Buffer.from(body.toString()),
    })
  const foreign = await ask('http://evil.example')
  check('moderation refuses another origin', foreign.status === 403, foreign)
  const done = await ask(`http://127.0.0.1:${port}`)
  check('moderation removes', done.status === 303, done)
  return failures
}
