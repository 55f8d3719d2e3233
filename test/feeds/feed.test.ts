import { describe, expect, it } from 'vitest'
import { renderAtom } from '../../src/feeds/atom.js'
import { type FeedView, feedOf } from '../../src/feeds/feed.js'
import { renderJsonFeed } from '../../src/feeds/json-feed.js'
import { renderRss } from '../../src/feeds/rss.js'
import { trackback } from '../render/page.js'
import { feed } from './feeds.js'

const tagsOf = (view: FeedView) => feedOf(view).items.map(({ tag }) => tag)

describe('the content of a feed', () => {
  it('names a trackback in the feed of its post as in that of the whole blog', () => {
    const post = { url: 'http://blog.example/2026/11/jal.html' }
    const blog = feed({
      url: 'http://blog.example/',
      feedUrl: 'http://blog.example/all',
      trackbacks: feed().trackbacks.map((item) => ({ ...item, post })),
    })
    expect(tagsOf(feed())).toEqual([
      'tag:blog.example,2026-11-23:trackback-2',
      'tag:blog.example,2026-11-23:trackback-1',
    ])
    expect(tagsOf(blog)).toEqual(tagsOf(feed()))
  })

  it('makes an id of every id', () => {
    const [tag] = tagsOf(feed({ trackbacks: [trackback({ id: 'a b/<ü>\uD800' })] }))
    expect(tag).toBe('tag:blog.example,2026-11-23:trackback-a%20b%2F%3C%C3%BC%3E%EF%BF%BD')
  })

  it('leaves out what leads to no page, and keeps the order of the rest', () => {
    const trackbacks = ['http://b.example/', 'javascript:alert(1)', 'ftp://x.example/', 'http://a.example/']
    const { items } = feedOf(feed({ trackbacks: trackbacks.map((url) => trackback({ url })) }))
    expect(items.map(({ url }) => url)).toEqual(['http://b.example/', 'http://a.example/'])
  })

  it('says which post a trackback is about only where the page of the feed is another', () => {
    const post = { url: 'http://blog.example/8', title: 'B & <C>' }
    const htmlOf = (changes: object) =>
      feedOf(feed({ trackbacks: [{ ...trackback(), ...changes }] })).items[0]?.html
    expect(htmlOf({})).toBe('<p>What I think of it.</p>')
    expect(htmlOf({ post: { url: feed().url, title: 'A' } })).toBe('<p>What I think of it.</p>')
    expect(htmlOf({ post })).toBe(
      '<p>What I think of it.</p><p>→ <a href="http://blog.example/8">B &amp; &lt;C&gt;</a></p>',
    )
    expect(htmlOf({ excerpt: '', post: { url: post.url } })).toBe(
      '<p>→ <a href="http://blog.example/8">http://blog.example/8</a></p>',
    )
  })

  it('holds nothing that turns the text around it (THREATS C5)', () => {
    const [item] = feedOf(
      feed({ trackbacks: [trackback({ title: '\u202Etitle\u0007', blogName: '\u2066\u200F' })] }),
    ).items
    expect(item).toMatchObject({ title: 'title', blogName: '', author: 'source.example' })
  })

  it.each(['url', 'feedUrl', 'nextUrl'])('refuses a %s that is not absolute, or not of the web', (name) => {
    for (const value of ['/7', '', 'javascript:alert(1)', 'ftp://blog.example/', 'http://']) {
      for (const render of [renderJsonFeed, renderRss, renderAtom]) {
        expect(() => render(feed({ [name]: value })), value).toThrow(new RegExp(`^${name} must be`))
      }
    }
  })

  it('refuses a post that has no permalink', () => {
    const trackbacks = [{ ...trackback(), post: { url: 'posts/7' } }]
    expect(() => feedOf(feed({ trackbacks }))).toThrow(TypeError)
  })
})
