import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Reason } from '../../../src/base/reason.js'
import { type ImportFileOptions, importFile } from '../../../src/programs/exchange/import-file.js'
import { exportLines } from '../../../src/programs/exchange/json-lines.js'
import type { Receiver } from '../../../src/receive/receiver.js'
import { openSqlite } from '../../../src/sql/sqlite/open.js'
import { createMemoryStore } from '../../../src/store/memory/store.js'
import { type Store, type Trackback, trackbackStates } from '../../../src/store/store.js'
import { sampleTrackback } from '../../../src/testing/sample.js'
import { encodeText } from '../../../src/text/charset/encode.js'
import { parseCharsetLabel } from '../../../src/text/charset/label.js'
import { cleanText } from '../../../src/text/plain.js'
import { receiverWith } from '../../receive/support.js'
import { repeated } from '../../support/strength.js'
import { movableTypeOf, oldTrackbacks, wxrOf } from './files.js'

function movedIn(store: Store = createMemoryStore()): Receiver {
  return receiverWith({ store, worker: false, findPost: (id) => ({ id, url: `http://my.example/${id}` }) })
}

function importInto(receiver: Receiver, file: string | Uint8Array, options: ImportFileOptions = {}) {
  const bytes = typeof file === 'string' ? Buffer.from(file) : file
  return importFile(bytes, receiver.moderation, { offset: '+09:00', ...options })
}

/** Everything that is kept, in the order of receipt, without what a store gives and when it was imported. */
async function rowsOf({ store }: Receiver): Promise<object[]> {
  const rows: Trackback[] = []
  let after: string | undefined
  do {
    const page = await store.list({}, { limit: 500, after })
    rows.push(...page.items)
    after = page.next
  } while (after !== undefined)
  return rows.map(({ id: _, revision: __, history, ...row }) => ({
    ...row,
    history: history.map(({ at: ___, ...entry }) => entry),
  }))
}

async function linesOf({ store }: Receiver): Promise<string> {
  const lines: string[] = []
  for await (const line of exportLines(store)) lines.push(line)
  return lines.join('')
}

describe('importFile', () => {
  it('takes thousands of trackbacks of WordPress and of a Movable Type in EUC-JP, the same and in order, and none twice', async () => {
    const count = repeated(5000, 1000)
    const old = oldTrackbacks(count)
    const wordpress = movedIn(openSqlite(':memory:'))
    const movableType = movedIn(openSqlite(':memory:'))
    const files = [
      [wordpress, wxrOf(old), 'wxr'],
      [movableType, movableTypeOf(old, 'euc-jp'), 'movable-type'],
    ] as const
    for (const [receiver, file, format] of files) {
      const progress: number[] = []
      const onProgress = (done: number) => void progress.push(done)
      const first = await importInto(receiver, file, { onProgress, lang: 'ja' })
      const charset = format === 'wxr' ? 'utf-8' : 'euc-jp'
      expect(first).toEqual({ format, charset, found: count, added: count, known: 0, invalid: [] })
      expect(progress).toEqual(Array.from({ length: count / 500 }, (_, index) => 500 * (index + 1)))
      expect(await importInto(receiver, file, { lang: 'ja' })).toMatchObject({ added: 0, known: count })
    }
    const rows = await rowsOf(wordpress)
    expect(rows).toEqual(await rowsOf(movableType))
    expect(rows).toMatchObject(old.map((each) => ({ ...each, state: 'published' })))
  }, 60_000)

  it.each(['utf-8', 'shift_jis', 'iso-2022-jp', 'euc-jp'] as const)(
    'reads a file in %s, told or not',
    async (charset) => {
      const old = oldTrackbacks(5)
      for (const options of [{ lang: 'ja' }, { charset }]) {
        const receiver = movedIn()
        await importInto(receiver, movableTypeOf(old, charset), options)
        expect(await rowsOf(receiver)).toMatchObject(old)
      }
    },
  )

  describe.each([
    ['windows-1251', 'ru', 'Заметки о погоде', 'Сегодня прочитал вашу статью'],
    ['KOI8-R', 'ru', 'Заметки о погоде', 'Сегодня прочитал вашу статью'],
    ['KOI8-U', 'uk', 'Їжак у тумані', 'Сьогодні прочитав вашу статтю'],
    ['ISO-8859-2', 'pl', 'Zażółć gęślą jaźń', 'Dziś przeczytałem twój wpis'],
    ['windows-1250', 'cs', 'Příliš žluťoučký kůň', 'Úpěl ďábelské ódy'],
    ['windows-1253', 'el', 'Καλημέρα', 'Διάβασα το άρθρο'],
    ['ISO-8859-9', 'tr', 'Şiir ve ışık', 'Güneş doğdu'],
    ['windows-1255', 'he', 'שלום', 'היום'],
    ['TIS-620', 'th', 'สวัสดี', 'วันนี้'],
    ['ISO-8859-15', 'fr', "L'œuvre à 10 €", 'Été à Zürich'],
    ['ISO-8859-1', 'de', 'Über Köln', 'Schöne Grüße'],
    ['EUC-JP', 'ja', '日記', '今日'],
    ['Shift_JIS', 'ja', '日記', '今日'],
    ['ISO-2022-JP', 'ja', '日記', '今日'],
    ['GB2312', 'zh', '日记', '今天'],
    ['Big5', 'zh-TW', '日記', '今天'],
    ['EUC-KR', 'ko', '일기', '오늘'],
    ['UTF-8', 'ja', '日記', '今日'],
  ])('a short file in %s', (label, lang, title, excerpt) => {
    const old = oldTrackbacks(1).map((each) => ({ ...each, title, excerpt, blogName: title }))
    const charset = parseCharsetLabel(label) ?? ''
    // Without the Japanese of the post itself.
    const movableType = encodeText(
      new TextDecoder()
        .decode(movableTypeOf(old, 'utf-8'))
        .replace(/について|本文です。|コメントです。|花子|太郎/g, ''),
      charset,
    )

    it('is read as its XML declaration says', async () => {
      const receiver = movedIn()
      const wxr = wxrOf(old).replace('UTF-8', label)
      expect(await importInto(receiver, encodeText(wxr, charset))).toMatchObject({ charset, added: 1 })
      expect(await rowsOf(receiver)).toMatchObject(old)
    })

    it('is read as the option says', async () => {
      const receiver = movedIn()
      const report = await importInto(receiver, movableType, { charset: label })
      expect(report).toMatchObject({ charset, added: 1 })
      expect(await rowsOf(receiver)).toMatchObject(old)
    })

    // These languages have no charsets of their own to look for.
    if (/^(he|th|fr)/.test(lang)) return
    it('is recognised by the language of the blog', async () => {
      const receiver = movedIn()
      await importInto(receiver, movableType, { lang })
      expect(await rowsOf(receiver)).toMatchObject(old)
    })
  })

  it('knows a file of Movable Type whose first field is empty', async () => {
    const file = new TextDecoder().decode(movableTypeOf(oldTrackbacks(1), 'utf-8'))
    expect(await importInto(movedIn(), file.replace('AUTHOR: 花子', 'AUTHOR:'))).toMatchObject({ added: 1 })
  })

  it('takes every state of WordPress, and names one that it does not know', async () => {
    const receiver = movedIn()
    const states = ['1', '0', 'spam', 'trash', 'odd']
    const all = oldTrackbacks(5)
    const wxr = wxrOf(all).replaceAll(
      '[1]]></wp:comment_approved',
      () => `[${states.shift()}]]></wp:comment_approved`,
    )
    const report = await importInto(receiver, wxr)
    expect(report.invalid).toEqual([
      { where: 'comment 1 of post post-4', problem: expect.stringContaining("unknown state 'odd'") },
    ])
    expect((await rowsOf(receiver)).map((row) => (row as Trackback).state)).toEqual([
      'published',
      'held',
      'rejected',
      'removed',
    ])
  })

  it('asks which id a post has now, and says where it has none', async () => {
    const receiver = movedIn()
    const asked: unknown[] = []
    const report = await importInto(receiver, wxrOf(oldTrackbacks(3)), {
      postId(post) {
        asked.push(post)
        return post.id === 'post-1' ? null : `new ${post.id}`
      },
    })
    expect(asked[0]).toEqual({
      ...{ id: 'post-0', url: 'http://my.example/?p=post-0&x=1', title: 'About post-0 & more' },
    })
    expect((await rowsOf(receiver)).map((row) => (row as Trackback).postId)).toEqual([
      'new post-0',
      'new post-2',
    ])
    expect(report).toMatchObject({ added: 2, invalid: [{ where: 'comment 1 of post post-1' }] })
    expect(report.invalid[0]?.problem).toContain('no id is known for its post')
  })

  it('says what is wrong, by its place in the file, and takes the rest', async () => {
    const receiver = movedIn()
    const line = { postId: 'a', url: 'http://a.example/', receivedAt: '2005-01-02' }
    const lines = [
      JSON.stringify(line),
      '',
      '{ no JSON',
      JSON.stringify({ ...line, blog_name: 'x' }),
      JSON.stringify({ ...line, postId: 7 }),
      '[]',
      JSON.stringify({ ...line, postId: undefined }),
    ]
    const { added, invalid } = await importInto(receiver, lines.join('\r\n'))
    expect(added).toBe(1)
    expect(invalid.toSorted((a, b) => a.where.localeCompare(b.where))).toEqual([
      { where: 'line 3', problem: expect.stringMatching(/^it is no JSON object: .* JSON/) },
      { where: 'line 4', problem: expect.stringContaining("unknown name 'blog_name'") },
      { where: 'line 5', problem: 'trackback: postId must be a string' },
      { where: 'line 6', problem: 'it is no JSON object' },
      { where: 'line 7', problem: expect.stringContaining('no id is known') },
    ])
    const wrong = new TextDecoder()
      .decode(movableTypeOf(oldTrackbacks(1), 'utf-8'))
      .replace(/DATE: .*PM/g, 'DATE: 昨日')
    expect((await importInto(receiver, wrong)).invalid).toEqual([
      { where: "ping 1 of 'post-0について'", problem: 'receivedAt "昨日" is no date' },
    ])
  })

  it('only says what would be, in a dry run', async () => {
    const receiver = movedIn()
    expect(await importInto(receiver, wxrOf(oldTrackbacks(3)), { dryRun: true })).toMatchObject({ added: 3 })
    expect(await rowsOf(receiver)).toEqual([])
  })

  it.each<[string, string, object, string]>([
    ['a file of another kind', '<html>', {}, 'no export of WordPress'],
    ['a character set that is none', '{}', { charset: 'x' }, "no charset is called 'x'"],
    ['a zone that is none', '{}', { offset: 'JST' }, "a zone such as '+09:00'"],
    ['an option that there is none of', '{}', { dry: true }, "unknown name 'dry'"],
  ])('rejects %s', async (_, file, options, message) => {
    const importing = importInto(movedIn(), file, options)
    await expect(importing).rejects.toThrow(message)
  })

  it('never throws for what is cut off or damaged, and takes linear time', async () => {
    const whole = [
      wxrOf(oldTrackbacks(3)),
      new TextDecoder().decode(movableTypeOf(oldTrackbacks(3), 'utf-8')),
    ]
    const damage = fc.tuple(fc.constantFrom(...whole), fc.nat(), fc.nat(200), fc.string())
    await fc.assert(
      fc.asyncProperty(damage, async ([file, at, length, instead]) => {
        const start = 200 + (at % file.length)
        const damaged = file.slice(0, start) + instead + file.slice(start + length)
        const { found } = await importInto(movedIn(), damaged)
        expect(found).toBeGreaterThanOrEqual(0)
      }),
      { numRuns: repeated(100, 20) },
    )
    const slow = `<rss xmlns:wp="http://wordpress.org/export/1.2/">${'<![CDATA['.repeat(200_000)}${'<a'.repeat(200_000)}`
    expect(await importInto(movedIn(), slow)).toMatchObject({ found: 0 })
  }, 30_000)
})

describe('exportLines', () => {
  it('writes lines that importFile reads back to the same rows', async () => {
    const from = movedIn(openSqlite(':memory:'))
    await importInto(from, wxrOf(oldTrackbacks(600)))
    const verification = { outcome: 'linked', reason: { code: 'linked' } as const, checkedAt: 5, attempts: 1 }
    await from.store.add({
      ...sampleTrackback({
        title: '<b>1 &lt; 2</b> &amp; "',
        clientIp: null,
        state: 'held',
        blog: '18521',
      }),
      verification: {
        ...verification,
        passage: { before: 'a', link: 'b', after: 'c' },
        finalUrl: 'http://a.example/',
      },
      checks: [{ check: 'links', score: null, reason: { code: 'known-host' } }],
      history: [{ at: 7, state: 'held', by: 'policy', reason: { code: 'own-site' } }],
    })
    const lines = await linesOf(from)
    const to = movedIn(openSqlite(':memory:'))
    expect(await importInto(to, lines)).toMatchObject({ format: 'json-lines', added: 601, invalid: [] })
    expect(await rowsOf(to)).toEqual(await rowsOf(from))
    expect(await linesOf(to)).toBe(lines)
    expect(await importInto(to, lines)).toMatchObject({ added: 0, known: 601 })
  })

  it('keeps every text as it is stored, whatever came as a ping', async () => {
    const part = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom('&amp;lt;', '<b>', '&', ' ', '字', '\u00a0', '…'),
    )
    const text = fc.array(part, { maxLength: 400 }).map((parts) => parts.join(''))
    await fc.assert(
      fc.asyncProperty(text, async (title) => {
        const from = movedIn()
        const trackback = { postId: 'a', url: 'http://a.example/', receivedAt: '2005-01-02' }
        await from.moderation.import([{ ...trackback, title, excerpt: title, blogName: title }])
        const to = movedIn()
        await importInto(to, await linesOf(from))
        expect(await rowsOf(to)).toEqual(await rowsOf(from))
      }),
      { numRuns: repeated(300, 50) },
    )
  })

  it('writes lines that any store takes whole, so that an export of the copy is the same to the byte', async () => {
    const text = fc
      .tuple(
        fc.constantFrom('', 'a', '日本 ', '\u1f468\u200d\u1f469', 'e\u0301', '\u200b&lt;b> '),
        fc.nat(5000),
      )
      .map(([part, times]) => cleanText(part.repeat(times).slice(0, 20_000)))
    const reason = fc.constantFrom<Reason>('', 'spam?', 'own-site', { code: 'http-status', status: 404 })
    const state = fc.constantFrom(...trackbackStates)
    const at = fc.integer({ min: 0, max: 3 }).map((hours) => Date.UTC(2005, 0, 1, hours))
    const optional = { requiredKeys: ['outcome', 'reason', 'checkedAt', 'attempts'] as const }
    const fact = fc.record(
      {
        ...{ outcome: fc.constantFrom('linked', 'gone'), reason, checkedAt: at, attempts: fc.nat(9) },
        ...{ unanswered: fc.nat(9), finalUrl: fc.webUrl(), title: text },
        isUserContent: fc.constant(true as const),
        passage: fc.record({ before: text, link: text, after: text }),
      },
      { requiredKeys: [...optional.requiredKeys] },
    )
    const entry = fc.record(
      {
        ...{ at, state, by: fc.constantFrom('policy' as const, 'author' as const), reason },
        ...{ action: fc.constantFrom('publish' as const), user: fc.string(), before: state },
      },
      { requiredKeys: ['at', 'state', 'by', 'reason'] },
    )
    const trackback = fc.record({
      ...{ title: text, excerpt: text, blogName: text, receivedAt: at, state },
      ...{ postId: fc.constantFrom('1', 'ü/2'), blog: fc.constantFrom('', 'b') },
      path: fc.oneof(
        fc.webPath(),
        fc.nat(8000).map((length) => `/${'x'.repeat(length)}`),
      ),
      clientIp: fc.option(fc.ipV6()),
      verification: fc.option(fact),
      checks: fc.array(
        fc.record({ check: fc.string(), score: fc.option(fc.double({ noNaN: true })), reason }),
      ),
      history: fc.array(entry, { maxLength: 3 }),
    })
    await fc.assert(
      fc.asyncProperty(fc.array(trackback, { maxLength: 20 }), async (list) => {
        const from = movedIn(openSqlite(':memory:'))
        for (const [index, { path, ...each }] of list.entries()) {
          const { href: url } = new URL(`http://${index}.example${path}`)
          await from.store.add({ ...sampleTrackback({ ...each, url }), ...each })
        }
        const lines = await linesOf(from)
        const to = movedIn(openSqlite(':memory:'))
        expect(await importInto(to, lines)).toMatchObject({ added: list.length, invalid: [] })
        expect(await linesOf(to)).toBe(lines)
      }),
      { numRuns: repeated(200, 40) },
    )
  }, 60_000)

  it('writes those of one blog alone, where that is asked for', async () => {
    const { store } = movedIn()
    for (const blog of ['a', 'b']) await store.add(sampleTrackback({ blog, url: `http://${blog}.example/` }))
    const lines: string[] = []
    for await (const line of exportLines(store, { blog: 'a' })) lines.push(line)
    expect(lines.map((line) => JSON.parse(line).url)).toEqual(['http://a.example/'])
  })
})
