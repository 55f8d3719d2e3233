import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createPrinter, printable, toJson } from '../../../../src/programs/cli/terminal/printer.js'
import { bold, dim } from '../../../../src/programs/cli/terminal/style.js'
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
    createPrinter(sink, { NO_COLOR: '1' }).text(title, { indent: 4, label: 'title' })
    const lines = sink.text.trimEnd().split('\n')
    expect(lines.length).toBe(3)
    expect(lines[0]).toMatch(/^ {4}title {7}先日/)
    for (const line of lines) expect(columnsOf(line)).toBeLessThanOrEqual(60)
    for (const line of lines.slice(1)) expect(line).toMatch(/^ {16}\S/)
  })

  it('begins free text with a few words in a style of their own', () => {
    const sink = new Sink({ isTTY: true, columns: 40 })
    createPrinter(sink, {}).text(`: ${'word '.repeat(12)}`, { head: bold('Blocked') })
    const [first = '', second] = sink.text.split('\n')
    expect(first).toBe(`\x1B[1mBlocked\x1B[22m: ${'word '.repeat(6).trimEnd()}`)
    expect(second).toBe('word '.repeat(6).trimEnd())
  })

  it('writes a row for each value that there is', () => {
    const sink = new Sink()
    createPrinter(sink, {}).rows({ url: 'u', title: '', excerpt: null, 'blog name': undefined, charset: 'c' })
    expect(sink.text).toBe('  url         u\n  charset     c\n')
  })

  it('breaks nothing in a pipe', () => {
    const sink = new Sink()
    createPrinter(sink, {}).text(title.repeat(3), { indent: 2 })
    expect(sink.text).toBe(`  ${title.repeat(3)}\n`)
  })

  it('writes no control characters but its own', () => {
    const sink = new Sink({ isTTY: true })
    const printer = createPrinter(sink, {})
    printer.line(hostile, bold(hostile), dim(hostile))
    printer.text(hostile, { label: hostile, style: 'red' })
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
