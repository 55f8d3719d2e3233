import { describe, expect, it } from 'vitest'
import { createPrinter } from '../../src/cli/printer.js'
import { bold, dim } from '../../src/cli/style.js'
import { columnsOf } from '../../src/cli/wrap.js'
import { controlsIn, hostile, Sink } from './running.js'

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
