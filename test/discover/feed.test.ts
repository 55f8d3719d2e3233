import { describe, expect, it } from 'vitest'
import { candidatesOf, discoverInFeed } from '../../src/discover/feed.js'

const feed =
  Buffer.from(`<rss><channel><item><title>T</title><link>/1</link><trackback:ping>/tb/1</trackback:ping></item>
<item><link>/2</link><trackback:about>/tb/1</trackback:about></item><item><trackback:ping>/tb/3</trackback:ping></item></channel></rss>`)
const url = 'http://blog.example/feed'

describe('discoverInFeed', () => {
  it('gives every item, with or without a ping URL', () => {
    expect(discoverInFeed(feed, { url })).toEqual({
      items: [
        { link: 'http://blog.example/1', title: 'T', pingUrl: 'http://blog.example/tb/1', about: [] },
        { link: 'http://blog.example/2', pingUrl: null, about: ['http://blog.example/tb/1'] },
        { pingUrl: 'http://blog.example/tb/3', about: [] },
      ],
    })
    expect(discoverInFeed(feed.toString(), { url })).toEqual(discoverInFeed(feed, { url }))
  })

  it('refuses a limit that is no positive integer', () => {
    expect(() => discoverInFeed(feed, { url, maxSize: 0 })).toThrow(TypeError)
    expect(discoverInFeed(feed, { url, maxSize: 60 }).items).toHaveLength(1)
  })
})

describe('candidatesOf', () => {
  it('gives the items that have a ping URL', () => {
    expect(candidatesOf(discoverInFeed(feed, { url }).items)).toEqual([
      {
        pingUrl: 'http://blog.example/tb/1',
        identifier: 'http://blog.example/1',
        title: 'T',
        source: 'feed',
      },
      { pingUrl: 'http://blog.example/tb/3', source: 'feed' },
    ])
  })
})
