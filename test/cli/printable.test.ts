import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { printable, toJson } from '../../src/cli/printable.js'
import { difficult, naughty } from '../text/hostile.js'
import { controlsIn, hostile } from './running.js'

describe('printable', () => {
  it('leaves nothing in a text that a terminal would obey', () => {
    expect(printable(hostile)).toBe('a[31mb]0;cd[2J31mefgh  i jk')
    for (const text of naughty) expect(controlsIn(printable(text))).toEqual([])
    fc.assert(fc.property(difficult, (text) => controlsIn(printable(text)).length === 0))
  })

  it('leaves text of every language, its spaces and its emoji as it is', () => {
    const text = '　日本語 and العربية, 👨‍👩‍👧 ﾊﾞ é'
    expect(printable(text)).toBe(text)
  })
})

describe('toJson', () => {
  it('escapes what a terminal would obey, and reads back as it was', () => {
    fc.assert(
      fc.property(fc.oneof(difficult, fc.constantFrom(...naughty, hostile)), (text) => {
        const value = { [text]: [text] }
        const json = toJson(value, 0)
        expect(controlsIn(json)).toEqual([])
        expect(JSON.parse(json)).toEqual(JSON.parse(JSON.stringify(value)))
      }),
    )
  })

  it('writes the two halves of a character beyond the first plane', () => {
    expect(toJson('\u{E0041}', 0)).toBe('"\\udb40\\udc41"')
  })
})
