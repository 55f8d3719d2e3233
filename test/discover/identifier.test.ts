import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compareUrls, pageKey } from '../../src/discover/identifier.js'
import { repeated } from '../support/strength.js'

const site = 'http://blog.example'

describe('compareUrls', () => {
  const equal: [string, string, 'exact' | 'equivalent' | 'fragment', string][] = [
    [`${site}/a?p=1#x`, `${site}/a?p=1#x`, 'exact', 'the same URL'],
    [` ${site}/a\n`, `${site}/a`, 'exact', 'the same URL'],
    [`${site}/a%2Db%7Ec`, `${site}/a-b~c`, 'equivalent', 'percent-escapes'],
    [`${site}/%e6%97%a5`, `${site}/%E6%97%A5`, 'equivalent', 'percent-escapes'],
    [`${site}/日本`, `${site}/%E6%97%A5%E6%9C%AC`, 'equivalent', 'the same URL, written differently'],
    [`${site}/?q=a%2Db`, `${site}/?q=a-b`, 'equivalent', 'percent-escapes'],
    [`${site}/a|b`, `${site}/a%7cb`, 'equivalent', 'percent-escapes'],
    [`${site}/?a[]={1}`, `${site}/?a[]=%7B1%7D`, 'equivalent', 'percent-escapes'],
    ['http:blog.example/a', `${site}/a`, 'equivalent', 'the same URL, written differently'],
    [`${site}:80/a`, `${site}/a`, 'equivalent', 'default port'],
    ['http://blog.example:443/a', 'https://blog.example/a', 'equivalent', 'http or https, default port'],
    ['http://blog.example:443/a', 'http://blog.example/a', 'equivalent', 'default port'],
    ['http://Blog.Example/a', `${site}/a`, 'equivalent', 'case of host'],
    ['HTTP://blog.example/a', `${site}/a`, 'equivalent', 'the same URL, written differently'],
    [
      'http://日本.example/a',
      'http://xn--wgv71a.example/a',
      'equivalent',
      'the same URL, written differently',
    ],
    [`${site}/?a=1&amp;b=2`, `${site}/?a=1&b=2`, 'equivalent', 'entity residue'],
    [`${site}/?a=1&#038;b=2`, `${site}/?a=1&b=2`, 'equivalent', 'entity residue'],
    ['https://blog.example/a', `${site}/a`, 'equivalent', 'http or https'],
    ['http://www.blog.example/a', `${site}/a`, 'equivalent', 'www.'],
    [`${site}/a/index.html`, `${site}/a/`, 'equivalent', 'index file'],
    [`${site}/index.php?p=1`, `${site}/?p=1`, 'equivalent', 'index file'],
    [`${site}/a/Default.aspx`, `${site}/a/`, 'equivalent', 'index file'],
    [`${site}/a/`, `${site}/a`, 'equivalent', 'final slash'],
    [`${site}/a/index.html`, `${site}/a`, 'equivalent', 'index file, final slash'],
    [site, `${site}/`, 'equivalent', 'the same URL, written differently'],
    [`${site}/a#x`, `${site}/a`, 'fragment', 'fragment'],
    ['https://www.blog.example/a/#x', `${site}/a`, 'fragment', 'http or https, www., final slash, fragment'],
  ]
  it.each(equal)('PROTOCOL 47: %s is %s: %s, %s', (a, b, match, reason) => {
    expect(compareUrls(a, b)).toEqual({ match, reason })
    expect(compareUrls(b, a)).toEqual({ match, reason })
  })

  const different = `
    /a/ /b/ | /a /b | /a/ / | /a /aa | /a/b /a | /a/b /b | /a/ /a/b/ | /?p=1 /?p=11 | /?p=1 /?p=2 | /?p=1 / | /?p=1 /p=1
    /a/index.html /b/index.html | /a/index.html /a/index.php | /a/index.html / | /index.html /a/index.html
    /a/index.html /a/indexes.html | /a/index2.html /a/ | /a/default.htm /b/default.htm | /index.php?p=1 /index.php?p=2
    /index.php/1 /index.php/2 | /index.php/1 /1 | /A /a | /a?Id=1 /a?id=1 | /?p=a /?p=A | /Post.html /post.html
    /a%2Fb /a/b | /a%3Fb /a?b | /a%20b /a+b | /?q=a%26b /?q=a&b | /%2541 /%41 | /a%2Cb /a%2C | /a#1 /a#2 | /#1 /#2
    /2005_02.php#000028 /2005_02.php#000029 | /#!/a / | /#/a /#/b | /#/a / | /a#x /b | /a#x /b#x | /?a=1&b=2 /?b=2&a=1
    /?a=1 /?a=1&b=2 | /?a=1&amp;b=2 /?a=1&b=3 | /a// /a/ | //a /a | /a;x=1 /a | /a;x=1 /a;x=2 | /1.html /1.htm
    /a.php /a | /a.html /a | /archives/7 /archives/77 | /archives/000022.php /archives/000027.php | /18521/60408081 /18521/60408082
    /2008/07/29/a/ /2008/07/30/a/ | /a/1/ /a/2/ | /a-b /ab | /a-b /a--b | /a_b /a-b | /a. /a | /日本 /日 | /a/../b /a
    /tag/a/ /a/ | /?p=1&page=2 /?p=1 | /a/feed/ /a/ | /a?print=1 /a | /~a/1 /~b/1 | /en/a /ja/a | /a:1 /a:2`
    .split(/\||\n/)
    .map((pair) => pair.trim().split(/\s+/) as [string, string])
    .filter(([a]) => a)
  it(`PROTOCOL 95, PEERS 37: ${different.length} pairs of posts of one site stay apart`, () => {
    expect(different.length).toBeGreaterThanOrEqual(60)
    for (const [a, b] of different) {
      expect.soft(compareUrls(site + a, site + b), `${a} ${b}`).toBeNull()
      expect.soft(compareUrls(`https://www.blog.example${a}`, site + b), `${a} ${b}`).toBeNull()
    }
  })

  it.each([
    ['http://a.blog.example/', 'http://b.blog.example/'],
    ['http://blog.example/', 'http://blog.example.org/'],
    ['http://blog.example/', 'http://myblog.example/'],
    ['http://blog.example:8080/', 'http://blog.example/'],
    ['http://blog.example:8080/', 'http://blog.example:8443/'],
    ['http://user@blog.example/', 'http://blog.example/'],
    ['ftp://blog.example/', 'ftp://blog.example/'],
    ['urn:x', 'urn:x'],
    ['/a', '/a'],
    ['', ''],
    ['http://', 'http://'],
  ])('%s is not %s', (a, b) => {
    expect(compareUrls(a, b)).toBeNull()
  })

  it.each([
    ...[
      'utm_source=a',
      'UTM_Campaign=b',
      'utm%5Fid=1',
      'fbclid',
      'fbclid=',
      'gclid=x',
      'msclkid=x',
      'mc_cid=1',
    ],
    ...[
      'mc_eid=1',
      'igshid=1',
      'yclid=1',
      '_hsenc=1',
      '_hsmi=2',
      'PHPSESSID=0f',
      'jsessionid=1',
      '%66bclid=1',
      '',
    ],
  ])('PROTOCOL 128: the parameter %j names no page', (parameter) => {
    for (const path of ['/a', '/a/', '/', '/a(b)']) {
      for (const [plain, decorated] of [
        ['', `?${parameter}`],
        ['?p=1', `?p=1&${parameter}`],
        ['?p=1', `?${parameter}&p=1`],
        ['?p=1', `?p=1&amp;${parameter}`],
        ['?p=1&q=2#x', `?p=1&${parameter}&q=2#x`],
      ] as const) {
        expect
          .soft(compareUrls(site + path + plain, site + path + decorated)?.match, decorated)
          .toBe('equivalent')
        expect.soft(pageKey(site + path + plain)).toBe(pageKey(site + path + decorated))
      }
    }
  })

  it.each([
    '/a;jsessionid=0A.n1!7',
    '/a;JSESSIONID=',
    '/a;phpsessid=1',
    '/a;jsessionid=1?utm_id=2',
    '/a;jsessionid=1/',
  ])('PROTOCOL 128: %s names a session, not a page', (path) => {
    expect(compareUrls(site + path, `${site}/a`)?.match).toBe('equivalent')
    expect(compareUrls(site + path.replace('/a', '/a;v=1'), `${site}/a`)).toBeNull()
  })

  it.each(Array.from("!'()*~-._aZ0"))('PROTOCOL 118, 139: %s and its escape are one', (character) => {
    const code = character.charCodeAt(0).toString(16)
    for (const escaped of [`%${code}`, `%${code.toUpperCase()}`]) {
      for (const [before, after] of [
        ['/x', 'y'],
        ['/x', ''],
        ['/x', '/index.html'],
        ['/?q=', '&r=1'],
        ['/a#', 'z'],
      ]) {
        const [a, b] = [`${site}${before}${character}${after}`, `${site}${before}${escaped}${after}`]
        expect.soft(compareUrls(a, b)?.match).toMatch(/exact|equivalent/)
        expect.soft(pageKey(a)).toBe(pageKey(b))
      }
    }
  })

  it('PROTOCOL 139: two posts of one site stay two, however their URLs are written, and each stays one', () => {
    const post = fc.record({
      id: fc.integer({ min: 1, max: 12 }),
      slug: fc.constantFrom('a', "it's", '(b)', 'ä!', 'utm', '日'),
    })
    const forms: ((id: number, slug: string) => string)[] = [
      (id) => `/?p=${id}`,
      (id) => `/index.php?id=${id}&cat=2`,
      (id, slug) => `/${slug}/${id}`,
      (id, slug) => `/2010/${id}/${slug}/`,
      (id, slug) => `/${slug}?sid=${id}`,
      (id) => `/a.php/${id}`,
      (id) => `/a;v=${id}/b`,
      (id) => `/a?utm=${id}`,
      (id) => `/a?x_utm_source=${id}`,
    ]
    const tracked = (url: string, text: string) => `${url}${url.includes('?') ? '&' : '?'}${text}`
    const spellings: ((url: string) => string)[] = [
      (url) => url,
      (url) => tracked(url, 'utm_source=1'),
      (url) => tracked(url, 'fbclid=2&PHPSESSID=3'),
      (url) => url.replace(/[!'()]/g, (character) => `%${character.charCodeAt(0).toString(16)}`),
      (url) => url.replace('http:', 'https:'),
      (url) => url.replace('//', '//www.').replace('example/', 'EXAMPLE:80/'),
      (url) => new URL(url).href,
      (url) => url.replace(/(\/[^?/]*)(\?|$)/, '$1;jsessionid=9$2'),
      (url) => url.replaceAll('&', '&amp;'),
    ]
    const spelling = fc.uniqueArray(fc.constantFrom(...spellings), { maxLength: 4 })
    fc.assert(
      fc.property(
        post,
        post,
        fc.constantFrom(...forms),
        spelling,
        spelling,
        (one, other, form, first, second) => {
          const write = ({ id, slug }: typeof one, changes: typeof spellings) =>
            changes.reduce((url, change) => change(url), site + form(id, slug))
          const [a, b] = [write(one, first), write(other, second)]
          const isSame = form(one.id, one.slug) === form(other.id, other.slug)
          expect(compareUrls(a, b) !== null, `${a} ${b}`).toBe(isSame)
          expect(pageKey(a) === pageKey(b), `${a} ${b}`).toBe(isSame)
        },
      ),
      { numRuns: repeated(3000, 500) },
    )
  })

  it('is symmetric, and exact with itself', () => {
    fc.assert(
      fc.property(
        fc.webUrl({ withFragments: true, withQueryParameters: true }),
        fc.webUrl({ withFragments: true }),
        (a, b) => {
          expect(compareUrls(a, b)?.match).toBe(compareUrls(b, a)?.match)
          expect(compareUrls(a, a)?.match).toBe('exact')
        },
      ),
    )
  })

  it('two of three URLs are equal where both equal the third', () => {
    const path = fc.constantFrom(
      '',
      '/',
      '/a',
      '/a/',
      '/a/index.html',
      '/%61',
      '/A',
      '/index.php',
      '/a?x',
      '/a#f',
    )
    const origin = fc.constantFrom(
      'http://e.example',
      'https://e.example',
      'http://www.e.example',
      'http://E.example:80',
      'http://e.example:443',
    )
    const url = fc.tuple(origin, path).map(([start, end]) => start + end)
    fc.assert(
      fc.property(url, url, url, (a, b, c) => {
        fc.pre(compareUrls(a, b) !== null && compareUrls(b, c) !== null)
        expect(compareUrls(a, c), `${a} ${b} ${c}`).not.toBeNull()
      }),
    )
  })
})
