import { describe, expect, it } from 'vitest'
import { createProgress } from '../../../../src/programs/cli/terminal/progress.js'
import { columnsOf } from '../../../../src/programs/cli/terminal/wrap.js'
import { controlsIn, hostile, Sink } from '../running.js'

describe('createProgress', () => {
  it('writes one line of a terminal, replaces it, and removes it', () => {
    const sink = new Sink({ isTTY: true })
    const progress = createProgress(sink, {})
    progress.show('Reading a.example')
    progress.show('Reading b.example')
    progress.clear()
    progress.clear()
    expect(sink.text).toBe('\r\x1B[KReading a.example\r\x1B[KReading b.example\r\x1B[K')
  })

  it.each([
    ['in a pipe', false, {}],
    ['on a dumb terminal', true, { TERM: 'dumb' }],
  ])('writes nothing %s', (_, isTTY, env) => {
    const sink = new Sink({ isTTY })
    const progress = createProgress(sink, env)
    progress.show('one')
    progress.clear()
    expect(sink.text).toBe('')
  })

  it('says for how long it shows the same', async () => {
    const sink = new Sink({ isTTY: true, columns: 30 })
    const progress = createProgress(sink, {})
    progress.show('Waiting for 3 targets (slow.example)')
    await expect.poll(() => sink.text, { timeout: 10_000 }).toContain(', 1 s')
    progress.show('Waiting for other.example')
    progress.clear()
    expect(sink.text.split('\r\x1B[K')).toEqual([
      '',
      'Waiting for 3 targets (slow.…',
      'Waiting for 3 targets (…, 1 s',
      'Waiting for other.example',
      '',
    ])
  })

  it('never takes more than one line, and obeys nobody', () => {
    const sink = new Sink({ isTTY: true, columns: 50 })
    createProgress(sink, {}).show(`${hostile}${'xn--wgv71a.'.repeat(40)}`)
    const line = sink.text.replace('\r\x1B[K', '')
    expect(controlsIn(line)).toEqual([])
    expect(columnsOf(line)).toBeLessThan(50)
  })
})
