import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { generatePing, type ParsePingOptions, parsePing, type ReceivedPing } from '../../src/protocol/ping.js'
import { encodeText } from '../../src/text/charset/encode.js'
import { difficult, slow } from '../text/hostile.js'
import {
  europeanPings,
  japanesePings,
  koreanPings,
  type SamplePing,
  simplifiedPings,
  traditionalPings,
} from '../text/sample-pings.js'

const url = 'https://blog.example/2005/10/entry.html'
const FORM = 'application/x-www-form-urlencoded'

function read(body: Uint8Array | string, options?: ParsePingOptions): ReceivedPing {
  const received = parsePing(body, options)
  if (received.ping === null) throw new Error(`unreadable: ${received.reason}`)
  return received
}

const undeclared = (body: string): string => body.replace(/&charset=[^&]*/, '')

// How many of the pings come out as they went in.
function right(
  pings: readonly SamplePing[],
  charset: string,
  declare: 'header' | 'field' | 'none',
  options: ParsePingOptions = {},
): number {
  const wanted = (text: string): string => (charset === 'iso-2022-jp' ? text.normalize('NFKC') : text)
  return pings.filter((texts) => {
    const { body, contentType } = generatePing({ url, ...texts }, { charset })
    const { ping } = read(declare === 'field' ? body : undeclared(body), {
      contentType: declare === 'header' ? contentType : FORM,
      ...options,
    })
    const decodeReferences = (text: string): string =>
      text.replace(/&#(\d+);/g, (_, point) => String.fromCodePoint(Number(point)))
    return (['title', 'excerpt', 'blogName'] as const).every((field) => {
      const got = decodeReferences(ping[field])
      return (charset === 'iso-2022-jp' ? got.normalize('NFKC') : got) === wanted(texts[field])
    })
  }).length
}

describe('parsePing', () => {
  it('PROTOCOL 4: reads the example of the specification', () => {
    const received = read('title=Foo+Bar&url=http://www.bar.com/&excerpt=My+Excerpt&blog_name=Foo')
    expect(received).toEqual({
      ping: { url: 'http://www.bar.com/', title: 'Foo Bar', excerpt: 'My Excerpt', blogName: 'Foo' },
      charset: 'utf-8',
      charsetSource: 'utf-8',
      repeated: 0,
    })
  })

  it('gives empty fields where there are none, and ignores others (PROTOCOL 11)', () => {
    const { ping } = read('__debug=1&x_author=a&title[]=x&title[a]=y&__proto__=z&constructor=c')
    expect(ping).toEqual({ url: '', title: '', excerpt: '', blogName: '' })
    expect(Object.prototype).not.toHaveProperty('z')
    expect(read(new Uint8Array()).ping.url).toBe('')
  })

  it('THREATS H3: the first of a repeated field counts, and repeats are counted', () => {
    const received = read(
      'url=http://a.example/&url=http://b.example/&title=1&title=2&title=3&other=1&other=2',
    )
    expect(received.ping).toMatchObject({ url: 'http://a.example/', title: '1' })
    expect(received.repeated).toBe(3)
  })

  it('PEERS: the query gives what the body lacks, never more', () => {
    const received = read('title=body&url=', {
      query: '?title=query&excerpt=%E3%81%82&url=http://a.example/',
    })
    expect(received.ping).toMatchObject({ title: 'body', excerpt: 'あ', url: '' })
    expect(received.repeated).toBe(2)
    expect(read('', { query: 'url=http://a.example/' }).ping.url).toBe('http://a.example/')
  })

  it('passes over a byte order mark in front of the form', () => {
    const form = generatePing({ url, title: 'テスト' }).body
    expect(read(`\ufeff${form}`)).toEqual(read(form))
    const eucJp = generatePing({ url, title: 'テスト' }, { charset: 'euc-jp' }).body
    expect(read(`\ufefftitle=first&${eucJp}`).ping.title).toBe('first')
  })

  it('PROTOCOL 105: leaves references and tags to whoever makes text of the fields', () => {
    expect(read('title=K%C3%B6ln+%26amp%3B+%3Cb%3E').ping.title).toBe('Köln &amp; <b>')
  })

  it('keeps line breaks, and fields of several lines stay apart', () => {
    const body = `title=${encodeURIComponent('あ\nい')}&excerpt=${encodeURIComponent('う\r\n\n')}&blog_name=x`
    expect(read(body).ping).toMatchObject({ title: 'あ\nい', excerpt: 'う\r\n\n', blogName: 'x' })
  })

  it.each([
    [undefined, true],
    ['', true],
    [FORM, true],
    [`${FORM};charset="utf-8"`, true],
    ['Application/X-WWW-Form-URLencoded ; charset=utf-8', true],
    ['multipart/form-data; boundary=x', true],
    ['multipart/form-data', false],
    [`${FORM} charset=utf-8`, true],
    [`${FORM}, ${FORM}; charset=utf-8`, true],
    ['application/json', false],
    ['text/plain', false],
    [`text/plain; ${FORM}`, false],
    [`${FORM}-not`, false],
  ])('PROTOCOL 2: Content-Type %j is a form: %j', (contentType, isForm) => {
    const received = parsePing('url=http://a.example/', { contentType })
    expect(received.ping === null ? received.reason : 'form').toBe(isForm ? 'form' : 'type')
  })

  it('THREATS R3: refuses more bytes and more pairs than allowed, and says which', () => {
    const of = (body: string, options?: ParsePingOptions): string => {
      const received = parsePing(body, options)
      return received.ping === null ? received.reason : 'form'
    }
    expect(of('a'.repeat(65_536))).toBe('form')
    expect(of('a'.repeat(65_537))).toBe('size')
    expect(of('あ'.repeat(21_846))).toBe('size')
    expect(of('a'.repeat(65_530), { query: 'b=1234567' })).toBe('size')
    expect(of('a=1&'.repeat(32))).toBe('form')
    expect(of('a=1&'.repeat(33))).toBe('pairs')
    expect(of('a=1&'.repeat(30), { query: 'b&c&d' })).toBe('pairs')
    expect(of('a&b&c', { maxPairs: 2 })).toBe('pairs')
    expect(of('abcd', { maxBytes: 3 })).toBe('size')
  })

  it.each([0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, '32'])(
    'a limit of %j is a mistake, not no limit',
    (limit) => {
      expect(() => parsePing('', { maxPairs: limit as number })).toThrow(TypeError)
      expect(() => parsePing('', { maxBytes: limit as number })).toThrow(TypeError)
    },
  )
})

describe('the charset of a ping', () => {
  const sjis = undeclared(
    generatePing({ url, title: '日本語の題', excerpt: 'テストです' }, { charset: 'shift_jis' }).body,
  )
  const choice = (body: string, contentType?: string): string[] => {
    const { charset, charsetSource, ping } = read(body, { contentType })
    return [charset, charsetSource, ping.title]
  }

  it('PROTOCOL 12, 13: is what Content-Type or the charset field names', () => {
    expect(choice(sjis, `${FORM}; charset=Shift_JIS`)).toEqual(['shift_jis', 'content-type', '日本語の題'])
    expect(choice(`${sjis}&charset=SJIS-win`)).toEqual(['shift_jis', 'field', '日本語の題'])
  })

  it('PEERS 32: is the one that fits where the two disagree', () => {
    expect(choice(`${sjis}&charset=sjis`, `${FORM}; charset=utf-8`)).toEqual([
      'shift_jis',
      'field',
      '日本語の題',
    ])
    expect(choice(`${sjis}&charset=utf-8`, `${FORM}; charset=sjis`)).toEqual([
      'shift_jis',
      'content-type',
      '日本語の題',
    ])
    expect(choice(`${sjis}&charset=sjis`, `${FORM}; charset=iso-8859-1`)).toEqual([
      'shift_jis',
      'field',
      '日本語の題',
    ])
  })

  it('is found where both are wrong', () => {
    expect(choice(`${sjis}&charset=utf-8`, `${FORM}; charset=euc-jp`)).toEqual([
      'shift_jis',
      'detected',
      '日本語の題',
    ])
  })

  it('is UTF-8 where the bytes are, whatever Latin charset is named', () => {
    const body = `title=${encodeURIComponent('日本')}&charset=iso-8859-1`
    expect(choice(body)).toEqual(['utf-8', 'utf-8', '日本'])
  })

  it('PROTOCOL 27, 82, 83: UTF-7, lists, unknown and endless labels count as not given', () => {
    for (const label of [
      'UTF-7',
      'utf-8,sjis,euc-jp',
      'foobar',
      'x'.repeat(60_000),
      '',
      'UTF-16',
      'utf-16be',
    ]) {
      expect(choice(`${sjis}&charset=${label}`)).toEqual(['shift_jis', 'detected', '日本語の題'])
    }
    expect(read('title=%2BADw-script%2BAD4-&charset=UTF-7').ping.title).toBe('+ADw-script+AD4-')
    expect(choice(`${sjis}&charset[]=euc-jp`)).toEqual(['shift_jis', 'detected', '日本語の題'])
  })

  it('PROTOCOL 79: an ASCII excerpt does not hide the charset of a short title', () => {
    const title = Buffer.from(encodeText('テスト', 'shift_jis')).toString('latin1')
    expect(choice(`title=${escape(title)}&excerpt=only+ASCII+here&blog_name=Blog`)[2]).toBe('テスト')
  })

  it('is what was declared where the text is ASCII', () => {
    expect(choice('title=plain', `${FORM}; charset=EUC-JP`)).toEqual(['euc-jp', 'content-type', 'plain'])
    expect(choice('title=plain&charset=utf-16')).toEqual(['utf-8', 'utf-8', 'plain'])
  })

  it('reads raw eight-bit bytes that were not percent-encoded', () => {
    const body = Buffer.concat([
      Buffer.from('title='),
      encodeText('日本語の題', 'euc-jp'),
      Buffer.from('&charset=euc-jp'),
    ])
    expect(read(body).ping.title).toBe('日本語の題')
  })

  it('an excerpt cut in the middle of a character does not garble the rest', () => {
    for (const charset of ['utf-8', 'shift_jis', 'euc-jp']) {
      const whole = Buffer.from(encodeText('この記事のトラックバックです', charset)).toString('latin1')
      const body = `title=${escape(Buffer.from(encodeText('日本語', charset)).toString('latin1'))}&excerpt=${escape(whole.slice(0, -1))}`
      for (const contentType of [FORM, `${FORM}; charset=${charset}`]) {
        const { ping } = read(body, { contentType })
        expect([charset, ping.title, ping.excerpt.slice(0, 10)]).toEqual([
          charset,
          '日本語',
          'この記事のトラックバ'.slice(0, 10),
        ])
      }
    }
  })

  it('THREATS C3: 400 Japanese pings are right in every charset that is declared, in either place', () => {
    for (const charset of ['utf-8', 'shift_jis', 'euc-jp', 'iso-2022-jp']) {
      expect([charset, right(japanesePings, charset, 'header')]).toEqual([charset, 400])
      expect([charset, right(japanesePings, charset, 'field')]).toEqual([charset, 400])
    }
  })

  it('THREATS C3: at least 99 of 100 Japanese pings are right where no charset is declared', () => {
    for (const lang of [undefined, 'ja', 'en']) {
      for (const charset of ['utf-8', 'shift_jis', 'euc-jp', 'iso-2022-jp']) {
        expect(right(japanesePings, charset, 'none', { lang })).toBeGreaterThanOrEqual(396)
      }
    }
  })

  it.each([
    ['Korean', koreanPings, 'euc-kr', 'ko'],
    ['simplified Chinese', simplifiedPings, 'gb18030', 'zh'],
    ['traditional Chinese', traditionalPings, 'big5', 'zh'],
    ['traditional Chinese', traditionalPings, 'big5', 'zh-TW'],
    ['French and German', europeanPings, 'windows-1252', undefined],
    ['French and German', europeanPings, 'windows-1252', 'ja'],
  ] as const)(
    '%s pings are right, declared and, with the language as a hint, undeclared',
    (_, pings, charset, lang) => {
      expect(right(pings, charset, 'header')).toBe(100)
      expect(right(pings, charset, 'field')).toBe(100)
      expect(right(pings, charset, 'none', { lang })).toBeGreaterThanOrEqual(99)
      expect(right(pings, charset, 'none', { expectedCharsets: [charset] })).toBeGreaterThanOrEqual(99)
    },
  )

  it('any bytes give fields of text, whatever is declared', () => {
    const charset = fc.constantFrom(
      'utf-8',
      'shift_jis',
      'euc-jp',
      'iso-2022-jp',
      'big5',
      'utf-16',
      'koi8-r',
      'x',
    )
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), charset, charset, (bytes, header, field) => {
        const body = Buffer.concat([Buffer.from(`charset=${field}&title=`), bytes])
        const received = parsePing(body, { contentType: `${FORM}; charset=${header}`, maxPairs: 1_000 })
        expect(typeof received.ping?.title).toBe('string')
      }),
    )
  })
})

describe('PROTOCOL 115: multipart/form-data', () => {
  const contentType = 'multipart/form-data; boundary=x9'
  const part = (name: string, value: string) =>
    `--x9\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`

  it('is read as a form is, with its limits', () => {
    const body = `${part('blog_name', 'ブログ &raquo 題')}${part('url', url)}${part('excerpt', 'a+b%20c')}--x9--\r\n`
    expect(parsePing(body, { contentType }).ping).toEqual({
      url,
      title: '',
      excerpt: 'a+b%20c',
      blogName: 'ブログ &raquo 題',
    })
    expect(parsePing(body, { contentType, maxPairs: 2 })).toEqual({ ping: null, reason: 'pairs' })
    expect(parsePing(body, { contentType, maxBytes: 99 })).toEqual({ ping: null, reason: 'size' })
    expect(parsePing(body, { contentType, query: 'title=in+the+query' }).ping?.title).toBe('in the query')
  })

  it('is decoded by its charset field, and by what the bytes look like', () => {
    const body = Buffer.from(
      `${part('title', '\x93\xfa\x96\x7b\x8c\xea')}${part('url', url)}--x9--`,
      'latin1',
    )
    expect(parsePing(body, { contentType }).ping?.title).toBe('日本語')
    const declared = Buffer.concat([Buffer.from(part('charset', 'shift_jis')), body])
    expect(parsePing(declared, { contentType })).toMatchObject({
      charset: 'shift_jis',
      charsetSource: 'field',
    })
  })
})

it('PROTOCOL 121: a URL that was escaped for XML is unescaped once', () => {
  for (const escaped of ['&amp;', '&#38;', '&#038;', '&AMP;']) {
    const body = new URLSearchParams({ url: `${url}?a=1${escaped}b=2`, title: 'a &amp; b' }).toString()
    expect(read(body).ping).toMatchObject({ url: `${url}?a=1&b=2`, title: 'a &amp; b' })
  }
})

describe('generatePing', () => {
  it('PROTOCOL 111: gives Serendipity the field without which it destroys the text, and nobody else', () => {
    const fieldOf = (pingUrl?: string, charset?: string) =>
      new URLSearchParams(generatePing({ url }, { pingUrl, charset } as object).body).get(
        'serendipity[charset]',
      )
    expect(fieldOf('http://s9y.example/comment.php?type=trackback&entry_id=3')).toBe('UTF-8/')
    expect(fieldOf('http://s9y.example/blog/comment.php?entry_id=3&type=trackback')).toBe('UTF-8/')
    expect(fieldOf('http://s9y.example/comment.php?type=trackback&entry_id=3', 'iso-8859-1')).toBeNull()
    for (const other of ['http://a.example/comment.php', 'http://a.example/tb?type=trackback', undefined]) {
      expect(fieldOf(other)).toBeNull()
    }
  })

  it('PROTOCOL 121: sends a URL in ASCII, whatever the charset, and without blanks around it', () => {
    for (const charset of ['utf-8', 'euc-jp', 'iso-8859-1']) {
      const { body } = generatePing({ url: ' http://bücher.example/日記?q=ü ' }, { charset })
      expect(new URLSearchParams(body).get('url')).toBe(
        'http://xn--bcher-kva.example/%E6%97%A5%E8%A8%98?q=%C3%BC',
      )
    }
  })

  it('PROTOCOL 10: sends all four fields, none empty', () => {
    expect(read(generatePing({ url }).body).ping).toEqual({
      url,
      title: url,
      excerpt: url,
      blogName: 'blog.example',
    })
    expect(read(generatePing({ url, title: ' ', excerpt: '\n', blogName: '' }).body).ping).toEqual({
      url,
      title: url,
      excerpt: url,
      blogName: 'blog.example',
    })
    expect(read(generatePing({ url, title: 'T' }).body).ping.excerpt).toBe('T')
  })

  it('PROTOCOL 10, 138: takes texts that show nothing for missing ones', () => {
    const nothing = { title: '\u3164', excerpt: ' \u2800\u200B', blogName: '\u00AD\uFE0F' }
    expect(generatePing({ url: 'http://a.example/1', ...nothing })).toEqual(
      generatePing({ url: 'http://a.example/1' }),
    )
  })

  it('PROTOCOL 3, 12, 104: names the charset in the header and as a field', () => {
    const utf8 = generatePing({ url, title: '日本' })
    expect(utf8.contentType).toBe('application/x-www-form-urlencoded; charset=utf-8')
    expect(new URLSearchParams(utf8.body).get('charset')).toBe('utf-8')
    const euc = generatePing({ url, title: '日本' }, { charset: 'EUC-JP' })
    expect(euc.contentType).toBe('application/x-www-form-urlencoded; charset=euc-jp')
    expect(euc.body).toContain('title=%C6%FC%CB%DC&')
    expect(euc.body).toContain('&charset=euc-jp')
  })

  it('is read in UTF-8 by the platform as it is by us', () => {
    const fields = new URLSearchParams(
      generatePing({ url, title: 'a+b & c=d %41', excerpt: '☃', blogName: 'é' }).body,
    )
    expect(Object.fromEntries(fields)).toEqual({
      url,
      title: 'a+b & c=d %41',
      excerpt: '☃',
      blog_name: 'é',
      charset: 'utf-8',
    })
  })

  it('a character that the charset lacks becomes a reference', () => {
    expect(read(generatePing({ url, title: '☃' }, { charset: 'euc-jp' }).body).ping.title).toBe('&#9731;')
  })

  it('throws TypeError for an invalid URL or charset', () => {
    expect(() => generatePing({ url: '/relative' })).toThrow(TypeError)
    expect(() => generatePing({ url: 'javascript:alert(1)' })).toThrow(TypeError)
    expect(() => generatePing({ url: '', title: 'x', excerpt: 'x', blogName: 'x' })).toThrow(TypeError)
    for (const charset of ['utf-7', 'utf-16', 'foobar']) {
      expect(() => generatePing({ url }, { charset })).toThrow(TypeError)
    }
  })

  it('what is written is read back, for any text, declared or not', () => {
    const text = difficult.map((value) => `あ${Buffer.from(value).toString('utf8')}`.trim())
    fc.assert(
      fc.property(text, text, text, (title, excerpt, blogName) => {
        const { body, contentType } = generatePing({ url, title, excerpt, blogName })
        expect(read(body, { contentType, maxBytes: 1 << 20 }).ping).toEqual({ url, title, excerpt, blogName })
        const isEscaped = [title, excerpt, blogName].some((one) => one.includes('\x1B'))
        if (!isEscaped) expect(read(undeclared(body)).ping).toEqual({ url, title, excerpt, blogName })
      }),
    )
  })

  it.each(['half pairs', 'joiners', 'less-than signs', 'Japanese text'])(
    '256 KiB of %s as a field takes no long time',
    (name) => {
      const start = performance.now()
      const { body } = generatePing({ url, title: slow[name]?.(1 << 18) ?? '' }, { charset: 'iso-2022-jp' })
      const received = parsePing(body, { maxBytes: 1 << 26 })
      expect(received.ping).not.toBeNull()
      expect(performance.now() - start).toBeLessThan(10_000)
    },
  )
})
