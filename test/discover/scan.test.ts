import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it, vi } from 'vitest'
import { finish } from '../../src/base/steps.js'
import { findFeedLink, mentionsTrackback } from '../../src/discover/scan.js'

const bytes = (text: string) => Buffer.from(text, 'latin1')

describe('mentionsTrackback', () => {
  it.each([
    'trackback',
    'Trackback',
    'TrackBack',
    'TRACKBACK',
    'tRACKbACK',
    'rel=trackback>',
    'xtrackbackx',
    `${'kb'.repeat(50)}trackback`,
  ])('PROTOCOL 61: finds %s', (text) => {
    expect(mentionsTrackback(bytes(text))).toBe(true)
    expect(mentionsTrackback(Buffer.from(`\uFEFF<p>${text}`, 'utf16le'))).toBe(true)
    expect(mentionsTrackback(Buffer.from(`<p>${text}`, 'utf16le').swap16())).toBe(true)
    expect(mentionsTrackback(bytes(`\0${text}`)), 'after a stray NUL').toBe(true)
    expect(mentionsTrackback(new Uint8Array(bytes(`..${text}..`)).subarray(2, 2 + text.length))).toBe(true)
  })

  it.each([
    '',
    'kb',
    'track back',
    'trackbac',
    'rackback',
    'tr\u0001ckback',
    'TRACKBA\u0023K',
    'racket backup kb KB Kb kB',
  ])('does not find %j', (text) => {
    expect(mentionsTrackback(bytes(text))).toBe(false)
  })

  it('is what a search without regard to case finds', () => {
    const piece = fc.constantFrom(
      'trackback',
      'TrackBack',
      'track',
      'back',
      'k',
      'b',
      'K',
      'B',
      'kb',
      ' ',
      '\xFF',
    )
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const text = pieces.join('')
        expect(mentionsTrackback(bytes(text))).toBe(/trackback/i.test(text))
      }),
    )
  })
})

describe('mentionsTrackback in a page full of the pairs that it looks for', () => {
  it.each(['kb', 'KB', 'kBKb', 'k\0b\0'])('looks at pieces of it, not at each pair: %j', (pairs) => {
    const page = Buffer.alloc(1_048_576, pairs, 'latin1')
    const looks = [vi.spyOn(Buffer.prototype, 'indexOf'), vi.spyOn(Buffer.prototype, 'toString')]
    expect(mentionsTrackback(page)).toBe(false)
    for (const look of looks) expect(look.mock.calls.length).toBeLessThan(10_000)
    vi.restoreAllMocks()
  })

  it('finds the word wherever a piece ends', () => {
    for (let length = 480; length < 540; length += 1) {
      const text = `${'kb'.repeat(length).slice(0, length)}TrackBack`
      expect(mentionsTrackback(bytes(text)), `${length}`).toBe(true)
      expect(mentionsTrackback(Buffer.from(text, 'utf16le')), `${length} in UTF-16`).toBe(true)
    }
  })
})

describe('findFeedLink', () => {
  const url = 'http://blog.example/a/'
  it.each([
    ['<link rel="alternate" type="application/rss+xml" href="/feed">', 'http://blog.example/feed'],
    [
      '<link href=feed TYPE="Application/Atom+xml; charset=utf-8" REL="Alternate nofollow" />',
      'http://blog.example/a/feed',
    ],
    [
      '<base href="/b/"><link rel="alternate" type="application/rdf+xml" href="index.rdf">',
      'http://blog.example/b/index.rdf',
    ],
    [
      '<BASE HREF="/b/"><LINK REL="ALTERNATE" TYPE="APPLICATION/RSS+XML" HREF="index.xml">',
      'http://blog.example/b/index.xml',
    ],
    [
      '<link rel="stylesheet" type="text/xsl+xml" href="/x"><link rel=alternate type=application/rss+xml href="/1"><link rel=alternate type=application/atom+xml href="/2">',
      'http://blog.example/1',
    ],
    [
      '<link rel="alternate" type="application/rss+xml" href="/f?a=1&amp;b=2">',
      'http://blog.example/f?a=1&b=2',
    ],
    ['<link rel="alternate" type="application/rss+xml" href="javascript:x">', null],
    ['<link rel="edit" type="application/rss+xml" href="/x">', null],
    ['<link rel="alternate" type="text/html" href="/x">', null],
    ['<link rel=alternate href="/x.xml" title="application/rss+xml">', null],
    ['application/rss+xml', null],
    ['<link rel="alternate" type="application/rss+xml" href="/x', null],
    [
      `<link rel="alternate" type="application/rss+xml" title="${'x'.repeat(9000)}" href="/x">`,
      'http://blog.example/x',
    ],
    ['<!-- <link rel="alternate" type="application/rss+xml" href="/x"> -->', null],
    ['', null],
  ])('%s', (html, expected) => {
    expect(finish(findFeedLink(Buffer.from(html), url))).toBe(expected)
  })
})

describe('the corpus', () => {
  const corpus = process.env['TRACKBACK_CORPUS']
  it.skipIf(corpus === undefined)(
    'no page that holds an announcement is passed over (needs TRACKBACK_CORPUS)',
    () => {
      const { documents } = JSON.parse(readFileSync(`${corpus}/manifest.json`, 'utf8')) as {
        documents: { kind: string; file: string; expect: { rdf?: unknown[] } }[]
      }
      for (const { file, kind, expect: expected } of documents) {
        const page = readFileSync(`${corpus}/${file}`)
        if (kind === 'html' && expected.rdf?.length) expect(mentionsTrackback(page), file).toBe(true)
      }
    },
  )
})
