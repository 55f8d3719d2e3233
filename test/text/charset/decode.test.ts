import { createMultibyteDecoder } from '@exodus/bytes/multi-byte.js'
import { createSinglebyteDecoder } from '@exodus/bytes/single-byte.js'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decode, decodeStrictUtf8, toByteString } from '../../../src/text/charset/decode.js'

const multiByte = ['shift_jis', 'euc-jp', 'euc-kr', 'gb18030', 'big5']

// Every sequence of one and of two bytes.
function* sequences(): Generator<Uint8Array> {
  for (let first = 0; first <= 0xff; first += 1) {
    yield Uint8Array.of(first)
    for (let second = 0; second <= 0xff; second += 1) yield Uint8Array.of(first, second)
  }
}

// The differences that the documentation of decode() names.
function withoutNamedDifferences(text: string, charset: string): string {
  const named = charset === 'shift_jis' ? text.replaceAll('\x80', '\uFFFD') : text
  return named.replace(/\uFFFD+/g, '\uFFFD')
}

describe('decode', () => {
  it.each(multiByte)(
    'every sequence of one or two bytes that %s defines is what the Encoding Standard says',
    (charset) => {
      const standard = createMultibyteDecoder(charset, true)
      let defined = 0
      for (const bytes of sequences()) {
        const expected = standard(bytes)
        if (expected.includes('\uFFFD')) continue
        const text = decode(bytes, charset)
        if (withoutNamedDifferences(text, charset) !== withoutNamedDifferences(expected, charset)) {
          expect([Buffer.from(bytes).toString('hex'), text]).toEqual([
            Buffer.from(bytes).toString('hex'),
            expected,
          ])
        }
        defined += 1
      }
      expect(defined).toBeGreaterThan(20_000)
    },
  )

  it.each(multiByte)(
    'every malformed sequence of %s holds U+FFFD and keeps a control or punctuation after it',
    (charset) => {
      const standard = createMultibyteDecoder(charset, true)
      const wrong: string[] = []
      for (const bytes of sequences()) {
        if (!standard(bytes).includes('\uFFFD')) continue
        const text = decode(bytes, charset)
        const last = String.fromCharCode(bytes[1] ?? 0xff)
        const isKept = last >= '0' || text.endsWith(last)
        if (!text.includes('\uFFFD') || !isKept) wrong.push(Buffer.from(bytes).toString('hex'))
      }
      expect(wrong).toEqual([])
    },
  )

  it.each([...multiByte, 'gbk'])('THREATS C2: in %s no byte swallows a quote, < or > after it', (charset) => {
    const wrong: string[] = []
    for (let first = 0x80; first <= 0xff; first += 1) {
      for (let second = 0; second <= 0xff; second += 1) {
        const text = decode(Uint8Array.of(first, second, 0x22, 0x27, 0x3e, 0x3c), charset)
        if (!text.endsWith('"\'><')) wrong.push(text)
      }
    }
    expect(wrong).toEqual([])
  })

  it('every sequence of two bytes between the escapes of ISO-2022-JP is what the Encoding Standard says', () => {
    const standard = createMultibyteDecoder('iso-2022-jp', true)
    for (let first = 0x21; first < 0x7f; first += 1) {
      for (let second = 0x21; second < 0x7f; second += 1) {
        const bytes = Uint8Array.of(0x1b, 0x24, 0x42, first, second, 0x1b, 0x28, 0x42)
        expect(decode(bytes, 'iso-2022-jp')).toBe(standard(bytes))
      }
    }
  })

  it('every three bytes of EUC-JP that the Encoding Standard defines are what it says', () => {
    const standard = createMultibyteDecoder('euc-jp', true)
    let defined = 0
    for (let second = 0xa1; second <= 0xfe; second += 1) {
      for (let third = 0xa1; third <= 0xfe; third += 1) {
        const bytes = Uint8Array.of(0x8f, second, third)
        const expected = standard(bytes)
        if (expected.includes('\uFFFD')) continue
        defined += 1
        expect(decode(bytes, 'euc-jp')).toBe(expected)
      }
    }
    expect(defined).toBeGreaterThan(6_000)
  })

  it.each([
    'windows-1252',
    'windows-1251',
    'windows-1250',
    'iso-8859-2',
    'iso-8859-15',
    'koi8-r',
    'windows-1254',
  ])('every byte of %s is what the Encoding Standard says', (charset) => {
    const all = Uint8Array.from({ length: 256 }, (_, byte) => byte)
    expect(decode(all, charset)).toBe(createSinglebyteDecoder(charset, true)(all))
  })

  it.each([...multiByte, 'iso-2022-jp', 'utf-8', 'utf-16le'])(
    'keeps no state in %s: half a character changes nothing after it',
    (charset) => {
      const half = Uint8Array.of(0x1b, 0x24, 0x42, 0x93)
      const before = decode(half, charset)
      expect(decode(Buffer.from('a\0b\0', 'latin1'), charset).replaceAll('\0', '')).toBe('ab')
      expect(decode(half, charset)).toBe(before)
    },
  )

  it('THREATS C2: overlong UTF-8 is malformed', () => {
    expect(decode(Uint8Array.of(0xc0, 0xbc), 'utf-8')).toBe('\uFFFD\uFFFD')
    expect(decodeStrictUtf8(Uint8Array.of(0xc0, 0xbc))).toBeNull()
    expect(decodeStrictUtf8(Uint8Array.of(0xed, 0xa0, 0x80))).toBeNull()
    expect(decodeStrictUtf8(Buffer.from('日本'))).toBe('日本')
  })

  it('removes a byte order mark', () => {
    expect(decode(Buffer.from('\uFEFFa'), 'utf-8')).toBe('a')
    expect(decode(Uint8Array.of(0xff, 0xfe, 0x61, 0), 'utf-16le')).toBe('a')
  })

  it('reads an unknown charset as UTF-8 and never throws', () => {
    expect(decode(Buffer.from('é'), 'no-such-charset')).toBe('é')
    fc.assert(
      fc.property(
        fc.uint8Array(),
        fc.constantFrom(...multiByte, 'iso-2022-jp', 'utf-8', 'x', ''),
        (bytes, charset) => {
          expect(typeof decode(bytes, charset)).toBe('string')
        },
      ),
    )
  })

  it('reads a part of a larger buffer', () => {
    const part = new Uint8Array(Buffer.from('xxé€xx', 'latin1').buffer, 0, 0)
    expect(decode(part, 'windows-1252')).toBe('')
    const bytes = Uint8Array.of(0x41, 0x80, 0xe9, 0x42)
    expect(decode(bytes.subarray(1, 3), 'windows-1252')).toBe('€é')
    expect(toByteString(bytes.subarray(1, 3))).toBe('\x80\xe9')
  })
})
