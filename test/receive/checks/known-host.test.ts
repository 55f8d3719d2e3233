import { describe, expect, it } from 'vitest'
import { forgetHost, knownHost, rememberHost } from '../../../src/receive/checks/known-host.js'
import type { Trackback } from '../../../src/store/store.js'
import { contextOf, subjectOf, trackbackOf } from './subject.js'

const day = 86_400_000
const verification = { outcome: 'linked', reason: 'it links', checkedAt: 1, attempts: 1 }
const old = Date.now() - 8 * day

function published(url: string, changes: Partial<Trackback> = {}): Trackback {
  return trackbackOf({ url, verification, receivedAt: old, ...changes })
}

async function scoreAfter(kept: readonly Trackback[], url: string, finalUrl?: string) {
  const context = contextOf()
  for (const trackback of kept) await rememberHost(context.store, trackback)
  const subject = subjectOf({ url }, finalUrl === undefined ? {} : { finalUrl })
  return (await knownHost().judge(subject, context))?.score ?? null
}

describe('PEERS 23: knownHost', () => {
  it('speaks for a host that was published a week ago', async () => {
    expect(await scoreAfter([published('https://blog.example/1')], 'https://blog.example/2')).toBe(3)
  })

  it.each([
    ['another scheme', 'http://blog.example/2'],
    ['www.', 'https://www.blog.example/2'],
    ['another case', 'https://BLOG.example/2'],
    ['a final dot', 'https://blog.example./2'],
    ['final dots', 'https://blog.example../2'],
  ])('knows the host again with %s', async (_, url) => {
    expect(await scoreAfter([published('https://blog.example/1')], url)).toBe(3)
  })

  it.each([
    ['a host that is not known', 'https://other.example/'],
    ['a host below it', 'https://evil.blog.example/'],
    ['the host above it', 'https://example/'],
    ['a host that ends like it', 'https://evilblog.example/'],
    ['a host that begins like it', 'https://blog.example.evil.test/'],
  ])('says nothing of %s', async (_, url) => {
    expect(await scoreAfter([published('https://blog.example/1')], url)).toBe(null)
  })

  it('says nothing of a host that was published within the week', async () => {
    const recent = published('https://blog.example/1', { receivedAt: Date.now() - 6 * day })
    expect(await scoreAfter([recent], 'https://blog.example/2')).toBe(null)
  })

  it('goes by the first that was published', async () => {
    const recent = published('https://blog.example/2', { receivedAt: Date.now() })
    expect(await scoreAfter([published('https://blog.example/1'), recent], 'https://blog.example/3')).toBe(3)
  })

  it.each([
    ['a known host that leads to one that is not', 'https://blog.example/2', 'https://evil.example/'],
    ['a host that is not known and leads to a known one', 'https://t.example/x', 'https://blog.example/2'],
  ])('PROTOCOL 92: says nothing of %s', async (_, url, finalUrl) => {
    expect(await scoreAfter([published('https://blog.example/1')], url, finalUrl)).toBe(null)
  })

  it('speaks for a known host that leads to a known host', async () => {
    const kept = [published('https://blog.example/1'), published('https://new.example/1')]
    expect(await scoreAfter(kept, 'https://blog.example/2', 'https://new.example/2')).toBe(3)
  })

  it.each([null, { ...verification, outcome: 'not-linked' }, { ...verification, outcome: 'unreachable' }])(
    'THREATS I2: is not made known by what was published without a link (%#)',
    async (fact) => {
      const forged = published('https://blog.example/1', { verification: fact })
      expect(await scoreAfter([forged], 'https://blog.example/2')).toBe(null)
    },
  )

  it('says nothing in a blog of what another blog published', async () => {
    const context = contextOf()
    await rememberHost(context.store, published('https://blog.example/1', { blog: 'a' }))
    const scoreIn = async (blog: string) => {
      return (await knownHost().judge(subjectOf({ url: 'https://blog.example/2', blog }), context))?.score
    }
    expect([await scoreIn('a'), await scoreIn('b'), await scoreIn('')]).toEqual([3, undefined, undefined])
    await forgetHost(context.store, published('https://blog.example/3', { blog: 'b' }))
    expect(await scoreIn('a')).toBe(3)
  })

  it('forgets a host of which the author has rejected a trackback', async () => {
    const context = contextOf()
    await rememberHost(context.store, published('https://blog.example/1'))
    await forgetHost(context.store, published('https://www.blog.example/2'))
    expect(await knownHost().judge(subjectOf({ url: 'https://blog.example/3' }), context)).toBe(null)
    await rememberHost(context.store, published('https://blog.example/4', { receivedAt: Date.now() }))
    expect(await knownHost().judge(subjectOf({ url: 'https://blog.example/5' }), context)).toBe(null)
  })

  it('takes other days, and refuses what are none', async () => {
    const context = contextOf({ now: () => old + day })
    await rememberHost(context.store, published('https://blog.example/1'))
    const subject = subjectOf({ url: 'https://blog.example/2' })
    expect((await knownHost({ days: 1 }).judge(subject, context))?.score).toBe(3)
    expect(await knownHost({ days: 2 }).judge(subject, context)).toBe(null)
    expect(() => knownHost({ days: 0 })).toThrow(TypeError)
  })
})
