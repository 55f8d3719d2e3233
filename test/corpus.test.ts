import { readFileSync } from 'node:fs'
import { afterAll, describe, expect, it } from 'vitest'
import { discoverInFeed } from '../src/discover/feed.js'
import { discoverInHtml } from '../src/discover/page.js'
import { parsePingList } from '../src/protocol/ping-list.js'
import { parseResponse } from '../src/protocol/response.js'

// Real pages, feeds, answers and lists belong to others and are not part of this project: a folder with a manifest.json
// that says what each document holds is named by TRACKBACK_CORPUS, and without it these tests are skipped.
const corpus = process.env['TRACKBACK_CORPUS']

interface Document {
  readonly id: string
  readonly file: string
  readonly kind: 'html' | 'feed' | 'response' | 'listing'
  readonly page_url: string | null
  readonly expect: {
    readonly rdf: readonly { identifier: string; ping: string }[]
    readonly answer: string | null
    readonly rel_trackback: readonly string[]
    readonly items:
      | string
      | readonly { link: string | null; ping?: string | null; about?: readonly string[]; title?: string }[]
    readonly error?: number
    readonly message?: string | null
    readonly invalid?: boolean
    readonly channel_link?: string
  }
}

const documents = corpus
  ? (JSON.parse(readFileSync(`${corpus}/manifest.json`, 'utf8')) as { documents: Document[] }).documents
  : []
const bytesOf = ({ file }: Document) => readFileSync(`${corpus}/${file}`)

/** RDF answers; where it has no answer, the one rel=trackback there is. */
function answerOf({ answer, rdf, rel_trackback: relations }: Document['expect']): string | null {
  const targets = [...new Set(relations)]
  return answer ?? (rdf.length === 0 && targets.length === 1 ? (targets[0] ?? null) : null)
}

const check: Readonly<Record<Document['kind'], (document: Document) => void>> = {
  html(document) {
    const { pingUrl, candidates } = discoverInHtml(bytesOf(document), { url: document.page_url ?? '' })
    const ofSource = (isRdf: boolean) => candidates.filter(({ source }) => (source === 'rdf') === isRdf)
    expect(ofSource(true).map(({ identifier, pingUrl: ping }) => ({ identifier, ping }))).toEqual(
      document.expect.rdf,
    )
    expect(new Set(ofSource(false).map((candidate) => candidate.pingUrl))).toEqual(
      new Set(document.expect.rel_trackback),
    )
    expect(pingUrl).toBe(answerOf(document.expect))
    // Whatever a block names is answered for its own URL, and by no other block.
    for (const { identifier, ping } of document.expect.rdf) {
      expect(discoverInHtml(bytesOf(document), { url: identifier }).pingUrl).toBe(ping)
    }
  },
  feed(document) {
    const { items } = discoverInFeed(bytesOf(document), { url: document.page_url ?? 'http://feed.example/' })
    const found = items.map(({ link = null, pingUrl: ping, about }) => ({ link, ping, about }))
    if (typeof document.expect.items === 'string') {
      expect(found.length).toBeGreaterThan(0)
      expect(found.filter(({ ping, about }) => ping !== null || about.length > 0)).toEqual([])
      expect(items.every(({ link }) => link?.startsWith('http'))).toBe(true)
    } else expect(found).toEqual(document.expect.items)
  },
  response(document) {
    const { error, message, invalid } = document.expect
    const expected = invalid ? null : { error, ...(message ? { message } : {}) }
    expect(parseResponse(bytesOf(document))).toEqual(expected)
  },
  listing(document) {
    const { url, items } = parsePingList(bytesOf(document))
    expect(url).toBe(document.expect.channel_link)
    expect(items.map(({ url: link, title }) => ({ link, title }))).toEqual(document.expect.items)
  },
}

describe.skipIf(corpus === undefined)('the corpus (skipped where TRACKBACK_CORPUS names no folder)', () => {
  let right = 0
  for (const document of documents) {
    it(`${document.kind} ${document.id} gives what its manifest says`, () => {
      check[document.kind](document)
      right += 1
    })
  }
  afterAll(() => {
    if (corpus) console.log(`corpus: ${right} of ${documents.length} documents as their manifest says`)
  })
})

if (!corpus) {
  it.skip('the corpus is not at hand: set TRACKBACK_CORPUS to the folder that holds its manifest.json', () => {})
}
