import { describe, expect, it } from 'vitest'
import { type ReceiverLimits, resolveLimits } from '../../src/receive/limits.js'

describe('resolveLimits', () => {
  it('has a number for every limit, and takes what is given', () => {
    const defaults = resolveLimits()
    expect(Object.values(defaults).every((limit) => Number.isSafeInteger(limit) && limit > 0)).toBe(true)
    expect(resolveLimits({ maxPings: 7 })).toEqual({ ...defaults, maxPings: 7 })
  })

  it.each([0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, '5', null, true])(
    'is not switched off by %s',
    (value) => {
      for (const name of Object.keys(resolveLimits()) as (keyof ReceiverLimits)[]) {
        expect(() => resolveLimits({ [name]: value } as ReceiverLimits), name).toThrow(TypeError)
      }
    },
  )
})
