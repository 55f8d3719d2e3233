import { describe, expect, it } from 'vitest'
import { showsColor, withCodes } from '../../../../src/programs/cli/terminal/style.js'

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
