import { describe, expect, it } from 'vitest'
import { canonicalHost, parseUrl, resolveUrl, webUrl, withoutWww } from '../../src/protocol/url.js'

describe('resolveUrl', () => {
  it.each([
    ['http://A.example:80/x y?'.replace(' ', '%20'), 'http://A.example:80/x%20y?'],
    ['HTTPS://a.example', 'HTTPS://a.example'],
    [' http://a.example/\n', 'http://a.example/'],
    ['http://日本.example/題', 'http://日本.example/題'],
    ['http://a.example/a b', 'http://a.example/a%20b'],
    ['http://a.example/a\nb', 'http://a.example/ab'],
    ['http:\\\\a.example\\x', 'http://a.example/x'],
    ['http:///a.example', 'http://a.example/'],
    ['/x', 'http://b.example/x'],
    ['x?y', 'http://b.example/a/x?y'],
    ['//c.example', 'http://c.example/'],
    ['#x', 'http://b.example/a/#x'],
    ['', null],
    ['javascript:alert(1)', null],
    ['data:text/html,x', null],
    ['ftp://a.example/', null],
    ['http://', null],
    ['http://[', null],
  ])('%j is %j', (reference, expected) => {
    expect(resolveUrl(reference, 'http://b.example/a/')).toBe(expected)
  })

  it('without a base takes absolute URLs only', () => {
    expect(resolveUrl('/x')).toBeNull()
    expect(resolveUrl('http://a.example')).toBe('http://a.example')
  })
})

describe('parseUrl', () => {
  it('is null for what is no URL, and goes on reading names with an umlaut (URL.canParse does not)', () => {
    expect(parseUrl('http://[')).toBeNull()
    expect(parseUrl('/x')).toBeNull()
    for (let call = 0; call < 20_000; call += 1) {
      if (parseUrl('https://b\u00FCcher.example/x')?.host !== 'xn--bcher-kva.example')
        expect.fail(`call ${call}`)
    }
  })
})

describe('webUrl', () => {
  it.each([
    ['http://a.example/x', 'http://a.example/x'],
    ['https://user:secret@日本.example:8080/?q#f', 'https://xn--wgv71a.example:8080/?q#f'],
    ['javascript:alert(1)', null],
    ['ftp://a.example/', null],
    ['/relative', null],
    ['', null],
  ])('%s is %s', (text, href) => {
    expect(webUrl(text)?.href ?? null).toBe(href)
  })
})

describe('withoutWww', () => {
  it.each([
    ['www.blog.example', 'blog.example'],
    ['blog.example', 'blog.example'],
    ['wwwx.example', 'wwwx.example'],
    ['www.www.example', 'www.example'],
    ['blog.www.example', 'blog.www.example'],
  ])('of %s leaves %s', (host, expected) => {
    expect(withoutWww(host)).toBe(expected)
  })
})

describe('canonicalHost', () => {
  it.each([
    'http://blog.example./',
    'https://BLOG.example..:8443/x',
    'http://blog%2Eexample%2e:81/',
    'http://u:p@ｂlog。example。。/',
  ])('of %s is blog.example', (url) => {
    expect(canonicalHost(new URL(url))).toBe('blog.example')
  })
})
