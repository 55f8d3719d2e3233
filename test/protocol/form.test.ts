import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type FormPair, generateForm, generateUtf8Form, parseForm } from '../../src/protocol/form.js'
import { repeated } from '../support/strength.js'

const parse = (form: string): FormPair[] | null => parseForm(Buffer.from(form, 'utf8'), 1_000)
const utf8 = (bytes: string): string => Buffer.from(bytes, 'latin1').toString('utf8')
const parseAsUtf8 = (form: string): string[][] => (parse(form) ?? []).map((pair) => pair.map(utf8))

describe('parseForm', () => {
  it('gives bytes, not text', () => {
    expect(parse('title=%93%FA%96{')).toEqual([['title', '\x93\xfa\x96{']])
  })

  // The cases of the URL Standard's parser, as the web platform tests have them.
  it.each<[string, string[][]]>([
    ['test', [['test', '']]],
    ['\uFEFFtest=\uFEFF', [['\uFEFFtest', '\uFEFF']]],
    ['%EF%BB%BFtest=%EF%BB%BF', [['\uFEFFtest', '\uFEFF']]],
    ['%EF%BF%BF=%EF%BF%BF', [['\uFFFF', '\uFFFF']]],
    ['%FE%FF', [['\uFFFD\uFFFD', '']]],
    ['%FF%FE', [['\uFFFD\uFFFD', '']]],
    [
      '†&†=x',
      [
        ['†', ''],
        ['†', 'x'],
      ],
    ],
    ['%C2', [['\uFFFD', '']]],
    ['%C2x', [['\uFFFDx', '']]],
    [
      '_charset_=windows-1252&test=%C2x',
      [
        ['_charset_', 'windows-1252'],
        ['test', '\uFFFDx'],
      ],
    ],
    ['', []],
    ['a', [['a', '']]],
    ['a=b', [['a', 'b']]],
    ['a=', [['a', '']]],
    ['=b', [['', 'b']]],
    ['&', []],
    ['&a', [['a', '']]],
    ['a&', [['a', '']]],
    [
      'a&a',
      [
        ['a', ''],
        ['a', ''],
      ],
    ],
    [
      'a&b&c',
      [
        ['a', ''],
        ['b', ''],
        ['c', ''],
      ],
    ],
    [
      'a=b&c=d',
      [
        ['a', 'b'],
        ['c', 'd'],
      ],
    ],
    [
      'a=b&c=d&',
      [
        ['a', 'b'],
        ['c', 'd'],
      ],
    ],
    [
      '&&&a=b&&&&c=d&',
      [
        ['a', 'b'],
        ['c', 'd'],
      ],
    ],
    [
      'a=a&a=b&a=c',
      [
        ['a', 'a'],
        ['a', 'b'],
        ['a', 'c'],
      ],
    ],
    ['a==a', [['a', '=a']]],
    ['a=a+b+c+d', [['a', 'a b c d']]],
    ['%=a', [['%', 'a']]],
    ['%a=a', [['%a', 'a']]],
    ['%a_=a', [['%a_', 'a']]],
    ['%61=a', [['a', 'a']]],
    ['%61+%4d%4D=', [['a MM', '']]],
    [
      'id=0&value=%',
      [
        ['id', '0'],
        ['value', '%'],
      ],
    ],
    ['b=%2sf%2a', [['b', '%2sf*']]],
    ['b=%2%2af%2a', [['b', '%2*f*']]],
    ['b=%%2a', [['b', '%*']]],
    ['a=%4', [['a', '%4']]],
    [
      'a=%&4=1',
      [
        ['a', '%'],
        ['4', '1'],
      ],
    ],
    ['a=%u3042', [['a', '%u3042']]],
  ])('reads %j as the URL Standard does', (form, pairs) => {
    expect(parseAsUtf8(form)).toEqual(pairs)
  })

  // Only for forms in ASCII: beside a stray percent sign Node garbles other characters.
  it('agrees with the platform in UTF-8 for any form', () => {
    const piece = fc.constantFrom(
      'a',
      '%',
      '%4',
      '%41',
      '%E3%81%82',
      '%zz',
      '+',
      '&',
      '=',
      '"',
      '\0',
      '%00',
      '%26',
      '%3d',
    )
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
        const form = pieces.join('')
        expect(parseAsUtf8(form)).toEqual([...new URLSearchParams(form.replace(/^\?/, ''))])
      }),
      { numRuns: repeated(3_000) },
    )
  })

  it('PROTOCOL 83: more pairs than allowed are refused, empty ones not counted', () => {
    expect(parseForm(Buffer.from('a=1&b=2&&c=3'), 3)).toHaveLength(3)
    expect(parseForm(Buffer.from('a=1&b=2&&c=3&d'), 3)).toBeNull()
    expect(parseForm(Buffer.alloc(1 << 20, '&'), 1)).toEqual([])
  })

  it('leaves the bytes it was given as they were', () => {
    const bytes = Buffer.from('a=%41+b')
    parseForm(bytes, 5)
    expect(bytes.toString()).toBe('a=%41+b')
  })
})

describe('generateForm', () => {
  it('writes what the URL Standard writes', () => {
    expect(generateForm([['a b', `*-._~!'()%+&=\n`]])).toBe('a+b=*-._%7E%21%27%28%29%25%2B%26%3D%0A')
    expect(generateForm([])).toBe('')
  })

  it('agrees with the platform in UTF-8', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'grapheme' }))),
        (pairs) => {
          const bytes = pairs.map(
            (pair) => pair.map((text) => Buffer.from(text).toString('latin1')) as [string, string],
          )
          expect(generateForm(bytes)).toBe(new URLSearchParams(pairs).toString())
        },
      ),
    )
  })

  it('what is written is read back, byte for byte', () => {
    const bytes = fc.uint8Array().map((value) => Buffer.from(value).toString('latin1'))
    fc.assert(
      fc.property(fc.array(fc.tuple(bytes, bytes)), (pairs) => {
        expect(parse(generateForm(pairs))).toEqual(pairs)
      }),
    )
  })
})

describe('generateUtf8Form', () => {
  it('writes what the platform writes, half pairs too', () => {
    const value = fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary-ascii' }))
    fc.assert(
      fc.property(value, (text) => {
        const lone = `${text}\uD800`
        expect(generateUtf8Form([['title', lone]])).toBe(new URLSearchParams({ title: lone }).toString())
      }),
    )
  })
})
