import { deepStrictEqual, ok } from 'node:assert/strict'
import { generatePingList, parsePingList } from '../../../src/protocol/ping-list.js'
import { generateResponse, parseResponse, parseWordPressError } from '../../../src/protocol/response.js'
import type { Target } from '../fuzz.js'
import { clean, plainUtf8, webUrl } from '../rules.js'

const UTF8 = { contentType: 'text/xml; charset=utf-8' }
const xml = [
  ...['<?xml version="1.0" encoding="utf-8"?>', '<?xml version="1.0" encoding="shift_jis"?>', '<!DOCTYPE x>'],
  ...[
    '<![CDATA[',
    ']]>',
    '<!--',
    '-->',
    '<',
    '>',
    '/>',
    '</',
    '&',
    '&amp;',
    '&lt;',
    '&#x26;',
    '&#0;',
    '&nbsp;',
  ],
  ...['<html>', '<br>', '<title/>', '<__proto__>', ' xmlns="x"', '\n', ' ', '\uFEFF', 'é', '日本'],
]

export const response: Target = {
  name: 'response',
  seeds: [
    generateResponse({ error: 0 }),
    generateResponse({ error: 1, message: 'Fehler & mehr' }),
    '<response><error>0</error></response>',
    'Warning: x<br />\n<?xml version="1.0" encoding="iso-8859-1"?>\n<response>\n<error> 1 </error><message><![CDATA[a <b>]]></message></response>',
    '<error><code>wp_die</code><message>no &#8212; not now</message><data><status>429</status></data></error>',
    '<response><error>1</error><message>A & B</response>',
  ],
  words: [
    ...xml,
    ...[
      '<response>',
      '</response>',
      '<error>',
      '</error>',
      '<message>',
      '</message>',
      '<code>',
      '<data>',
      '<status>',
    ],
    ...['0', '1', '-1', '+0', '429', 'a text'],
  ],
  check(input) {
    const text = plainUtf8(input)
    const answer = parseResponse(input, UTF8)
    if (text !== null) {
      deepStrictEqual(parseResponse(text), answer)
      // Past its first look at a short answer it says the same.
      deepStrictEqual(parseResponse(' '.repeat(1024) + text), answer)
    }
    for (const message of [answer?.message, parseWordPressError(input, { status: 500 })?.message])
      if (message !== undefined) clean(message)
    ok(answer?.message !== '')
    if (answer) deepStrictEqual(parseResponse(generateResponse(answer)), answer)
  },
}

const list = generatePingList(
  { url: 'http://a.example/1', title: 'A post', excerpt: 'about it', language: 'ja' },
  [
    { url: 'http://b.example/2', title: 'B & C', excerpt: 'an <excerpt>' },
    { url: 'http://c.example/?a=1&b=2' },
  ],
)

export const pingList: Target = {
  name: 'ping-list',
  seeds: [
    list,
    list.replace(/<\/?response>/g, ''),
    list.replaceAll('</item>', ''),
    '<rss><channel><title>A & B</title><item><title>x<title>y</item><item><link> http://a.example/ </link></item></channel></rss>',
  ],
  words: [
    ...xml,
    ...['<rss>', '<channel>', '</channel>', '<item>', '</item>', '<title>', '</title>', '<link>', '</link>'],
    ...[
      '<description>',
      '</description>',
      'http://a.example/',
      'https://b.example/?a&b',
      'javascript:x',
      'a text',
    ],
  ],
  check(input) {
    const text = plainUtf8(input)
    const found = parsePingList(input, UTF8)
    if (text !== null) deepStrictEqual(parsePingList(text), found)
    for (const item of found.items) {
      webUrl(item.url)
      for (const value of [item.title, item.excerpt]) if (value !== undefined) clean(value)
    }
    const { url, title = url, items } = found
    if (url === undefined) return
    const written = generatePingList({ url, title }, items)
    const named = items.map((item) => ({ ...item, title: item.title ?? item.url }))
    deepStrictEqual(parsePingList(written), { title, url, items: named })
  },
}
