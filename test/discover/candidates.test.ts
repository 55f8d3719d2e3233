import { describe, expect, it, vi } from 'vitest'
import { finish } from '../../src/base/steps.js'
import { chooseAnswer, type Found, PageNames } from '../../src/discover/candidates.js'

const names = () => new PageNames('http://a.example/?p=1', 'http://a.example/one/')
const rdf = (identifier: string | undefined, pingUrl: string): Found => ({
  pingUrl,
  source: 'rdf',
  ...(identifier === undefined ? {} : { identifier }),
})

describe('PageNames', () => {
  it('compares with every name, the first before the others, exactly before by other rules', () => {
    expect(names().compare('http://a.example/?p=1')).toEqual({
      match: 'exact',
      reason: 'requested URL: the same URL',
      rank: 0,
    })
    expect(names().compare('http://a.example/one/')).toMatchObject({
      match: 'exact',
      reason: 'final URL: the same URL',
    })
    expect(names().compare('https://a.example/one')).toMatchObject({
      match: 'equivalent',
      reason: 'final URL: http or https, final slash',
    })
    expect(names().compare('http://a.example/two/')).toBeNull()
    expect(names().compare('no url')).toBeNull()
    expect(new PageNames('urn:x', 'urn:x', undefined).compare('urn:x')).toBeNull()
  })

  it('PROTOCOL 48: the fragment that was asked for holds for every name', () => {
    const own = new PageNames('http://a.example/?p=1#2', 'http://a.example/one/')
    expect(own.compare('http://a.example/one/#2')?.match).toBe('exact')
    expect(own.compare('http://a.example/one/#3')).toBeNull()
    expect(own.compare('http://a.example/one/')?.match).toBe('fragment')
  })

  it.each(['%41', '%e3', '|', '%7c'])('reads its own long URLs once, not for each candidate: %s', (part) => {
    const own = `http://a.example/${part.repeat(600)}`
    const names = new PageNames(`${own}?${part.repeat(600)}`, `${own}/1`, `${own}/2#${part.repeat(600)}`)
    const replaced = vi.spyOn(String.prototype, 'replace')
    for (let each = 0; each < 1000; each += 1)
      expect(names.compare(`http://a.example/${each}?b#c`)).toBeNull()
    const long = replaced.mock.contexts.filter((text) => String(text).length > 600)
    vi.restoreAllMocks()
    expect(long).toEqual([])
  })
})

const choose = (...given: Parameters<typeof chooseAnswer>) => finish(chooseAnswer(...given))

describe('chooseAnswer', () => {
  it('only an exact match with the URL that was asked for is final', () => {
    expect(choose([rdf('http://a.example/?p=1', 'http://a.example/tb')], names())).toMatchObject({
      pingUrl: 'http://a.example/tb',
      isFinal: true,
    })
    expect(choose([rdf('http://a.example/one/', 'http://a.example/tb')], names())).toMatchObject({
      pingUrl: 'http://a.example/tb',
      isFinal: false,
    })
    expect(choose([rdf('https://a.example/?p=1', 'http://a.example/tb')], names())).toMatchObject({
      pingUrl: 'http://a.example/tb',
      isFinal: false,
    })
    expect(choose([rdf(undefined, 'http://a.example/tb')], names())).toMatchObject({
      pingUrl: 'http://a.example/tb',
      isFinal: false,
    })
    expect(choose([], names())).toEqual({ pingUrl: null, isFinal: false, candidates: [] })
  })

  it('an item of a feed that names no page never answers', () => {
    const item: Found = { pingUrl: 'http://a.example/tb', source: 'feed' }
    expect(choose([item], names())).toMatchObject({
      pingUrl: null,
      candidates: [{ match: 'unnamed', reason: 'names no page' }],
    })
  })

  it('PROTOCOL 48: two identifiers of one page need not be ambiguous', () => {
    const same = [
      rdf('http://a.example/?p=1#x', 'http://a.example/1'),
      rdf('http://a.example/?p=1#x', 'http://a.example/2'),
    ]
    expect(choose(same, names()).pingUrl).toBe('http://a.example/1')
    expect(
      choose([...same, rdf('http://a.example/one/#y', 'http://a.example/3')], names()).pingUrl,
    ).toBeNull()
  })
})
