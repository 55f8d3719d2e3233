import { describe, expect, it } from 'vitest'
import { createDiscoveryCache } from '../../src/discover/cache.js'
import { discover } from '../../src/discover/discover.js'
import type { Discovery } from '../../src/discover/page.js'
import { clientFor, serve } from '../support/servers.js'

const discovery = (pingUrl: string | null): Discovery => ({
  pingUrl,
  candidates: [],
  page: { url: 'u', charset: 'utf-8' },
})

describe('createDiscoveryCache', () => {
  it('keeps a hit for a day and a miss for an hour', () => {
    let time = 0
    const cache = createDiscoveryCache({ now: () => time })
    cache.set('hit', discovery('p'))
    cache.set('miss', discovery(null))
    time = 3_599_999
    expect(cache.get('hit')).toEqual(discovery('p'))
    expect(cache.get('miss')).toEqual(discovery(null))
    time = 3_600_000
    expect(cache.get('miss')).toBeUndefined()
    time = 86_400_000
    expect(cache.get('hit')).toBeUndefined()
  })

  it('lifetimes are options', () => {
    let time = 0
    const cache = createDiscoveryCache({ now: () => time, hitLifetime: 10, missLifetime: 5 })
    cache.set('hit', discovery('p'))
    cache.set('miss', discovery(null))
    time = 5
    expect([cache.get('hit'), cache.get('miss')]).toEqual([discovery('p'), undefined])
    time = 10
    expect(cache.get('hit')).toBeUndefined()
  })

  it('THREATS R8: holds maxEntries, and lets go of the one not asked for the longest time', () => {
    const cache = createDiscoveryCache({ maxEntries: 2 })
    for (const url of ['a', 'b']) cache.set(url, discovery(url))
    cache.get('a')
    cache.set('c', discovery('c'))
    expect(['a', 'b', 'c'].map((url) => cache.get(url)?.pingUrl)).toEqual(['a', undefined, 'c'])
  })

  it('what a caller does to an answer does not reach the next', () => {
    const cache = createDiscoveryCache()
    const given = discovery('p')
    cache.set('a', given)
    given.page.url = 'x'
    const got = cache.get('a')
    if (got) got.pingUrl = null
    expect(cache.get('a')).toEqual(discovery('p'))
  })

  it('refuses a limit that is no positive integer', () => {
    expect(() => createDiscoveryCache({ maxEntries: 0 })).toThrow(TypeError)
    expect(() => createDiscoveryCache({ hitLifetime: -1 })).toThrow(TypeError)
    expect(() => createDiscoveryCache({ missLifetime: Number.NaN })).toThrow(TypeError)
  })

  it('discover asks it first, and never keeps a failure', async () => {
    let asked = 0
    const { origin, host } = await serve((request, response) => {
      asked += 1
      if (request.url === '/broken') response.destroy()
      else if (request.url === '/busy') response.writeHead(503).end()
      else response.writeHead(200, { 'content-type': 'text/html', link: '</tb/1>; rel=trackback' }).end()
    })
    const options = { client: clientFor(host), cache: createDiscoveryCache() }
    const first = await discover(`${origin}/a`, options)
    expect(await discover(`${origin}/a`, options)).toEqual(first)
    expect(asked).toBe(1)
    await expect(discover(`${origin}/broken`, options)).rejects.toMatchObject({ code: 'NETWORK' })
    await expect(discover(`${origin}/broken`, options)).rejects.toMatchObject({ code: 'NETWORK' })
    expect(asked).toBeGreaterThanOrEqual(3)
    asked = 0
    for (const _ of [1, 2]) expect((await discover(`${origin}/busy`, options)).page.status).toBe(503)
    expect(asked).toBe(2)
  })
})
