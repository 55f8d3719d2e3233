import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { findLinks, type LinkOptions, type Links } from '../../../src/send/outbox/links.js'

const post = 'https://my.example/2026/hello'
const limits = { maxTargets: 50, maxSkipped: 1000, maxUrlLength: 2048 }

function find(html: string, options: Partial<LinkOptions> = {}): Links {
  return findLinks(html, post, { ...limits, sites: [new URL('https://my.example/')], ...options })
}

function targets(html: string, options: Partial<LinkOptions> = {}): string[] {
  return find(html, options).targets.map(({ url }) => url)
}

function skipped(html: string, options: Partial<LinkOptions> = {}): [string, string][] {
  return find(html, options).skipped.map(({ url, reason }) => [url, reason])
}

describe('findLinks', () => {
  it('finds a[href], blockquote[cite] and q[cite], in their order', () => {
    const html =
      '<a href="http://a.example/">a</a><blockquote cite="http://b.example/">b</blockquote><q cite=http://c.example/>c</q>'
    expect(targets(html)).toEqual(['http://a.example/', 'http://b.example/', 'http://c.example/'])
  })

  it('finds no links in comments, scripts, styles and other elements', () => {
    const html = `<!-- <a href="http://a.example/"> --><script>'<a href="http://b.example/">'</script>
      <style><a href="http://c.example/"></style><textarea><a href="http://d.example/"></textarea>
      <img src="http://e.example/"><link href="http://f.example/"><constructor href="http://g.example/">
      <a name="http://h.example/" cite="http://i.example/">`
    expect(find(html)).toEqual({ targets: [], skipped: [], skippedCount: 0 })
  })

  it('finds links that are marked as user content: the HTML is the post’s own', () => {
    expect(targets('<a rel="ugc nofollow" href="http://a.example/">a</a>')).toEqual(['http://a.example/'])
  })

  it('resolves against the post’s URL, with references decoded', () => {
    const html = '<a href="//a.example/?x=1&amp;y=2">a</a> <a href=" \n../b ">b</a>'
    expect(targets(html, { sites: [] })).toEqual([
      'http://a.example/?x=1&y=2'.replace('http', 'https'),
      'https://my.example/b',
    ])
  })

  it('merges links to one URL, however it is written', () => {
    const html =
      '<a href="http://A.example:80/a/../b">1</a><a href="http://a.example/b">2</a><a href="http://a.example/b#">3</a>'
    expect(targets(html)).toEqual(['http://a.example/b'])
  })

  it('PROTOCOL 48: keeps a fragment, which may name another post; a text to scroll to goes', () => {
    const html =
      '<a href="http://a.example/#2">1</a><a href="http://a.example/#3">2</a><a href="http://b.example/#:~:text=x">3</a><a href="http://b.example/#4:~:text=x">4</a>'
    expect(targets(html)).toEqual([
      'http://a.example/#2',
      'http://a.example/#3',
      'http://b.example/',
      'http://b.example/#4',
    ])
  })

  it('skips the own post, the own site and media, and what is no web page, and says why', () => {
    const html = `<a href="#note">n</a> <a href="/2026/other">o</a> <a href="https://www.my.example:443/x">w</a>
      <a href="http://a.example/photo.JPEG?size=2">p</a> <a href="http://a.example/paper.pdf#page=3">p</a>
      <a href="mailto:me@a.example">m</a> <a href="javascript:alert(1)">j</a> <a href="http://[">b</a>
      <a href="http://a.example/ok.html">ok</a> <a href="http://mp3.example">ok</a>`
    expect(skipped(html)).toEqual([
      ['https://my.example/2026/hello#note', 'own-post'],
      ['https://my.example/2026/other', 'own-site'],
      ['https://www.my.example/x', 'own-site'],
      ['http://a.example/photo.JPEG?size=2', 'media'],
      ['http://a.example/paper.pdf#page=3', 'media'],
      ['mailto:me@a.example', 'not-http'],
      ['javascript:alert(1)', 'not-http'],
      ['http://[', 'invalid'],
    ])
    expect(targets(html)).toEqual(['http://a.example/ok.html', 'http://mp3.example/'])
  })

  it('PROTOCOL 84: the own site is a host and a path, never part of a name', () => {
    const html = `<a href="http://my.example.evil.example/">1</a><a href="http://notmy.example/">2</a>
      <a href="http://evil.example/?https://my.example/">3</a>`
    expect(targets(html)).toHaveLength(3)
    const sites = [new URL('https://my.example/alice')]
    const neighbours =
      '<a href="/bob/1">1</a><a href="/alicent/1">2</a><a href="/alice/1">3</a><a href="/alice">4</a>'
    expect(targets(neighbours, { sites })).toEqual([
      'https://my.example/bob/1',
      'https://my.example/alicent/1',
    ])
  })

  it('takes the ping URLs of the author first, also on the own site, and marks them', () => {
    const pingUrls = ['https://my.example/tb/1', 'http://a.example/tb.gif', 'not a URL', 'ftp://a.example/']
    const { targets, skipped } = find('<a href="http://b.example/">b</a>', { pingUrls, maxTargets: 2 })
    expect(targets).toEqual([
      { url: 'https://my.example/tb/1', isPingUrl: true },
      { url: 'http://a.example/tb.gif', isPingUrl: true },
    ])
    expect(skipped).toEqual([
      { url: 'not a URL', reason: 'invalid' },
      { url: 'ftp://a.example/', reason: 'not-http' },
      { url: 'http://b.example/', reason: 'too-many' },
    ])
  })

  it('THREATS R6: of 10,000 links it takes 50 and reports the rest', () => {
    const html = Array.from(
      { length: 10_000 },
      (_, n) => `<a href="http://victim.example/${n}">${n}</a>`,
    ).join('')
    const links = find(html)
    expect(links.targets).toHaveLength(50)
    expect(links.skipped).toHaveLength(1000)
    expect(links.skippedCount).toBe(9950)
    expect(new Set(links.skipped.map(({ reason }) => reason))).toEqual(new Set(['too-many']))
  })

  it('keeps no long URL: one over the limit is invalid, and shown cut', () => {
    const url = `http://a.example/${'a'.repeat(3000)}`
    expect(find(`<a href="${url}">a</a>`).skipped).toEqual([{ url: url.slice(0, 200), reason: 'invalid' }])
    expect(targets(`<a href="${url}">a</a>`, { maxUrlLength: 4000 })).toEqual([url])
  })

  it('never throws, and gives absolute http(s) URLs within its limits, for any HTML', () => {
    const piece = fc.oneof(
      fc.string(),
      fc.webUrl(),
      fc.constantFrom('<a href="', "<q cite='", '">', "'>", '<', '&#', '//'),
    )
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
        const { targets, skipped, skippedCount } = find(pieces.join(''), { maxTargets: 3, maxSkipped: 2 })
        expect(targets.length).toBeLessThanOrEqual(3)
        expect(skipped.length).toBe(Math.min(2, skippedCount))
        for (const { url } of targets) expect(new URL(url).protocol).toMatch(/^https?:$/)
      }),
      { numRuns: 50 },
    )
  })

  it('takes linear time for 4 MB of links', () => {
    const html = '<a href="/x?'.repeat(350_000)
    const start = performance.now()
    find(`${html}">`)
    find(Array.from({ length: 100_000 }, (_, n) => `<a href="http://a.example/${n}">`).join(''))
    expect(performance.now() - start).toBeLessThan(15_000)
  })
})
