import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  bold,
  createPrinter,
  dim,
  printable,
  red,
  showsColor,
  toJson,
  withCodes,
} from '../../../../src/programs/cli/terminal/printer.js'
import { columnsOf } from '../../../../src/programs/cli/terminal/wrap.js'
import { difficult, naughty } from '../../../text/hostile.js'
import { controlsIn, hostile, Sink } from '../running.js'

const title =
  '先日、空港で八時間待たされました。その間、係員の方々は一度も嫌な顔をせずに対応してくださいました。'

describe('createPrinter', () => {
  it('writes pieces side by side, styled on a terminal only', () => {
    for (const [isTTY, expected] of [
      [true, '\x1B[1mA\x1B[22m b\n'],
      [false, 'A b\n'],
    ] as const) {
      const sink = new Sink({ isTTY })
      createPrinter(sink, {}).line(bold('A'), ' b')
      expect(sink.text).toBe(expected)
    }
  })

  it('lays free text out beside its label, within the width of a terminal', () => {
    const sink = new Sink({ isTTY: true, columns: 60 })
    createPrinter(sink, { NO_COLOR: '1' }).rows({ title }, 4)
    const lines = sink.text.trimEnd().split('\n')
    expect(lines.length).toBe(3)
    expect(lines[0]).toMatch(/^ {4}title {7}先日/)
    for (const line of lines) expect(columnsOf(line)).toBeLessThanOrEqual(60)
    for (const line of lines.slice(1)) expect(line).toMatch(/^ {16}\S/)
  })

  it('begins free text with a few words in a style of their own', () => {
    const sink = new Sink({ isTTY: true, columns: 40 })
    createPrinter(sink, {}).line(bold('Blocked'), `: ${'word '.repeat(12)}`)
    const [first = '', second] = sink.text.split('\n')
    expect(first).toBe(`\x1B[1mBlocked\x1B[22m: ${'word '.repeat(6).trimEnd()}`)
    expect(second).toBe('word '.repeat(6).trimEnd())
  })

  it('breaks a line of several pieces between words, and begins each line where the first begins', () => {
    const sink = new Sink({ isTTY: true, columns: 40 })
    const url = `http://a.example/${'x'.repeat(40)}`
    createPrinter(sink, {}).line('    ', bold('word '.repeat(9)), url, dim('  there'))
    expect(sink.text.replaceAll(/\x1B\[\d+m/g, '').split('\n')).toEqual([
      `    ${'word '.repeat(7).trimEnd()}`,
      '    word word',
      `    ${url}`,
      '    there',
      '',
    ])
  })

  it('writes a row for each value that there is', () => {
    const sink = new Sink()
    createPrinter(sink, {}).rows({ url: 'u', title: '', excerpt: null, 'blog name': undefined, charset: 'c' })
    expect(sink.text).toBe('  url         u\n  charset     c\n')
  })

  it('breaks nothing in a pipe', () => {
    const sink = new Sink()
    createPrinter(sink, {}).line('  ', title.repeat(3))
    expect(sink.text).toBe(`  ${title.repeat(3)}\n`)
  })

  it('writes no control characters but its own', () => {
    const sink = new Sink({ isTTY: true })
    const printer = createPrinter(sink, {})
    printer.line(hostile, bold(hostile), dim(hostile))
    printer.rows({ [hostile]: hostile, label: [red(hostile), hostile] })
    printer.json({ [hostile]: hostile })
    printer.json(hostile, 'line')
    expect(controlsIn(sink.text, true)).toEqual([])
  })
})

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

describe('showsColor', () => {
  it.each([
    ['on a terminal', true, {}, true],
    ['not in a pipe', false, {}, false],
    ['not on a dumb terminal', true, { TERM: 'dumb' }, false],
    ['not with NO_COLOR', true, { NO_COLOR: '1' }, false],
    ['on a terminal with an empty NO_COLOR', true, { NO_COLOR: '' }, true],
    ['with FORCE_COLOR in a pipe', false, { FORCE_COLOR: '1' }, true],
    ['with an empty FORCE_COLOR in a pipe', false, { FORCE_COLOR: '' }, true],
    ['with FORCE_COLOR on a dumb terminal', true, { FORCE_COLOR: '3', TERM: 'dumb' }, true],
    ['not with FORCE_COLOR=0', true, { FORCE_COLOR: '0' }, false],
    ['not with FORCE_COLOR=false', true, { FORCE_COLOR: 'false' }, false],
    ['not with NO_COLOR, whatever FORCE_COLOR says', true, { NO_COLOR: '1', FORCE_COLOR: '1' }, false],
  ])('%s', (_, isTTY, env, expected) => {
    expect(showsColor({ isTTY }, env)).toBe(expected)
  })
})

describe('withCodes', () => {
  it('turns a style on and off again', () => {
    expect(withCodes('x', 'bold')).toBe('\x1B[1mx\x1B[22m')
    expect(withCodes('x', 'red')).toBe('\x1B[31mx\x1B[39m')
  })
})
