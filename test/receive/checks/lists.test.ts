import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createHostList, createWordList } from '../../../src/receive/checks/blocked.js'
import { foldText } from '../../../src/receive/checks/text.js'

describe('THREATS I2: createHostList compares by labels, never by parts of a name', () => {
  const entryOf = createHostList([
    'example.com',
    'Blog.Example.ORG.',
    '*.casino.test',
    '日本語.jp',
    '192.0.2.7',
  ])

  it.each([
    ['example.com', 'example.com'],
    ['EXAMPLE.com', 'example.com'],
    ['example.com.', 'example.com'],
    ['www.example.com', 'example.com'],
    ['a.b.c.example.com', 'example.com'],
    ['ｅｘａｍｐｌｅ．ｃｏｍ', 'example.com'],
    ['example。com', 'example.com'],
    ['exa\u00admple.com', 'example.com'],
    ['blog.example.org', 'Blog.Example.ORG.'],
    ['casino.test', '*.casino.test'],
    ['www.casino.test', '*.casino.test'],
    ['xn--wgv71a119e.jp', '日本語.jp'],
    ['blog.日本語.jp', '日本語.jp'],
    ['192.0.2.7', '192.0.2.7'],
    ['0xc0.0.2.7', '192.0.2.7'],
  ])('%s is on it', (host, entry) => expect(entryOf(host)).toBe(entry))

  it.each([
    'badexample.com',
    'example.com.evil.test',
    'example.comx',
    'example.co',
    'xample.com',
    'com',
    'example.com-evil.test',
    'evil.test/example.com',
    'example.org',
    'xblog.example.org',
    'my-blog.example.org',
    'example-com',
    'ехample.com', // a Cyrillic letter: another host
    '1.192.0.2.7.test',
    '92.0.2.7',
    '192.0.2.70',
    '日本.jp',
    'xn--zzzzzz.jp',
    'example..com',
    '',
    '.',
    ' ',
  ])("'%s' is not", (host) => expect(entryOf(host)).toBe(null))

  it.each([
    '',
    '.',
    'a b',
    'http://example.com',
    'example.com/path',
    'example.com:80',
    'user@example.com',
    'a..b',
    '*',
    '2001:db8::1',
    '[2001:db8::1]',
    'a\tb.example',
    'example.com?x',
    'exa*mple.com',
  ])("refuses the entry '%s'", (entry) => expect(() => createHostList([entry])).toThrow(TypeError))

  it('finds every host below an entry, and none that only ends like it', () => {
    const label = fc
      .stringMatching(/^[a-z]([a-z0-9-]{0,8}[a-z0-9])?$/)
      .filter((text) => !text.startsWith('xn-'))
    const name = fc
      .array(label, { minLength: 1, maxLength: 4 })
      .map((labels) => [...labels, 'example'].join('.'))
    fc.assert(
      fc.property(name, name, label, (entry, other, extra) => {
        const find = createHostList([entry])
        expect(find(`${extra}.${entry}`)).toBe(entry)
        expect(find(other)).toBe(other === entry || other.endsWith(`.${entry}`) ? entry : null)
        expect(find(`${extra}${entry}`)).toBe(null)
        expect(find(`${entry}.${extra}`)).toBe(null)
      }),
    )
  })

  it.each(['a.', '.', '日.', 'a\u00ad.', '%61.'])('is quick with a name of 16,000 labels: %j', (label) => {
    const started = performance.now()
    expect(entryOf(`${label.repeat(16_000)}example.com`)).toBe(null)
    expect(performance.now() - started).toBeLessThan(5_000)
  })

  it('knows a name again that invisible characters make long', () => {
    expect(entryOf(`exam${'\u00ad'.repeat(1000)}ple.com`)).toBe('example.com')
  })
})

describe('createWordList', () => {
  const found = (words: readonly string[], text: string) => createWordList(words)(foldText(text))

  it.each([
    ['viagra', 'Buy VIAGRA now'],
    ['viagra', 'viagra'],
    ['viagra', 'viagra!'],
    ['viagra', '(viagra)'],
    ['viagra', 'viagra4u'],
    ['viagra', '激安viagra通販'],
    ['viagra', 'vi\u200dagra'],
    ['viagra', 'ｖｉａｇｒａ'],
    ['VIAGRA', 'viagra'],
    ['viagra', 'viagraviagra viagra'],
    ['バイアグラ', '激安バイアグラ通販'],
    ['バイアグラ', 'ﾊﾞｲｱｸﾞﾗ'],
    ['통판', '싸구려통판입니다'],
    ['คาสิโน', 'เล่นคาสิโนออนไลน์'],
    ['online casino', 'best online\u3000casino ever'],
    ['straße', 'STRASSE'],
    ['c++', 'learn c++ now'],
    ['$$$', 'make $$$ fast'],
    ['.*', 'a .* b'],
    ['100%', 'get 100% free'],
  ])('finds %s in %s', (word, text) => expect(found(['unrelated', word], text)).toBe(word))

  it.each([
    ['cialis', 'a specialist of socialism'],
    ['cialis', 'cialism'],
    ['sex', 'Essex and Sussex'],
    ['казино', 'показинович'],
    ['100', '2100 and 1000'],
    ['.*', 'anything'],
    ['a.c', 'abc'],
    ['viagra', 'via gra'],
  ])('does not find %s in %s', (word, text) => expect(found([word], text)).toBe(null))

  it.each(['', ' ', '\u200d', '\u0336'])('refuses the entry %j: it would be in every text', (entry) => {
    expect(() => createWordList([entry])).toThrow(TypeError)
  })

  it('finds any word that stands alone', () => {
    const word = fc
      .string({ unit: 'grapheme', minLength: 1, maxLength: 20 })
      .filter((text) => foldText(text) !== '')
    fc.assert(
      fc.property(word, (text) => {
        expect(found([text], `one ${text} two`)).toBe(text)
      }),
    )
  })

  it('is quick with 10,000 words and a text that almost holds them', () => {
    const words = Array.from({ length: 10_000 }, (_, n) => `${'a'.repeat(20)}b${n}`)
    const find = createWordList(words)
    const started = performance.now()
    expect(find('a'.repeat(8192))).toBe(null)
    expect(performance.now() - started).toBeLessThan(10_000)
  })
})
