import { expect, it } from 'vitest'
import { IncomingBody, patience } from '../../../src/receive/hosts/body.js'

it('keeps a body within its limit as it came', () => {
  const body = new IncomingBody(10)
  for (const piece of ['url=', '', 'x', 'y=&']) expect(body.add(Buffer.from(piece))).toBe(true)
  expect(String(body.bytes())).toBe('url=xy=&')
  expect(new IncomingBody(10).bytes()).toHaveLength(0)
})

it.each([1, 37, 1000])(
  'keeps no more than one piece beyond it, and reads on to sixteen times: pieces of %i',
  (size) => {
    const limit = 1000
    const body = new IncomingBody(limit)
    let taken = size
    while (body.add(new Uint8Array(size))) taken += size
    expect(taken).toBeGreaterThan(patience * limit)
    expect(taken).toBeLessThanOrEqual(patience * limit + size)
    expect(body.bytes().length).toBeGreaterThan(limit)
    expect(body.bytes().length).toBeLessThanOrEqual(limit + size)
  },
)
