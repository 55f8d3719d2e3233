import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { columnsOf, wrap } from '../../../../src/programs/cli/terminal/wrap.js'
import { difficult, slow } from '../../../text/hostile.js'

describe('columnsOf', () => {
  it.each([
    ['abc', 3],
    ['日本語', 6],
    ['ｶﾅ', 2],
    ['ＡＢ', 4],
    ['한글', 4],
    ['é', 1],
    ['e\u0301', 1],
    ['🎌', 2],
    ['𠮷', 2],
    ['\x1B[1mab\x1B[22m', 2],
    ['', 0],
  ])('%s takes %i columns', (text, columns) => expect(columnsOf(text)).toBe(columns))
})

describe('wrap', () => {
  it('breaks between words, and between Japanese characters', () => {
    expect(wrap('one two three four', 9)).toEqual(['one two', 'three', 'four'])
    expect(wrap('日本語の文章です', 8)).toEqual(['日本語の', '文章です'])
    expect(wrap('ああ English ああ', 8)).toEqual(['ああ', 'English', 'ああ'])
  })

  it('begins no line with a mark that closes', () => {
    expect(wrap('これは本、それは花。', 8)).toEqual(['これは', '本、それ', 'は花。'])
  })

  it('leaves a URL whole, and text that fits as it is', () => {
    const url = `https://a.example/${'x'.repeat(90)}`
    expect(wrap(`see ${url} there`, 40)).toEqual(['see', url, 'there'])
    expect(wrap('  as  it is', 40)).toEqual(['  as  it is'])
    expect(wrap('', 40)).toEqual([''])
  })

  it('loses nothing but white space, and makes no line too long that could be broken', () => {
    const squeezed = (text: string) => text.replace(/\s/g, '')
    fc.assert(
      fc.property(difficult, fc.integer({ min: 4, max: 80 }), (text, width) => {
        const lines = wrap(text, width)
        expect(squeezed(lines.join(''))).toBe(squeezed(text))
        for (const line of lines)
          if (/\s/.test(line.trim())) expect(columnsOf(line)).toBeLessThanOrEqual(width)
      }),
    )
  })

  it.each(Object.keys(slow))('takes linear time: %s', (name) => {
    const text = slow[name]?.(200_000) ?? ''
    const start = performance.now()
    wrap(text, 76)
    expect(performance.now() - start).toBeLessThan(10_000)
  })
})
