import { parseJsonFeed } from 'feedsmith'
import { describe, expect, it } from 'vitest'
import { type JsonFeed, renderJsonFeed } from '../../src/feeds/json-feed.js'
import { trackback } from '../render/page.js'
import { feed } from './feeds.js'

const parse = (json: string): JsonFeed => JSON.parse(json)

describe('trackbacks as JSON', () => {
  it('are JSON Feed 1.1, with what a page needs to show them under _trackback', () => {
    expect(parse(renderJsonFeed(feed({ lang: 'ja_JP', nextUrl: 'http://blog.example/?after=a&b' })))).toEqual(
      {
        version: 'https://jsonfeed.org/version/1.1',
        title: 'Trackbacks: A & B',
        home_page_url: 'http://blog.example/2026/11/jal.html',
        feed_url: 'http://blog.example/2026/11/jal/trackbacks?page=1&all',
        description: 'Trackbacks: A & B',
        language: 'ja-JP',
        next_url: 'http://blog.example/?after=a&b',
        items: [
          {
            id: 'tag:blog.example,2026-11-23:trackback-2',
            url: 'http://source.example/2026/11/reply.html',
            title: 'x < y & "z"',
            content_text: '<b>5 > 4</b> & more',
            date_published: '2026-11-23T03:04:05.000Z',
            authors: [{ name: 'The source' }],
            _trackback: {
              id: '2',
              blog_name: 'The source',
              host: 'source.example',
              post_url: 'http://blog.example/2026/11/jal.html',
            },
          },
          {
            id: 'tag:blog.example,2026-11-23:trackback-1',
            url: 'http://xn--wgv71a119e.example/%E5%8F%8D%E5%BF%9C',
            title: 'xn--wgv71a119e.example/%E5%8F%8D%E5%BF%9C',
            content_text: '',
            date_published: '2026-11-23T03:04:05.000Z',
            authors: [{ name: 'xn--wgv71a119e.example' }],
            _trackback: {
              id: '1',
              blog_name: '',
              host: 'xn--wgv71a119e.example',
              readable_host: '日本語.example',
              post_url: 'http://blog.example/2026/11/jal.html',
            },
          },
        ],
      },
    )
  })

  it('are read by a feed parser', () => {
    const read = parseJsonFeed(renderJsonFeed(feed({ nextUrl: 'http://blog.example/?after=2' })))
    expect(read.title).toBe('Trackbacks: A & B')
    expect(read.next_url).toBe('http://blog.example/?after=2')
    expect(read.items).toHaveLength(2)
    expect(read.items?.[0]).toMatchObject({
      content_text: '<b>5 > 4</b> & more',
      authors: [{ name: 'The source' }],
    })
  })

  it('end with the last page, and have no date where the time is none', () => {
    const { items, ...rest } = parse(
      renderJsonFeed(feed({ trackbacks: [trackback({ receivedAt: Number.NaN })] })),
    )
    expect(rest).not.toHaveProperty('next_url')
    expect(rest).not.toHaveProperty('language')
    expect(items[0]).not.toHaveProperty('date_published')
  })

  it('name the post where the feed is that of a blog', () => {
    const post = { url: 'http://blog.example/8', title: 'Another' }
    const [item] = parse(renderJsonFeed(feed({ trackbacks: [{ ...trackback(), post }] }))).items
    expect(item?._trackback).toMatchObject({ post_url: post.url, post_title: 'Another' })
  })

  it('may stand in a script element (THREATS X4)', () => {
    const title = '</script><script>alert(1)</script><!--'
    const json = renderJsonFeed(feed({ title, trackbacks: [trackback({ title })] }))
    expect(json).not.toMatch(/[<>&\u2028\u2029]/)
    expect(parse(json).items[0]?.title).toBe(title)
  })
})
