import { describe, expect, it } from 'vitest'
import { encodeText } from '../../../src/text/charset/encode.js'
import { likeness } from '../../../src/text/charset/likeness.js'

const texts: Readonly<Record<string, string>> = {
  'utf-8': 'テストの文章です',
  shift_jis: 'テストの文章です',
  'euc-jp': 'テストの文章です',
  'euc-kr': '시험을 위한 글입니다',
  gb18030: '这是测试用的文章',
  gbk: '这是测试用的文章',
  big5: '這是測試用的文章',
  'windows-1252': 'Schöne Grüße – à bientôt !',
  'windows-1251': 'Проверка связи',
  'koi8-r': 'Проверка связи',
}

describe('likeness', () => {
  it.each(Object.entries(texts))('is clearly positive for text in %s', (charset, text) => {
    expect(likeness(encodeText(text, charset), charset)).toBeGreaterThan(0.5)
  })

  it.each([
    ['shift_jis', 'euc-jp'],
    ['shift_jis', 'utf-8'],
    ['shift_jis', 'big5'],
    ['euc-jp', 'shift_jis'],
    ['euc-jp', 'windows-1252'],
    ['utf-8', 'euc-jp'],
    ['utf-8', 'windows-1252'],
    ['windows-1252', 'euc-jp'],
    ['windows-1252', 'utf-8'],
  ])('text in %s is not like %s', (charset, other) => {
    const bytes = encodeText(texts[charset] ?? '', charset)
    expect(likeness(bytes, other)).toBeLessThan(0.3)
  })

  it('is 0 for ASCII and for nothing', () => {
    expect(likeness(Buffer.from('plain'), 'shift_jis')).toBe(0)
    expect(likeness(new Uint8Array(), 'utf-8')).toBe(0)
  })

  it('looks at the text behind a long ASCII beginning', () => {
    const bytes = Buffer.concat([Buffer.alloc(100_000, 0x20), encodeText('日本語です', 'euc-jp')])
    expect(likeness(bytes, 'euc-jp')).toBeGreaterThan(1)
  })
})
