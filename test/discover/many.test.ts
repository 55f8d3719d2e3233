import { describe, expect, it } from 'vitest'
import { discoverEach } from '../../src/discover/many.js'
import type { Discovery } from '../../src/discover/page.js'

const found = (url: string): Discovery => ({
  pingUrl: `${url}/tb`,
  candidates: [],
  page: { url, charset: 'utf-8' },
})

describe('discoverEach', () => {
  it('keeps the order, the repetitions and the errors', async () => {
    const error = new Error('no')
    const one = async (url: string) => {
      if (url.endsWith('2')) throw error
      await new Promise((resolve) => setTimeout(resolve, url.endsWith('1') ? 10 : 1))
      return found(url)
    }
    const [a, b, c] = ['http://a.example/1', 'http://b.example/2', 'http://c.example/3']
    expect(await discoverEach([a, b, c, a], one, {})).toEqual([
      { url: a, discovery: found(a) },
      { url: b, error },
      { url: c, discovery: found(c) },
      { url: a, discovery: found(a) },
    ])
    expect(await discoverEach([], one, {})).toEqual([])
    expect(await discoverEach([a], one, { concurrency: Number.MAX_SAFE_INTEGER })).toHaveLength(1)
  })

  it('THREATS R6: 10,000 URLs of one host, among others, go by twos', async () => {
    const busy = new Map<string, number>()
    let most = 0
    let mostInAll = 0
    const one = async (url: string) => {
      const { host } = new URL(url)
      busy.set(host, (busy.get(host) ?? 0) + 1)
      most = Math.max(most, ...busy.values())
      mostInAll = Math.max(
        mostInAll,
        [...busy.values()].reduce((sum, count) => sum + count, 0),
      )
      await new Promise((resolve) => setImmediate(resolve))
      busy.set(host, (busy.get(host) ?? 0) - 1)
      return found(url)
    }
    const urls = Array.from(
      { length: 10_500 },
      (_, index) => `http://${index % 21 ? 'victim' : `h${index % 20}`}.example/${index}`,
    )
    expect(await discoverEach(urls, one, {})).toHaveLength(10_500)
    expect(most).toBe(2)
    expect(mostInAll).toBe(8)
  })
})
