import { deepStrictEqual } from 'node:assert/strict'
import { discoverInFeed } from '../../../src/discover/feed.js'
import { generateFeedElements } from '../../../src/protocol/feed.js'
import { RDF_NAMESPACE, TRACKBACK_NAMESPACE } from '../../../src/protocol/namespaces.js'
import type { Target } from '../fuzz.js'
import { clean, MOST_WRITTEN, plainUtf8, webUrl } from '../rules.js'

const url = 'http://a.example/feed'
const contentType = 'text/xml; charset=utf-8'
const said = {
  pingUrl: 'http://a.example/tb/1',
  about: ['http://b.example/tb/2', 'http://c.example/tb?a=1&b=2'],
}

export const feed: Target = {
  name: 'feed',
  seeds: [
    `<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><item><title>A &amp; B</title><link>http://a.example/1</link>${generateFeedElements(said, 'rss2')}</item></channel></rss>`,
    `<rdf:RDF xmlns="http://purl.org/rss/1.0/" xmlns:rdf="${RDF_NAMESPACE}"><item rdf:about="http://a.example/1"><title>a</title>${generateFeedElements(said, 'rss1')}</item></rdf:RDF>`,
    `<feed xmlns="http://www.w3.org/2005/Atom" xml:base="http://a.example/"><entry><title type="html">&lt;b&gt;a</title><link rel="alternate" href="1"/><link rel="trackback" href="tb/1"/>${generateFeedElements(said, 'atom')}</entry></feed>`,
    '<rss><channel><item><title>a<link>/1<guid isPermaLink="false">x</guid><item><title>b & c</title><guid>http://a.example/2</guid><trackback:ping>tb/3</trackback:ping></channel>',
    `<atom:feed xmlns:atom="http://purl.org/atom/ns#"><atom:entry><atom:link href="/1"/><tb:about xmlns:tb="${TRACKBACK_NAMESPACE}" rdf:resource="x"/></atom:entry></atom:feed>`,
  ],
  words: [
    ...[
      '<',
      '>',
      '/>',
      '</',
      '&',
      '&amp;',
      '&lt;',
      '&#x41;',
      '&#0;',
      '"',
      ' ',
      '<!--',
      '-->',
      '<![CDATA[',
      ']]>',
      '<!DOCTYPE x [',
    ],
    ...[
      '<?xml version="1.0" encoding="euc-jp"?>',
      '<rss>',
      '<channel>',
      '</channel>',
      '<item>',
      '</item>',
      '<entry>',
      '</entry>',
    ],
    ...[
      '<title>',
      '</title>',
      '<title/>',
      '<link>',
      '</link>',
      '<link href="/1"/>',
      '<link rel="trackback" href="/t"/>',
    ],
    ...[
      '<guid isPermaLink="true">',
      '<guid>',
      '</guid>',
      '<trackback:ping>',
      '</trackback:ping>',
      '<trackback:about>',
    ],
    ...[
      ' rdf:resource="http://b.example/t"',
      ' rdf:about="/1"',
      ' xml:base="http://c.example/"',
      ' xmlns="http://purl.org/rss/1.0/"',
    ],
    ...[
      ` xmlns:x="${TRACKBACK_NAMESPACE}"`,
      '<x:ping ',
      '<description>',
      '<content>',
      'http://a.example/1',
      '日本',
      '<__proto__>',
    ],
  ],
  check(input) {
    const text = plainUtf8(input)
    const { items } = discoverInFeed(input, { url, contentType })
    if (text !== null) deepStrictEqual(discoverInFeed(text, { url }).items, items)
    for (const { link, title, pingUrl, about } of items) {
      for (const target of [link, pingUrl, ...about]) if (target) webUrl(target)
      if (title !== undefined) clean(title)
    }
    for (const { pingUrl, about } of items.slice(0, MOST_WRITTEN)) {
      for (const format of ['rss1', 'rss2', 'atom'] as const) comesBack({ pingUrl, about }, format)
    }
  },
}

function comesBack(
  said: { pingUrl: string | null; about: string[] },
  format: 'rss1' | 'rss2' | 'atom',
): void {
  const elements = generateFeedElements({ ...said, pingUrl: said.pingUrl ?? undefined }, format)
  const { items } = discoverInFeed(`<rss><channel><item>${elements}</item></channel></rss>`, { url })
  deepStrictEqual(items, [said])
}
