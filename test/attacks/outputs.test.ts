import { createRequire } from 'node:module'
import { XMLValidator } from 'fast-xml-parser'
import { type DefaultTreeAdapterTypes, parseFragment } from 'parse5'
import { describe, expect, it } from 'vitest'
import { renderAtom } from '../../src/feeds/atom.js'
import { type JsonFeed, renderJsonFeed } from '../../src/feeds/json-feed.js'
import { renderRss } from '../../src/feeds/rss.js'
import { listing } from '../../src/receive/accept/answers.js'
import { createReceiver } from '../../src/receive/receiver.js'
import type { ShownTrackback } from '../../src/render/item.js'
import { renderTrackbacks } from '../../src/render/trackbacks.js'
import { createMemoryStore } from '../../src/store/memory/store.js'
import { feed, xmlSkeletonOf } from '../feeds/feeds.js'
import { elementsOf, payloads, pingUrl, trackback } from '../render/page.js'
import { openRates } from '../support/open-rates.js'

const naughty: string[] = createRequire(import.meta.url)('big-list-of-naughty-strings')
const own = [
  ']]>',
  ']]><script>alert(1)</script>',
  '--><script>alert(1)</script><!--',
  '--!><img src=x onerror=alert(1)>',
  '</script><script>alert(1)</script>',
  '</title></rss></response><error>0</error>',
  '<![CDATA[<script>alert(1)</script>]]>',
  '&lt;script&gt;alert(1)&lt;/script&gt;',
  '&amp;lt;script&amp;gt;',
  '&#60;img src=x onerror=alert(1)&#62;',
  '&#x0;&#xFFFE;&#xD800;&#9999999;',
  '"><svg/onload=alert(1)>',
  `' onmouseover='alert(1)`,
  '\ud800\udc00\ud800',
  '\u0000\u0008\u000b\u001b[31m\u007f\u0085\ufffe\uffff',
  '\u202eevil\u2066x\u2069\ufeff',
  '<a href="javascript:alert(1)">x</a>',
  '<!DOCTYPE x [<!ENTITY e "x">]>&e;',
  '%3Cscript%3E',
  'a'.repeat(5000),
]
const strings = [...naughty, ...own].filter((text) => text.trim() !== '')

/** The elements and attribute names of a page, text left aside. */
function skeleton(html: string): string {
  const lines: string[] = []
  const visit = (node: DefaultTreeAdapterTypes.Node): void => {
    if ('tagName' in node) lines.push(`${node.tagName} ${node.attrs.map(({ name }) => name).join(' ')}`)
    if (node.nodeName === '#comment') lines.push('comment')
    if ('childNodes' in node) for (const child of node.childNodes) visit(child)
  }
  visit(parseFragment(html))
  return lines.join('\n')
}

async function outputsOf(text: string): Promise<{ html: string; rss: string; refusal: string }> {
  const post = { id: '7', url: 'http://my.example/7', title: 'A post' }
  let refusing = false
  const receiver = createReceiver({
    baseUrl: 'http://my.example/tb/',
    findPost: () => post,
    store: createMemoryStore(),
    publish: 'always',
    rateLimits: openRates,
    afterAdmission: () => (refusing ? text : undefined),
  })
  const fields = { url: 'http://other.example/1', title: text, excerpt: text, blog_name: text }
  const request = {
    url: '/tb/7',
    contentType: 'application/x-www-form-urlencoded; charset=utf-8',
    body: Buffer.from(new URLSearchParams(fields).toString()),
  }
  await receiver.handle({ method: 'POST', ...request })
  const { items } = await receiver.list('7')
  const html = renderTrackbacks({ post, pingUrl: receiver.pingUrl('7'), trackbacks: items })
  const { body: rss } = await receiver.handle({ method: 'GET', url: '/tb/7?__mode=rss' })
  refusing = true
  const { body: refusal } = await receiver.handle({ method: 'POST', ...request })
  await receiver.close()
  return { html, rss, refusal }
}

describe('what a stranger writes (THREATS X1, X3, X4)', () => {
  it(`is text in every output: ${strings.length * 3} outputs read back by parsers`, async () => {
    const harmless = skeleton((await outputsOf('text')).html)
    let outputs = 0
    for (const text of strings) {
      const { html, rss, refusal } = await outputsOf(text)
      const isEmpty = !html.includes('p-content') || !html.includes('p-publication')
      if (!isEmpty) expect(skeleton(html), text).toBe(harmless)
      expect(skeleton(html), text).not.toMatch(/script|iframe|svg|style|comment|on\w+/)
      for (const xml of [rss, refusal]) {
        expect(XMLValidator.validate(xml), text).toBe(true)
        expect(xml, text).not.toMatch(
          /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|<(?!\/?(response|error|message|rss|channel|title|link|description|item|language)\b|\?xml)/,
        )
        expect(xml.isWellFormed()).toBe(true)
      }
      for (const output of [html, rss]) expect(output, text).not.toMatch(/[\u202a-\u202e\u2066-\u2069\u001b]/)
      outputs += 3
    }
    expect(outputs).toBeGreaterThan(1400)
  }, 60_000)
})

/** Each string in each field and in the id, as if nothing had cleaned it on its way into the store. */
const hostile = [...new Set([...strings, ...payloads])].flatMap((text): ShownTrackback[] =>
  [{ title: text }, { excerpt: text }, { blogName: text }, { url: `http://source.example/${text}` }].map(
    (changes, index) => ({ ...trackback(changes), id: `${index} ${text}` }),
  ),
)

/** What may be met in an output: the lines of a harmless one. */
function strangers(lines: readonly string[], harmless: readonly string[]): string[] {
  const known = new Set(harmless)
  return [...new Set(lines)].filter((line) => !known.has(line))
}

const notXml = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/
const post = { url: 'http://blog.example/8', title: '</title><script>alert(1)</script>' }

describe(`${hostile.length} hostile trackbacks at once (THREATS X1, X4)`, () => {
  it('are 2,000 at the least', () => expect(hostile.length).toBeGreaterThan(2000))

  it('add no element and no attribute to the HTML', () => {
    const linesOf = (trackbacks: readonly ShownTrackback[]) =>
      elementsOf(renderTrackbacks({ post, pingUrl, trackbacks })).map(
        ({ tagName, attrs }) => `${tagName} ${attrs.map(({ name }) => name).join(' ')}`,
      )
    const lines = linesOf(hostile)
    expect(strangers(lines, linesOf([trackback()]))).toEqual([])
    expect(lines.filter((line) => line.startsWith('li'))).toHaveLength(hostile.length)
  })

  it('are valid JSON, each with its own id, and could not end a script', () => {
    const json = renderJsonFeed(feed({ trackbacks: hostile.map((item) => ({ ...item, post })) }))
    const { items }: JsonFeed = JSON.parse(json)
    expect(items).toHaveLength(hostile.length)
    expect(new Set(items.map(({ id }) => id)).size).toBe(
      new Set(hostile.map(({ id }) => id.toWellFormed())).size,
    )
    expect(json).not.toMatch(/[<>&\u2028\u2029]|\\ud[89a-f]/i)
    expect(strangers(items.flatMap(Object.keys), Object.keys(items[0] ?? {}))).toEqual([])
  })

  it.each([
    ['RSS', renderRss, 'item'],
    ['Atom', renderAtom, 'entry'],
  ])('are well-formed %s of our elements alone, whose HTML is ours, too', (_, render, name) => {
    const xml = render(feed({ trackbacks: hostile.map((item) => ({ ...item, post })) }))
    const harmless = render(feed({ trackbacks: [{ ...trackback(), post }] }))
    const lines = xmlSkeletonOf(xml)
    expect(strangers(lines, xmlSkeletonOf(harmless))).toEqual([])
    expect(lines.filter((line) => line === name)).toHaveLength(hostile.length)
    expect(xml).not.toMatch(notXml)
    const bodies = [...xml.matchAll(/<(?:description|summary[^>]*)>(&lt;p[^<]*)</g)].map(([, body = '']) =>
      body.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&quot;', '"').replaceAll('&amp;', '&'),
    )
    expect(bodies).toHaveLength(hostile.length)
    expect(
      strangers(
        bodies.flatMap((body) => skeleton(body).split('\n')),
        ['p ', 'a href'],
      ),
    ).toEqual([])
  })

  it('are a well-formed list in the shape of Movable Type', () => {
    const { body } = listing({ id: '7', ...post }, hostile)
    const lines = xmlSkeletonOf(body)
    expect(
      strangers(lines, [
        'response',
        'error',
        'rss version',
        'channel',
        'item',
        'title',
        'link',
        'description',
      ]),
    ).toEqual([])
    expect(lines.filter((line) => line === 'item')).toHaveLength(hostile.length)
    expect(body).not.toMatch(notXml)
  })
})
