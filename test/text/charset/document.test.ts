import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { decodeDocument, readDocument } from '../../../src/text/charset/document.js'
import { encodeText } from '../../../src/text/charset/encode.js'

const text = 'この記事のトラックバックURLです。①～髙'
const html = (meta: string): string =>
  `<!DOCTYPE html><html><head><title>題</title>${meta}</head><body>${text}</body></html>`
const summary = (bytes: Uint8Array, document: Parameters<typeof decodeDocument>[1]): [string, string] => {
  const decoded = decodeDocument(bytes, document)
  expect(decoded.text).toContain(text)
  return [decoded.charset, decoded.reason]
}

describe('readDocument', () => {
  it.each([
    ['utf-8', '', 1],
    ['euc-jp', '<meta charset=euc-jp>', 1],
    ['euc-jp', '', 2],
    ['euc-jp', '<meta charset=iso-2022-jp>', 3],
  ])('lets others have their turn while it reads %s with %j', (charset, meta, turns) => {
    const reading = readDocument(encodeText(html(meta), charset), { kind: 'html' })
    expect(Array.from({ length: turns }, () => reading.next().done)).toEqual(Array(turns).fill(false))
    expect(reading.next()).toMatchObject({ done: true, value: { charset } })
  })
})

describe('decodeDocument', () => {
  it.each(['shift_jis', 'euc-jp', 'iso-2022-jp', 'utf-8'])(
    'PROTOCOL 61: reads a page in %s by what declares it',
    (charset) => {
      const plain = encodeText(html(''), charset)
      expect(summary(plain, { kind: 'html', contentType: `text/html; charset=${charset}` })).toEqual([
        charset,
        'content-type',
      ])
      const short = encodeText(html(`<meta charset=${charset}>`), charset)
      expect(summary(short, { kind: 'html' })).toEqual([charset, 'meta'])
      const long = encodeText(
        html(`<META content="text/html; charset=${charset}" http-equiv=Content-Type>`),
        charset,
      )
      expect(summary(long, { kind: 'html', contentType: 'text/html' })).toEqual([charset, 'meta'])
      const xml = encodeText(`<?xml version='1.0' encoding='${charset}'?><rss>${text}</rss>`, charset)
      expect(summary(xml, { kind: 'xml', contentType: 'text/xml' })).toEqual([charset, 'xml'])
    },
  )

  it('detects what is not declared and says so', () => {
    const of = (charset: string): [string, string] => summary(encodeText(html(''), charset), { kind: 'html' })
    expect(of('shift_jis')).toEqual(['shift_jis', 'detected'])
    expect(of('euc-jp')).toEqual(['euc-jp', 'detected'])
    expect(of('iso-2022-jp')).toEqual(['iso-2022-jp', 'escape'])
    expect(of('utf-8')).toEqual(['utf-8', 'utf-8'])
  })

  it('a byte order mark says more than any declaration', () => {
    const contentType = 'text/html; charset=euc-jp'
    const utf16 = Buffer.from(`\uFEFF${text}`, 'utf16le')
    expect(summary(Buffer.from(`\uFEFF${text}`), { kind: 'html', contentType })).toEqual(['utf-8', 'bom'])
    expect(summary(utf16, { kind: 'html', contentType })).toEqual(['utf-16le', 'bom'])
    expect(summary(Buffer.from(utf16).swap16(), { kind: 'xml' })).toEqual(['utf-16be', 'bom'])
    expect(decodeDocument(utf16, { kind: 'xml' }).text.startsWith('\uFEFF')).toBe(false)
  })

  it('reads UTF-16 that the header names or that the XML declaration shows', () => {
    const bytes = Buffer.from(`<?xml version="1.0"?>${text}`, 'utf16le')
    expect(summary(bytes, { kind: 'xml', contentType: 'text/xml; charset=utf-16' })).toEqual([
      'utf-16le',
      'content-type',
    ])
    expect(summary(bytes, { kind: 'xml' })).toEqual(['utf-16le', 'xml'])
    expect(summary(Buffer.from(bytes).swap16(), { kind: 'xml' })).toEqual(['utf-16be', 'xml'])
  })

  it('UTF-16 that the bytes contradict is not believed', () => {
    const page = encodeText(html('<meta charset=utf-16>'), 'utf-8')
    expect(summary(page, { kind: 'html', contentType: 'text/html; charset=utf-16' })).toEqual([
      'utf-8',
      'meta',
    ])
    const sjis = encodeText(text, 'shift_jis')
    expect(summary(sjis, { kind: 'html', contentType: 'text/html; charset=utf-16be' })).toEqual([
      'shift_jis',
      'detected',
    ])
  })

  it('PROTOCOL 61: a declaration loses where the bytes are UTF-8 and not what it says', () => {
    for (const wrong of ['euc-jp', 'shift_jis', 'iso-8859-1', 'euc-kr', 'gb2312', 'big5', 'windows-1251']) {
      const page = encodeText(html(`<meta charset="${wrong}">`), 'utf-8')
      expect([wrong, ...summary(page, { kind: 'html' })]).toEqual([wrong, 'utf-8', 'utf-8'])
    }
  })

  it('short text in UTF-8 is not taken for the Shift_JIS that it also is', () => {
    for (const short of ['みちくさ', 'JALの対応を評価する', '雨の日曜日', '本']) {
      const decoded = decodeDocument(Buffer.from(short), {
        kind: 'html',
        contentType: 'text/html; charset=shift_jis',
      })
      expect(decoded).toEqual({ text: short, charset: 'utf-8', reason: 'utf-8' })
    }
  })

  it('a declaration counts where the bytes leave open what they are', () => {
    const bytes = encodeText('÷÷', 'windows-1252')
    const contentType = 'text/html; charset=iso-8859-1'
    expect(decodeDocument(bytes, { kind: 'html', contentType })).toMatchObject({
      text: '÷÷',
      reason: 'content-type',
    })
    expect(decodeDocument(bytes, { kind: 'html' }).charset).not.toBe('windows-1252')
  })

  it('a wrong header does not hide the right meta', () => {
    const page = encodeText(html('<meta charset=shift_jis>'), 'shift_jis')
    for (const wrong of ['utf-8', 'iso-8859-1', 'euc-jp', 'foobar']) {
      const contentType = `text/html; charset=${wrong}`
      expect([wrong, ...summary(page, { kind: 'html', contentType })]).toEqual([wrong, 'shift_jis', 'meta'])
    }
  })

  it('where all declarations are wrong the bytes decide', () => {
    const page = encodeText(html('<meta charset=utf-8>'), 'euc-jp')
    const contentType = 'text/html; charset=ISO-8859-1'
    expect(summary(page, { kind: 'html', contentType })).toEqual(['euc-jp', 'detected'])
  })

  it('a broken character does not make a declaration wrong', () => {
    const page = Buffer.concat([
      encodeText(html('<meta charset=shift_jis>'), 'shift_jis'),
      Uint8Array.of(0x82),
    ])
    expect(summary(page, { kind: 'html' })).toEqual(['shift_jis', 'meta'])
    const cut = Buffer.concat([Buffer.from(html('<meta charset=utf-8>')), Uint8Array.of(0xe3, 0x81)])
    expect(summary(cut, { kind: 'html' })).toEqual(['utf-8', 'meta'])
  })

  it('a declaration in a comment or a script is none', () => {
    const page = encodeText(
      html('<!-- <meta charset=euc-jp> --><script>"<meta charset=big5>"</script>'),
      'shift_jis',
    )
    expect(summary(page, { kind: 'html' })).toEqual(['shift_jis', 'detected'])
  })

  it('the first meta that names a charset counts', () => {
    const page = encodeText(html('<meta charset=foobar><meta charset=euc-jp><meta charset=utf-8>'), 'euc-jp')
    expect(summary(page, { kind: 'html' })).toEqual(['euc-jp', 'meta'])
    const both = Buffer.from('<meta charset=euc-jp><meta charset=shift_jis><p>plain')
    expect(decodeDocument(both, { kind: 'html' }).charset).toBe('euc-jp')
  })

  it('Latin text keeps what its declaration says', () => {
    const page = encodeText('<p>L’été à Zürich – 10 €</p>', 'windows-1252')
    const decoded = decodeDocument(page, { kind: 'html', contentType: 'text/html; charset=ISO-8859-1' })
    expect(decoded).toEqual({
      text: '<p>L’été à Zürich – 10 €</p>',
      charset: 'windows-1252',
      reason: 'content-type',
    })
  })

  it('text of one declared character is believed, though it might be UTF-8', () => {
    for (const character of ['造', '畜', '築']) {
      const bytes = encodeText(character, 'euc-jp')
      const decoded = decodeDocument(bytes, { kind: 'html', contentType: 'text/html; charset=euc-jp' })
      expect(decoded.text).toBe(character)
    }
  })

  it('the language of the site helps where nothing else does', () => {
    const bytes = encodeText('<p>我的博客</p>', 'gbk')
    expect(decodeDocument(bytes, { kind: 'html', lang: 'zh' }).text).toBe('<p>我的博客</p>')
  })

  it('a mebibyte of anything takes no long time', () => {
    const start = performance.now()
    for (const piece of ['<meta ', '<!--', '<?xml ', '\x1B$B', '\x80', '\xA4\xFF', '\xE3\x81']) {
      for (const charset of ['euc-jp', 'big5', 'shift_jis']) {
        const bytes = Buffer.alloc(1 << 20, piece, 'latin1')
        expect(
          decodeDocument(bytes, { kind: 'html', contentType: `text/html; charset=${charset}` }).text,
        ).not.toBe('')
      }
    }
    expect(performance.now() - start).toBeLessThan(10_000)
  })
})

interface CorpusDocument {
  readonly id: string
  readonly file: string
  readonly kind: string
  readonly charset: string
}

describe('real pages and feeds', () => {
  const corpus = process.env['TRACKBACK_CORPUS']
  const manifest = corpus === undefined ? '' : join(corpus, 'manifest.json')
  const isThere = existsSync(manifest)
  const documents: CorpusDocument[] = isThere
    ? JSON.parse(readFileSync(manifest, 'utf8')).documents.filter(({ file }: CorpusDocument) =>
        existsSync(join(corpus ?? '', file)),
      )
    : []
  const note = isThere ? '' : ' (skipped: TRACKBACK_CORPUS is not set)'
  const read = ({ file }: CorpusDocument): Buffer => readFileSync(join(corpus ?? '', file))
  const marks = (decoded: string): number => decoded.split('\uFFFD').length - 1

  it.skipIf(!isThere)(`decode without one U+FFFD that is not in the file${note}`, () => {
    for (const document of documents) {
      const bytes = read(document)
      const own = bytes.toString('latin1').split('\xEF\xBF\xBD').length - 1
      const decoded = decodeDocument(bytes, { kind: document.kind === 'html' ? 'html' : 'xml' })
      expect([document.id, marks(decoded.text)]).toEqual([document.id, own])
    }
    expect(documents.length).toBeGreaterThan(30)
  })

  it.skipIf(!isThere)(
    `are in the charset that the manifest says, with and without their declarations${note}`,
    () => {
      const expected: Readonly<Record<string, string>> = {
        f09: 'euc-jp',
        f10: 'shift_jis',
        f11: 'gb18030',
        o23: 'utf-8',
      }
      const found = documents.filter(({ id }) => id in expected)
      for (const document of found) {
        const bytes = read(document)
        const bare = Buffer.from(bytes.toString('latin1').replaceAll(/encoding=|charset=/gi, 'x='), 'latin1')
        const kind = document.kind === 'html' ? 'html' : 'xml'
        const charset = decodeDocument(bytes, { kind }).charset.replace('gbk', 'gb18030')
        expect([document.id, charset]).toEqual([document.id, expected[document.id]])
        expect([document.id, decodeDocument(bare, { kind }).charset]).toEqual([
          document.id,
          expected[document.id],
        ])
      }
      expect(found).toHaveLength(4)
    },
  )
})
