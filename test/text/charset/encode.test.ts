import { createMultibyteEncoder } from '@exodus/bytes/multi-byte.js'
import { createSinglebyteEncoder } from '@exodus/bytes/single-byte.js'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decode } from '../../../src/text/charset/decode.js'
import { encodeText } from '../../../src/text/charset/encode.js'
import { difficult } from '../hostile.js'
import { japanesePings, koreanPings, simplifiedPings, traditionalPings } from '../sample-pings.js'

type Encode = (text: string) => Uint8Array
const twins = [...'〜−‖—¢£¬']
const hex = (bytes: Uint8Array | null): string =>
  bytes === null ? 'none' : Buffer.from(bytes).toString('hex')

// Hundreds of thousands of refusals are counted here, nobody reads where they came from.
Error.stackTraceLimit = 0

function tried(encode: () => Uint8Array): Uint8Array | null {
  try {
    return encode()
  } catch {
    return null
  }
}

function differences(charset: string, standard: Encode): string[] {
  const found: string[] = []
  for (let point = 0; point <= 0xffff; point += 1) {
    // Surrogates and private use are left out: the standard maps the latter, no receiver shows them.
    if (point >= 0xd800 && point < 0xf900) continue
    const text = String.fromCodePoint(point)
    const bytes = encodeText(text, charset)
    const ours = point > 0x7f && bytes[0] === 0x26 ? null : bytes
    if (hex(ours) !== hex(tried(() => standard(text)))) found.push(text)
  }
  return found
}

describe('encodeText', () => {
  it.each([
    ['shift_jis', [...'¢£¥¬—‖‾〜', '\x80']],
    ['euc-jp', [...'¢£¥¬—‖‾〜']],
    ['euc-kr', [...'¢£¬—‖−〜']],
    ['big5', [...'¢£¬‖−〜']],
    ['iso-2022-jp', [...'\x0e\x0f\x1b¢£¥¬—‖‾〜ﾞﾟ']],
  ])(
    'every character is encoded in %s as in the Encoding Standard, but for the named ones',
    (charset, named) => {
      expect(differences(charset, createMultibyteEncoder(charset)).sort()).toEqual(named.sort())
    },
  )

  it.each(['windows-1252', 'windows-1251', 'iso-8859-2', 'koi8-r'])(
    'every character is encoded in %s as in the Encoding Standard',
    (charset) => {
      expect(differences(charset, createSinglebyteEncoder(charset))).toEqual([])
    },
  )

  it('what is read is what was written, for realistic text in every charset', () => {
    const sets = [
      { pings: japanesePings, charsets: ['utf-8', 'shift_jis', 'euc-jp'] },
      { pings: koreanPings, charsets: ['utf-8', 'euc-kr'] },
      { pings: simplifiedPings, charsets: ['gbk', 'gb18030'] },
      { pings: traditionalPings, charsets: ['big5'] },
    ]
    for (const { pings, charsets } of sets) {
      const text = pings
        .map(({ title, excerpt }) => title + excerpt)
        .join('\n')
        .replaceAll('é', '')
      for (const charset of charsets) expect(decode(encodeText(text, charset), charset)).toBe(text)
    }
  })

  it('sends the wave dash and its like as the charset has them', () => {
    expect(hex(encodeText('〜', 'shift_jis'))).toBe('8160')
    expect(hex(encodeText('〜', 'euc-jp'))).toBe('a1c1')
    for (const twin of twins) expect(decode(encodeText(twin, 'euc-jp'), 'euc-jp')).toMatch(/^[^&]$/)
  })

  it('ISO-2022-JP ends in ASCII, has full-width kana only and no escape of the text itself', () => {
    expect(Buffer.from(encodeText('日a本', 'iso-2022-jp')).toString('latin1')).toBe(
      '\x1B$BF|\x1B(Ba\x1B$BK\\\x1B(B',
    )
    expect(decode(encodeText('ﾊﾟﾝﾀﾞ', 'iso-2022-jp'), 'iso-2022-jp')).toBe('パンダ')
    expect(hex(encodeText('a\x1B$Bb', 'iso-2022-jp'))).toBe(hex(Buffer.from('a$Bb')))
    expect(hex(encodeText('', 'iso-2022-jp'))).toBe('')
  })

  it('a character that the charset lacks becomes a reference', () => {
    expect(Buffer.from(encodeText('a☃😀', 'euc-jp')).toString()).toBe('a&#9731;&#128512;')
  })

  it.each(['utf-7', 'foobar', 'utf-16', 'utf-16be', ''])('throws TypeError for %j', (charset) => {
    expect(() => encodeText('a', charset)).toThrow(TypeError)
  })

  it('knows labels', () => {
    expect(hex(encodeText('日', 'SJIS-win'))).toBe('93fa')
  })

  it('any text is read back with references for what the charset lacks', () => {
    fc.assert(
      fc.property(
        difficult,
        fc.constantFrom('shift_jis', 'euc-jp', 'big5', 'euc-kr', 'windows-1252'),
        (text, charset) => {
          const back = decode(encodeText(text, charset), charset)
          const expected = Array.from(text, (character) => {
            const alone = decode(encodeText(character, charset), charset)
            expect(Array.from(alone).length === 1 || alone === `&#${character.codePointAt(0)};`).toBe(true)
            return alone
          })
          expect(back).toBe(expected.join(''))
        },
      ),
    )
  })

  it('a mebibyte of what the charset lacks takes no long time', () => {
    const start = performance.now()
    const bytes = encodeText('☃日'.repeat(1 << 19), 'iso-2022-jp')
    expect(bytes.length).toBeGreaterThan(1 << 20)
    expect(performance.now() - start).toBeLessThan(15_000)
  })
})
