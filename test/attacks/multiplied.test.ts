import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { discover } from '../../src/discover/discover.js'
import { discoverInHtml } from '../../src/discover/page.js'
import { parseFeed, readFeed } from '../../src/protocol/feed.js'
import { verifySource } from '../../src/receive/verify/verification.js'
import { clientFor, serve } from '../support/servers.js'
import { repeated } from '../support/strength.js'

const size = 131_072
const target = 'http://my.blog/7'
const rdfStart = `<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:dc="http://purl.org/dc/elements/1.1/"
  xmlns:trackback="http://madskills.com/public/xml/rss/module/trackback/">`

/** Parts of a page or feed, each as long as it is told to be: one long, or many short ones. */
const parts: Readonly<Record<string, (length: number) => string>> = {
  base: (length) => `<base href="http://x.example/${'a'.repeat(length)}/">`,
  'own base': (length) => `<base href="http://my.blog/${'a'.repeat(length)}/">`,
  'many bases': (length) => '<base href=b>'.repeat(length / 13),
  canonical: (length) => `<link rel=canonical href="${'c'.repeat(length)}">`,
  links: (length) => '<a href=b>'.repeat(length / 10),
  'links upwards': (length) => '<a href=../b>'.repeat(length / 13),
  'links to hosts': (length) => '<a href=//b>'.repeat(length / 12),
  'links to the post': (length) => `<a href=${target}#b>`.repeat(length / 27),
  relations: (length) => '<a rel=trackback href=b>'.repeat(length / 24),
  'rel values': (length) => `<link rel="${'trackback '.repeat(length / 10)}" href=b>`,
  blocks: (length) =>
    `<!--${rdfStart}${'<rdf:Description dc:identifier="b" trackback:ping="c"/>'.repeat(length / 55)}</rdf:RDF>-->`,
  identifier: (length) =>
    `<!--${rdfStart}<rdf:Description dc:identifier="${'i'.repeat(length)}" trackback:ping="c"/></rdf:RDF>-->`,
  'ping URL': (length) => `${rdfStart}<rdf:Description trackback:ping="${'p'.repeat(length)}"/></rdf:RDF>`,
  attributes: (length) => `<a ${Array.from({ length: length / 8 }, (_, index) => `b${index}=c`).join(' ')}>`,
  text: (length) => 'trackback '.repeat(length / 10),
  ends: (length) => '</a></b>'.repeat(length / 8),
  'ends of blocks': (length) => '</div>'.repeat(length / 6),
  'empty links to the post': (length) => '<a href=//my.blog/7>'.repeat(length / 20),
  comments: (length) => '<!--trackback-->'.repeat(length / 16),
  items: (length) => '<item><link>b</link></item>'.repeat(length / 27),
  'nested items': (length) => '<item><link>b</link>'.repeat(length / 20),
  'xml:base': (length) => `<channel xml:base="http://x.example/${'a'.repeat(length)}/">`,
  'many xml:base': (length) => '<item xml:base="b/"><link>c</link></item>'.repeat(length / 41),
  about: (length) => `<item>${'<trackback:about>b</trackback:about>'.repeat(length / 36)}</item>`,
  'feed pings': (length) => `<item>${'<trackback:ping>b</trackback:ping>'.repeat(length / 34)}</item>`,
}

function documentOf(first: string, second: string, share: number, length: number): string {
  const cut = Math.floor(length * share)
  return `trackback ${parts[first]?.(cut) ?? ''}${parts[second]?.(length - cut) ?? ''}`
}

/** All the text that a value holds, as JSON. */
function weightOf(value: unknown): number {
  return JSON.stringify(value).length
}

describe('two parts of a document that are multiplied with each other', () => {
  const name = fc.constantFrom(...Object.keys(parts))

  it('leave no more behind than the limits times a URL, whichever they are', () => {
    fc.assert(
      fc.property(name, name, fc.double({ min: 0, max: 1, noNaN: true }), (first, second, share) => {
        const html = documentOf(first, second, share, size)
        const page = discoverInHtml(html, { url: 'http://x.example/1' })
        const feed = parseFeed(`<rss>${html}`, { url: 'http://x.example/feed' })
        expect(page.candidates.length).toBeLessThanOrEqual(1000)
        expect(feed.reduce((sum, { about }) => sum + 1 + about.length, 0)).toBeLessThanOrEqual(1000)
        expect(weightOf(page)).toBeLessThan(1000 * 3 * 2048)
        expect(weightOf(feed)).toBeLessThan(1000 * 3 * 2048)
      }),
      { numRuns: repeated(2000) },
    )
  }, 600_000)

  it('are verified and discovered while other work has its turn', async () => {
    let body = ''
    let type = 'text/html'
    const { origin, host } = await serve((_, response) => response.setHeader('content-type', type).end(body))
    const client = clientFor(host)
    const pairs: [string, string, number][] = [
      ['base', 'links', 96_000],
      ['base', 'relations', 2000],
      ['own base', 'links', 2000],
      ['own base', 'links upwards', 2000],
      ['own base', 'relations', 96_000],
      ['xml:base', 'items', 2000],
      ['xml:base', 'about', 96_000],
      ['text', 'attributes', 1000],
      ['ends of blocks', 'empty links to the post', 48_000],
    ]
    for (const [first, second, length] of pairs) {
      body = `trackback ${parts[first]?.(length)}${parts[second]?.(1_048_000 - length)}`
      for (type of ['text/html', 'application/rss+xml']) {
        const { cpu, longest } = await watched(async () => {
          await verifySource(origin, target, { client })
          await discover(origin, { client })
        })
        // Measured alone on two cores: under a second for both together, and under 50 ms at a time.
        expect(cpu, `${first}, ${second} as ${type}`).toBeLessThan(3000)
        expect(longest, `${first}, ${second} as ${type}`).toBeLessThan(1500)
      }
    }
  }, 120_000)

  it('are one page with a long redirect and many links: a URL that is too long is no base', async () => {
    const { origin, host } = await serve(({ url = '' }, response) => {
      if (url.length < 100) return void response.writeHead(302, { location: `/${'a'.repeat(15_000)}/` }).end()
      response.setHeader('content-type', 'text/html').end(`trackback ${parts['relations']?.(size)}`)
    })
    const { candidates } = await discover(origin, { client: clientFor(host) })
    expect(candidates).toEqual([])
  })
})

/** The CPU time of some work, and the longest that the event loop stood still, in milliseconds. */
async function watched(work: () => Promise<void>): Promise<{ cpu: number; longest: number }> {
  let last = performance.now()
  let longest = 0
  const timer = setInterval(() => {
    const now = performance.now()
    longest = Math.max(longest, now - last)
    last = now
  }, 5)
  const before = process.cpuUsage()
  await work()
  const { user, system } = process.cpuUsage(before)
  await new Promise((resolve) => setTimeout(resolve, 6))
  clearInterval(timer)
  return { cpu: (user + system) / 1000, longest }
}

describe('a feed of one megabyte', () => {
  const fillings = ['a', 'a ', '&', '& ', '&l', '&amp;', '&b;', '&#', '&#38;', '>', '\u3042']
  const places: Readonly<Record<string, (filling: string) => string>> = {
    text: (filling) => `<rss><channel>${filling}</channel></rss>`,
    title: (filling) => `<rss><item><title>${filling}</title><link>b</link></item></rss>`,
    attribute: (filling) => `<rss><channel b="${filling}"></channel></rss>`,
    CDATA: (filling) => `<rss><item><link><![CDATA[${filling}]]></link></item></rss>`,
    'a broken one': (filling) => `<rss></b><item>${filling}`,
    items: (filling) => `<rss>${`<item><title>${filling.slice(0, 1000)}</title></item>`.repeat(900)}</rss>`,
  }

  it.each(Object.entries(places))(
    'is read in steps of some kilobytes, whatever is in its %s',
    (_, inPlace) => {
      for (const filling of fillings) {
        const xml = inPlace(filling.repeat(1_000_000 / filling.length))
        const steps = readFeed(xml, { url: 'http://x.example/feed' })
        let count = 0
        while (!steps.next().done) count += 1
        expect(count, filling).toBeGreaterThan(xml.length / 32_768)
      }
    },
  )

  it('gives titles of a few kilobytes at the most', () => {
    const [item] = parseFeed(`<rss><item><title>${'a'.repeat(1_000_000)}`, {})
    expect(item?.title?.length).toBeLessThan(5000)
  })
})

describe('the limits of what is kept of a document', () => {
  const page = `${parts['relations']?.(24 * 5)}`
  const url = 'http://x.example/1'
  const feed = '<rss><item><link>b</link></item><item><link>c</link></item></rss>'

  it('are options', () => {
    expect(discoverInHtml(page, { url }).candidates).toHaveLength(5)
    expect(discoverInHtml(page, { url, maxCandidates: 2 }).candidates).toHaveLength(2)
    expect(discoverInHtml(page, { url, maxUrlLength: 17 }).candidates).toEqual([])
    expect(discoverInHtml(page, { url, maxUrlLength: 18 }).candidates).toHaveLength(5)
    expect(parseFeed(feed, { url })).toHaveLength(2)
    expect(parseFeed(feed, { url, maxCandidates: 1 })).toHaveLength(1)
    expect(parseFeed(feed, { url, maxUrlLength: 17 })).toEqual([
      { pingUrl: null, about: [] },
      { pingUrl: null, about: [] },
    ])
    expect(parseFeed(feed, { url, maxMarkup: 4 })).toHaveLength(1)
  })

  it.each([0, -1, 1.5, Number.NaN, '10'])('are refused where they are %j', (limit) => {
    for (const name of ['maxCandidates', 'maxUrlLength']) {
      expect(() => discoverInHtml('trackback', { url, [name]: limit })).toThrow(TypeError)
      expect(() => parseFeed('', { url, [name]: limit })).toThrow(TypeError)
    }
    expect(() => parseFeed('', { url, maxMarkup: limit as number })).toThrow(TypeError)
  })
})

describe('bytes that are sent for nothing', () => {
  it('gzip that decodes to nothing is read no further than a page may be long', async () => {
    let sent = 0
    // An empty stored block of deflate, again and again.
    const nothing = Buffer.alloc(65_535, Buffer.from([0, 0, 0, 255, 255]))
    const { origin, host } = await serve((_, response) => {
      response.writeHead(200, { 'content-type': 'text/html', 'content-encoding': 'gzip' })
      response.write(Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3]))
      const more = (error?: Error | null): void => {
        if (error || response.destroyed || sent > 64_000_000) return void response.end()
        sent += nothing.length
        response.write(nothing, more)
      }
      more()
    })
    const client = clientFor(host)
    expect(await discover(origin, { client })).toMatchObject({ pingUrl: null, candidates: [] })
    expect(await verifySource(origin, target, { client })).toMatchObject({ outcome: 'not-linked' })
    // What waits in the buffers of two connections is sent, too.
    expect(sent).toBeLessThan(40_000_000)
  })
})
