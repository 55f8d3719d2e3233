import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { DetectOptions } from '../../../src/text/charset/detect.js'
import { decodeDeclared } from '../../../src/text/charset/document.js'
import { encodeText } from '../../../src/text/charset/encode.js'

const detectCharset = (bytes: Uint8Array, options?: DetectOptions): string =>
  decodeDeclared(bytes, [], options).charset
const detect = (text: string, charset: string, options?: DetectOptions): string =>
  detectCharset(encodeText(text, charset), options)

describe('the charset of what declares none', () => {
  it('PEERS 34: tells Shift_JIS from EUC-JP where both decode without an error', () => {
    expect(detect('テスト', 'shift_jis')).toBe('shift_jis')
    expect(detect('テスト', 'euc-jp')).toBe('euc-jp')
  })

  it('reads ASCII, valid UTF-8 and nothing as UTF-8', () => {
    expect(detectCharset(Buffer.from('plain'))).toBe('utf-8')
    expect(detectCharset(Buffer.from('日本'))).toBe('utf-8')
    expect(detectCharset(new Uint8Array())).toBe('utf-8')
  })

  it('knows ISO-2022-JP by its escapes, unless there are eight-bit bytes', () => {
    expect(detect('日本', 'iso-2022-jp')).toBe('iso-2022-jp')
    expect(detectCharset(Buffer.from('a\x1B[31mb'))).toBe('utf-8')
    expect(detectCharset(Buffer.concat([Buffer.from('\x1B$Bé', 'latin1')]))).not.toBe('iso-2022-jp')
    expect(detectCharset(encodeText('日本', 'iso-2022-jp').subarray(0, 6))).toBe('iso-2022-jp')
  })

  it('UTF-8 that was cut inside a character stays UTF-8', () => {
    expect(detectCharset(Buffer.from('この記事へのトラックバック').subarray(0, -1))).toBe('utf-8')
    expect(
      detectCharset(Buffer.concat([Buffer.from('日本語').subarray(0, -2), Buffer.from(' and more')])),
    ).toBe('utf-8')
  })

  it('half-width kana are Shift_JIS in one byte each and EUC-JP after 8E', () => {
    expect(detect('ｺﾒﾝﾄとﾄﾗｯｸﾊﾞｯｸ', 'shift_jis')).toBe('shift_jis')
    expect(detect('ｺﾒﾝﾄとﾄﾗｯｸﾊﾞｯｸ', 'euc-jp')).toBe('euc-jp')
  })

  it('a text of kanji alone is Japanese unless the site is not', () => {
    expect(detect('東京大学', 'euc-jp')).toBe('euc-jp')
    expect(detect('東京大学', 'shift_jis')).toBe('shift_jis')
  })

  it('a short title of kanji alone stays Japanese beside much English', () => {
    const text = `東京大学\n${'An English excerpt. '.repeat(20)}`
    expect(detect(text, 'euc-jp')).toBe('euc-jp')
    expect(detect(text, 'shift_jis')).toBe('shift_jis')
  })

  it('names that are no charsets do no harm', () => {
    const expected = ['constructor', '__proto__', 'no-such-charset']
    expect(detect('日本語です', 'euc-jp', { expected, lang: 'constructor' })).toBe('euc-jp')
  })

  it('a long text without kana is not Japanese, even on a Japanese site', () => {
    const text = '어제는 날씨가 좋아서 공원까지 걸어갔다 왔습니다. 벚꽃은 아직 조금밖에 피지 않았습니다.'
    expect(detect(text, 'euc-kr', { lang: 'ja' })).toBe('euc-kr')
  })

  it('one accented letter is Latin', () => {
    for (const text of ['Café', 'Zoë', 'naïve idea', 'für', 'L’été', '10 €', 'Grüße']) {
      expect([text, detect(text, 'windows-1252')]).toEqual([text, 'windows-1252'])
    }
  })

  it('the language of the site decides what the bytes leave open', () => {
    expect(detect('猫日記', 'euc-jp', { lang: 'ja' })).toBe('euc-jp')
    expect(detect('我的博客', 'gbk', { lang: 'zh-CN' })).toBe('gb18030')
    expect(detect('我的部落格', 'big5', { lang: 'zh-TW' })).toBe('big5')
    expect(detect('我的部落格', 'big5', { lang: 'zh-Hant-HK' })).toBe('big5')
    expect(detect('Проверка связи', 'windows-1251', { lang: 'ru' })).toBe('windows-1251')
    expect(detect('Проверка связи', 'koi8-r', { lang: 'ru' })).toBe('koi8-r')
    expect(detect('日記', 'euc-jp', { lang: 'constructor' })).toBe('euc-jp')
  })

  it('the same bytes are another text on another site', () => {
    const bytes = encodeText('日記', 'euc-jp')
    const of = (lang: string): string => detectCharset(bytes, { lang })
    expect([of('ja'), of('zh'), of('ko')]).toEqual(['euc-jp', 'gb18030', 'euc-kr'])
    expect(detectCharset(bytes, { expected: ['gb18030'] })).toBe('gb18030')
  })

  it('expected charsets are preferred', () => {
    expect(detect('Zażółć gęślą jaźń', 'iso-8859-2', { expected: ['iso-8859-2'] })).toBe('iso-8859-2')
    expect(detect('Καλημέρα', 'windows-1253', { expected: ['windows-1253'] })).toBe('windows-1253')
  })

  it('gives a charset for any bytes', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 200 }),
        fc.constantFrom('', 'ja', 'ko', 'zh', 'ru', 'x'),
        (bytes, lang) => {
          expect(detectCharset(bytes, { lang })).toMatch(/^[a-z0-9_-]+$/)
        },
      ),
    )
  })

  it('a mebibyte of anything takes no long time', () => {
    const start = performance.now()
    for (const byte of [0x1b, 0x80, 0x8e, 0xa4, 0xe3, 0xff]) detectCharset(Buffer.alloc(1 << 20, byte))
    detectCharset(Buffer.alloc(1 << 20, '\x1B$B'))
    expect(performance.now() - start).toBeLessThan(10_000)
  })
})
