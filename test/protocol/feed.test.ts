import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { generateFeedElements, parseFeed } from '../../src/protocol/feed.js'
import { repeated } from '../support/strength.js'

const url = 'http://blog.example/feed'
const tb = 'xmlns:trackback="http://madskills.com/public/xml/rss/module/trackback/"'
const rdf = 'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"'
const rss1 = (item: string) =>
  `<rdf:RDF ${rdf} xmlns="http://purl.org/rss/1.0/" ${tb}><channel rdf:about="x"><link>http://blog.example/</link></channel>${item}</rdf:RDF>`
const rss2 = (item: string) =>
  `<?xml version="1.0"?><rss version="2.0" ${tb}><channel><title>C</title><link>http://blog.example/</link>${item}</channel></rss>`
const atom = (entry: string) =>
  `<feed xmlns="http://www.w3.org/2005/Atom" ${tb}><title>C</title><link href="http://blog.example/"/>${entry}</feed>`
const items = (xml: string | Uint8Array) => parseFeed(xml, { url })
const link = 'http://blog.example/1'
const pingUrl = 'http://blog.example/tb/1'
const about: string[] = []

describe('parseFeed', () => {
  const readable: [string, string, object[]][] = [
    [
      'PROTOCOL 73: RSS 1.0, rdf:resource',
      rss1(
        `<item rdf:about="${link}"><title>T</title><link>${link}</link><trackback:ping rdf:resource="${pingUrl}"/></item>`,
      ),
      [{ link, title: 'T', pingUrl, about }],
    ],
    [
      'PROTOCOL 73, 76: RSS 1.0, text',
      rss1(`<item><link>${link}</link><trackback:ping>${pingUrl}</trackback:ping></item>`),
      [{ link, pingUrl, about }],
    ],
    [
      'PROTOCOL 74: RSS 2.0, text',
      rss2(`<item><link>${link}</link><trackback:ping> ${pingUrl}\n</trackback:ping></item>`),
      [{ link, pingUrl, about }],
    ],
    [
      'PROTOCOL 74, 76: RSS 2.0, rdf:resource, undeclared',
      rss2(`<item><link>${link}</link><trackback:ping rdf:resource="${pingUrl}" /></item>`),
      [{ link, pingUrl, about }],
    ],
    [
      'PROTOCOL 75, 119: Atom, with foreign elements and other links, and a title in HTML',
      atom(`<entry><link rel="edit" href="/e"/><link rel="self" href="/s"/><link rel="alternate" href="/1"/><x:y xmlns:x="u"><link href="/9"/></x:y>
        <title type="html">a &lt;b&gt;c&lt;/b&gt; &amp;#038; d</title><trackback:ping>${pingUrl}</trackback:ping></entry>`),
      [{ link, title: 'a c & d', pingUrl, about }],
    ],
    [
      'PROTOCOL 64, 99: Atom, <link rel="trackback">',
      atom(
        `<entry><link href="/1"/><link rel="trackback" type="application/x-www-form-urlencoded" href="/tb/1"/></entry>`,
      ),
      [{ link, pingUrl, about }],
    ],
    [
      'Atom, links with an xml:base of their own',
      atom(
        `<entry><link xml:base="/2010/" href="1"/><link xml:base="/tb/" rel="trackback" href="1"/></entry>`,
      ),
      [{ link: 'http://blog.example/2010/1', pingUrl, about }],
    ],
    [
      'PROTOCOL 72: abouts, in order',
      rss2(
        `<item><link>${link}</link><trackback:about>http://x.example/1</trackback:about><trackback:ping>${pingUrl}</trackback:ping><trackback:about rdf:resource="http://x.example/2"/></item>`,
      ),
      [{ link, pingUrl, about: ['http://x.example/1', 'http://x.example/2'] }],
    ],
    [
      'PROTOCOL 72: an about without a ping',
      rss2(`<item><link>${link}</link><trackback:about>http://x.example/1</trackback:about></item>`),
      [{ link, pingUrl: null, about: ['http://x.example/1'] }],
    ],
    [
      'PROTOCOL 72: of two pings the first',
      rss2(`<item><trackback:ping>${pingUrl}</trackback:ping><trackback:ping>/tb/2</trackback:ping></item>`),
      [{ pingUrl, about }],
    ],
    [
      'PROTOCOL 76: an empty element is none',
      rss2(`<item><link>${link}</link><trackback:ping ${tb}/></item>`),
      [{ link, pingUrl: null, about }],
    ],
    [
      'PROTOCOL 78: a byte order mark, no prolog',
      `\uFEFF${rss2(`<item><trackback:ping>${pingUrl}</trackback:ping></item>`).replace(/<\?.*?\?>/, '')}`,
      [{ pingUrl, about }],
    ],
    [
      'PROTOCOL 78: blank lines before the prolog',
      `\n\n${rss2(`<item><trackback:ping>${pingUrl}</trackback:ping></item>`)}`,
      [{ pingUrl, about }],
    ],
    [
      'PROTOCOL 78: the ping before the title',
      rss2(`<item><trackback:ping>${pingUrl}</trackback:ping><title>T</title></item>`),
      [{ title: 'T', pingUrl, about }],
    ],
    [
      'PROTOCOL 78: a namespace declared on the element, under another prefix',
      rss2(`<item><tb:ping ${tb.replace('trackback=', 'tb=')}>${pingUrl}</tb:ping></item>`),
      [{ pingUrl, about }],
    ],
    [
      'PROTOCOL 97: no namespace declared',
      `<rss><channel><item><link>${link}</link><trackback:ping>${pingUrl}</trackback:ping></item></channel></rss>`,
      [{ link, pingUrl, about }],
    ],
    [
      'PROTOCOL 97: another namespace declared',
      rss2(
        `<item><trackback:ping xmlns:trackback="http://other.example/">${pingUrl}</trackback:ping></item>`,
      ),
      [{ pingUrl: null, about }],
    ],
    [
      'PROTOCOL 78: HTML in the description, unquoted and unclosed',
      rss2(`<item><title>T</title><link>${link}</link><trackback:ping>${pingUrl}</trackback:ping><description><P><IMG height=1 src="/x">a & b<br></description></item>
        <item><link>http://blog.example/2</link><description><p>x</description><trackback:ping>/tb/2?a=1&copy=2</trackback:ping></item>`),
      [
        { link, title: 'T', pingUrl, about },
        { link: 'http://blog.example/2', pingUrl: 'http://blog.example/tb/2?a=1&copy=2', about },
      ],
    ],
    [
      'PROTOCOL 78: an item that is never closed',
      rss2(
        `<item><link>${link}</link><trackback:ping>${pingUrl}</trackback:ping><item><title/><link>/2</link></item>`,
      ),
      [
        { link, pingUrl, about },
        { link: 'http://blog.example/2', pingUrl: null, about },
      ],
    ],
    [
      'cut off in the middle',
      rss2(
        `<item><link>${link}</link><trackback:ping>${pingUrl}</trackback:ping><description>Lorem ips`,
      ).split('</channel>')[0] ?? '',
      [{ link, pingUrl, about }],
    ],
    [
      'CDATA',
      rss2(
        `<item><title><![CDATA[a <b> & c]]></title><link><![CDATA[${link}]]></link><description>a & b</description></item>`,
      ),
      [{ link, title: 'a <b> & c', pingUrl: null, about }],
    ],
    [
      'relative URLs',
      rss2('<item><link>/1</link><trackback:ping>/tb/1</trackback:ping></item>'),
      [{ link, pingUrl, about }],
    ],
    [
      'xml:base',
      atom(
        '<entry xml:base="http://blog.example/x/"><link href="../1"/><trackback:ping xml:base="/tb/">1</trackback:ping></entry>',
      ),
      [{ link, pingUrl, about }],
    ],
    [
      'a guid in place of a link',
      rss2(
        `<item><guid>${link}</guid></item><item><guid isPermaLink="false">http://blog.example/2</guid></item>`,
      ),
      [
        { link, pingUrl: null, about },
        { pingUrl: null, about },
      ],
    ],
    [
      "a module's link before the item's own",
      rss2(
        `<item><atom:link xmlns:atom="http://www.w3.org/2005/Atom" rel="self" href="/f"/><x:link xmlns:x="u">/x</x:link><link>${link}</link></item>`,
      ),
      [{ link, pingUrl: null, about }],
    ],
    [
      'only http and https',
      rss2(
        '<item><link>urn:x</link><trackback:ping>javascript:x</trackback:ping><trackback:about>ftp://x/</trackback:about></item>',
      ),
      [{ pingUrl: null, about }],
    ],
    [
      'PROTOCOL 64: a link to pings without an address, or with one that is no web URL',
      atom(
        `<entry><link href="${link}"/><link rel="trackback"/><link rel="trackback" href="javascript:x"/></entry>`,
      ),
      [{ link, pingUrl: null, about }],
    ],
    [
      'a quoted announcement in a description',
      rss2(
        `<item><link>${link}</link><description>&lt;trackback:ping&gt;${pingUrl}&lt;/trackback:ping&gt;</description><content xmlns:y="z"><trackback:ping>${pingUrl}</trackback:ping></content></item>`,
      ),
      [{ link, pingUrl: null, about }],
    ],
  ]
  it.each(readable)('%s', (_, xml, expected) => {
    expect(items(xml)).toEqual(expected)
  })

  const original = (name: string, declaration = '') =>
    `<${name} ${declaration}> http://blog.example/1\n</${name}>`
  it.each([
    [
      'declared',
      original('feedburner:origLink', 'xmlns:feedburner="http://rssnamespace.org/feedburner/ext/1.0"'),
    ],
    ['not declared', original('feedburner:origLink')],
    ['with another prefix', original('fb:origLink', 'xmlns:fb="http://rssnamespace.org/feedburner/ext/1.0"')],
    ['in lower case', original('feedburner:origlink')],
    ["of Pheedo's", original('pheedo:origLink', 'xmlns:pheedo="http://www.pheedo.com/namespace/pheedo"')],
    ['relative', '<feedburner:origLink>/1</feedburner:origLink>'],
    ['in CDATA', '<feedburner:origLink><![CDATA[http://blog.example/1]]></feedburner:origLink>'],
  ])('PROTOCOL 132: origLink names the page, not the proxy in the link: %s', (_, element) => {
    const proxy = 'http://feeds.example/~r/blog/~3/x/1'
    const ping = `<trackback:ping>${pingUrl}</trackback:ping>`
    const rss = [`<link>${proxy}</link>${ping}${element}`, `${element}<guid>${proxy}</guid>${ping}`]
    for (const item of rss) {
      expect(items(rss2(`<item>${item}</item>`))).toEqual([{ link, pingUrl, about }])
      expect(items(rss1(`<item rdf:about="${proxy}">${item}</item>`))).toEqual([{ link, pingUrl, about }])
      expect(items(rss2(`<item>${item}<b></item>`))).toEqual([{ link, pingUrl, about }])
    }
    expect(items(atom(`<entry><link href="${proxy}"/>${ping}${element}</entry>`))).toEqual([
      { link, pingUrl, about },
    ])
  })

  it.each(['', ' ', 'javascript:x', 'urn:x'])(
    'PROTOCOL 132: the link counts where origLink is %j',
    (text) => {
      const element = `<feedburner:origLink>${text}</feedburner:origLink>`
      expect(items(rss2(`<item>${element}<link>${link}</link></item>`))).toEqual([
        { link, pingUrl: null, about },
      ])
    },
  )

  it.each(['/tb/1', '//blog.example/tb/1', ' \n//blog.example/tb/1 ', '../tb/1', 'HTTP://blog.example/tb/1'])(
    'PROTOCOL 117: the ping URL %j is resolved, in each format',
    (reference) => {
      const expected = reference.startsWith('HTTP') ? reference : pingUrl
      const text = `<trackback:ping>${reference}</trackback:ping>`
      const resource = `<trackback:ping rdf:resource="${reference}"/>`
      for (const ping of [text, resource]) {
        expect(items(rss2(`<item>${ping}</item>`))).toEqual([{ pingUrl: expected, about }])
        expect(items(rss1(`<item rdf:about="/1">${ping}</item>`))).toEqual([
          { link, pingUrl: expected, about },
        ])
        expect(items(atom(`<entry>${ping}<link href="/1"/></entry>`))).toEqual([
          { link, pingUrl: expected, about },
        ])
        expect(parseFeed(rss2(`<item>${ping}<link>${link}</link></item>`), {})).toEqual([
          { link, pingUrl: expected, about },
        ])
        expect(parseFeed(rss2(`<item>${ping}</item>`), {})).toEqual([
          { pingUrl: reference.startsWith('H') ? reference : null, about },
        ])
      }
      expect(
        items(atom(`<entry xml:base="/x/"><link rel="trackback" href="${reference}"/></entry>`)),
      ).toEqual([{ pingUrl: expected, about }])
    },
  )

  it.each([
    '{{ trackback_url }}',
    '&lt;$MTEntryTrackbackLink$&gt;',
    '%trackback%',
    '“/tb/1”',
    '(Article title)',
    '/tb/%2',
    '/tb/&#8221;',
    '「/tb/1」',
  ])('PROTOCOL 140: %s is no ping URL', (template) => {
    const pings = [
      `<trackback:ping>${template}</trackback:ping>`,
      `<trackback:ping rdf:resource="${template}"/>`,
    ]
    for (const ping of pings) {
      const elements = `<link>${link}</link>${ping}${ping.replaceAll('ping', 'about')}`
      expect(items(rss2(`<item>${elements}</item>`))).toEqual([{ link, pingUrl: null, about }])
      expect(items(rss2(`<item>${elements}<trackback:ping>/tb/1</trackback:ping></item>`))).toEqual([
        { link, pingUrl, about },
      ])
    }
    expect(items(atom(`<entry><link rel="trackback" href="${template}"/></entry>`))).toEqual([
      { pingUrl: null, about },
    ])
  })

  it('keeps URLs as they are written', () => {
    expect(items(rss2('<item><link>http://Blog.Example</link></item>'))[0]?.link).toBe('http://Blog.Example')
  })

  it('PROTOCOL 78: reads UTF-16 and EUC-JP', () => {
    const utf16 = Buffer.from(
      `\uFEFF<?xml version="1.0" encoding="utf-16"?>${rss2('<item><title>日本</title></item>').slice(21)}`,
      'utf16le',
    )
    expect(items(utf16)[0]?.title).toBe('日本')
    const [before = '', after = ''] = rss2('<item><title>|</title></item>')
      .replace('"1.0"', '"1.0" encoding="EUC-JP"')
      .split('|')
    expect(
      items(
        Buffer.concat([Buffer.from(before), Buffer.from([0xc6, 0xfc, 0xcb, 0xdc]), Buffer.from(after)]),
      )[0]?.title,
    ).toBe('日本')
  })

  it('THREATS R5: no entity of a DOCTYPE is expanded', () => {
    const bomb = `<!DOCTYPE rss [<!ENTITY a "${'a'.repeat(1000)}"><!ENTITY b "${'&a;'.repeat(1000)}">]>`
    const [item] = items(
      bomb +
        rss2(
          `<item><title>${'&b;'.repeat(1000)}</title><trackback:ping>${pingUrl}</trackback:ping></item>`,
        ).slice(21),
    )
    expect(item).toEqual({ title: '&b;'.repeat(1000), pingUrl, about })
  })

  it('gives no items for what is no feed', () => {
    for (const xml of ['', '<', '<html><p>x', 'x', '<rss/>', '\0\0', '<?xml', '<a:b:c>'])
      expect(items(xml)).toEqual([])
  })

  it('never throws, whatever comes', () => {
    const pieces = [
      '<item>',
      '</item>',
      '<entry',
      '>',
      '<link>',
      '/',
      '<trackback:ping>',
      'http://a',
      '<![CDATA[',
      ']]>',
      '<!--',
      '-->',
      '&#0;',
      '<__proto__>',
      '<constructor/>',
      ' xmlns=""',
      ' xml:base="http://b"',
      '<title/>',
      '"',
    ]
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...pieces), { maxLength: 40 }), (parts) => {
        expect(items(parts.join(''))).toBeInstanceOf(Array)
      }),
      { numRuns: repeated(1000) },
    )
  })
})

describe('generateFeedElements', () => {
  it('PROTOCOL 73, 74: writes rdf:resource for RSS 1.0 and text for the others', () => {
    expect(generateFeedElements({ pingUrl: 'http://a.example/?a&b' }, 'rss2')).toBe(
      `<trackback:ping ${tb}>http://a.example/?a&amp;b</trackback:ping>`,
    )
    expect(generateFeedElements({ pingUrl }, 'rss1')).toBe(
      `<trackback:ping ${tb} ${rdf} rdf:resource="${pingUrl}"/>`,
    )
    expect(generateFeedElements({}, 'atom')).toBe('')
  })

  it('is read back from each format', () => {
    // What templates leave is no ping URL (PROTOCOL 140).
    const target = fc
      .webUrl({ withQueryParameters: true, withFragments: true })
      .filter((url) => !/[[(]'/.test(url))
    fc.assert(
      fc.property(
        fc.option(target, { nil: undefined }),
        fc.array(target, { maxLength: 3 }),
        (ping, others) => {
          const trackback = { pingUrl: ping, about: others }
          const expected = [{ link, pingUrl: ping ?? null, about: others }]
          const bare = (xml: string) => xml.replaceAll(` ${tb}>`, '>')
          expect(
            items(
              bare(rss1('|')).replace(
                '|',
                () => `<item><link>${link}</link>${generateFeedElements(trackback, 'rss1')}</item>`,
              ),
            ),
          ).toEqual(expected)
          expect(
            items(
              bare(rss2('|')).replace(
                '|',
                () => `<item><link>${link}</link>${generateFeedElements(trackback, 'rss2')}</item>`,
              ),
            ),
          ).toEqual(expected)
          expect(
            items(
              bare(atom('|')).replace(
                '|',
                () => `<entry><link href="${link}"/>${generateFeedElements(trackback, 'atom')}</entry>`,
              ),
            ),
          ).toEqual(expected)
        },
      ),
    )
  })
})
