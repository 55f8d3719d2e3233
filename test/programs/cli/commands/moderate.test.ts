import { existsSync } from 'node:fs'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import { createReceiver } from '../../../../src/receive/receiver.js'
import { openSqlite } from '../../../../src/sql/sqlite/open.js'
import type { NewTrackback } from '../../../../src/store/store.js'
import { controlsIn, hostile, runCli } from '../running.js'

let folder: string
let db: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'trackbacks-moderate-'))
  db = join(folder, 'trackbacks.db')
  return () => rm(folder, { recursive: true })
})

function trackback(changes: Partial<NewTrackback> = {}): NewTrackback {
  const url = changes.url ?? 'http://other.example/1'
  return {
    postId: '7',
    blog: '',
    ...{ url, sourceKey: url },
    title: 'ある日の空港で',
    excerpt: '先日、空港で待たされました。',
    blogName: '日記',
    charset: 'euc-jp',
    charsetSource: 'field',
    receivedAt: new Date(2026, 2, 4, 12, 1).getTime(),
    clientIp: '192.0.2.7',
    state: 'held',
    ...changes,
  }
}

/** Fills the file, as a blog does. */
async function keep(...trackbacks: NewTrackback[]): Promise<void> {
  const store = openSqlite(db)
  for (const each of trackbacks) await store.add(each)
  await store.close()
}

const moderate = (...argv: string[]) => runCli(['moderate', db, ...argv])

async function stateOf(id: string): Promise<string | undefined> {
  const store = openSqlite(db)
  const found = await store.get(id)
  await store.close()
  return found?.state
}

describe('trackbacks moderate', () => {
  it('lists held ones first, then the newest, with how many there are in each state', async () => {
    await keep(
      trackback(),
      trackback({ url: 'http://other.example/2', state: 'published', title: '', postId: '8' }),
    )
    const { status, out, err } = await moderate()
    expect({ status, err }).toEqual({ status: 0, err: '' })
    expect(out).toBe(`1 held, 1 published

1  held  post 7  2026-03-04 12:01
    ある日の空港で
    http://other.example/1 (日記)
    先日、空港で待たされました。

2  published  post 8  2026-03-04 12:01
    http://other.example/2 (日記)
    先日、空港で待たされました。
`)
    expect((await moderate('list')).out).toBe(out)
  })

  it('lists by state, by post, and no more than asked for', async () => {
    const many = Array.from({ length: 12 }, (_, index) =>
      trackback({
        url: `http://other.example/${index}`,
        postId: index < 4 ? '7' : '8',
        state: index % 2 ? 'held' : 'unverified',
      }),
    )
    await keep(...many)
    const idsIn = (out: string) => [...out.matchAll(/^(\d+) {2}\w+ {2}post/gm)].map(([, id]) => id)
    expect(idsIn((await moderate('--state', 'held')).out)).toEqual(['12', '10', '8', '6', '4', '2'])
    expect(idsIn((await moderate('--state', 'held', '--post', '7')).out)).toEqual(['4', '2'])
    const { out } = await moderate('list', '--limit', '3')
    expect(idsIn(out)).toEqual(['12', '10', '8'])
    expect(out).toContain('Only 3 of 12 are listed; --limit shows more.')
    expect(idsIn((await moderate('list', '--limit', '12')).out)).toHaveLength(12)
  })

  it('lists more than a page of the store', async () => {
    await keep(
      ...Array.from({ length: 520 }, (_, index) => trackback({ url: `http://other.example/${index}` })),
    )
    const { out } = await moderate('--limit', '510', '--json')
    const { trackbacks, counts } = JSON.parse(out)
    expect(trackbacks).toHaveLength(510)
    expect(counts).toEqual({ held: 520 })
    expect(new Set(trackbacks.map(({ id }: { id: string }) => id)).size).toBe(510)
  })

  it('shows everything that is known', async () => {
    await keep(trackback())
    await moderate('publish', '1', '--reason', 'a friend')
    const { status, out } = await moderate('show', '1')
    expect(status).toBe(0)
    expect(out).toMatch(
      /^1 {2}published\n {2}post {8}7\n {2}url {9}http:\/\/other.example\/1\n {2}title {7}ある日の空港で\n {2}excerpt {5}先日、空港で待たされました。\n {2}blog name {3}日記\n {2}charset {5}euc-jp \(declared in a field\)\n {2}received {4}2026-03-04 12:01 from 192\.0\.2\.7\n {2}history {5}\S+ \S+ published by author: a friend\n$/,
    )
  })

  it('shows the scores with their signs, the passage that links, and who decided', async () => {
    const store = openSqlite(db)
    await store.add(trackback())
    const passage = { before: 'I read ', link: 'this', after: ' today.' }
    const verification = {
      ...{ outcome: 'linked', reason: { code: 'linked' } as const, checkedAt: 0, attempts: 1 },
      ...{ passage, finalUrl: 'http://other.example/moved' },
    }
    const checks = [
      { check: 'link', score: 2, reason: 'links' },
      { check: 'text', score: -1.5, reason: 'repeated' },
      { check: 'known', score: null, reason: 'unknown' },
    ]
    await store.update('1', 1, { state: 'held', verification, checks, history: [] })
    const receiver = createReceiver({
      baseUrl: 'http://my.blog/tb/',
      findPost: () => null,
      store,
      worker: false,
    })
    await receiver.moderation.publish('1', 'a friend', 'Hanako')
    await receiver.close()
    await store.close()
    const { out } = await moderate('show', '1')
    expect(out).toContain('  final URL   http://other.example/moved\n')
    expect(out).toContain('  passage     I read [this] today.\n')
    expect(out).toContain('  check       link +2: links\n')
    expect(out).toContain('  check       text -1.5: repeated\n')
    expect(out).toContain('  check       known -: unknown\n')
    expect(out).toMatch(/ {2}history {5}\S+ \S+ published by Hanako: a friend\n/)
  })

  it('shows where a source leads only if that is another URL', async () => {
    const store = openSqlite(db)
    await store.add(trackback())
    const fact = { outcome: 'linked', reason: { code: 'linked' } as const, checkedAt: 0, attempts: 1 }
    const verification = { ...fact, finalUrl: 'http://other.example/1' }
    await store.update('1', 1, { state: 'held', verification, checks: [], history: [] })
    await store.close()
    expect((await moderate('show', '1')).out).not.toContain('final URL')
  })

  it.each([
    ['publish', 'published'],
    ['hold', 'held'],
    ['reject', 'rejected'],
    ['remove', 'removed'],
    ['spam', 'rejected'],
    ['not-spam', 'published'],
  ])('%s makes it %s', async (action, state) => {
    await keep(
      trackback({ state: action === 'hold' ? 'published' : 'held' }),
      trackback({ url: 'http://other.example/2' }),
    )
    const { status, out } = await moderate(action, '1')
    expect(status).toBe(0)
    expect(out).toBe(`1  ${state}  ある日の空港で\n`)
    expect(await stateOf('1')).toBe(state)
    expect(await stateOf('2')).toBe('held')
  })

  it('undo takes the last decision back, and says where there is none', async () => {
    await keep(trackback(), trackback({ url: 'http://other.example/2' }))
    await moderate('remove', '1')
    const { status, out, err } = await moderate('undo', '1', '2', '99')
    expect({ status, out }).toEqual({ status: 1, out: '1  held  ある日の空港で\n' })
    expect(err).toBe(
      'trackbacks moderate: no decision to undo for trackback 2\ntrackbacks moderate: no decision to undo for trackback 99\n',
    )
    expect(await stateOf('1')).toBe('held')
  })

  it('does what it can where an id is not there, and ends with 1', async () => {
    await keep(trackback())
    const { status, out, err } = await moderate('remove', '99', '1', 'x')
    expect({ status, out }).toEqual({ status: 1, out: '1  removed  ある日の空港で\n' })
    expect(err).toBe('trackbacks moderate: no trackback 99\ntrackbacks moderate: no trackback x\n')
    const json = await moderate('show', '1', '99', '--json')
    expect(json.status).toBe(1)
    expect(JSON.parse(json.out)).toMatchObject({
      trackbacks: [{ id: '1', state: 'removed' }],
      missing: ['99'],
    })
  })

  it('blocks and unblocks hosts, addresses and sources', async () => {
    await keep(trackback())
    const hosts = ['casino.example', '*.日本.example']
    const addresses = ['192.0.2.7', '2001:db8::1', '198.51.100.0/24', '2001:db8::/32']
    const subjects = [...hosts, ...addresses, 'http://x.example/p#q']
    expect(await moderate('block', ...subjects)).toEqual({
      status: 0,
      out: `Blocked: host casino.example
Blocked: host xn--wgv71a.example
Blocked: address 192.0.2.7
Blocked: address 2001:db8::/56
Blocked: address 198.51.100.0/24
Blocked: address 2001:db8::/32
Blocked: source http://x.example/p
`,
      err: '',
    })
    expect((await moderate('blocks')).out).toMatch(/^host {5}casino\.example\n {9}since \S+ \S+$/m)
    const blocks = JSON.parse((await moderate('blocks', '--json')).out)
    expect(blocks.blocks).toHaveLength(7)
    const lifted = await moderate('unblock', 'casino.example', 'nothing.example')
    expect(lifted).toEqual({
      status: 1,
      out: 'No longer blocked: casino.example\n',
      err: 'trackbacks moderate: nothing.example is not blocked\n',
    })
    const json = JSON.parse((await moderate('unblock', '192.0.2.7', '--json')).out)
    expect(json.missing).toEqual([])
    expect(json.blocks).toHaveLength(5)
  })

  it('says that nothing is there', async () => {
    await keep()
    expect(await moderate()).toEqual({ status: 0, out: 'No trackbacks.\n', err: '' })
    expect(await moderate('blocks')).toEqual({ status: 0, out: 'Nothing is blocked.\n', err: '' })
  })

  it.each([
    [['publsh', '1'], "unknown action 'publsh' (Allowed choices are list, show, publish, hold, "],
    [['publish'], 'missing id'],
    [['block'], 'missing host, IP address or URL'],
    [['block', '12'], 'a block of a client needs its IP address, or a range such as 192.0.2.0/24'],
    [['block', 'a b'], "'a b' is not a host name"],
    [
      ['block', 'ftp://a.example/'],
      "'ftp://a.example/' is not a host name (leave out scheme, port and path)",
    ],
    [['block', 'co.uk'], "'co.uk' is a public suffix"],
    [['block', '192.0.0.0/4'], 'a range of addresses must have at least /8'],
    [['list', '1'], 'list takes no arguments (Did you mean show 1?)'],
    [['blocks', 'a.example'], 'blocks takes no arguments (Did you mean block a.example?)'],
    [['--state', 'helt'], "option '--state <state>' argument 'helt' is invalid. Allowed choices are held, "],
    [['--limit', '0'], "option '--limit <n>' argument '0' is invalid. It must be a whole number, 1 or more"],
    [['--table-prefix', 'a b'], 'tablePrefix must be letters'],
  ])('ends with 2: %j', async (argv, message) => {
    await keep(trackback())
    const { status, out, err } = await moderate(...argv)
    expect({ status, out }).toEqual({ status: 2, out: '' })
    expect(err).toContain(message)
    expect(await stateOf('1')).toBe('held')
  })

  it('takes tables of another prefix', async () => {
    const store = openSqlite(db, { tablePrefix: 'tb_' })
    await store.add(trackback())
    await store.close()
    expect((await moderate()).status).toBe(1)
    expect((await moderate('--table-prefix', 'tb_')).out).toContain('1 held')
  })

  it('makes no file where there is none', async () => {
    expect(await moderate()).toEqual({
      status: 1,
      out: '',
      err: `trackbacks moderate: file not found: ${db}\n`,
    })
    expect(await readdir(folder)).toEqual([])
  })

  it.each([
    ['an empty file', ''],
    ['text', 'SQLite format 3, but not really, for here is much too little of it'],
    ['less than a header', 'SQL'],
  ])('leaves %s as it is', async (_, content) => {
    await writeFile(db, content)
    const { status, err } = await moderate()
    expect(status).toBe(1)
    expect(err).toBe(`trackbacks moderate: ${db} is not a trackbacks database\n`)
    expect(await readFile(db, 'utf8')).toBe(content)
    expect(await readdir(folder)).toEqual(['trackbacks.db'])
  })

  it('leaves a folder, and a database of somebody else, as it is', async () => {
    expect((await runCli(['moderate', folder])).err).toContain('is not a trackbacks database')
    const Database = createRequire(import.meta.url)('libsql')
    const foreign = new Database(db)
    foreign.exec('CREATE TABLE a (b)')
    foreign.close()
    const before = await readFile(db)
    expect((await moderate()).err).toContain('is not a trackbacks database')
    expect((await readFile(db)).equals(before)).toBe(true)
    expect(await readdir(folder)).toEqual(['trackbacks.db'])
  })

  it('says in one line that a database is damaged', async () => {
    await writeFile(db, Buffer.concat([Buffer.from('SQLite format 3\0'), Buffer.alloc(4096, 7)]))
    const { status, err } = await moderate()
    expect(status).toBe(1)
    expect(err).toMatch(/^trackbacks moderate: [^\n]+\n$/)
    expect(err).not.toContain('   at ')
  })

  it('decides on a file that a receiver has open', async () => {
    const store = openSqlite(db)
    onTestFinished(() => store.close())
    await store.add(trackback())
    expect((await moderate('publish', '1')).status).toBe(0)
    expect((await store.get('1'))?.state).toBe('published')
    expect(existsSync(db)).toBe(true)
  })

  it('obeys no trackback', async () => {
    await keep(
      trackback({
        title: hostile,
        excerpt: hostile,
        blogName: hostile,
        url: `http://a.example/${hostile}`,
        postId: hostile,
      }),
    )
    for (const argv of [[], ['show', '1'], ['hold', '1'], ['--json'], ['show', '1', '--json']]) {
      const { status, out } = await moderate(...argv)
      expect(status).toBe(0)
      expect(controlsIn(out)).toEqual([])
    }
  })
})
