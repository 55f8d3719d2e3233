import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { formatMessage } from '../../src/text/message.js'

const plural = '{count, plural, =0 {none} one {# post} other {# posts}} of {total}'

describe('a message', () => {
  it.each([
    ['{from}–{to}', { from: 1, to: '25+' }, 'en', '1–25+'],
    ['{word}{word}', { word: 'a' }, 'en', 'aa'],
    [plural, { count: 0, total: 3 }, 'en', 'none of 3'],
    [plural, { count: 1, total: 3 }, 'en', '1 post of 3'],
    [plural, { count: 2, total: 3 }, 'en', '2 posts of 3'],
    ['{n, plural, one {#\u00A0lien} other {#\u00A0liens}}', { n: 0 }, 'fr', '0\u00A0lien'],
    [
      '{n, plural, one {# ссылка} few {# ссылки} many {# ссылок} other {# ссылки}}',
      { n: 5 },
      'ru',
      '5 ссылок',
    ],
    ['{n, plural, few {a} other {b}}', { n: 1 }, 'ru', 'b'],
    ['{n, plural, one {one}}', { n: 2 }, 'en', ''],
    ["''{word}'' and the blog's", { word: 'x' }, 'en', "'x' and the blog's"],
    ['{missing} {n, plural, other {#}}', {}, 'en', '{missing} {n, plural, other {#}}'],
    ['{toString} {__proto__}', {}, 'en', '{toString} {__proto__}'],
    ['{} {a b} {', { a: 1 }, 'en', '{} {a b} {'],
  ])('%j with %j in %s is %j', (message, values, lang, text) => {
    expect(formatMessage(message, values, lang)).toBe(text)
  })

  it('takes any value as it is, whatever stands in it', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme' }),
        fc.constantFrom("''", '{b}', '$&', '#', ''),
        (text, end) => {
          const value = text + end
          expect(formatMessage('<{a}|{b}>', { a: value, b: 1 }, 'en')).toBe(`<${value}|1>`)
          expect(formatMessage('{a, plural, other {<#>}}', { a: value }, 'en')).toBe(`<${value}>`)
        },
      ),
    )
  })
})
