import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { foldedTextOf, foldText, hostsInText, lettersOf } from '../../../src/receive/checks/text.js'
import { trackbackOf } from './subject.js'

describe('foldText', () => {
  it.each([
    ['case', 'ViAgRa', 'viagra'],
    ['full width', 'ｖｉａｇｒａ', 'viagra'],
    ['half-width kana', 'ﾊﾞｲｱｸﾞﾗ', 'バイアグラ'],
    ['decomposed kana', 'ハ\u3099イアク\u3099ラ', 'バイアグラ'],
    ['mathematical letters', '𝓿𝓲𝓪𝓰𝓻𝓪 𝚟𝚒𝚊𝚐𝚛𝚊', 'viagra viagra'],
    ['circled letters', 'ⓥⓘⓐⓖⓡⓐ', 'viagra'],
    ['a ligature', 'ﬁne', 'fine'],
    ['zero-width joiners', 'vi\u200da\u200cg\u200bra', 'viagra'],
    ['soft hyphens', 'via\u00adgra', 'viagra'],
    ['variation selectors', 'v\ufe0fiagr\u{e0100}a', 'viagra'],
    ['Hangul fillers', 'vi\u3164agra', 'viagra'],
    ['struck letters', 'v\u0336i\u0336a\u0336g\u0336r\u0336a\u0336', 'viagra'],
    ['a joiner before a mark', 'ハ\u200d\u3099', 'バ'],
    ['sharp s', 'Straße STRASSE', 'strasse strasse'],
    ['long s', 'ſpam', 'spam'],
    ['dotted and dotless i', 'İstanbul ıstanbul', 'istanbul istanbul'],
    ['final sigma', 'ΟΔΟΣ οδος', 'οδοσ οδοσ'],
    ['white space', ' a\u3000b\n\tc\u00a0d ', 'a b c d'],
  ])('makes %s equal', (_, text, folded) => expect(foldText(text)).toBe(folded))

  it('keeps letters that are others', () => {
    expect(foldText('schön schon か が')).toBe('schön schon か が')
  })

  it('of a long text counts the beginning, whatever it grows to', () => {
    expect(foldText('a'.repeat(5000))).toHaveLength(2048)
    expect(foldText('\ufdfa'.repeat(5000)).length).toBeLessThanOrEqual(2048)
    expect(foldText(`${'\u200d'.repeat(50_000)}viagra`)).toBe('viagra')
  })

  it('folds any text, as often as one likes', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
        const folded = foldText(text)
        expect(foldText(folded)).toBe(folded)
        expect(lettersOf(folded)).toBe(lettersOf(text))
      }),
      { numRuns: 200 },
    )
  })

  it.each(['a\u0301', '\u0336', 'ﷺ', ' ', '\ud800', '%41', 'İ', 'ß', '\u200d'])(
    'takes linear time for 256 KB of %j',
    (unit) => {
      const text = unit.repeat(2 ** 18 / unit.length)
      const started = performance.now()
      foldText(text)
      lettersOf(text)
      hostsInText(text)
      foldedTextOf(
        trackbackOf({ url: `https://blog.example/${text}`, title: text, excerpt: text, blogName: text }),
      )
      expect(performance.now() - started).toBeLessThan(10_000)
    },
  )
})

describe('foldedTextOf', () => {
  it('holds each field, and the URL without its escapes', () => {
    const trackback = trackbackOf({
      title: 'Title',
      blogName: 'NAME',
      excerpt: 'Ｔｅｘｔ',
      url: 'https://blog.example/%E6%97%A5%E8%A8%98/%76iagra?x=%ff&y=%zz',
    })
    expect(foldedTextOf(trackback)).toBe('title\nname\ntext\nhttps://blog.example/日記/viagra?x=\ufffd&y=%zz')
  })
})

describe('hostsInText', () => {
  it.each([
    ['see http://a.example/x and WWW.B.example.', ['a.example', 'WWW.B.example.']],
    ['http://good.example@evil.example:80/', ['evil.example']],
    ['http://a.example,http://b.example', ['a.example', 'b.example']],
    ['詳細はhttp://a.jpへ', ['a.jpへ', 'a.jp']],
    ['http://日本語.jp/', ['日本語.jp']],
    ['ｈｔｔｐ：／／ａ．ｅｘａｍｐｌｅ', ['a.example']],
    ['no URL: a.example, http:/a, wwwa.b', []],
    ['http:// https://', []],
  ])('of %s are %j', (text, hosts) => expect([...new Set(hostsInText(text))]).toEqual(hosts))
})
