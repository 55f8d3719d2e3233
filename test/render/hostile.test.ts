import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { ShownTrackback } from '../../src/render/item.js'
import { renderTrackbacks } from '../../src/render/trackbacks.js'
import {
  attribute,
  byClass,
  elementsOf,
  naughty,
  payloads,
  pingUrl,
  skeletonOf,
  textOf,
  trackback,
} from './page.js'

function page(field: string, value: string): string {
  const post = { title: field === 'post' ? value : 'title' }
  const changes: Partial<ShownTrackback> = { [field]: value }
  const ping = field === 'pingUrl' ? value : pingUrl
  return renderTrackbacks({ post, pingUrl: ping, trackbacks: [trackback(changes)] }, { lang: 'ja' })
}

/** What a parser of HTML makes of line ends and NUL, whatever the escaping. */
const asParsed = (text: string) => text.replace(/\r\n?/g, '\n').replaceAll('\0', '').toWellFormed()

const harmless = skeletonOf(page('title', 'harmless'))

describe('THREATS X1: hostile text changes nothing but the text', () => {
  it.each(['title', 'excerpt', 'blogName', 'post', 'id', 'pingUrl'])('in %s', (field) => {
    for (const payload of payloads) {
      expect(skeletonOf(page(field, payload)), JSON.stringify(payload)).toEqual(harmless)
    }
  })

  it.each([
    ['title', 'trackback-link'],
    ['excerpt', 'trackback-excerpt'],
    ['blogName', 'trackback-blog'],
    ['post', 'trackbacks-intro'],
    ['pingUrl', 'trackbacks-ping-url'],
  ])('and %s is read back as it was', (field, part) => {
    for (const payload of payloads) {
      const text = textOf(byClass(page(field, payload), part)[0]).toWellFormed()
      expect(text, JSON.stringify(payload)).toContain(asParsed(payload))
    }
  })

  it('for any text at all', () => {
    const text = fc.string({ unit: 'binary', minLength: 1 })
    fc.assert(
      fc.property(text, text, text, text, (title, excerpt, blogName, post) => {
        const trackbacks = [trackback({ title, excerpt, blogName })]
        expect(skeletonOf(renderTrackbacks({ post: { title: post }, pingUrl, trackbacks }))).toEqual(harmless)
      }),
    )
  })
})

describe('THREATS X2: a source that is no web page is shown without a link', () => {
  it.each([
    'javascript:alert(1)',
    'JaVaScRiPt:alert(1)',
    ' javascript:alert(1)',
    'java\tscript:alert(1)',
    'java\nscript:alert(1)',
    '\u0001javascript:alert(1)',
    'javascript://example.com/%0Aalert(1)',
    'data:text/html,<script>alert(1)</script>',
    'vbscript:x',
    'file:///etc/passwd',
    'ftp://example.com/',
    'blob:http://example.com/1',
    'about:blank',
    'view-source:http://example.com/',
    'mailto:a@example.com',
    'tel:1',
    'feed:http://example.com/',
    '//example.com/',
    '/relative',
    'relative',
    '',
    'http://',
    'https://[',
    '#',
    ...naughty.filter((text) => !/^https?:/.test(text)),
  ])('%j', (url) => {
    const html = page('url', url)
    expect(elementsOf(html).filter(({ tagName }) => tagName === 'a')).toEqual([])
    expect(byClass(html, 'trackback-host')).toEqual([])
    expect(
      elementsOf(html)
        .flatMap(({ attrs }) => attrs)
        .filter(({ name }) => name === 'href'),
    ).toEqual([])
  })

  it.each([
    ['http://user:secret@example.com/a', 'http://example.com/a', 'example.com'],
    ['https://bank.example@evil.example/', 'https://evil.example/', 'evil.example'],
    ['https://аpple.com/', 'https://xn--pple-43d.com/', 'xn--pple-43d.com'],
    ['http://example.com:8080/?a=1&b="2"', 'http://example.com:8080/?a=1&b=%222%22', 'example.com:8080'],
    ["http://example.com/'onclick='alert(1)", "http://example.com/'onclick='alert(1)", 'example.com'],
    ['http://example.com/?a&quot;b&lt;c', 'http://example.com/?a&quot;b&lt;c', 'example.com'],
    ['http:\\\\example.com\\a', 'http://example.com/a', 'example.com'],
    ['\nhttp://exa\tmple.com/', 'http://example.com/', 'example.com'],
  ])('%j leads to %s, and its host is named as it is', (url, href, host) => {
    const html = page('url', url)
    expect(attribute(byClass(html, 'trackback-link')[0], 'href')).toBe(href)
    expect(textOf(byClass(html, 'trackback-host')[0])).toBe(host)
    expect(skeletonOf(html)).toEqual(harmless)
  })
})
