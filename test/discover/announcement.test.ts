import fc from 'fast-check'
import { parse } from 'parse5'
import { RdfXmlParser } from 'rdfxml-streaming-parser'
import { describe, expect, it } from 'vitest'
import { discoverInHtml } from '../../src/discover/page.js'
import { generateRdf, type RdfAnnouncement } from '../../src/protocol/rdf.js'
import { generateAnnouncement } from '../../src/render/autodiscovery.js'
import { repeated } from '../support/strength.js'

const piece = fc.constantFrom(
  ...[
    '--',
    '-->',
    '--!>',
    '<!--',
    '-',
    '>',
    '<',
    ']]>',
    '<![CDATA[',
    '"',
    "'",
    '&',
    '&amp;',
    '&#45;',
    '&lt',
    ';',
    '\\"',
    '</rdf:RDF>',
    '/>',
  ],
  ...[
    'trackback:ping="http://evil.example/"',
    'dc:identifier=',
    ' ',
    '\n',
    '\t',
    'a',
    'Z',
    '日本語',
    'トラックバック',
    '한국어',
    '😀',
    '👨‍👩‍👧',
    'é',
    'e\u0301',
    'عربي',
    '\0',
    '\uFFFE',
    '\uD800',
  ],
)
const title = fc.array(piece, { maxLength: 10 }).map((pieces) => pieces.join(''))
const segment = fc
  .array(
    fc.constantFrom(
      'a',
      '-',
      '--',
      '---',
      '.',
      '~',
      '%2D',
      '%E3%81%82',
      'あ',
      '(b)',
      "'",
      '!',
      '*',
      ':',
      '@',
      '+',
      ',',
      ';',
      '=',
      '$',
    ),
    { minLength: 1, maxLength: 6 },
  )
  .map((pieces) => `x${pieces.join('')}`)
const host = fc.constantFrom(
  'blog.example',
  'www.blog.example:8080',
  '日本語.example',
  'xn--wgv71a119e.example',
  'bücher.example',
  '[2001:db8::1]',
)
const query = fc
  .array(fc.tuple(segment, segment), { minLength: 1, maxLength: 3 })
  .map((pairs) => `?${pairs.map((pair) => pair.join('=')).join('&')}`)
const url = fc
  .tuple(
    fc.constantFrom('http', 'https'),
    host,
    fc.array(segment, { maxLength: 4 }),
    fc.option(query, { nil: '' }),
    fc.option(segment, { nil: '' }),
  )
  .map(
    ([scheme, name, path, search, fragment]) =>
      `${scheme}://${name}/${path.join('/')}${search}${fragment && `#${fragment}`}`,
  )
const pingUrl = fc
  .tuple(host, segment, fc.option(query, { nil: '' }))
  .map(([name, id, search]) => `https://tb.${name.replace('[2001:db8::1]', 'v6.example')}/tb/${id}${search}`)
const announcement = fc.record({ url, pingUrl, title, excerpt: title })

function page({ pingUrl, ...post }: RdfAnnouncement): string {
  const announced = generateAnnouncement({ id: '1', ...post }, pingUrl)
  return `<!DOCTYPE html><html><head><title>t</title>${announced}</head><body><p>x</p></body></html>`
}

function triplesOf(rdf: string): Map<string, string> {
  const triples = new Map<string, string>()
  const parser = new RdfXmlParser()
  parser.on('data', ({ subject, predicate, object }) => {
    triples.set('subject', subject.value)
    triples.set(predicate.value.split('/').at(-1), object.value)
  })
  parser.on('error', (error: Error) => triples.set('error', error.message))
  parser.write(rdf)
  parser.end()
  return triples
}

describe('an announcement', () => {
  const numRuns = repeated(10_000)

  it(`is found again for ${numRuns} posts, as the same post and ping URL, and is valid to other parsers`, () => {
    let posts = 0
    fc.assert(
      fc.property(announcement, (post) => {
        posts += 1
        const html = page(post)
        const found = discoverInHtml(html, { url: post.url })
        expect(found.pingUrl).toBe(post.pingUrl)
        expect(found.candidates[0]).toMatchObject({ pingUrl: post.pingUrl, source: 'link' })
        expect(found.candidates[1]).toMatchObject({
          pingUrl: post.pingUrl,
          identifier: post.url,
          source: 'rdf',
          match: 'exact',
        })
        const errors: string[] = []
        const document = parse(html, { onParseError: ({ code }) => errors.push(code) })
        expect(errors).toEqual([])
        const head = document.childNodes.flatMap((node) => ('childNodes' in node ? node.childNodes : []))[0]
        expect(head && 'childNodes' in head && head.childNodes.map(({ nodeName }) => nodeName)).toEqual([
          'title',
          'link',
          '#text',
          '#comment',
        ])
        const triples = triplesOf(generateRdf(post))
        expect(Object.fromEntries(triples)).toMatchObject({
          subject: post.url,
          identifier: post.url,
          ping: post.pingUrl,
        })
      }),
      { numRuns },
    )
    expect(posts).toBe(numRuns)
  })

  it('PROTOCOL 47: is found for a URL with characters that stand in no URL, which it escapes', () => {
    const post = { url: 'http://d.example/a|b?c={1}', pingUrl: 'http://d.example/tb/1' }
    expect(discoverInHtml(`<!-- ${generateRdf(post)} -->`, { url: post.url }).pingUrl).toBe(post.pingUrl)
  })

  it('its <link> is left out where it leads to the page itself, and the RDF answers', () => {
    const post = { url: 'http://d.example/1', pingUrl: 'http://d.example/1' }
    expect(discoverInHtml(page(post), post)).toMatchObject({
      pingUrl: post.url,
      candidates: [{ source: 'rdf' }],
    })
  })
})
