import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compareUrls, pageKey } from '../../../src/discover/identifier.js'
import { RetryLater } from '../../../src/queue/queue.js'
import { claimPage } from '../../../src/receive/verify/decision.js'
import { findLink } from '../../../src/receive/verify/link-search.js'
import { createMemoryStore } from '../../../src/store/memory/store.js'
import type { Store, Trackback } from '../../../src/store/store.js'
import { serve } from '../../support/servers.js'
import { repeated } from '../../support/strength.js'
import { post, receiverWith, send } from '../support.js'

const contextOf = (store: Store) => ({ store, now: Date.now })

describe('one page under several URLs', () => {
  const link = `<a href="${post.url}">this</a>`

  async function pingAll(spellings: readonly string[], head = '') {
    const { origin, host } = await serve((request, response) => {
      if (request.url === '/short') return void response.writeHead(302, { location: '/entry' }).end()
      response.writeHead(200, { 'content-type': 'text/html' }).end(head + link)
    })
    const store = createMemoryStore()
    const receiver = receiverWith({ store, allowHosts: [host], checks: [] })
    for (const spelling of spellings) {
      await send(receiver, undefined, new URLSearchParams({ url: origin + spelling }).toString())
    }
    return async () => (await store.list({})).items.map(({ state }) => state).sort()
  }

  it.each([
    ['tracking parameters', ['/entry', '/entry?utm_source=a', '/entry?fbclid=1&gclid=2']],
    ['escapes', ['/entry!', '/entry%21', '/%65ntry!']],
    ['an index file and a slash', ['/entry', '/entry/', '/entry/index.html']],
    ['a session', ['/entry', '/entry;jsessionid=1', '/entry?PHPSESSID=3']],
    ['a redirect', ['/entry', '/short']],
  ])('is shown once: %s', async (_, spellings) => {
    const states = await pingAll(spellings)
    const expected = ['published', ...spellings.slice(1).map(() => 'rejected')]
    await expect.poll(states, { timeout: 8000 }).toEqual(expected)
  })

  it('is shown once by its canonical URL on the same host', async () => {
    const states = await pingAll(['/1', '/2?print', '/3'], '<link rel="canonical" href="/entry">')
    await expect.poll(states, { timeout: 8000 }).toEqual(['published', 'rejected', 'rejected'])
  })

  it.each(['http://x.example/1', 'http://x.example./1', 'https://x.example:443/1', 'http://x.example:80/1'])(
    'has its canonical URL also as %s: one host under several names',
    async (url) => {
      const html = '<link rel="canonical" href="http://x.example/entry">'
      const { canonicalUrl } = await findLink({ html, url, maxUrlLength: 2048, targets: [] })
      expect(canonicalUrl).toBe('http://x.example/entry')
    },
  )

  it('is not what a canonical URL on another host says', async () => {
    const states = await pingAll(['/1', '/2'], '<link rel="canonical" href="http://other.example/">')
    await expect.poll(states, { timeout: 8000 }).toEqual(['published', 'published'])
  })

  it.each([0, 1, 2, 3])('is shown once when its pings are verified at the same time, race %i', async () => {
    const store = createMemoryStore()
    const at = {
      postId: '7',
      blog: '',
      title: '',
      excerpt: '',
      blogName: '',
      charset: 'utf-8',
      charsetSource: 'utf-8',
    }
    const urls = ['http://a.example/', 'http://www.a.example/index.html', 'https://a.example/?utm_source=x']
    const trackbacks: Trackback[] = []
    for (const url of urls) {
      const received = { url, sourceKey: url, receivedAt: 1, clientIp: null, state: 'unverified' } as const
      const { id = '' } = await store.add({ ...at, ...received })
      trackbacks.push((await store.get(id)) as Trackback)
    }
    const look = { outcome: 'linked', reason: '' } as const
    const claims = await Promise.allSettled(
      trackbacks.map((each) => claimPage(each, look, contextOf(store), undefined)),
    )
    const won = claims.filter((claim) => claim.status === 'fulfilled' && claim.value)
    const waiting = claims.filter(
      (claim) => claim.status === 'rejected' && claim.reason instanceof RetryLater,
    )
    expect([won.length, waiting.length]).toEqual([1, 2])
  })

  it('is not taken over from a ping that is verified anew at that moment', async () => {
    const store = createMemoryStore()
    const received = {
      ...{
        postId: '7',
        blog: '',
        title: '',
        excerpt: '',
        blogName: '',
        charset: 'utf-8',
        charsetSource: 'utf-8',
      },
      ...{ receivedAt: 1, clientIp: null },
    }
    const add = async (url: string, state: 'unverified' | 'rejected') => {
      const { id = '' } = await store.add({ ...received, url, sourceKey: url, state })
      return (await store.get(id)) as Trackback
    }
    const [old, late] = [
      await add('http://a.example/', 'rejected'),
      await add('http://www.a.example/', 'unverified'),
    ]
    const look = { outcome: 'linked', reason: '' } as const
    expect(await claimPage(old, look, contextOf(store), undefined)).toBe(true)
    const slow: typeof store = {
      ...store,
      async get(id) {
        const holder = await store.get(id)
        await claimPage(old, look, contextOf(store), undefined)
        return holder
      },
    }
    await expect(claimPage(late, look, contextOf(slow), undefined)).rejects.toBeInstanceOf(RetryLater)
  })

  it.each([
    ['a look that follows', 30 * 86_400_000, 0],
    ['none', undefined, 1],
  ])(
    'is claimed for a time after %s, so that no row outlives its trackback for ever',
    async (_, delay, left) => {
      const store = createMemoryStore()
      const trackback = { id: '1', postId: '7', url: 'http://a.example/' } as Trackback
      const records = async () => (await store.records.list('page', '')).items.length
      expect(await claimPage(trackback, { outcome: 'linked', reason: '' }, contextOf(store), delay)).toBe(
        true,
      )
      await store.records.sweep(Date.now() + 31 * 86_400_000)
      expect(await records()).toBe(1)
      await store.records.sweep(Date.now() + 365 * 86_400_000)
      expect(await records()).toBe(left)
    },
  )

  it('has one key whenever its URLs are equivalent', () => {
    const path = fc.constantFrom('', '/', '/a', '/a/', '/%61', '/a/index.html', '/a!', '/a%21', '/b')
    const query = fc.constantFrom(
      '',
      '?',
      '?p=1',
      '?p=%31',
      '?p=1&utm_source=x',
      '?fbclid=1',
      '?p=1&amp;q=2',
      '?p=1&q=2',
    )
    const origin = fc.constantFrom(
      'http://a.example',
      'https://www.a.example:443',
      'http://A.EXAMPLE.',
      'http://a.example:8080',
    )
    const url = fc.tuple(origin, path, query, fc.constantFrom('', '#x')).map((parts) => parts.join(''))
    fc.assert(
      fc.property(url, url, (a, b) => {
        if (compareUrls(a, b)) expect(pageKey(a)).toBe(pageKey(b))
      }),
      { numRuns: repeated(3000, 500) },
    )
  })
})
