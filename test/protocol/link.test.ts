import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { generateLink, generateLinkHeader, parseLinkHeader, relations } from '../../src/protocol/link.js'
import { tokenizeHtml } from '../../src/text/html.js'
import { repeated } from '../support/strength.js'

describe('parseLinkHeader', () => {
  it.each([
    ['</tb/5>; rel="trackback"', [{ url: '/tb/5', rel: ['trackback'] }]],
    ['</tb/5>;rel=trackback', [{ url: '/tb/5', rel: ['trackback'] }]],
    ['< /tb/5 > ; REL = "Next  TrackBack" ; title="x"', [{ url: '/tb/5', rel: ['next', 'trackback'] }]],
    [
      '</a>; rel=next, </b>; rel=trackback',
      [
        { url: '/a', rel: ['next'] },
        { url: '/b', rel: ['trackback'] },
      ],
    ],
    [
      '</a,b>; rel=next;title="</x>; rel=trackback, \\"y"; x, </b>',
      [
        { url: '/a,b', rel: ['next'] },
        { url: '/b', rel: [] },
      ],
    ],
    ['</a>; rel=next; rel=trackback', [{ url: '/a', rel: ['next'] }]],
    ['</a>; rel=trackback; anchor="#x"', [{ url: '/a', rel: ['trackback'], anchor: '#x' }]],
    ['</a>; rel=trackback; anchor=""', [{ url: '/a', rel: ['trackback'], anchor: '' }]],
    ["</a>; title*=UTF-8''x; rel=trackback", [{ url: '/a', rel: ['trackback'] }]],
    ['</a>;; ;rel=trackback;', [{ url: '/a', rel: ['trackback'] }]],
    ['</a> rel=trackback', [{ url: '/a', rel: [] }]],
    ['x, </b>; rel=trackback', [{ url: '/b', rel: ['trackback'] }]],
    ['</a>; rel="trackback', [{ url: '/a', rel: ['trackback'] }]],
    ['<>', [{ url: '', rel: [] }]],
    ['</a', []],
    ['', []],
  ])('%s', (value, links) => {
    expect(parseLinkHeader(value)).toEqual(links)
  })

  it('reads back what generateLinkHeader writes', () => {
    fc.assert(
      fc.property(
        fc.webUrl({ withQueryParameters: true, withFragments: true }),
        fc.string(),
        (start, end) => {
          const url = `${start}?${end}`
          const header = generateLinkHeader(url)
          expect(header).toMatch(/^[\x20-\x7e]*$/)
          expect(parseLinkHeader(`<x>; rel=next, ${header}`).at(-1)).toEqual({
            url: new URL(url).href,
            rel: ['trackback'],
          })
        },
      ),
    )
  })

  it('never throws, whatever comes', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'<>;,="\\ a\n'), maxLength: 40 }), (value) => {
        expect(parseLinkHeader(value)).toBeInstanceOf(Array)
      }),
      { numRuns: repeated(1000) },
    )
  })
})

describe('generateLinkHeader', () => {
  it('is ASCII, and nothing breaks out of it', () => {
    expect(generateLinkHeader('http://日本.example/a>"\r\nX: y?é')).toBe(
      '<http://xn--wgv71a.example/a%3E%22X:%20y?%C3%A9>; rel="trackback"',
    )
    expect(() => generateLinkHeader('/tb/5')).toThrow(TypeError)
  })
})

describe('generateLink', () => {
  it('PROTOCOL 65: writes the element', () => {
    const html = generateLink(`http://a.example/?a=1&b="'<>`)
    const found: [string, object][] = []
    tokenizeHtml(html, {
      startTag: (name, attributes) => found.push([name, Object.fromEntries(attributes)]),
    })
    expect(found).toEqual([
      [
        'link',
        { rel: 'trackback', type: 'application/x-www-form-urlencoded', href: `http://a.example/?a=1&b="'<>` },
      ],
    ])
  })
})

describe('relations', () => {
  it('PROTOCOL 66: is a list of tokens in lower case', () => {
    expect(relations(' Nofollow\n\tTRACKBACK ')).toEqual(['nofollow', 'trackback'])
    expect(relations(undefined)).toEqual([])
  })
})
