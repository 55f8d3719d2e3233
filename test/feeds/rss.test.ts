import { parseRssFeed } from 'feedsmith'
import RssParser from 'rss-parser'
import { describe, expect, it } from 'vitest'
import { renderRss } from '../../src/feeds/rss.js'
import { parseFeed } from '../../src/protocol/feed.js'
import { trackback } from '../render/page.js'
import { feed, xmlSkeletonOf } from './feeds.js'

describe('trackbacks as RSS 2.0', () => {
  it('have the elements of the channel and of the item that RSS asks for, and no other', () => {
    const xml = renderRss(feed({ lang: 'ja', nextUrl: 'http://blog.example/?page=2' }))
    expect(xmlSkeletonOf(xml)).toEqual([
      'rss version xmlns:atom xmlns:dc',
      ...['channel', 'title', 'link', 'description', 'language'],
      'atom:link rel href type',
      'atom:link rel href',
      ...['item', 'title', 'link', 'description', 'dc:creator', 'guid isPermaLink', 'pubDate'],
      ...['item', 'title', 'link', 'dc:creator', 'guid isPermaLink', 'pubDate'],
    ])
  })

  it('are read by rss-parser: a title is text, a description HTML', async () => {
    const { title, link, items } = await new RssParser().parseString(renderRss(feed()))
    expect([title, link]).toEqual(['Trackbacks: A & B', 'http://blog.example/2026/11/jal.html'])
    expect(items[0]).toMatchObject({
      title: 'x < y & "z"',
      link: 'http://source.example/2026/11/reply.html',
      content: '<p>&lt;b&gt;5 &gt; 4&lt;/b&gt; &amp; more</p>',
      creator: 'The source',
      guid: 'tag:blog.example,2026-11-23:trackback-2',
      isoDate: '2026-11-23T03:04:05.000Z',
    })
    expect(items[1]).toMatchObject({
      title: 'xn--wgv71a119e.example/%E5%8F%8D%E5%BF%9C',
      creator: 'xn--wgv71a119e.example',
    })
  })

  it('are read by feedsmith', () => {
    const read = parseRssFeed(renderRss(feed({ lang: 'ja', nextUrl: 'http://blog.example/?page=2&x' })))
    expect(read).toMatchObject({ title: 'Trackbacks: A & B', language: 'ja' })
    expect(read.atom?.links).toEqual([
      { rel: 'self', href: feed().feedUrl, type: 'application/rss+xml' },
      { rel: 'next', href: 'http://blog.example/?page=2&x' },
    ])
    expect(read.items?.[0]).toMatchObject({
      guid: { value: 'tag:blog.example,2026-11-23:trackback-2', isPermaLink: false },
      dc: { creators: ['The source'] },
    })
  })

  it('are read by this library', () => {
    expect(parseFeed(renderRss(feed()), {}).map(({ link, title }) => [link, title])[0]).toEqual([
      'http://source.example/2026/11/reply.html',
      'x < y & "z"',
    ])
  })

  it('have no date where the time is none, and are a feed where there are none', () => {
    const undated = renderRss(feed({ trackbacks: [trackback({ receivedAt: Number.NaN })] }))
    expect(xmlSkeletonOf(undated)).not.toContain('pubDate')
    const empty = renderRss(feed({ trackbacks: [], description: 'What others wrote' }))
    expect(parseRssFeed(empty)).toMatchObject({ description: 'What others wrote' })
    expect(xmlSkeletonOf(empty)).not.toContain('item')
  })
})
