import { describe, expect, it } from 'vitest'
import {
  type ReceiverLimits,
  resolveRateLimits,
  resolveReceiverLimits,
} from '../../../src/receive/options/limits.js'

describe('resolveReceiverLimits', () => {
  it('has a number for every limit, and takes what is given', () => {
    const defaults = resolveReceiverLimits()
    expect(Object.values(defaults).every((limit) => Number.isSafeInteger(limit) && limit > 0)).toBe(true)
    expect(resolveReceiverLimits({ maxPairs: 700 })).toEqual({ ...defaults, maxPairs: 700 })
  })

  it('knows its names: a slip of the pen is a mistake', () => {
    expect(() => resolveReceiverLimits({ maxPair: 5 } as ReceiverLimits)).toThrow(/unknown limit maxPair/)
  })

  it.each([0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, '5', null, true])(
    'is not switched off by %s',
    (value) => {
      for (const name of Object.keys(resolveReceiverLimits()) as (keyof ReceiverLimits)[]) {
        expect(() => resolveReceiverLimits({ [name]: value } as ReceiverLimits), name).toThrow(TypeError)
      }
    },
  )
})

describe('resolveRateLimits', () => {
  it('lets no client, host, domain or blog use up all pings, unless that is asked for', () => {
    const { perHost, perDomain, perClient, perBlog } = resolveRateLimits({ total: 50 })
    expect([perHost, perDomain, perClient, perBlog]).toEqual([10, 20, 20, 20])
    expect(resolveRateLimits({ total: 1 }).perHost).toBe(1)
    expect(resolveRateLimits({ total: 50, perClient: 50 }).perClient).toBe(50)
  })

  it.each([
    [{ maxPings: 5 }, 'unknown limit maxPings; use total, perPost, perBlog, perHost, perDomain, perClient'],
    [{ total: 0 }, 'total must be a positive integer'],
    [{ perPost: '5' }, 'perPost must be a positive integer'],
  ])('takes no %o', (limits, message) => {
    expect(() => resolveRateLimits(limits as object)).toThrow(new TypeError(message))
  })
})
