import { describe, expect, it } from 'vitest'
import { type Limits, resolveNetworkLimits } from '../../src/http/options.js'

const names = Object.keys(resolveNetworkLimits({})) as (keyof Limits)[]

describe('resolveNetworkLimits', () => {
  it('gives every limit its documented default', () => {
    expect(resolveNetworkLimits({})).toEqual({
      maxRedirects: 5,
      maxResponseSize: 1_048_576,
      maxHeaderSize: 16_384,
      connectTimeout: 3000,
      headersTimeout: 5000,
      idleTimeout: 5000,
      totalTimeout: 10_000,
      maxConnectionsPerHost: 8,
      maxConnections: 256,
    })
  })

  it('takes what is asked for and leaves the rest', () => {
    expect(resolveNetworkLimits({ maxRedirects: 1, totalTimeout: undefined })).toEqual({
      ...resolveNetworkLimits({}),
      maxRedirects: 1,
    })
  })

  it('a limit beyond what timers can hold is the longest, not none at all', () => {
    expect(resolveNetworkLimits({ totalTimeout: Number.MAX_SAFE_INTEGER }).totalTimeout).toBe(2_147_483_647)
  })

  it.each(names)('%s is not switched off by what is no positive integer', (name) => {
    for (const value of [0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, '10', null]) {
      expect(() => resolveNetworkLimits({ [name]: value }), String(value)).toThrow(TypeError)
    }
  })
})
