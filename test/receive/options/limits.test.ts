import { describe, expect, it } from 'vitest'
import { type ReceiverLimits, resolveReceiverLimits } from '../../../src/receive/options/limits.js'

describe('resolveReceiverLimits', () => {
  it('has a number for every limit, and takes what is given', () => {
    const defaults = resolveReceiverLimits()
    expect(Object.values(defaults).every((limit) => Number.isSafeInteger(limit) && limit > 0)).toBe(true)
    expect(resolveReceiverLimits({ maxPings: 700 })).toEqual({ ...defaults, maxPings: 700 })
  })

  it('lets no client, host or domain use up all pings, unless that is asked for', () => {
    const { maxPingsPerHost, maxPingsPerDomain, maxPingsPerClient } = resolveReceiverLimits({ maxPings: 50 })
    expect([maxPingsPerHost, maxPingsPerDomain, maxPingsPerClient]).toEqual([10, 20, 20])
    expect(resolveReceiverLimits({ maxPings: 1 }).maxPingsPerHost).toBe(1)
    expect(resolveReceiverLimits({ maxPings: 50, maxPingsPerClient: 50 }).maxPingsPerClient).toBe(50)
  })

  it('knows its names: a slip of the pen is a mistake', () => {
    expect(() => resolveReceiverLimits({ maxPing: 5 } as ReceiverLimits)).toThrow(/no limit maxPing/)
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
