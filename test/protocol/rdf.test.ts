import fc from 'fast-check'
import { RdfXmlParser } from 'rdfxml-streaming-parser'
import { describe, expect, it } from 'vitest'
import { generateRdf, parseRdf } from '../../src/protocol/rdf.js'
import { repeated } from '../support/strength.js'

const declarations = `xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
 xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:trackback="http://madskills.com/public/xml/rss/module/trackback/"`
const block = (inside: string, attributes = declarations) =>
  `<!--\n<rdf:RDF ${attributes}>\n${inside}\n</rdf:RDF>\n-->`
const description = (attributes: string) => block(`<rdf:Description ${attributes} />`)
const full = {
  about: 'http://a.example/1',
  identifier: 'http://a.example/1',
  title: 'T',
  ping: 'http://a.example/tb/1',
}
const fullAttributes = `rdf:about="${full.about}" dc:identifier="${full.identifier}" dc:title="T" trackback:ping="${full.ping}"`

describe('parseRdf', () => {
  const readable: [string, string, object[]][] = [
    ['PROTOCOL 40: the sample', description(fullAttributes), [full]],
    ['PROTOCOL 41: outside a comment', description(fullAttributes).slice(4, -3), [full]],
    [
      'PROTOCOL 42: several blocks',
      description('trackback:ping="/1"') + description('trackback:ping="/2"'),
      [{ ping: '/1' }, { ping: '/2' }],
    ],
    [
      'PEERS 39: several descriptions in a block',
      block('<rdf:Description trackback:ping="/1" /><rdf:Description trackback:ping="/2"></rdf:Description>'),
      [{ ping: '/1' }, { ping: '/2' }],
    ],
    [
      'PROTOCOL 50: an empty rdf:about',
      description('rdf:about="" trackback:ping="/1"'),
      [{ about: '', ping: '/1' }],
    ],
    [
      'PROTOCOL 53: &amp; is decoded once',
      description('trackback:ping="/?a=1&amp;amp;b&amp;lt;"'),
      [{ ping: '/?a=1&amp;b&lt;' }],
    ],
    [
      'PROTOCOL 53: a bare &',
      description('trackback:ping="/?a=1&tb_id=5&copy=2"'),
      [{ ping: '/?a=1&tb_id=5&copy=2' }],
    ],
    [
      'PROTOCOL 54: tabs and CRLF',
      description('\r\n\trdf:about = "u"\r\n\ttrackback:ping\r\n=\r\n"/1"\r\n'),
      [{ about: 'u', ping: '/1' }],
    ],
    ['PROTOCOL 54: no space before />', block('<rdf:Description trackback:ping="/1"/>'), [{ ping: '/1' }]],
    [
      'PROTOCOL 55: single quotes',
      description(`rdf:about='u' dc:title='a "b"' trackback:ping='/1'`),
      [{ about: 'u', title: 'a "b"', ping: '/1' }],
    ],
    [
      'an empty element for a property says nothing, and what follows is not its text',
      description('trackback:ping="/1"').replace(
        '/>',
        '><dc:title/>x<dc:identifier>i</dc:identifier></rdf:Description>',
      ),
      [{ ping: '/1', identifier: 'i' }],
    ],
    [
      'PROTOCOL 56: CDATA and bare quotes in a title before the ping',
      description(
        'rdf:about="u" dc:title="<![CDATA[Say "hi" <b>x</b> a/> <br/> ]]>" dc:identifier="i" trackback:ping="/1"',
      ),
      [{ about: 'u', title: 'Say', identifier: 'i', ping: '/1' }],
    ],
    [
      'PROTOCOL 56: bare quotes in a title before the ping',
      description('dc:title="He said "hello there" to me" trackback:ping="/1"'),
      [{ title: 'He said', ping: '/1' }],
    ],
    [
      'PROTOCOL 56: bare quotes and a > in a title before the ping',
      description('dc:title="1 "a > b" c"\n dc:identifier="i" trackback:ping="/?a=1&amp;lt=2"'),
      [{ title: '1', identifier: 'i', ping: '/?a=1&lt=2' }],
    ],
    [
      'PROTOCOL 56: a description over several lines with quotes and tags, identifier and ping behind it',
      description(
        `dc:description="first "line"\n<a href="x">second</a> "third" >\n" dc:identifier="i"\ntrackback:ping="/1"`,
      ),
      [{ identifier: 'i', ping: '/1' }],
    ],
    [
      'PROTOCOL 56: an identifier behind a torn title, the ping before it',
      description('rdf:about="feed" trackback:ping="/1" dc:title="a "b" > c" dc:identifier="i"'),
      [{ about: 'feed', ping: '/1', title: 'a', identifier: 'i' }],
    ],
    [
      'PROTOCOL 56: &nbsp;',
      description('dc:title="a&nbsp;b" trackback:ping="/1"'),
      [{ title: 'a\u00A0b', ping: '/1' }],
    ],
    [
      'PROTOCOL 56: addslashes',
      description('dc:title="a \\"b\\" c" trackback:ping="/1"'),
      [{ title: 'a \\', ping: '/1' }],
    ],
    [
      'PROTOCOL 57: -- in a title',
      description('dc:title="a -- b" trackback:ping="/1"'),
      [{ title: 'a -- b', ping: '/1' }],
    ],
    [
      'PROTOCOL 57: --&gt; in a title',
      description('dc:title="a --&gt; b" trackback:ping="/1"'),
      [{ title: 'a --> b', ping: '/1' }],
    ],
    [
      'PROTOCOL 58: other RDF first',
      block('<cc:Work rdf:about=""><cc:license rdf:resource="http://cc.example/"/></cc:Work>') +
        description(fullAttributes),
      [full],
    ],
    ['PROTOCOL 58: a description without a ping', description('rdf:about="u"'), [{ about: 'u' }]],
    ['PROTOCOL 59: in <pre>', `<pre>${description(fullAttributes).slice(4, -3)}</pre>`, [full]],
    [
      'PROTOCOL 99: another prefix',
      block(
        '<r:Description d:identifier="i" tb:ping="/1" />',
        declarations.replace(':rdf=', ':r=').replace(':dc=', ':d=').replace(':trackback=', ':tb='),
      ).replace(/rdf:RDF/g, 'r:RDF'),
      [{ identifier: 'i', ping: '/1' }],
    ],
    [
      'PROTOCOL 99: a default namespace',
      '<!-- <RDF xmlns="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><Description about="u" trackback:ping="/1"/></RDF> -->',
      [{ about: 'u', ping: '/1' }],
    ],
    [
      'PROTOCOL 99: upper case',
      description(fullAttributes)
        .toUpperCase()
        .replace(/HTTP:\/\/A\.EXAMPLE\S*?(?=")/g, (url) => url.toLowerCase()),
      [full],
    ],
    [
      'PROTOCOL 99: the element form',
      block(`<rdf:Description rdf:about="u">
        <dc:identifier>http://a.example/?p=1&amp;q</dc:identifier><dc:title>a &lt; b</dc:title>
        <trackback:ping rdf:resource="/1"/></rdf:Description>`),
      [{ about: 'u', identifier: 'http://a.example/?p=1&q', title: 'a < b', ping: '/1' }],
    ],
    [
      'the element form with text',
      block('<rdf:Description><trackback:ping> /1 </trackback:ping></rdf:Description>'),
      [{ ping: '/1' }],
    ],
    [
      'a typed node',
      block('<foaf:Document rdf:about="u" trackback:ping="/1" />'),
      [{ about: 'u', ping: '/1' }],
    ],
    [
      'PEERS 39: no declarations',
      '<!-- <rdf:RDF><rdf:Description trackback:ping="/1" /></rdf:RDF> -->',
      [{ ping: '/1' }],
    ],
    [
      'PEERS 39: the wrong case in the namespace',
      block('<rdf:Description trackback:ping="/1" />', declarations.replace('/trackback/', '/Trackback')),
      [{ ping: '/1' }],
    ],
    [
      'PEERS 39: dc:identifer',
      description('rdf:about="u" dc:identifer="u" trackback:ping="/1"'),
      [{ about: 'u', ping: '/1' }],
    ],
    ['PEERS 39: !-- without <', description(fullAttributes).slice(1), [full]],
    [
      "PEERS 39: Dotclear's CDATA around the comment",
      `<![CDATA[>\n${description(fullAttributes).replace('-->', '<!]]><!---->')}`,
      [full],
    ],
    [
      'a description that is never closed',
      `<!-- <rdf:RDF><rdf:Description rdf:about="u" trackback:ping="/1">`,
      [{ about: 'u', ping: '/1' }],
    ],
    [
      'two descriptions, the first never closed',
      '<!-- <rdf:RDF><rdf:Description rdf:about="u"><rdf:Description trackback:ping="/1"/> -->',
      [{ about: 'u' }, { ping: '/1' }],
    ],
  ]
  it.each(readable)('%s', (_, html, expected) => {
    expect(parseRdf(`<html><head><title>t</title>${html}</head><body>x</body></html>`)).toEqual(expected)
  })

  it.each([
    ['dc:title="a --> b"', 'a'],
    ["dc:title='a \"--> b'", 'a "'],
    ['dc:title="--> b"', ''],
  ])(
    'PROTOCOL 57: what was read before the end of its comment counts, and what follows: %s',
    (title, read) => {
      const before = `rdf:about="${full.about}" trackback:ping="${full.ping}"`
      expect(parseRdf(description(`${before} ${title} dc:identifier="${full.identifier}"`))).toEqual([
        { ...full, title: read },
      ])
      expect(parseRdf(description(`${before} ${title}`))).toEqual([
        { about: full.about, ping: full.ping, title: read },
      ])
    },
  )

  it('PROTOCOL 57: a comment in a comment that was never closed is read as it is alone', () => {
    const own = description(fullAttributes)
    for (const before of ['<!-- x ', '<!-- <style>', `${own.slice(0, -3)} `])
      expect(parseRdf(before + own).at(-1)).toEqual(full)
    expect(parseRdf(`${own.slice(0, -3)}${own}`)).toEqual([full, full])
  })

  const nothing: [string, string][] = [
    ['in a script', `<script>${description(fullAttributes)}</script>`],
    ['in a style', `<style>${description(fullAttributes)}</style>`],
    ['in a textarea', `<textarea>${description(fullAttributes).slice(4, -3)}</textarea>`],
    ['in a title', `<title>${description(fullAttributes).slice(4, -3)}</title>`],
    ['as escaped text', description(fullAttributes).slice(4, -3).replaceAll('<', '&lt;')],
    ['in an attribute', `<p title='${description(fullAttributes)}'>`],
  ]
  it.each(nothing)('PROTOCOL 59, 95: RDF %s is no announcement', (_, html) => {
    expect(parseRdf(html)).toEqual([])
  })

  it('PROTOCOL 97: a declared namespace decides', () => {
    const other = declarations.replace('madskills.com', 'other.example')
    expect(parseRdf(block('<rdf:Description rdf:about="u" trackback:ping="/1" />', other))).toEqual([
      { about: 'u' },
    ])
  })

  it('PROTOCOL 97: a declaration ends with its block', () => {
    const other = declarations.replace('madskills.com', 'other.example')
    const html =
      block('', other).slice(4, -3) + block('<rdf:Description trackback:ping="/1" />', '').slice(4, -3)
    expect(parseRdf(html)).toEqual([{ ping: '/1' }])
  })

  it('takes no text of the page for the rest of a torn tag', () => {
    const torn = block('<rdf:Description rdf:about="u" dc:title="a "b" > c" />').slice(4, -3)
    expect(parseRdf(`${torn}<p>trackback:ping="http://evil.example/"</p>`)).toEqual([
      { about: 'u', title: 'a' },
    ])
  })

  it('reads the beginning of a property that is as long as the page', () => {
    const text = 'a &amp; b '.repeat(100_000)
    const html = `<rdf:RDF><rdf:Description trackback:ping="/tb"><dc:title>${text}</dc:title></rdf:Description>`
    const [{ ping, title = '' } = {}] = parseRdf(html)
    expect(ping).toBe('/tb')
    expect(title.startsWith('a & b a & b')).toBe(true)
    expect(title.length).toBeGreaterThan(10_000)
    expect(title.length).toBeLessThan(40_000)
  })

  it('never throws, whatever comes', () => {
    const pieces = [
      '<!--',
      '-->',
      '<rdf:RDF>',
      '</rdf:RDF>',
      '<rdf:Description ',
      '/>',
      '>',
      '"',
      "'",
      'trackback:ping=',
      'xmlns:a=',
      '&',
      'a:b',
      '<a:b ',
      '\0',
      '__proto__="x" ',
    ]
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...pieces), { maxLength: 40 }), (parts) => {
        expect(parseRdf(parts.join(''))).toBeInstanceOf(Array)
      }),
      { numRuns: repeated(2000) },
    )
  })
})

describe('generateRdf', () => {
  it('PROTOCOL 40: writes the sample of the specification', () => {
    const rdf = generateRdf({
      url: 'http://www.foo.example/archive.html#foo',
      title: 'Foo Bar',
      pingUrl: 'http://www.foo.example/tb.cgi/5',
    })
    expect(rdf).toBe(`<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
         xmlns:dc="http://purl.org/dc/elements/1.1/"
         xmlns:trackback="http://madskills.com/public/xml/rss/module/trackback/">
<rdf:Description
    rdf:about="http://www.foo.example/archive.html#foo"
    dc:identifier="http://www.foo.example/archive.html#foo"
    dc:title="Foo Bar"
    trackback:ping="http://www.foo.example/tb.cgi/5" />
</rdf:RDF>`)
  })

  it('PROTOCOL 57: nothing in it ends a comment, or makes it ill-formed', () => {
    const nasty = `--> --!> --- <!-- ]]> <x> "'&amp; \0 end-`
    const rdf = generateRdf({
      url: 'http://a.example/x--y?a--&b',
      title: nasty,
      excerpt: nasty,
      pingUrl: 'http://a.example/--/5',
    })
    expect(rdf).not.toContain('--')
    expect(parseRdf(`<!-- ${rdf} -->`)).toEqual([
      {
        about: 'http://a.example/x--y?a--&b',
        identifier: 'http://a.example/x--y?a--&b',
        title: nasty.replace('\0', ''),
        ping: 'http://a.example/--/5',
      },
    ])
  })

  it('is what an RDF/XML parser reads too', async () => {
    const rdf = generateRdf({
      url: 'http://a.example/日本?a=1&b--c',
      title: 'a --> "b" 日本 😀',
      excerpt: "it's",
      pingUrl: 'http://a.example/tb/5',
    })
    const triples = await triplesOf(rdf)
    expect(triples).toEqual([
      [
        'http://a.example/日本?a=1&b--c',
        'http://purl.org/dc/elements/1.1/identifier',
        'http://a.example/日本?a=1&b--c',
      ],
      ['http://a.example/日本?a=1&b--c', 'http://purl.org/dc/elements/1.1/title', 'a --> "b" 日本 😀'],
      ['http://a.example/日本?a=1&b--c', 'http://purl.org/dc/elements/1.1/description', "it's"],
      [
        'http://a.example/日本?a=1&b--c',
        'http://madskills.com/public/xml/rss/module/trackback/ping',
        'http://a.example/tb/5',
      ],
    ])
  })
})

function triplesOf(rdf: string): Promise<string[][]> {
  return new Promise((resolve, reject) => {
    const triples: string[][] = []
    const parser = new RdfXmlParser()
    parser.on('data', ({ subject, predicate, object }) =>
      triples.push([subject.value, predicate.value, object.value]),
    )
    parser.on('error', reject)
    parser.on('end', () => resolve(triples))
    parser.write(rdf)
    parser.end()
  })
}
