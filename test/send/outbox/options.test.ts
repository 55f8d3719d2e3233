import { describe, expect, it } from 'vitest'
import {
  createSenderContext,
  type SenderLimits,
  type SenderOptions,
} from '../../../src/send/outbox/options.js'
import { createMemoryStore } from '../../../src/store/memory/store.js'

const options: SenderOptions = { store: createMemoryStore(), blogName: 'My blog' }

describe('createSenderContext', () => {
  it('has a default for every limit', () => {
    expect(createSenderContext(options).limits).toEqual({
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
    for (const name of Object.keys(createSenderContext(options).limits) as (keyof SenderLimits)[]) {
      expect(createSenderContext({ ...options, limits: { [name]: 7 } }).limits[name]).toBe(7)
      for (const value of [0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, '7', null]) {
        const limits = { [name]: value } as SenderLimits
        expect(() => createSenderContext({ ...options, limits })).toThrow(new RegExp(name))
      }
    }
  })

  it('names what is wrong', () => {
    expect(() => createSenderContext({ ...options, store: {} as never })).toThrow(/store/)
    expect(() => createSenderContext({ ...options, blogName: undefined as never })).toThrow(/blogName/)
    expect(() => createSenderContext({ ...options, site: 'my.blog' })).toThrow(TypeError)
  })

  it('knows the own site: none given, one, several, or to be pinged too', () => {
    const sitesOf = (changes: Partial<SenderOptions>) =>
      createSenderContext({ ...options, ...changes }).sites?.map(({ href }) => href) ?? null
    expect(sitesOf({})).toBe(null)
    expect(sitesOf({ site: 'https://my.blog' })).toEqual(['https://my.blog/'])
    expect(sitesOf({ site: [new URL('https://my.blog/a'), 'https://b.example'] })).toEqual([
      'https://my.blog/a',
      'https://b.example/',
    ])
    expect(sitesOf({ site: 'https://my.blog', selfPings: true })).toEqual([])
  })
})
