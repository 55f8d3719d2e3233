import { parseAtomFeed } from 'feedsmith'
import RssParser from 'rss-parser'
import { describe, expect, it } from 'vitest'
import { renderAtom } from '../../src/feeds/atom.js'
import { trackback } from '../render/page.js'
import { feed, xmlSkeletonOf } from './feeds.js'

describe('trackbacks as Atom', () => {
  it('have the elements that RFC 4287 asks of a feed and of an entry, and no other', () => {
    const xml = renderAtom(
      feed({ lang: 'ja', nextUrl: 'http://blog.example/?page=2', description: 'What others wrote' }),
    )
    const entry = ['entry', 'id', 'title', 'updated', 'published', 'author', 'name', 'link rel href']
    const reply = 'thr:in-reply-to ref href type'
    expect(xmlSkeletonOf(xml)).toEqual([
      'feed xmlns xmlns:thr xml:lang',
      ...[
        'id',
        'title',
        'subtitle',
        'updated',
        'link rel href type',
        'link rel href type',
        'link rel href type',
      ],
      ...[...entry, 'summary type', reply],
      ...[...entry, reply],
    ])
  })

  it('are read by feedsmith: title, source, author, dates, and the post they reply to', () => {
    const post = { url: 'http://blog.example/8?a&b', title: 'Another' }
    const trackbacks = [{ ...feed().trackbacks[0], ...trackback({ id: '2', title: 'x < y' }), post }]
    const read = parseAtomFeed(renderAtom(feed({ lang: 'ja', trackbacks })))
    expect(read).toMatchObject({
      id: 'http://blog.example/2026/11/jal.html#trackbacks',
      title: { value: 'Trackbacks: A & B' },
      updated: '2026-11-23T03:04:05.000Z',
    })
    expect(read.entries).toEqual([
      {
        id: 'tag:blog.example,2026-11-23:trackback-2',
        title: { value: 'x < y' },
        updated: '2026-11-23T03:04:05.000Z',
        published: '2026-11-23T03:04:05.000Z',
        authors: [{ name: 'The source' }],
        links: [{ rel: 'alternate', href: 'http://source.example/2026/11/reply.html' }],
        summary: {
          type: 'html',
          value: '<p>What I think of it.</p><p>→ <a href="http://blog.example/8?a&amp;b">Another</a></p>',
        },
        thr: { inReplyTos: [{ ref: post.url, href: post.url, type: 'text/html' }] },
      },
    ])
  })

  it('are read by rss-parser', async () => {
    const { title, items } = await new RssParser().parseString(renderAtom(feed()))
    expect(title).toBe('Trackbacks: A & B')
    expect(items.map(({ link, author }) => [link, author])).toEqual([
      ['http://source.example/2026/11/reply.html', 'The source'],
      ['http://xn--wgv71a119e.example/%E5%8F%8D%E5%BF%9C', 'xn--wgv71a119e.example'],
    ])
  })

  it('were updated when the newest came, wherever it stands; never where there is none', () => {
    const at = (id: string, time: string) => trackback({ id, receivedAt: Date.parse(time) })
    const trackbacks = [at('1', '2020-01-01'), at('2', '2026-11-24'), at('3', '2001-01-01')]
    expect(parseAtomFeed(renderAtom(feed({ trackbacks }))).updated).toBe('2026-11-24T00:00:00.000Z')
    expect(parseAtomFeed(renderAtom(feed({ trackbacks: [] }))).updated).toBe('1970-01-01T00:00:00.000Z')
  })

  it('keep the form of a date whatever the time', () => {
    for (const receivedAt of [Number.NaN, -1, 8.64e15, Number.POSITIVE_INFINITY]) {
      const [entry] =
        parseAtomFeed(renderAtom(feed({ trackbacks: [trackback({ receivedAt })] }))).entries ?? []
      expect([entry?.updated, entry?.id]).toEqual([
        '1970-01-01T00:00:00.000Z',
        'tag:blog.example,1970-01-01:trackback-1',
      ])
    }
  })

  it('have one id on all their pages', () => {
    const idOf = (feedUrl: string) => parseAtomFeed(renderAtom(feed({ feedUrl }))).id
    expect(idOf('http://blog.example/tb?page=2')).toBe(idOf('http://blog.example/tb'))
  })
})
