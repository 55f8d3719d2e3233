import { deepStrictEqual, ok } from 'node:assert/strict'
import { compareUrls } from '../../../src/discover/identifier.js'
import { discoverInHtml } from '../../../src/discover/page.js'
import { generateLink, generateLinkHeader, parseLinkHeader } from '../../../src/protocol/link.js'
import { generateRdf, parseRdf } from '../../../src/protocol/rdf.js'
import { resolveUrl } from '../../../src/protocol/url.js'
import { tokenizeByParse5, tokensOf } from '../../text/tokens.js'
import type { Target } from '../fuzz.js'
import { clean, MOST_WRITTEN, plainUtf8, webUrl, wellFormed } from '../rules.js'

const url = 'http://a.example/1'
const pingUrl = 'http://a.example/tb/1'
const rdf = generateRdf({ url, pingUrl, title: 'A -- post', excerpt: 'about > it' })
const headers = { 'content-type': 'text/html; charset=utf-8' }

export const page: Target = {
  name: 'page',
  seeds: [
    `<!DOCTYPE html><html><head><title>a</title><base href="/b/">${generateLink(pingUrl)}</head><body><!--\n${rdf}\n--></body>`,
    `${rdf}<a rel="trackback" href="${pingUrl}">x</a><link rel=canonical href="${url}">`,
    `<rdf:RDF><rdf:Description rdf:about="${url}" dc:title="a "b" > c" dc:identifier="${url}" trackback:ping="/tb/1"/></rdf:RDF>`,
    `<rdf:RDF><rdf:Description><dc:identifier>${url}</dc:identifier><trackback:ping rdf:resource="${pingUrl}"/></rdf:Description></rdf:RDF>`,
    `<RDF xmlns="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><Description ping="x" xmlns:t="http://madskills.com/public/xml/rss/module/trackback/" t:ping="p">x</Description></RDF>`,
    `<script><!-- <script> </script> ${rdf} --></script><style>${rdf}</style><svg><title/>${rdf}</svg>`,
    `<meta charset="shift_jis"><a rel=trackback href=/tb/2>`,
  ],
  words: [
    ...[
      '<',
      '>',
      '/',
      '"',
      "'",
      '=',
      ' ',
      '\n',
      '\f',
      '\v',
      '\0',
      '-',
      '--',
      '!',
      '?',
      '<!--',
      '-->',
      '--!>',
      '<!',
    ],
    ...[
      '</',
      '/>',
      '&lt;',
      '&amp;',
      '&quot;',
      '\u00A0',
      '\u3000',
      'é',
      '日本',
      '<![CDATA[',
      ']]>',
      '<?xml encoding="',
    ],
    ...[
      '<a ',
      '<link ',
      '<base ',
      '<meta ',
      ' rel="trackback"',
      ' rel=trackback',
      ' rel="canonical"',
      ' href="/x"',
    ],
    ...[
      ` href="${pingUrl}"`,
      'trackback',
      ` trackback:ping="${pingUrl}"`,
      ' trackback:ping="p"',
      ` rdf:about="${url}"`,
    ],
    ...[
      ` dc:identifier="${url}"`,
      ' dc:title="a',
      '<rdf:RDF',
      '<rdf:RDF>',
      '</rdf:RDF>',
      '<rdf:Description ',
    ],
    ...[
      '</rdf:Description>',
      '<trackback:ping',
      '<dc:title>',
      '</dc:title>',
      ' rdf:resource="x"',
      ' xmlns="',
      ' xmlns:x="',
    ],
    ...[
      'http://www.w3.org/1999/02/22-rdf-syntax-ns#',
      '<title>',
      '</title>',
      '<title/>',
      '<script>',
      '</script>',
    ],
    ...[
      '<style>',
      '</style',
      '<textarea',
      '</textarea>',
      '<svg>',
      '</svg>',
      '<math>',
      '<plaintext>',
      'charset=euc-jp',
    ],
  ],
  check(input) {
    const text = plainUtf8(input)
    const found = discoverInHtml(input, { url })
    if (text !== null)
      deepStrictEqual(discoverInHtml(input, { url, headers }), discoverInHtml(withoutBom(text), { url }))
    const answers = found.candidates.map((candidate) => candidate.pingUrl)
    if (found.pingUrl !== null) ok(answers.includes(found.pingUrl))
    for (const candidate of found.candidates) {
      webUrl(candidate.pingUrl)
      if (candidate.title !== undefined) clean(candidate.title)
    }
    const html = Buffer.from(input).toString('utf8')
    // Of an emoji in two references parse5 makes two U+FFFD.
    if (!/&#(?:x?0*d|0*5)/i.test(html)) deepStrictEqual(tokensOf(html), tokensOf(html, tokenizeByParse5))
    for (const description of parseRdf(html).slice(0, MOST_WRITTEN)) comesBack(description)
  },
}

function withoutBom(text: string): string {
  return text.startsWith('\uFEFF') ? text.slice(1) : text
}

function comesBack({
  identifier = '',
  ping = '',
  title = '',
}: {
  identifier?: string
  ping?: string
  title?: string
}): void {
  for (const value of [identifier, ping, title]) {
    wellFormed(value)
    deepStrictEqual(value, value.trim())
  }
  const post = resolveUrl(identifier)
  const target = resolveUrl(ping)
  if (post === null || target === null) return
  const announced = discoverInHtml(`<!-- ${generateRdf({ url: post, pingUrl: target, title })} -->`, {
    url: post,
  })
  ok(
    compareUrls(announced.pingUrl ?? '', target),
    `${post} announces ${target}, found is ${announced.pingUrl}`,
  )
}

export const linkHeader: Target = {
  name: 'link-header',
  seeds: [
    generateLinkHeader(pingUrl),
    '</tb/5>; rel="trackback", <b>;rel=x;anchor="#a"',
    '<a>; title="a \\"b\\", <c>"; rel="Trackback next",,;<d>',
    '<a>;rel=a;rel=b;=c;;="x',
  ],
  words: [
    '<',
    '>',
    ';',
    ',',
    '=',
    '"',
    '\\',
    ' ',
    '\t',
    'rel',
    'rel="trackback"',
    'anchor=',
    '</a>; ',
    pingUrl,
    'é',
    '\n',
  ],
  check(input) {
    const value = Buffer.from(input).toString('utf8')
    for (const link of parseLinkHeader(value).slice(0, MOST_WRITTEN)) {
      deepStrictEqual(link.url, link.url.trim())
      ok(link.rel.every((type) => /^\S+$/.test(type) && type === type.toLowerCase()))
      const target = resolveUrl(link.url, url)
      if (target === null) continue
      const [again, ...others] = parseLinkHeader(generateLinkHeader(target))
      deepStrictEqual(again, { url: new URL(target).href, rel: ['trackback'] })
      deepStrictEqual(others, [])
    }
  },
}
