import { existsSync } from 'node:fs'
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
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

  it.each([
    ['', 'utf8'],
    ['\ufeff', 'utf8'],
    ['\ufeff', 'utf16le'],
  ] as const)(
    'finds the ids of posts by permalink, id or title, in a file that begins with %j in %s',
    async (mark, encoding) => {
      const old = new TextDecoder().decode(movableTypeOf(oldTrackbacks(3), 'utf-8'))
      const text = old.replace('BASENAME: post-0', 'UNIQUE URL: http://my.example/0')
      const file = await fileWith('mt.txt', text.replace('BASENAME: post-1\n', ''))
      // A number, as ids of a database are.
      const ids = `${mark}{ "http://my.example/0": "a", "post-1について": 12, "post-2": "c/d" }`
      const posts = await fileWith('ids.json', Buffer.from(ids, encoding))
      expect((await runCli(['import', file, db, '--posts', posts])).err).toBe('')
      const store = openSqlite(db)
      expect((await store.list({})).items.map(({ postId }) => postId)).toEqual(['a', '12', 'c/d'])
      await store.close()
    },
  )

  it.skipIf(process.getuid?.() === 0)('says that a file may not be read', async () => {
    const file = await fileWith('a.jsonl', '{}')
    await chmod(file, 0)
    const message = `trackbacks import: cannot read ${file}: no permission to read it\n`
    expect(await runCli(['import', file, db])).toEqual({ status: 1, out: '', err: message })
  })

  it('names mistakes, with a status for each kind', async () => {
    const page = await fileWith('page.html', '<html>')
    const list = await fileWith('list.json', '[]')
    const lines = await fileWith('a.jsonl', '{}')
    const nested = await fileWith('nested.json', '{ "a": "1", "b": null, "c": [] }')
    for (const [argv, status, message] of [
      [[page, db], 2, 'no export of WordPress'],
      [[join(folder, 'none'), db], 1, `cannot read ${join(folder, 'none')}: no such file`],
      [[join(lines, 'none'), db], 1, `cannot read ${join(lines, 'none')}: no such file`],
      [[folder, db], 1, `cannot read ${folder}: it is a folder`],
      [[lines, join(folder, 'none', 'x.db')], 1, `folder not found: ${join(folder, 'none')}`],
      [[lines, folder], 1, `cannot open ${folder}`],
      [[lines, lines], 1, `cannot open ${lines}`],
      [[lines, db, '--posts', join(folder, 'none')], 1, `cannot read ${join(folder, 'none')}: no such file`],
      [[lines, db, '--posts', folder], 1, `cannot read ${folder}: it is a folder`],
      [
        [lines, db, '--posts', list],
        2,
        `${list} must be { "former id, permalink or title": "id now" }: it is no`,
      ],
      [
        [lines, db, '--posts', page],
        2,
        `${page} must be { "former id, permalink or title": "id now" }: it is no`,
      ],
      [[lines, db, '--posts', nested], 2, `"id now" }: the id for "b" is no string`],
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
