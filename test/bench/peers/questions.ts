import { readFileSync } from 'node:fs'
import { encodeText } from '../../../src/text/charset/encode.js'

/** A page, the URL of a post on it, and the post's ping URL. */
export interface Question {
  readonly name: string
  readonly page: Buffer
  readonly url: string
  readonly answer: string | null
}

const url = 'http://blog.example/2026/11/first-post/'
const ping = 'http://blog.example/mt-tb.cgi/5'
const start = `<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
  xmlns:dc="http://purl.org/dc/elements/1.1/"
  xmlns:trackback="http://madskills.com/public/xml/rss/module/trackback/">`
const rdf = (attributes: string) => `${start}\n<rdf:Description ${attributes} />\n</rdf:RDF>`
const inComment = (text: string) => `<!--\n${text}\n-->`
const block = (identifier: string, to: string, title = 'A post') =>
  inComment(
    rdf(`rdf:about="${identifier}" dc:identifier="${identifier}" dc:title="${title}" trackback:ping="${to}"`),
  )
const standard = block(url, ping)
const licence = inComment(
  '<rdf:RDF xmlns="http://web.resource.org/cc/" xmlns:dc="http://purl.org/dc/elements/1.1/"><Work rdf:about=""><dc:title>A blog</dc:title></Work></rdf:RDF>',
)
const others = [1, 2, 3].map((id) =>
  block(`http://blog.example/archives/${id}.html`, `http://blog.example/tb/${id}`),
)
const numbered = (id: number) =>
  block(`http://blog.example/archives/${id}/index.html`, `http://blog.example/tb/${id}`)

type Case = readonly [name: string, body: string, answer?: string | null, url?: string]

const cases: readonly Case[] = [
  ['the sample of the specification, in a comment', standard],
  ['outside a comment', standard.slice(4, -3)],
  ['single quotes', standard.replaceAll('"', "'")],
  [
    'another order, tabs, line breaks',
    inComment(
      rdf(`\n\trdf:about="${url}feed"\n\ttrackback:ping="${ping}"\n\tdc:title="A"\n\tdc:identifier="${url}"`),
    ),
  ],
  ['spaces around =', standard.replaceAll('="', ' = "')],
  ['a reference in the ping URL', block(url, `${ping}?a=1&amp;b=2`), `${ping}?a=1&b=2`],
  ['a reference in the identifier', block(`${url}?a=1&amp;b=2`, ping), ping, `${url}?a=1&b=2`],
  ['after a Creative Commons block', licence + standard],
  [
    'the second of three posts',
    others.join('<p>…</p>'),
    'http://blog.example/tb/2',
    'http://blog.example/archives/2.html',
  ],
  ['a front page of three posts', others.join('<p>…</p>'), null, 'http://blog.example/'],
  ['index.html of another post', numbered(2), null, 'http://blog.example/archives/1/index.html'],
  [
    'another post, a slash at the end of both',
    block(url, ping),
    null,
    'http://blog.example/2026/11/second-post/',
  ],
  ['a fragment', block('http://blog.example/a.html#p5', ping), ping, 'http://blog.example/a.html#p5'],
  ['%2D for a hyphen in the identifier', block(url.replaceAll('-', '%2D'), ping)],
  ['a default port in the identifier', block(url.replace('.example', '.example:80'), ping)],
  ['no slash at the end of the identifier', block(url.slice(0, -1), ping)],
  ['> in the title', block(url, ping, 'a > b')],
  ['quotation marks in the title', block(url, ping, 'a "b" c')],
  ['CDATA around the comment', `<![CDATA[>${standard}<!]]>`],
  [
    'an example of this post in a script before it',
    `<script type="text/plain">${block(url, 'http://no.example/')}</script>${standard}`,
  ],
  ['only <link rel="trackback">', `<link rel="trackback" href="${ping}">`],
  ['only <a rel="nofollow trackback">', `<a href="${ping}" rel="nofollow trackback">TrackBack URL</a>`],
  ['no TrackBack, but the word', '<p>Whatever became of TrackBack?</p>', null],
]

/** Questions about pages made here, one for each shape that is known from real ones; `charset` garbles no title. */
export function madeUpQuestions(): Question[] {
  const small = cases.map(([name, body, answer = ping, at = url]) => {
    return { name, page: pageOf(body, 20_000), url: at, answer }
  })
  const title = 'ソ連の表示'
  const inShiftJis = pageOf(block(url, ping, title), 20_000, title)
  return [
    ...small,
    {
      name: 'a page in Shift_JIS',
      page: Buffer.from(encodeText(inShiftJis.toString(), 'shift_jis')),
      url,
      answer: ping,
    },
    { name: 'at the end of a page of 700 KB', page: pageOf(standard, 700_000), url, answer: ping },
  ]
}

/** Pages of several sizes, half of them with TrackBack. */
export function sizedQuestions(): Question[] {
  return [10_000, 50_000, 200_000, 700_000].flatMap((size) => [
    { name: `${size}`, page: pageOf(standard, size), url, answer: ping },
    { name: `${size} without`, page: pageOf('', size), url, answer: null },
  ])
}

/** A page with `body` near its end. */
function pageOf(body: string, size: number, title = 'A post'): Buffer {
  const paragraph = (index: number) =>
    `<div class="post" id="p${index}"><h2><a href="/${index}?a=1&amp;b=2">Title ${index}</a></h2><p>Back to work on the \
desk, a &quot;quoted&quot; word and <em>more</em> of them.</p><img src="/i/${index}.jpg" alt="" width="10"><!-- kept --></div>\n`
  const text = Array.from({ length: Math.ceil(size / 250) }, (_, index) => paragraph(index)).join('')
  return Buffer.from(
    `<!DOCTYPE html><html><head><title>${title}</title></head><body>${text}${body}<p>End</p></body></html>`,
  )
}

interface Document {
  readonly id: string
  readonly file: string
  readonly kind: string
  readonly page_url: string | null
  readonly expect: {
    readonly rdf: readonly { identifier: string; ping: string }[]
    readonly answer: string | null
    readonly rel_trackback: readonly string[]
  }
}

interface Manifest {
  readonly documents: readonly Document[]
  readonly bench: readonly { readonly file: string; readonly trackback: string }[]
}

/** Questions about the real pages of a folder with a manifest: each page's own, and that of each post it names. */
export function realQuestions(corpus: string): Question[] {
  const { documents, bench } = JSON.parse(readFileSync(`${corpus}/manifest.json`, 'utf8')) as Manifest
  const plain = bench.filter(({ trackback }) => trackback === 'none')
  return [
    ...documents.filter(({ kind }) => kind === 'html').flatMap((document) => questionsOf(document, corpus)),
    ...plain.map(({ file }) => ({ name: file, page: readFileSync(`${corpus}/${file}`), url, answer: null })),
  ]
}

function questionsOf({ id, file, page_url: at, expect }: Document, corpus: string): Question[] {
  const { rdf, answer, rel_trackback: relations } = expect
  const page = readFileSync(`${corpus}/${file}`)
  const related = rdf.length === 0 && new Set(relations).size === 1 ? (relations[0] ?? null) : null
  const own = { name: id, page, url: at ?? '', answer: answer ?? related }
  const posts = rdf.filter(({ identifier }) => identifier !== at)
  return [own, ...posts.map(({ identifier, ping }) => ({ name: id, page, url: identifier, answer: ping }))]
}
