import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { finish } from '../../src/base/steps.js'
import { inTurns } from '../../src/base/waiting.js'
import { discoverInHtml, readPage } from '../../src/discover/page.js'
import { parseRdf } from '../../src/protocol/rdf.js'
import { repeated } from '../support/strength.js'

const url = 'http://blog.example/a/'
const ping = 'http://blog.example/tb/1'
const rdf = (identifier: string, pingUrl = ping, attributes = '') =>
  `<!-- <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
  <rdf:Description dc:identifier="${identifier}" ${attributes} trackback:ping="${pingUrl}" /></rdf:RDF> -->`
const answer = (html: string | Uint8Array, pageUrl = url) => discoverInHtml(html, { url: pageUrl }).pingUrl
const one = (html: string, pageUrl = url) => discoverInHtml(html, { url: pageUrl }).candidates[0]

describe('embedded RDF', () => {
  it.each([
    ['PROTOCOL 42: the block that names this page answers', url, 'exact', 'requested URL: the same URL'],
    [
      'PROTOCOL 47: percent-escapes',
      'http://blog.example/%61/',
      'equivalent',
      'requested URL: percent-escapes',
    ],
    ['PEERS 38: https', 'https://blog.example/a/', 'equivalent', 'requested URL: http or https'],
    ['PEERS 38: www.', 'http://www.blog.example/a/', 'equivalent', 'requested URL: www.'],
    ['PEERS 38: a final slash', 'http://blog.example/a', 'equivalent', 'requested URL: final slash'],
    [
      'PEERS 38: an index file',
      'http://blog.example/a/index.html',
      'equivalent',
      'requested URL: index file',
    ],
    ['PROTOCOL 48: a fragment', 'http://blog.example/a/#000012', 'fragment', 'requested URL: fragment'],
  ])('%s', (_, identifier, match, reason) => {
    expect(discoverInHtml(rdf(identifier), { url })).toMatchObject({
      pingUrl: ping,
      candidates: [{ pingUrl: ping, identifier, source: 'rdf', match, reason }],
      page: { url, charset: 'utf-8' },
    })
  })

  it('PROTOCOL 42, PEERS 37: of many blocks the one for this page answers, and no other does for its neighbour', () => {
    const posts = [1, 2, 11, 12, 21]
    const html = posts.map((id) => rdf(`http://blog.example/?p=${id}`, `/tb/${id}`)).join('')
    for (const id of posts)
      expect(answer(html, `http://blog.example/?p=${id}`)).toBe(`http://blog.example/tb/${id}`)
    expect(answer(html, 'http://blog.example/?p=3')).toBeNull()
    expect(answer(html, 'http://blog.example/')).toBeNull()
    expect(
      discoverInHtml(html, { url: 'http://blog.example/' }).candidates.map(({ match }) => match),
    ).toEqual(posts.map(() => 'other'))
  })

  it('PROTOCOL 95: a single block that names another page never answers', () => {
    expect(discoverInHtml(rdf('http://blog.example/b/'), { url })).toMatchObject({
      pingUrl: null,
      candidates: [{ pingUrl: ping, match: 'other', reason: 'names another page' }],
    })
  })

  it('PROTOCOL 48: blocks that differ in the fragment answer by it, and not without it', () => {
    const html = rdf(`${url}#28`, '/tb/28') + rdf(`${url}#29`, '/tb/29')
    expect(answer(html, `${url}#28`)).toBe('http://blog.example/tb/28')
    expect(answer(html, `${url}#29`)).toBe('http://blog.example/tb/29')
    expect(answer(html)).toBeNull()
    expect(answer(html, `${url}#30`)).toBeNull()
    expect(discoverInHtml(html, { url }).candidates).toHaveLength(2)
  })

  it('PROTOCOL 48: a block for another fragment is for another post', () => {
    expect(answer(rdf(`${url}#28`), `${url}#29`)).toBeNull()
    expect(answer(`<link rel="canonical" href="${url}">${rdf(`${url}#28`)}`, `${url}#29`)).toBeNull()
    expect(answer(rdf(url), `${url}#comment-5`)).toBe(ping)
  })

  it('PROTOCOL 49: of several pings for this page the first answers, all are listed', () => {
    const { pingUrl, candidates } = discoverInHtml(rdf(url, '/tb/1') + rdf(url, '/tb/2'), { url })
    expect(pingUrl).toBe(ping)
    expect(candidates).toHaveLength(2)
  })

  it('reads no further than a block that nothing can outdo; one that is relative may still be led elsewhere', () => {
    const rest = `${rdf('http://blog.example/b/')}<link rel="canonical" href="/c"><base href="http://base.example/">`
    const { pingUrl, candidates, page } = discoverInHtml(rdf(url) + rest, { url })
    expect({ pingUrl, candidates: candidates.length, canonical: page.canonical }).toEqual({
      pingUrl: ping,
      candidates: 1,
      canonical: undefined,
    })
    const relative = discoverInHtml(rdf(url, '/tb/1') + rest, { url })
    expect(relative.pingUrl).toBe('http://base.example/tb/1')
    expect(relative.candidates).toHaveLength(2)
  })

  it('an exact match goes before an equivalent one that stands first', () => {
    expect(answer(rdf('http://www.blog.example/a/', '/tb/9') + rdf(url))).toBe(ping)
  })

  it('PROTOCOL 50: rdf:about stands in for a missing or empty identifier', () => {
    expect(one(rdf('', ping, `rdf:about="${url}"`))).toMatchObject({ identifier: url, match: 'exact' })
    expect(one(rdf('', ping, 'rdf:about="http://blog.example/b/"'))).toMatchObject({ match: 'other' })
  })

  it('PROTOCOL 95: an identifier that is not a web URL names another page, and is not given back', () => {
    for (const identifier of [
      'tag:blog.example,2005:1',
      'javascript:alert(1)',
      `${url}${'a'.repeat(2048)}`,
    ]) {
      const found = one(rdf(identifier, ping))
      expect(found).toMatchObject({ match: 'other' })
      expect(found).not.toHaveProperty('identifier')
      expect(answer(rdf(identifier, ping))).toBeNull()
    }
  })

  it('PROTOCOL 50: a block that names no page answers where it is alone', () => {
    const unnamed = rdf('', ping, 'rdf:about=""')
    expect(discoverInHtml(unnamed, { url })).toMatchObject({
      pingUrl: ping,
      candidates: [{ match: 'unnamed' }],
    })
    expect(answer(unnamed + rdf('http://blog.example/b/', '/tb/2'))).toBeNull()
    expect(answer(unnamed + rdf('', '/tb/2'))).toBeNull()
    expect(answer(unnamed + rdf(url, '/tb/2'))).toBe('http://blog.example/tb/2')
  })

  it('PROTOCOL 51, 108: dc:identifier wins over rdf:about', () => {
    expect(answer(rdf(url, ping, 'rdf:about="http://blog.example/feeds/ei_7.rdf"'))).toBe(ping)
    expect(answer(rdf('http://blog.example/b/', ping, `rdf:about="${url}"`))).toBeNull()
  })

  it('PROTOCOL 44: rdf:about is never the ping URL', () => {
    const foaf = `<!-- <rdf:RDF xmlns:foaf="x"><rdf:Description rdf:about="${url}"><foaf:maker>trackback</foaf:maker></rdf:Description></rdf:RDF> -->`
    expect(discoverInHtml(foaf, { url }).candidates).toEqual([])
    expect(answer(foaf + rdf(url))).toBe(ping)
  })

  it('PROTOCOL 1: a ping URL may be the permalink', () => {
    expect(answer(rdf(url, url))).toBe(url)
  })

  it('PROTOCOL 52, 96: a relative ping URL and identifier are resolved against the first <base href>, wherever it stands', () => {
    expect(answer(rdf('/a/', '/tb/1'))).toBe(ping)
    expect(
      answer(
        `${rdf(url, 'tb/1')}<base target="x"><base href="http://blog.example/"><base href="http://x.example/">`,
      ),
    ).toBe(ping)
    expect(answer(`<base href="/b/">${rdf(url, '../tb/1')}`)).toBe(ping)
    expect(answer(`<base href="javascript:x">${rdf(url, '/tb/1')}`)).toBe(ping)
  })

  it('PROTOCOL 53: a ping URL is decoded once and stays as it is written', () => {
    expect(answer(rdf(url, 'http://BLOG.example:80/c.php?type=trackback&amp;id=7'))).toBe(
      'http://BLOG.example:80/c.php?type=trackback&id=7',
    )
    expect(answer(rdf(url, ' \n/tb/1\t'))).toBe(ping)
  })

  it.each([
    'ftp://blog.example/tb',
    'javascript:alert(1)',
    'data:,x',
    'mailto:a@blog.example',
    'http://',
    '',
    ' ',
  ])('only http and https: %j is no ping URL', (pingUrl) => {
    expect(discoverInHtml(rdf(url, pingUrl), { url }).candidates).toEqual([])
  })

  it('PROTOCOL 62: a block at the end of 300 KB is found', () => {
    expect(answer('<p>word</p>\n'.repeat(25_000) + rdf(url))).toBe(ping)
  })

  it('cleans the title', () => {
    expect(one(rdf(url, ping, 'dc:title=" a &amp;\n\u202Eb &lt;i&gt; "'))?.title).toBe('a & b <i>')
  })
})

describe('PROTOCOL 140: what is no ping URL', () => {
  const templates = [
    '{{ trackback_url }}',
    '&lt;$MTEntryTrackbackLink$&gt;',
    '%trackback%',
    '(Article title)',
    '“/tb/1”',
  ]
    .concat([
      '&#8220;http://blog.example/tb/1&#8221;',
      '&ldquo;/tb/1&rdquo;',
      '/tb/&#123;id}',
      'http://{host}/tb/1',
      '&laquo;/tb/1»',
    ])
    .concat([
      'http://blog.example/%trackback%',
      'http://blog.example/tb/1 ?',
      '/tb/1|2',
      '`/tb/1`',
      '/tb\\1',
      "'/tb/1'",
    ])

  it.each(templates)('%s is no candidate, wherever it stands, and hides none', (template) => {
    const element = `<!-- <rdf:RDF><rdf:Description rdf:about="${url}"><trackback:ping>${template}</trackback:ping></rdf:Description></rdf:RDF> -->`
    const resource = element.replace(/>([^<>]*)<.trackback:ping>/, ' rdf:resource="$1"/>')
    const pages = [rdf(url, template), rdf(url, template).slice(4, -3), element, resource].concat([
      `<link rel="trackback" href="${template}" />`,
      `<a href="${template}" rel=trackback>x</a>`,
    ])
    const headers = {
      link: `<${template
        .replaceAll('&lt;', '')
        .replaceAll('&gt;', '|')
        .replaceAll(/&[^;]*;/g, '"')}>; rel=trackback`,
    }
    expect(discoverInHtml('<p>trackback', { url, headers }).candidates).toEqual([])
    for (const html of pages) {
      expect(discoverInHtml(html, { url }).candidates, html).toEqual([])
      expect(answer(html + rdf(url)), html).toBe(ping)
      expect(answer(`${html}<link rel=trackback href=/tb/1>`), html).toBe(ping)
    }
  })

  it('is found in every charset: quotes of Windows-1252 in a header and in a page', () => {
    const page = Buffer.from(rdf(url, '\x93/tb/1\x94'), 'latin1')
    for (const type of ['text/html', 'text/html; charset=windows-1252', 'text/html; charset=utf-8']) {
      expect(discoverInHtml(page, { url, headers: { 'content-type': type } }).candidates).toEqual([])
    }
    for (const quoted of ['\x93/tb/1\x94', Buffer.from('“/tb/1”').toString('latin1')])
      expect(discoverInHtml('', { url, headers: { link: `<${quoted}>; rel=trackback` } }).candidates).toEqual(
        [],
      )
  })
})

describe('PROTOCOL 56, 57: RDF in a comment that the page breaks', () => {
  const declared = [
    'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"',
    'xmlns:dc="http://purl.org/dc/elements/1.1/"',
  ]
    .concat('xmlns:trackback="http://madskills.com/public/xml/rss/module/trackback/"')
    .join('\n')
  const values = (id: string, title: string): Record<string, string> => ({
    'rdf:about': `http://blog.example/${id}/`,
    'dc:identifier': `http://blog.example/${id}/`,
    'dc:title': title,
    'trackback:ping': `http://blog.example/tb/${id}?a=1&amp;b=2`,
  })
  const orders = {
    'as in Movable Type': ['rdf:about', 'trackback:ping', 'dc:title', 'dc:identifier'],
    'as in WordPress': ['rdf:about', 'dc:identifier', 'dc:title', 'trackback:ping'],
    'title first': ['dc:title', 'dc:identifier', 'trackback:ping'],
    'title last': ['dc:identifier', 'trackback:ping', 'dc:title'],
  }
  const inTag = (order: string[], quote: string) => (id: string, title: string) =>
    `<!--\n<rdf:RDF ${declared}>\n<rdf:Description\n${order
      .map((name) => `  ${name}=${quote}${values(id, title)[name]}${quote}`)
      .join('\n')} />\n</rdf:RDF>\n-->`
  const inElements = (id: string, title: string) =>
    `<!-- <rdf:RDF ${declared}><rdf:Description rdf:about="http://blog.example/${id}/"><dc:title>${title}</dc:title>
    <trackback:ping rdf:resource="${values(id, '')['trackback:ping']}"/></rdf:Description></rdf:RDF> -->`
  const forms: [string, (id: string, title: string) => string][] = [
    ...Object.entries(orders).flatMap(([name, order]): typeof forms => [
      [name, inTag(order, '"')],
      [`${name}, in single quotes`, inTag(order, "'")],
    ]),
    ['in elements', inElements],
  ]
  const expectBoth = (html: string) => {
    expect(answer(html), html).toBe('http://blog.example/tb/a?a=1&b=2')
    expect(answer(html, 'http://blog.example/b/'), html).toBe('http://blog.example/tb/b?a=1&b=2')
    expect(answer(Buffer.from(html))).toBe(answer(html))
  }

  describe.each(forms)('%s', (_, form) => {
    it.each([
      ...[
        'a --> b',
        '-->',
        'a-->',
        '-->b',
        'a --!> b',
        'a --> b > c --> d',
        'a -->\r\n\tb',
        'a --> <b>x</b> y',
      ],
      ...[
        'a --> b=c',
        '日本 --> 語',
        'a &quot;b&quot; --> c',
        'a --> &lt;b&gt; &amp; c',
        '<i>a</i> --> b',
        'a ---> b',
      ],
    ])('with the title %j', (title) => {
      expectBoth(`<p>x</p>${form('a', title)}<p>text</p>${form('b', title)}<p>y</p>`)
      expectBoth(`<html><head>${form('b', title)}</head><body>${form('a', 'plain')}`)
    })

    it.each([
      ...[
        '<!-- x ',
        '<!--',
        '<!-- <p>text</p>',
        '<!--[if IE]> x',
        '<!-- x -- >',
        '<!-- x ->',
        '<!-- <!-- <!--',
      ],
      ...[
        '<!-- <style> ',
        '<!-- <script>a()',
        '<!-- <title>',
        '<!-- <a href="x> ',
        "<!-- it's ",
        '<!-- <rdf:RDF> ',
      ],
    ])('behind %j, which is never closed', (opening) => {
      for (const broken of [form('a', 't'), form('a', 't').replace('<!--', '<!-- the RDF: ')]) {
        expectBoth(`<p>x</p>${opening}${broken}<p>text</p>${form('b', 't')}`)
        expectBoth(`${opening}${broken}${opening}${form('b', 't')}`)
        expectBoth(`${form('b', 't')}${opening}${broken}`)
      }
    })

    it('whose own comment is not closed before the next', () => {
      for (const end of ['', '-- >', '->', '--', '</!-->'])
        expectBoth(`${form('a', 't').replace(/-->$/, end)}<p>text</p>${form('b', 't')}`)
    })
  })

  it('takes no half of a URL', () => {
    const cut = (name: string) =>
      answer(
        inTag(orders['as in WordPress'], '"')('a', 't').replace(`${name}="http://blog.example/`, '$&-->'),
      )
    expect(cut('trackback:ping')).toBeNull()
    expect(
      parseRdf('<!-- <rdf:RDF><rdf:Description rdf:about="u" trackback:ping="http://blog.example/tb/1'),
    ).toEqual([{ about: 'u' }])
  })
})

describe('the URLs of a page', () => {
  it('rel=canonical counts, after the URL that was asked for', () => {
    const canonical = '<link rel="canonical" href="/post-1/">'
    const page = discoverInHtml(canonical + rdf('http://blog.example/post-1/'), {
      url: 'http://blog.example/?p=1',
    })
    expect(page).toMatchObject({
      pingUrl: ping,
      candidates: [{ match: 'exact', reason: 'canonical URL: the same URL' }],
      page: { canonical: 'http://blog.example/post-1/' },
    })
    expect(
      answer(
        rdf('http://blog.example/post-1/', '/tb/2') + rdf('http://blog.example/?p=1') + canonical,
        'http://blog.example/?p=1',
      ),
    ).toBe(ping)
    expect(discoverInHtml('', { url, headers: new Headers() }).candidates).toEqual([])
  })
})

describe('rel=trackback', () => {
  it.each([
    ['PROTOCOL 64: <link>', '<link rel="trackback" href="/tb/1">', 'link'],
    ['PROTOCOL 64: <a>', '<a href="/tb/1" rel="trackback">x</a>', 'anchor'],
    [
      'PROTOCOL 66: a token list in any case, href first',
      '<a href=" /tb/1 " rel="nofollow TrackBack">x</a>',
      'anchor',
    ],
    [
      'PROTOCOL 66: of a repeated attribute the first',
      '<a rel="trackback" rel="nofollow" href="/tb/1" href="/x">',
      'anchor',
    ],
    [
      'PROTOCOL 108: with a type and &amp;',
      '<link rel="trackback" type="application/x-www-form-urlencoded" href="/tb/1" />',
      'link',
    ],
  ])('%s', (_, html, source) => {
    expect(discoverInHtml(html, { url })).toMatchObject({
      pingUrl: ping,
      candidates: [{ pingUrl: ping, source, match: 'unnamed' }],
    })
  })

  it.each([
    '<a rel="nofollow" rel="trackback" href="/tb/1">',
    '<a rel="trackbacks" href="/tb/1">',
    '<a rel="trackback">',
    '<p rel="trackback" href="/tb/1">',
    '<a rev="trackback" href="/tb/1">',
    '<!-- <a rel="trackback" href="/tb/1"> -->',
    '<script>"<a rel=trackback href=/tb/1>"</script>',
    '<a href="/trackback/">trackback</a>',
    '<link rel="EditURI" href="/trackback/rsd">',
    '<link rel="pingback" href="/trackback">',
  ])('PROTOCOL 66, 68, 69: %s is none', (html) => {
    expect(discoverInHtml(html, { url }).candidates).toEqual([])
  })

  it('PROTOCOL 67: two different ones are ambiguous, the same twice is not', () => {
    expect(answer('<a rel=trackback href=/tb/1><a rel=trackback href=/tb/2>')).toBeNull()
    expect(answer('<link rel=trackback href=/tb/1><a rel=trackback href="HTTP://blog.example/tb/1">')).toBe(
      ping,
    )
  })

  const spellings = [
    'http://blog.example/tb/1',
    'https://blog.example/tb/1',
    'http://www.blog.example:80/tb/1',
    '/tb/1/',
  ]
    .concat([
      '//BLOG.example/tb/1',
      '/tb/%31',
      '/tb/1#x',
      '/tb/1?utm_source=a',
      '/x/../tb/1',
      'https://blog.example:443/tb/1',
    ])
    .flatMap((spelling) => [
      `<link rel=trackback href="${spelling}">`,
      `<a href='${spelling}' REL="nofollow TrackBack">x</a>`,
    ])

  it('PROTOCOL 130: spellings of one endpoint are one, and the first is its URL', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...spellings), { minLength: 1, maxLength: 5 }), (relations) => {
        const { pingUrl, candidates } = discoverInHtml(relations.join(''), { url })
        expect(pingUrl).toBe(candidates[0]?.pingUrl)
        expect(candidates).toHaveLength(relations.length)
        expect(answer(`${relations.join('')}<a rel=trackback href="/tb/2">`)).toBeNull()
        expect(
          answer(`<link rel=trackback href="https://www.blog.example/tb/11">${relations.join('')}`),
        ).toBeNull()
      }),
    )
  })

  it('PROTOCOL 130: also in the Link header and in RDF that names no page', () => {
    const headers = { link: '<https://www.blog.example/tb/1/>; rel=trackback, </tb/1>; rel="trackback"' }
    expect(discoverInHtml('<a rel=trackback href="/tb/1">', { url, headers }).pingUrl).toBe(
      'https://www.blog.example/tb/1/',
    )
    expect(answer(rdf('') + rdf('', 'https://blog.example/tb/1'))).toBe(ping)
    expect(answer(rdf('') + rdf('', 'https://blog.example/tb/2'))).toBeNull()
    expect(
      answer(
        `${rdf('http://blog.example/b/', 'https://www.blog.example/tb/1')}<a rel=trackback href="/tb/1">`,
      ),
    ).toBeNull()
  })

  it('PROTOCOL 67: RDF that names this page wins', () => {
    expect(answer(`<link rel=trackback href=/tb/9><a rel=trackback href=/tb/8>${rdf(url)}`)).toBe(ping)
  })

  it('answers where RDF names other pages', () => {
    expect(answer(`<link rel=trackback href=/tb/1>${rdf('http://blog.example/b/', '/tb/2')}`)).toBe(ping)
  })

  it('PROTOCOL 95: an <a> whose ping URL RDF gives to another page is of that page', () => {
    const html = `${rdf('http://blog.example/b/')}<a rel=trackback href="/tb/1">`
    expect(discoverInHtml(html, { url })).toMatchObject({
      pingUrl: null,
      candidates: [{ match: 'other' }, { match: 'other' }],
    })
  })

  it('PROTOCOL 48: does not decide between two posts of the page', () => {
    expect(
      answer(`${rdf(`${url}#1`, '/tb/1')}${rdf(`${url}#2`, '/tb/2')}<a rel=trackback href=/tb/1>`),
    ).toBeNull()
  })

  it.each(['', '#', '#trackback', '/a/', 'http://www.blog.example/a'])(
    'PROTOCOL 96: href=%j leads to the page itself',
    (href) => {
      expect(discoverInHtml(`<a rel="trackback" href="${href}">`, { url }).candidates).toEqual([])
    },
  )
})

describe('the Link header', () => {
  const inHeader = (link: string | string[], html = '') =>
    discoverInHtml(html, { url, headers: { LINK: link } })

  it('is read without a word in the page', () => {
    expect(inHeader('</tb/1>; rel="trackback"')).toMatchObject({
      pingUrl: ping,
      candidates: [{ source: 'header', match: 'unnamed' }],
    })
    expect(inHeader(['<x>; rel=next', '</tb/1>; rel=trackback']).pingUrl).toBe(ping)
    expect(
      discoverInHtml('', { url, headers: new Headers({ link: '</tb/1>; rel=trackback' }) }).pingUrl,
    ).toBe(ping)
  })

  it('PROTOCOL 96: its target resolves against the page, never against <base>', () => {
    expect(inHeader('<../tb/1>; rel=trackback', '<base href="http://x.example/trackback/">').pingUrl).toBe(
      ping,
    )
  })

  it('PROTOCOL 96: with an anchor that is not this page it is not about this page', () => {
    expect(inHeader('</tb/1>; rel=trackback; anchor="/b/"')).toMatchObject({
      pingUrl: null,
      candidates: [{ match: 'other' }],
    })
    expect(inHeader('</tb/1>; rel=trackback; anchor="/a/"').pingUrl).toBe(ping)
    expect(inHeader('</tb/1>; rel=trackback; anchor="urn:x"')).toMatchObject({
      pingUrl: null,
      candidates: [{ match: 'other' }],
    })
  })
})

describe('character sets', () => {
  const page = rdf(url, ping, 'dc:title="日本語の題"')
  it('PROTOCOL 61: a page in UTF-16 is found', () => {
    const bytes = Buffer.from(`\uFEFF<html>${page}`, 'utf16le')
    expect(discoverInHtml(bytes, { url })).toMatchObject({
      pingUrl: ping,
      candidates: [{ title: '日本語の題' }],
      page: { charset: 'utf-16le' },
    })
    expect(discoverInHtml(Buffer.from(bytes).swap16(), { url })).toMatchObject({
      pingUrl: ping,
      page: { charset: 'utf-16be' },
    })
  })

  it('PROTOCOL 61: the charset of the Content-Type counts', () => {
    const title = Buffer.from([0x93, 0xfa, 0x96, 0x7b, 0x8c, 0xea, 0x82, 0xcc, 0x91, 0xe8])
    const [before = '', after = ''] = page.split('日本語の題')
    const html = Buffer.concat([Buffer.from(before), title, Buffer.from(after)])
    const found = discoverInHtml(html, { url, headers: { 'content-type': 'text/html; charset=Shift_JIS' } })
    expect(found).toMatchObject({ candidates: [{ title: '日本語の題' }], page: { charset: 'shift_jis' } })
  })
})

describe('THREATS R4: pages made to be slow', () => {
  const size = 1_000_000
  const fill = (text: string) => text.repeat(Math.ceil(size / text.length))
  const numbered = (text: string) =>
    Array.from({ length: Math.floor(size / (text.length + 5)) }, (_, index) =>
      text.replaceAll('#', String(index)),
    ).join('')
  const shapes = {
    'comments in comments': fill('<!--trackback <!-- <rdf:RDF> '),
    '<!-- x 250,000': `trackback${fill('<!--')}`,
    comments: fill('<!--<rdf trackback-->'),
    'unclosed attributes': `trackback${fill('<a href="')}`,
    attributes: `trackback<rdf:Description ${numbered('x#="1" ')}>`,
    '100,000 RDF blocks': `trackback${fill('<rdf:RDF>')}`,
    'RDF blocks with pings': numbered(rdf('http://blog.example/#', '/tb/#')),
    'torn tags': fill('<rdf:Description dc:title="a "b" > trackback'),
    'a torn tag and &': `<rdf:Description dc:title="a "b" > trackback${fill('&')}`,
    'a torn tag and tags': `<rdf:Description dc:title="a "b" > trackback${fill('x y> <b c="d">')}`,
    namespaces: `<rdf:RDF ${numbered('xmlns:trackback#="x" ')}>${fill('<a:b xmlns:c="d">')}`,
    'rel=trackback': numbered('<a rel=trackback href="/#">'),
    'a long identifier': rdf(`http://blog.example/${fill('%41')}`),
    'raw text': `trackback${fill('<title>')}`,
  }
  it.each(Object.entries(shapes))('%s', (_, html) => {
    const start = performance.now()
    expect(answer(Buffer.from(html))).toBeNull()
    expect(performance.now() - start).toBeLessThan(10_000)
  })
})

describe('the beginning of a page', () => {
  it('whose answer is final has the answer of the whole page', async () => {
    const own = (path: string, pingUrl: string) => rdf(path && `http://blog.example${path}`, pingUrl)
    const piece = fc.constantFrom(
      ...[
        own('/a/', ping),
        own('/a/', '/tb/2'),
        own('/a', '/tb/3'),
        own('/b/', '/tb/4'),
        own('/a/#1', '/tb/5'),
        own('', '/tb/6'),
      ],
      ...[
        '<base href="/x/">',
        '<link rel=canonical href="/b/">',
        '<a rel=trackback href="/tb/7">',
        '<link rel=trackback href="tb/8">',
      ],
      ...['<script>', '</script>', '<!--', '-->', '<p title="', '">', 'text', '<title>', '</title>'],
      own('/a/', ping).slice(4, -3),
      own('/a/', ping).replace('trackback:', 'dc:title="a --> b" trackback:'),
      `<!-- <rdf:RDF><rdf:Description rdf:about="${url}" trackback:ping="${ping}" dc:title="-->" dc:identifier="/b/"/></rdf:RDF>`,
      own('/a/', ping).slice(0, -12),
    )
    let finals = 0
    const numRuns = repeated(5000)
    await fc.assert(
      fc.asyncProperty(fc.array(piece, { maxLength: 8 }), fc.nat(), async (pieces, cut) => {
        const html = pieces.join('')
        const bytes = Buffer.from(html.slice(0, cut % (html.length + 1)))
        const beginning = await inTurns(readPage(bytes, { url }, url))
        if (!beginning.isFinal) return
        finals += 1
        expect(beginning.discovery.pingUrl).toBe(answer(html))
      }),
      { numRuns },
    )
    expect(finals).toBeGreaterThan(numRuns / 50)
  })

  it('ends at the last candidate that is looked at, as nothing that follows counts', () => {
    const html = `${'<a rel=trackback href=b>'.repeat(3)}<link rel=canonical href="/c">`
    const page = { url: 'https://blog.example/' }
    const read = (maxCandidates: number) => finish(readPage(html, { ...page, maxCandidates }, page.url))
    expect(read(3)).toMatchObject({ isFinal: true, discovery: { page: { charset: 'utf-8' } } })
    expect(read(3).discovery.page.canonical).toBeUndefined()
    expect(read(3).discovery.candidates).toHaveLength(3)
    expect(read(4)).toMatchObject({
      isFinal: false,
      discovery: { page: { canonical: 'https://blog.example/c' } },
    })
  })

  it('lets others have their turn between the candidates of a page', () => {
    const html = '<a rel=trackback href=b>'.repeat(1500)
    const turns = Array.from(readPage(html, { url: 'https://blog.example/', maxCandidates: 700 }, url)).length
    // Once as each is resolved, once as it is compared.
    expect(turns).toBeGreaterThanOrEqual(2 * 700)
  })
})
