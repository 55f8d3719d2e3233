import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cutText, makeExcerpt } from '../../src/text/excerpt.js'
import { cleanText, toPlainText } from '../../src/text/plain.js'
import { repeated } from '../support/strength.js'
import { difficult, naughty, slow } from './hostile.js'

const segmenter = new Intl.Segmenter('und', { granularity: 'grapheme' })
const graphemesOf = (text: string): string[] => Array.from(segmenter.segment(text), ({ segment }) => segment)

function expectCut(text: string, max: number): void {
  const cut = cutText(text, max)
  const graphemes = graphemesOf(text)
  expect(graphemesOf(cut).length).toBeLessThanOrEqual(max)
  expect(cut.length).toBeLessThanOrEqual(max * 16)
  expect(cut).not.toMatch(/\p{Cs}/u)
  expect(cutText(cut, max)).toBe(cut)
  if (graphemes.length <= max && text.length <= max) expect(cut).toBe(text)
  if (cut === text) return
  expect(cut.endsWith('…')).toBe(true)
  const kept = cut.slice(0, -1)
  expect(text.startsWith(kept)).toBe(true)
  if (text.length <= max * 16)
    expect(kept).toBe(
      graphemes
        .slice(0, max - 1)
        .join('')
        .trimEnd(),
    )
  // It ends between graphemes, or before white space that was left out.
  const ends = new Set([0])
  let end = 0
  for (const grapheme of graphemes) {
    end += grapheme.length
    ends.add(end)
  }
  expect(ends.has(kept.length) || /^\s/.test(text.slice(kept.length))).toBe(true)
}

describe('cutText', () => {
  it('leaves text that fits and says by an ellipsis that it cut', () => {
    expect(cutText('トラックバック', 7)).toBe('トラックバック')
    expect(cutText('トラックバック', 5)).toBe('トラック…')
    expect(cutText('abc', 1)).toBe('…')
    expect(cutText('a bc', 3)).toBe('a…')
    expect(cutText('', 3)).toBe('')
  })

  it('counts what a reader calls a character', () => {
    expect(cutText('👨‍👩‍👧'.repeat(3), 3)).toBe('👨‍👩‍👧'.repeat(3))
    expect(cutText('👨‍👩‍👧'.repeat(4), 3)).toBe(`${'👨‍👩‍👧'.repeat(2)}…`)
    expect(cutText('🇯🇵🇰🇷🇨🇳', 2)).toBe('🇯🇵…')
    expect(cutText('ｶﾞｷﾞｸﾞ', 3)).toBe('ｶﾞｷﾞｸﾞ')
    expect(cutText('x́x́x́', 2)).toBe('x́…')
    expect(cutText('日本語の\u0301文', 4)).toBe('日本語…')
  })

  it('THREATS C4: a grapheme of a thousand marks does not pass the cap', () => {
    expect(cutText(`a${'\u0316'.repeat(1_000)}b`, 10)).toBe('…')
    expect(cutText(`日本${'\u0316'.repeat(1_000)}`, 10)).toBe('日…')
  })

  it('cuts between graphemes where simple and difficult characters alternate', () => {
    const text = 'あé́い👍う\u3099え가\u11A8\u0600お©️か'
    for (let max = 1; max <= 12; max += 1) expectCut(text.repeat(3), max)
  })

  it('finds the ends of graphemes in long runs of them, wherever they begin', () => {
    for (const grapheme of [
      '👨‍👩‍👧',
      '👍🏻',
      '🇯🇵',
      'が\u0301',
      '\u1100\u1161\u11A8',
      '\u{20BB7}\u{E0100}',
      'क्षि',
    ]) {
      for (let shift = 0; shift < 4; shift += 1) {
        const text = `${'\u0600'.repeat(shift)}${grapheme.repeat(40)}`
        for (let max = 1; max < 42; max += 1) expectCut(text, max)
      }
    }
  })

  it('throws TypeError where the length is no positive integer', () => {
    for (const bad of [0, -1, 1.5, Number.NaN, '5'])
      expect(() => cutText('a', bad as number)).toThrow(TypeError)
  })

  it('THREATS C4: any text comes out well-formed, within the limit, as its own beginning', () => {
    for (const text of naughty) expectCut(cleanText(text), 20)
    fc.assert(
      fc.property(difficult, fc.integer({ min: 1, max: 50 }), (text, max) => expectCut(cleanText(text), max)),
      { numRuns: repeated(2_000) },
    )
  })
})

describe('makeExcerpt', () => {
  it('cuts between words where there are spaces', () => {
    expect(makeExcerpt('<p>The quick brown fox jumps</p>', { maxGraphemes: 12 })).toBe('The quick…')
    expect(makeExcerpt('안녕하세요 반갑습니다 여러분', { maxGraphemes: 9 })).toBe('안녕하세요…')
    expect(makeExcerpt('Привет, дорогие друзья', { maxGraphemes: 14 })).toBe('Привет,…')
  })

  it('does not shorten where the cut falls between words', () => {
    expect(makeExcerpt('The quick brown', { maxGraphemes: 10 })).toBe('The quick…')
  })

  it('cuts between characters in Japanese, but not inside an English word in it', () => {
    expect(makeExcerpt('桜の花が咲きました', { maxGraphemes: 5 })).toBe('桜の花が…')
    expect(makeExcerpt('ブログのTrackBackについて', { maxGraphemes: 8 })).toBe('ブログの…')
  })

  it('cuts a word that is longer than words are', () => {
    expect(makeExcerpt('x'.repeat(300))).toBe(`${'x'.repeat(251)}…`)
    expect(makeExcerpt(`ab ${'x'.repeat(300)}`)).toHaveLength(252)
  })

  it('PROTOCOL 9: is 252 characters long at the most by default, the ellipsis included', () => {
    expect(makeExcerpt('あ'.repeat(252))).toBe('あ'.repeat(252))
    expect(makeExcerpt('あ'.repeat(253))).toBe(`${'あ'.repeat(251)}…`)
  })

  it('never ends in half a reference, because references are decoded first', () => {
    expect(makeExcerpt('a&amp;&amp;&amp;&amp;', { maxGraphemes: 4 })).toBe('a&&…')
  })

  it('any HTML gives a beginning of its text, within the limit', () => {
    fc.assert(
      fc.property(difficult, fc.integer({ min: 1, max: 50 }), (html, max) => {
        const text = toPlainText(html)
        const excerpt = makeExcerpt(html, { maxGraphemes: max })
        expect(graphemesOf(excerpt).length).toBeLessThanOrEqual(max)
        expect(excerpt === text || text.startsWith(excerpt.slice(0, -1))).toBe(true)
      }),
      { numRuns: repeated(2_000) },
    )
  })

  it.each(Object.keys(slow))('a mebibyte of %s takes no long time', (name) => {
    const start = performance.now()
    const excerpt = makeExcerpt(slow[name]?.() ?? '')
    expect(excerpt.length).toBeLessThanOrEqual(252 * 16)
    expect(cutText(slow[name]?.(1 << 17) ?? '', 1 << 16).length).toBeGreaterThan(0)
    expect(performance.now() - start).toBeLessThan(10_000)
  })
})
