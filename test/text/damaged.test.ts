import { describe, expect, it } from 'vitest'
import { type ParsePingOptions, parsePing } from '../../src/protocol/ping.js'
import { decodeDocument } from '../../src/text/charset/document.js'
import { encodeText } from '../../src/text/charset/encode.js'
import { toPlainText } from '../../src/text/plain.js'
import { repeated } from '../support/strength.js'

const FORM = 'application/x-www-form-urlencoded'
const LANGUAGES =
  `ar az be bg bs ca cs da de el es et fa fi fr ga gl gu he hi hr hu hy is ja ka kk km ko lt lv mk ml mn pl
  pt ro ru sk sl sq sr sv ta te th tr uk vi zh zh-Hant`.split(/\s+/)
const REGIONS =
  'DE FR JP CN KR US GB IT ES RU PL SE NO FI DK GR TR EG IN BR MX CA ZA KE ET IL SA TH VN'.split(' ')
const TONGUES = 'de fr ja zh ko en it es ru pl sv no fi da el tr ar hi pt nl he th vi uk ro hu cs'.split(' ')

/** The names of countries or of languages in a language, those that are not ASCII. */
function wordsOf(language: string, type: 'region' | 'language'): string[] {
  const names = new Intl.DisplayNames(language, { type })
  return (type === 'region' ? REGIONS : TONGUES)
    .map((code) => names.of(code) ?? '')
    .filter((name) => /[^\0-\x7F]/.test(name))
}

const text = (value: string): Buffer => Buffer.from(value)
const bytes = (...values: number[]): Buffer => Buffer.from(values)
const joined = (...parts: Uint8Array[]): Buffer => Buffer.concat(parts)
const lastSize = (value: string): number => Buffer.byteLength(Array.from(value).at(-1) ?? '')

/** Each UTF-16 unit as three bytes. */
function cesu8(character: string): Buffer {
  const units = Array.from({ length: character.length }, (_, index) => character.charCodeAt(index))
  return bytes(
    ...units.flatMap((unit) => [0xe0 | (unit >> 12), 0x80 | ((unit >> 6) & 63), 0x80 | (unit & 63)]),
  )
}

type Damage = (a: string, b: string) => Uint8Array
const cut = (value: string, by: number): Buffer =>
  text(value).subarray(0, -Math.min(by, lastSize(value) - 1) || undefined)

const DAMAGE: Readonly<Record<string, Damage>> = {
  'cut by one byte': (a, b) => cut(`${a} ${b}`, 1),
  'cut by two bytes': (a, b) => cut(`${a} ${b}`, 2),
  'cut before three dots': (a, b) => joined(cut(`${a} ${b}`, 1), text('...')),
  'cut before an ellipsis': (a, b) => joined(cut(`${a} ${b}`, 1), text('…')),
  'a blank of Latin-1 between words': (a, b) => joined(text(a), bytes(0xa0), text(b)),
  'a blank of Latin-1 at the end': (a, b) => joined(text(`${a} ${b}`), bytes(0xa0)),
  'an overlong NUL': (a, b) => joined(text(a), bytes(0xc0, 0x80), text(b)),
  'an emoji in CESU-8': (a, b) => joined(text(a), cesu8('😀'), text(b)),
  'an emoji in CESU-8 at the end': (a, b) => joined(text(`${a} ${b} `), cesu8('🎉')),
  'half an emoji in CESU-8': (a, b) => joined(text(a), cesu8('😀').subarray(0, 3), text(b)),
  'a word in Latin-1': (a, b) => joined(text(`${a} caf`), bytes(0xe9), text(` ${b}`)),
  'an apostrophe of Windows-1252': (a, b) => joined(text(`${a} It`), bytes(0x92), text(`s ${b}`)),
  'a byte that no charset of text has': (a, b) => joined(text(a), bytes(0xff), text(b)),
}

const escapes = (value: Uint8Array): string =>
  Array.from(value, (byte) => `%${byte.toString(16).padStart(2, '0')}`).join('')
const read = (title: Uint8Array, options?: ParsePingOptions) =>
  parsePing(`url=http://a.example/1&title=${escapes(title)}`, options)

/** The percentage of titles of two words, in every language, that are read as UTF-8. */
function rightOf(damage: Damage, type: 'region' | 'language', options?: ParsePingOptions): number {
  let right = 0
  let all = 0
  for (const language of LANGUAGES) {
    const words = wordsOf(language, type)
    for (const [index, first] of words.entries()) {
      const second = words[(index * 7 + 3) % words.length] ?? ''
      const title = damage(first, second)
      all += 1
      if (read(title, options).ping !== null && charsetOf(title, options) === 'utf-8') right += 1
    }
  }
  expect(all).toBeGreaterThan(500)
  return (100 * right) / all
}

function charsetOf(title: Uint8Array, options?: ParsePingOptions): string {
  const received = read(title, options)
  return received.ping === null ? '' : received.charset
}

describe('damaged UTF-8', () => {
  it.each(Object.entries(DAMAGE))(
    'PROTOCOL 124, 136: %s leaves 99 of 100 titles of two words UTF-8, declared or not, in more than 40 languages',
    (_, damage) => {
      expect(LANGUAGES.length).toBeGreaterThanOrEqual(40)
      for (const type of ['region', 'language'] as const) {
        expect(rightOf(damage, type)).toBeGreaterThanOrEqual(99)
        expect(rightOf(damage, type, { contentType: `${FORM}; charset=utf-8` })).toBe(100)
      }
    },
  )

  it('the language of the site does not undo it', () => {
    for (const [name, damage] of Object.entries(DAMAGE)) {
      if (name.includes('Windows')) continue
      for (const lang of ['ja', 'ko', 'zh-TW', 'en'].slice(0, repeated(4, 1)))
        expect([name, lang, rightOf(damage, 'region', { lang }) >= 99]).toEqual([name, lang, true])
    }
  }, 60_000)

  it.each([
    ['title=Caf%C3%A9&excerpt=un%A0petit', ['Café', 'un\uFFFDpetit']],
    ['title=%E6%97%A5%E6%9C%AC&excerpt=%E6%97%A5%E6%9C', ['日本', '日']],
    ['title=%E6%97%A5%E6%9C...&excerpt=%E6%97%A5%E6%9C%9', ['日...', '日']],
    ['title=%E6%97%A5%ED%A0%BD%ED%B8%80&excerpt=a', ['日😀', 'a']],
    ['title=Hello&excerpt=caf%C3', ['Hello', 'caf']],
    ['title=%EF%BB%BFCaf%C3%A9&excerpt=a%C0%80b', ['\uFEFFCafé', 'a\uFFFD\uFFFDb']],
  ])('%s is read the same, declared or not', (body, [title, excerpt]) => {
    for (const contentType of [FORM, `${FORM}; charset=utf-8`, `${FORM}; charset=iso-8859-1`]) {
      if (title === 'Hello' && !contentType.endsWith('utf-8')) continue
      expect([contentType, parsePing(body, { contentType }).ping]).toMatchObject([
        contentType,
        { title, excerpt },
      ])
    }
  })

  it('a U+FFFD that was sent stays in the field, and goes where text is made of it', () => {
    const { ping } = parsePing(`title=${encodeURIComponent('日\uFFFD')}`)
    expect([ping?.title, toPlainText(ping?.title ?? '')]).toEqual(['日\uFFFD', '日'])
  })

  it('a declaration of UTF-8 over another charset is still not believed', () => {
    const contentType = `${FORM}; charset=utf-8`
    for (const [title, charset] of [
      ['日本語の題', 'shift_jis'],
      ['日本語の題', 'euc-jp'],
      ['한국어 제목', 'euc-kr'],
      ['Café', 'windows-1252'],
      ['It’s', 'windows-1252'],
    ] as const) {
      expect(read(encodeText(title, charset), { contentType }).ping?.title).toBe(title)
    }
  })

  it('pages and answers are read by the same rule', () => {
    const page = joined(text('<p>Café 日本'), bytes(0xa0), cesu8('😀'), text('<p>été'))
    for (const contentType of [null, 'text/html; charset=utf-8', 'text/html; charset=windows-1251'])
      expect(decodeDocument(page, { kind: 'html', contentType })).toMatchObject({
        charset: 'utf-8',
        text: '<p>Café 日本\uFFFD😀<p>été',
      })
  })
})

describe('escapes of ISO-2022-JP', () => {
  const hidden = text('<p>\x1B$B<div class=comments>\x1B(B<a href=x>')

  it.each(['utf-8', 'shift_jis', 'euc-jp', 'windows-1252'])(
    'THREATS C2: hide nothing in a page that is declared as %s',
    (charset) => {
      for (const page of [
        { kind: 'html', contentType: `text/html; charset=${charset}` },
        { kind: 'html', contentType: null },
      ] as const) {
        const bytesOfPage = joined(text(page.contentType === null ? `<meta charset=${charset}>` : ''), hidden)
        const decoded = decodeDocument(bytesOfPage, page)
        expect(decoded.charset).toBe(charset)
        expect(decoded.text).toContain('<div class=comments>')
      }
    },
  )

  it('count where nothing is declared, or what is declared does not fit', () => {
    const page = encodeText('<p>日本語', 'iso-2022-jp')
    expect(decodeDocument(page, { kind: 'html' })).toMatchObject({ text: '<p>日本語', reason: 'escape' })
    const contentType = 'text/html; charset=iso-2022-jp'
    expect(decodeDocument(page, { kind: 'html', contentType })).toMatchObject({
      text: '<p>日本語',
      reason: 'content-type',
    })
  })
})

// Two tables of each.
const LATIN = [
  `It’s a nice day|I don’t know|We’re back|I’m here|They’ll see|I’ve seen it|He’d go|well—known facts|Paris–Roubaix
|It is 20°C today|about 68°F|“Hello” she said|the ‘new’ thing|O’Brien’s pub|wait…what|Foo™ bar|© Foo Inc|£10 only|naïve
|L’été est là|J’ai vu l’homme|qu’il n’est pas|Aujourd’hui il pleut|20°C à l’ombre|À bientôt|l’école|« Bonjour »|L’œuvre d’art
|Äpfel|Über uns|Größe|Das ist’s|„Hallo“ sagt er|Ärger im Büro|Köln–Bonn|30°C im Schatten|Ägypten|Früher war’s besser`,
  `Today’s news|Mother’s Day|shouldn’t we|couldn’t care less|you’re right|life—and death|New York–London|at 37°C now
|the ‘80s|Valentine’s|He said—no|Ain’t it fun|o’clock|rock’n’roll|y’all|Foo’s © 2005|résumé|façade|jalapeño|L’amour
|s’il vous plaît|jusqu’à demain|presqu’île|l’Europe|d’accord|Où ?|Être ou ne pas être|À l’aide|L’avenir—déjà|m’appelle
|Österreich|Übermut|Ölpreis|für’s Erste|geht’s noch|Fußball|„Ja“|Berlin–Wien|20°C|Käse|Tschüß|Jürgen’s Blog`,
].map((table) => table.replaceAll('\n', '').split('|'))

const JAPANESE = [
  `日本 東京 大学 写真 猫 日記 旅行 料理 映画 音楽 読書 散歩 天気 電車 仕事 会社 学校 家族 友達 誕生日 新年 桜 花火 温泉 京都 新聞 選挙 野球 感想 更新
  お知らせ 雑記 近況報告 ラーメン カメラ アニメ ブログ さくら ねこ ごはん はじめまして 買い物 引っ越し 思い出 雨 風邪 病院 夢 手紙 英語 卒業 結婚 庭`,
  `人生 世界 歴史 文化 環境 地震 台風 事件 平和 広島 札幌 富士山 海 空 星 夕焼け 紅葉 梅雨 朝食 弁当 寿司 味噌汁 餃子 紅茶 ビール チーズ クリスマス
  サッカー 相撲 将棋 貯金 転職 会議 携帯電話 修理 返品 銀行 入院 眼鏡 着物 園芸 薔薇 金魚 きのう うれしい おはよう まとめ メモ レビュー リンク集`,
].map((table) => table.split(/\s+/))

/** Titles of three to eight characters out of the words of a table. */
function* shortTitles(words: readonly string[]): Generator<string> {
  for (const [index, first] of words.entries())
    for (const particle of ['', 'の', 'と', '・']) {
      const title = `${first}${particle}${words[(index * 11 + 5) % words.length]}`
      if (title.length >= 3 && title.length <= 8) yield title
    }
}

describe('short titles in other charsets, undeclared', () => {
  it.each([...LATIN.entries()])(
    'PROTOCOL 125: English, French and German in Windows-1252 are right in 99 of 100, whatever the site speaks (table %i)',
    (_, titles) => {
      const wrong = ['', 'en', 'fr', 'de', 'ja'].flatMap((lang) =>
        titles.filter((title) => read(encodeText(title, 'windows-1252'), { lang }).ping?.title !== title),
      )
      expect(wrong.length / titles.length / 5).toBeLessThanOrEqual(0.01)
    },
  )

  it.each([...JAPANESE.entries()])(
    'PROTOCOL 79: Japanese titles of three to eight characters are right in 99 of 100 (table %i)',
    (_, words) => {
      const titles = [...shortTitles(words)]
      for (const charset of ['shift_jis', 'euc-jp'])
        for (const lang of [undefined, 'ja', 'en']) {
          const right = titles.filter(
            (title) => read(encodeText(title, charset), { lang }).ping?.title === title,
          )
          expect([charset, lang, right.length / titles.length >= 0.99]).toEqual([charset, lang, true])
        }
      expect(titles.length).toBeGreaterThan(100)
    },
  )
})
