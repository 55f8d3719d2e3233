import { readdirSync, readFileSync } from 'node:fs'
import { parse } from 'parse5'
import { discoverInHtml } from 'trackbacks'
import { mentionsTrackback } from '../../src/discover/scan.js'
import { goal } from './goals.js'
import { inTurn, rateOf, ratioOf } from './harness.js'

// TRACKBACK_CORPUS names a folder with real pages in `bench/`; without it, pages of the same sizes are made up.
const corpus = process.env['TRACKBACK_CORPUS']
const url = 'http://blog.example/2026/11/a/'
const announced = `<!--\n<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description dc:identifier="${url}" dc:title="T" trackback:ping="http://blog.example/tb/5" />\n</rdf:RDF>\n-->`

/** Measures discovery against the limits that the library sets itself. */
export default async function bench(): Promise<void> {
  const pages = corpus ? realPages(`${corpus}/bench/`) : madeUpPages()
  console.log(corpus ? `pages of ${corpus}` : 'made-up pages: TRACKBACK_CORPUS is not set')
  await without(pages.filter((page) => !mentionsTrackback(page)))
  await withTrackback(pages.filter(mentionsTrackback))
  hostile()
}

function realPages(folder: string): Buffer[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.html'))
    .sort()
    .map((name) => readFileSync(folder + name))
}

function madeUpPages(): Buffer[] {
  const paragraph = (index: number) =>
    `<div class="post" id="p${index}"><h2><a href="/${index}?a=1&amp;b=2">Title ${index}</a></h2><p>Back to work on the desk, \
a &quot;quoted&quot; word and <em>more</em> of them.</p><img src="/i/${index}.jpg" alt="" width="10"><!-- kept --></div>\n`
  const body = (size: number) =>
    Array.from({ length: Math.ceil(size / 240) }, (_, index) => paragraph(index)).join('')
  return [40_000, 90_000, 200_000, 400_000, 700_000].flatMap((size) => {
    const text = body(size)
    const half = text.indexOf('<div', text.length / 2)
    return [text, text.slice(0, half) + announced + text.slice(half)].map((html) =>
      Buffer.from(`<!DOCTYPE html><html><head><title>T</title></head><body>${html}</body></html>`),
    )
  })
}

const total = (pages: readonly Buffer[]) =>
  `${pages.length} pages, ${Math.round(pages.reduce((sum, page) => sum + page.length, 0) / 1024)} KB`

async function without(pages: readonly Buffer[]): Promise<void> {
  const all = (operation: (page: Buffer) => unknown) => () =>
    rateOf(() => pages.forEach((page) => void operation(page)))
  const outcomes = await inTurn(`pages without TrackBack: ${total(pages)}`, [
    { name: "Buffer.indexOf('<rdf:RDF')", round: all((page) => page.indexOf('<rdf:RDF')) },
    { name: 'discoverInHtml', round: all((page) => discoverInHtml(page, { url })) },
    { name: 'decoding to a string', round: all((page) => page.toString('utf8')) },
  ])
  goal('discover, a page without TrackBack, in passes of indexOf', 1 / ratioOf(outcomes, 1), { most: 2 })
}

async function withTrackback(pages: readonly Buffer[]): Promise<void> {
  const all = (operation: (page: Buffer) => unknown) => () =>
    rateOf(() => pages.forEach((page) => void operation(page)), 500)
  const outcomes = await inTurn(`pages with TrackBack: ${total(pages)}`, [
    { name: 'parse5: parse', round: all((page) => parse(page.toString('utf8'))) },
    { name: 'discoverInHtml', round: all((page) => discoverInHtml(page, { url })) },
  ])
  goal('discover, a page with TrackBack, in parses of parse5', 1 / ratioOf(outcomes, 1), { most: 0.1 })
}

const MEGABYTE = 1_000_000
const fill = (text: string, size: number) => text.repeat(Math.ceil(size / text.length)).slice(0, size)
const numbered = (text: string, size: number) =>
  Array.from({ length: Math.floor(size / (text.length + 5)) }, (_, index) =>
    text.replace('#', String(10_000 + index)),
  ).join('')
const word = '<!-- trackback -->'
const shapes: Readonly<Record<string, (size: number) => string>> = {
  'comments in comments': (size) => word + fill('<!--trackback <!-- <rdf:RDF> ', size),
  '<!-- over and over': (size) => word + fill('<!--', size),
  'a comment for every word': (size) => fill('<!--<rdf trackback-->', size),
  'attributes never closed': (size) => word + fill('<a href="', size),
  'one tag, many attributes': (size) => `${word}<a ${numbered('x#="1" ', size)}>`,
  'RDF blocks, empty': (size) => word + fill('<rdf:RDF>', size),
  'RDF blocks in comments': (size) => fill('<!--<rdf:RDF>trackback</rdf:RDF>-->', size),
  'RDF blocks with pings': (size) =>
    numbered(
      '<!--<rdf:Description dc:identifier="http://blog.example/#" trackback:ping="http://a.example/#"/>-->',
      size,
    ),
  'torn tags': (size) => fill('<rdf:Description dc:title="a "b" > trackback', size),
  'a torn tag, then > without end': (size) =>
    `<rdf:Description dc:title="a "b" >trackback${fill('x="y"> ', size)}`,
  'rel=trackback': (size) => numbered('<a rel=trackback href="http://a.example/#">', size),
  namespaces: (size) =>
    `${word}<rdf:RDF ${numbered('xmlns:x#="y" ', size / 2)}>${fill('<a:b xmlns:c="d">', size / 2)}`,
  kbkbkb: (size) => fill('kb', size),
}

function hostile(): void {
  console.log('\nhostile shapes, 1 MB each: milliseconds, and how many times those of 250 KB')
  const times: number[] = []
  for (const [name, shape] of Object.entries(shapes)) {
    const quarter = fastest(Buffer.from(shape(MEGABYTE / 4)))
    const whole = fastest(Buffer.from(shape(MEGABYTE)))
    times.push(whole)
    console.log(
      `  ${name.padEnd(32)} ${whole.toFixed(0).padStart(5)} ms  ${(whole / quarter).toFixed(1).padStart(5)} x`,
    )
  }
  goal('discover, the hostile megabyte that takes longest, in ms', Math.max(...times), { most: 250 })
}

function fastest(page: Buffer): number {
  let best = Number.POSITIVE_INFINITY
  for (let round = 0; round < 5; round += 1) {
    const start = performance.now()
    discoverInHtml(page, { url })
    best = Math.min(best, performance.now() - start)
  }
  return best
}
