import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { generatePingList, parsePingList } from '../../src/protocol/ping-list.js'

const item = '<item><title>T</title><link>http://a.example/1</link><description>E</description></item>'
const channel = `<rss version="0.91"><channel><title>P</title><link>http://blog.example/1</link><description>D</description><language>en-us</language>${item}</channel></rss>`
const expected = {
  title: 'P',
  url: 'http://blog.example/1',
  items: [{ url: 'http://a.example/1', title: 'T', excerpt: 'E' }],
}

describe('parsePingList', () => {
  it.each([
    [
      'PROTOCOL 34: wrapped in <response>',
      `<?xml version="1.0" encoding="utf-8"?>\n<response>\n<error>0</error>\n${channel}</response>`,
    ],
    ['PROTOCOL 37: bare, without a prolog', channel],
    [
      'PROTOCOL 35: indented, single quotes, no language',
      channel
        .replace('"0.91"', "'0.91'")
        .replace(/<language>.*?<\/language>/, '')
        .replaceAll('><', '>\n  <'),
    ],
    ['cut off', channel.replace('</channel></rss>', '<item><title>x')],
  ])('%s', (_, xml) => {
    expect(parsePingList(xml)).toEqual(expected)
  })

  it('PROTOCOL 34, 109: a channel with bare &, < and tags is read', () => {
    const xml = channel
      .replace('<title>P</title>', '<title>P & <b>Q</b> < R</title>')
      .replace('>D<', '>D <br> & <p>E<')
    expect(parsePingList(xml)).toEqual({ ...expected, title: 'P & Q < R' })
  })

  it('PROTOCOL 34: an item without a description, an item without a link', () => {
    const xml = channel.replace(
      item,
      '<item><title>T</title><link>http://a.example/1</link></item><item><title>x</title></item><item><link>javascript:x</link></item>',
    )
    expect(parsePingList(xml).items).toEqual([{ url: 'http://a.example/1', title: 'T' }])
  })

  it('PROTOCOL 34: a channel that says nothing of its post', () => {
    expect(parsePingList(`<rss><channel>${item}</channel></rss>`)).toEqual({ items: expected.items })
  })

  it('PROTOCOL 36, 38: what is no list gives nothing', () => {
    for (const xml of [
      '<response><error>1</error><message>x</message></response>',
      '<html><p>x</p></html>',
      '',
      'x',
    ]) {
      expect(parsePingList(xml)).toEqual({ items: [] })
    }
  })

  it('PROTOCOL 39: the charset of the Content-Type counts', () => {
    const [before = '', after = ''] = channel.split('>T<')
    const bytes = Buffer.concat([
      Buffer.from(`${before}>`),
      Buffer.from([0xc6, 0xfc, 0xcb, 0xdc]),
      Buffer.from(`<${after}`),
    ])
    expect(parsePingList(bytes, { contentType: 'text/xml; charset=EUC-JP' }).items[0]?.title).toBe('日本')
  })
})

describe('generatePingList', () => {
  it('PROTOCOL 34: writes the shape of Movable Type, escaped', () => {
    const list = generatePingList(
      { url: 'http://blog.example/1?a&b', title: 'P & Q', excerpt: '<D>', language: 'ja' },
      [{ url: 'http://a.example/1', title: 'T', excerpt: 'E' }, { url: 'http://a.example/2' }],
    )
    expect(list).toBe(`<?xml version="1.0" encoding="utf-8"?>
<response>
<error>0</error>
<rss version="0.91"><channel>
<title>P &amp; Q</title>
<link>http://blog.example/1?a&amp;b</link>
<description>&lt;D&gt;</description>
<language>ja</language>
<item>
<title>T</title>
<link>http://a.example/1</link>
<description>E</description>
</item>
<item>
<title>http://a.example/2</title>
<link>http://a.example/2</link>
</item>
</channel>
</rss></response>`)
  })

  it('is read back', () => {
    const text = fc
      .string({
        unit: fc.constantFrom('a', ' b', '<', '>', '&', '"', "'", ']]>', '&amp;', '<b>', '-->', '日', '😀'),
        minLength: 1,
        maxLength: 12,
      })
      .map((value) => `x${value}`)
    const url = fc.webUrl({ withQueryParameters: true, withFragments: true })
    const ping = fc.record({ url, title: text, excerpt: text })
    fc.assert(
      fc.property(ping, fc.array(ping, { maxLength: 5 }), (post, items) => {
        expect(parsePingList(generatePingList(post, items))).toEqual({
          title: post.title,
          url: post.url,
          items,
        })
      }),
    )
  })
})
