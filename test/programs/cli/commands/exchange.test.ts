import { existsSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { openSqlite } from '../../../../src/sql/sqlite/open.js'
import { sampleTrackback } from '../../../../src/testing/sample.js'
import { movableTypeOf, oldTrackbacks, wxrOf } from '../../exchange/files.js'
import { controlsIn, hostile, runCli } from '../running.js'

let folder: string
let db: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'trackbacks-exchange-'))
  db = join(folder, 'trackbacks.db')
  return () => rm(folder, { recursive: true })
})

async function fileWith(name: string, content: string | Uint8Array): Promise<string> {
  await writeFile(join(folder, name), content)
  return join(folder, name)
}

describe('trackbacks import', () => {
  it('takes over an export, says what became of it, and adds nothing the second time', async () => {
    const file = await fileWith('export.xml', wxrOf(oldTrackbacks(3)))
    const dry = await runCli(['import', file, db, '--dry-run'])
    expect([dry.status, dry.out]).toEqual([
      0,
      'WordPress (utf-8): 3 trackbacks\n3 would be added, 0 there already, 0 not taken\n',
    ])
    expect(existsSync(db)).toBe(false)
    expect((await runCli(['import', file, db])).out).toContain('3 added, 0 there already, 0 not taken')
    expect((await runCli(['import', file, db])).out).toContain('0 added, 3 there already, 0 not taken')
  })

  it('takes the ids that posts have now, a character set, a zone, a blog and a table prefix', async () => {
    const file = await fileWith('mt.txt', movableTypeOf(oldTrackbacks(2), 'euc-jp'))
    const posts = await fileWith('ids.json', JSON.stringify({ 'post-0': 'hello' }))
    const options = [
      '--charset',
      'euc-jp',
      '--offset',
      '+09:00',
      '--posts',
      posts,
      '--blog',
      'b',
      '--table-prefix',
      'x_',
    ]
    const ran = await runCli(['--json', 'import', file, db, ...options])
    expect([ran.status, JSON.parse(ran.out)]).toEqual([
      1,
      {
        ...{ format: 'movable-type', charset: 'euc-jp', found: 2, added: 1, known: 0 },
        invalid: [
          { where: "ping 1 of 'post-1について'", problem: expect.stringContaining('no id is known') },
        ],
      },
    ])
    const store = openSqlite(db, { tablePrefix: 'x_' })
    const { postId: _, ...old } = oldTrackbacks(1)[0] ?? {}
    expect((await store.list({ postId: 'hello', blog: 'b' })).items).toMatchObject([old])
    await store.close()
  })

  it('names mistakes, with a status for each kind', async () => {
    const page = await fileWith('page.html', '<html>')
    const list = await fileWith('list.json', '[]')
    const lines = await fileWith('a.jsonl', '{}')
    for (const [argv, status, message] of [
      [[page, db], 2, 'no export of WordPress'],
      [[join(folder, 'none'), db], 1, 'ENOENT'],
      [[lines, db, '--posts', list], 2, 'must be a JSON object'],
      [[lines, db, '--offset', 'JST'], 2, "a zone such as '+09:00'"],
      [[lines, db, '--charset', 'x'], 2, "no charset is called 'x'"],
    ] as const) {
      const ran = await runCli(['import', ...argv])
      expect([ran.status, ran.err]).toEqual([status, expect.stringContaining(message)])
    }
  })

  it('prints nothing of a file that a terminal would obey', async () => {
    const file = await fileWith('a.jsonl', JSON.stringify({ postId: 'a', url: hostile, receivedAt: hostile }))
    const ran = await runCli(['import', file, db])
    expect([ran.status, controlsIn(ran.out + ran.err)]).toEqual([1, []])
  })
})

describe('trackbacks export', () => {
  it('writes lines that import reads back to the same, of all or of one blog', async () => {
    const store = openSqlite(db)
    for (const blog of ['a', 'b'])
      await store.add(sampleTrackback({ blog, url: `http://${blog}.example/`, title: 'JAL \u200bの' }))
    await store.close()
    const { out } = await runCli(['export', db])
    expect(out.trim().split('\n')).toHaveLength(2)
    const copy = join(folder, 'copy.db')
    expect((await runCli(['import', await fileWith('a.jsonl', out), copy])).status).toBe(0)
    expect((await runCli(['export', copy, '--blog', 'b'])).out).toContain('http://b.example/')
    expect((await runCli(['export', join(folder, 'none.db')])).err).toContain('file not found')
  })

  it('loses nothing of a blog with longer texts and URLs, nor fails for one without trackbacks', async () => {
    const long = 'x'.repeat(9000)
    const url = `http://a.example/${long}`
    for (const rows of [[], [sampleTrackback({ url, sourceKey: url, title: long, excerpt: long })]]) {
      const [from, to] = [join(folder, `${rows.length}.db`), join(folder, `copy-${rows.length}.db`)]
      const store = openSqlite(from)
      for (const row of rows) await store.add(row)
      await store.close()
      const { out } = await runCli(['export', from])
      const { status } = await runCli(['import', await fileWith('a.jsonl', out), to])
      expect([status, (await runCli(['export', to])).out]).toEqual([0, out])
    }
  })
})
