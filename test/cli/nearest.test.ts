import { describe, expect, it } from 'vitest'
import { nearest } from '../../src/cli/nearest.js'

const commands = ['discover', 'send', 'announce', 'verify', 'pings', 'listen', 'moderate']

describe('nearest', () => {
  it.each([
    ['dicover', 'discover'],
    ['anounce', 'announce'],
    ['snd', 'send'],
    ['SEND', 'send'],
    ['ping', 'pings'],
    ['mod', 'moderate'],
    ['lsiten', 'listen'],
    ['vreify', 'verify'],
  ])('takes %s for %s', (word, name) => expect(nearest(word, commands)).toBe(name))

  it.each(['', 'x', 'frobnicate', 'install'])('takes %j for nothing', (word) =>
    expect(nearest(word, commands)).toBeNull(),
  )

  it('counts two swapped letters as one slip', () => {
    expect(nearest('ab', ['ba'])).toBe('ba')
    expect(nearest('ab', ['cd'])).toBeNull()
  })
})
