import { describe, expect, it } from 'vitest'
import { createProgress } from '../../src/cli/progress.js'
import { columnsOf } from '../../src/cli/wrap.js'
import { controlsIn, hostile, Sink } from './running.js'

describe('createProgress', () => {
  it('writes a bar on one line of a terminal, and takes it away', () => {
    const sink = new Sink({ isTTY: true })
    const progress = createProgress(sink, { NO_COLOR: '1' })
    progress.show('reading a.example', 1, 4)
    progress.clear()
    progress.clear()
    expect(sink.text).toBe(`\r\x1B[K[${'='.repeat(6)}${' '.repeat(18)}] 1 of 4  reading a.example\r\x1B[K`)
  })

  it('is coloured where colours are shown, and has no bar where nobody knows how much there is', () => {
    const sink = new Sink({ isTTY: true })
    const progress = createProgress(sink, {})
    progress.show('one', 2, 2)
    progress.show('two')
    expect(sink.text).toBe(`\r\x1B[K\x1B[32m[${'='.repeat(24)}]\x1B[39m 2 of 2  one\r\x1B[Ktwo`)
  })

  it.each([
    ['in a pipe', false, {}],
    ['on a dumb terminal', true, { TERM: 'dumb' }],
  ])('writes nothing %s', (_, isTTY, env) => {
    const sink = new Sink({ isTTY })
    const progress = createProgress(sink, env)
    progress.show('one', 1, 2)
    progress.clear()
    expect(sink.text).toBe('')
  })

  it('never takes more than one line, and obeys nobody', () => {
    const sink = new Sink({ isTTY: true, columns: 50 })
    createProgress(sink, { NO_COLOR: '1' }).show(`${hostile}${'日本'.repeat(40)}`, 1, 2)
    const line = sink.text.replace('\r\x1B[K', '')
    expect(controlsIn(line)).toEqual([])
    expect(columnsOf(line)).toBeLessThan(50)
  })
})
