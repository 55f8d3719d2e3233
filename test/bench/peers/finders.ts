import { load } from 'cheerio'
import { Parser } from 'htmlparser2'
import { parse } from 'parse5'
import { discoverInHtml } from 'trackbacks'

/** One way from the bytes of a page to the ping URL of the post at `url`. */
export interface Finder {
  readonly name: string
  readonly find: (page: Buffer, url: string) => string | null
}

/** Ours first; the others look for the same RDF, the regular expressions also where it is no comment. */
export const finders: readonly [Finder, ...Finder[]] = [
  { name: 'discoverInHtml', find: (page, url) => discoverInHtml(page, { url }).pingUrl },
  { name: 'regular expressions, as in Movable Type', find: asMovableType },
  { name: 'regular expressions, as in Serendipity', find: asSerendipity },
  { name: 'parse5, RDF in comments', find: withParse5 },
  { name: 'htmlparser2, RDF in comments', find: withHtmlparser2 },
  { name: 'cheerio, RDF in comments', find: withCheerio },
]

/** Each block, its first identifier, and that compared whole, without fragment, or from the last slash on (PROTOCOL 45). */
function asMovableType(page: Buffer, url: string): string | null {
  const withoutFragment = (text: string) => text.replace(/#.*$/, '')
  const tail = (text: string) => withoutFragment(text).replace(/^.*\//, '')
  for (const [block] of page.toString('latin1').matchAll(/<rdf:RDF.*?<\/rdf:RDF>/gs)) {
    const identifier = /dc:identifier="([^"]+)"/.exec(block)?.[1] ?? ''
    const isSame = identifier === url || identifier === withoutFragment(url) || tail(identifier) === tail(url)
    const attributes = isSame ? block.slice(block.indexOf('<rdf:Description')) : ''
    for (const [, name, value] of attributes.matchAll(/([\w:]+)="([^"]*)"/g)) {
      if (name === 'trackback:ping') return value ?? null
    }
  }
  return null
}

/** `rel` before the RDF; then the first ping of the page, if the page's first identifier is the URL (PROTOCOL 46, 65). */
function asSerendipity(page: Buffer, url: string): string | null {
  const html = page.toString('latin1')
  const plain = (text: string | undefined) => text?.replaceAll('&amp;', '&')
  const related = /<link\s+rel=["']trackback["'][^>]*href=["'](https?:[^"']+)["']/i.exec(html)
  if (related) return plain(related[1]) ?? null
  const ping = /trackback:ping(?:\s*rdf:resource)?\s*=\s*["'](https?:[^"']+)["']/i.exec(html)
  const identifier = /dc:identifier\s*=\s*["'](https?:[^"']+)["']/i.exec(html)
  return ping && plain(identifier?.[1]) === url ? (plain(ping[1]) ?? null) : null
}

function withParse5(page: Buffer, url: string): string | null {
  return pingUrlIn(commentsOf(parse(page.toString('utf8'))), url)
}

function withHtmlparser2(page: Buffer, url: string): string | null {
  const comments: string[] = []
  new Parser({ oncomment: (comment) => comments.push(comment) }).end(page.toString('utf8'))
  return pingUrlIn(comments, url)
}

/** By its tree, not by `contents()`, whose sorting takes a hundred times as long as the parsing. */
function withCheerio(page: Buffer, url: string): string | null {
  return pingUrlIn(commentsOf(load(page.toString('utf8')).root()[0]), url)
}

interface Node {
  readonly nodeName?: string
  readonly type?: string
  readonly data?: string
  readonly childNodes?: readonly Node[]
}

/** The comments of a tree in their order. */
function commentsOf(tree: Node | undefined): string[] {
  const comments: string[] = []
  const left = [tree]
  for (let node = left.pop(); node; node = left.pop()) {
    if (node.nodeName === '#comment' || node.type === 'comment') comments.push(node.data ?? '')
    for (const child of node.childNodes?.toReversed() ?? []) left.push(child)
  }
  return comments
}

/** What somebody with a parser of HTML does next: attributes in either quotes, and the identifier compared as it is. */
function pingUrlIn(comments: readonly string[], url: string): string | null {
  for (const comment of comments) {
    for (const [, text = ''] of comment.matchAll(/<rdf:Description\b([^<]*)/g)) {
      const attributes = new Map<string, string>()
      for (const [, name = '', , double, single] of text.matchAll(/([\w:]+)\s*=\s*("([^"]*)"|'([^']*)')/g)) {
        attributes.set(name, (double ?? single ?? '').replaceAll('&amp;', '&'))
      }
      if (attributes.get('dc:identifier') === url) return attributes.get('trackback:ping') ?? null
    }
  }
  return null
}
