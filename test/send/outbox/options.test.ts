import { describe, expect, it } from 'vitest'
import {
  resolveSenderOptions,
  type SenderLimits,
  type SenderOptions,
} from '../../../src/send/outbox/options.js'
import { createMemoryStore } from '../../../src/store/memory/store.js'

const options: SenderOptions = { store: createMemoryStore(), blogName: 'My blog' }

describe('resolveSenderOptions', () => {
  it('has a default for every limit', () => {
    expect(resolveSenderOptions(options).limits).toEqual({
      maxTargets: 50,
      maxSkipped: 1000,
      maxListed: 10_000,
      maxUrlLength: 2048,
      maxAttempts: 8,
      spacing: 1000,
      maxAge: 604_800_000,
      concurrentPages: 8,
      concurrentPings: 1,
    })
  })

  it('takes every limit, and switches none off', () => {
    for (const name of Object.keys(resolveSenderOptions(options).limits) as (keyof SenderLimits)[]) {
      expect(resolveSenderOptions({ ...options, limits: { [name]: 7 } }).limits[name]).toBe(7)
      for (const value of [0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, '7', null]) {
        const limits = { [name]: value } as SenderLimits
        expect(() => resolveSenderOptions({ ...options, limits })).toThrow(new RegExp(name))
      }
    }
  })

  it('names what is wrong', () => {
    expect(() => resolveSenderOptions({ ...options, store: {} as never })).toThrow(/store/)
    expect(() => resolveSenderOptions({ ...options, blogName: undefined as never })).toThrow(/blogName/)
    expect(() => resolveSenderOptions({ ...options, site: 'my.blog' })).toThrow(TypeError)
  })

  it('knows the own site: none given, one, several, or to be pinged too', () => {
    const sitesOf = (changes: Partial<SenderOptions>) =>
      resolveSenderOptions({ ...options, ...changes }).sites?.map(({ href }) => href) ?? null
    expect(sitesOf({})).toBe(null)
    expect(sitesOf({ site: 'https://my.blog' })).toEqual(['https://my.blog/'])
    expect(sitesOf({ site: [new URL('https://my.blog/a'), 'https://b.example'] })).toEqual([
      'https://my.blog/a',
      'https://b.example/',
    ])
    expect(sitesOf({ site: 'https://my.blog', selfPings: true })).toEqual([])
  })
})
