import { escapeXml } from '../text/escape.js'
import { decodeText, type HtmlAttributes, type HtmlHandler, tokenizeHtml } from '../text/html.js'
import { ElementNames } from '../text/markup.js'
import {
  DC_NAMESPACE,
  type Namespaces,
  NO_NAMESPACES,
  RDF_NAMESPACE,
  rdfAttribute,
  resolveName,
  TRACKBACK_NAMESPACE,
  withDeclarations,
} from './namespaces.js'
import { toIri } from './url.js'

/** One `rdf:Description`; what it does not say is absent. Values are trimmed, their references decoded once. */
export interface RdfDescription {
  /** `rdf:about`: often the post, but also its feed, the blog, or `''` (PROTOCOL 50, 51). */
  about?: string
  /** `dc:identifier`: the post's URL. */
  identifier?: string
  /** `dc:title`. */
  title?: string
  /** `trackback:ping`: the ping URL, possibly relative (PROTOCOL 52). */
  ping?: string
}

/**
 * Reads the RDF descriptions of an HTML page, in comments and in markup. Real blocks are often not well-formed XML
 * (PROTOCOL 56) and give what can be read; what stands in `script`, `style`, `textarea` or `title`, or is escaped, is
 * text and no announcement (PROTOCOL 95). Never throws.
 *
 * ```ts
 * parseRdf('<!-- <rdf:RDF><rdf:Description trackback:ping="http://example.org/tb/5" /></rdf:RDF> -->')
 * // [{ ping: 'http://example.org/tb/5' }]
 * ```
 */
export function parseRdf(html: string): RdfDescription[] {
  const found: RdfDescription[] = []
  const reader = new RdfReader((description) => found.push(description))
  tokenizeHtml(html, reader)
  reader.close()
  return found
}

type Field = keyof RdfDescription
type Pairs = (readonly [name: string, value: string])[]

const FIELDS: Readonly<Record<string, Field>> = {
  'rdf:about': 'about',
  'dc:identifier': 'identifier',
  'dc:title': 'title',
  'trackback:ping': 'ping',
}
const UNPREFIXED = new Set(['about', 'id', 'resource', 'parsetype', 'xmlns'])

/** Where the comment of a block begins inside another one, which was never closed. */
const OWN_COMMENT = /<!--(?=[^<]*<(?:[\w.-]+:)?rdf[\s>]|\s*<[\w.-]+:description\s)/i
/** Stands where a comment ends, perhaps at a `-->` inside a value (PROTOCOL 57); begins a comment outside tags. */
const CUT = '<!--\uFFFF'
// Of the text of a property, and of the rest of a torn tag, in characters.
const LONGEST_TEXT = 16_384

const BEGINNINGS = new ElementNames(['rdf', 'description'])

/** Takes the tokens of a page and reports each description as it closes; `close` reports the one that never did. */
export class RdfReader implements HtmlHandler {
  #namespaces = NO_NAMESPACES
  #inBlock = false
  #open: RdfDescription | null = null
  /** The property element that text belongs to. */
  #property: Field | null = null
  /** What follows a tag that ended too early, at a `>` after a bare quote in a value (PROTOCOL 56). */
  #torn: string | null = null
  #tornLeft = 0
  /** Whether what is read stands in a comment. */
  protected inComment = false

  /** `outside`: the elements whose tags are wanted outside of blocks. */
  constructor(
    private readonly report: (description: RdfDescription) => void,
    private readonly outside: ElementNames = BEGINNINGS,
  ) {}

  /** Outside of blocks only what may begin one. */
  get only(): ElementNames | undefined {
    return this.#inBlock || this.#open ? undefined : this.outside
  }

  startTag(name: string, attributes: HtmlAttributes, selfClosing: boolean): void {
    const tail = name.slice(name.indexOf(':') + 1)
    if (!this.#inBlock && !this.#open && tail !== 'rdf' && tail !== 'description') return
    this.#mendTorn()
    const pairs: Pairs = []
    for (const [name, value] of attributes) {
      const cut = value.indexOf(CUT)
      // Half a URL leads elsewhere.
      if (cut < 0) pairs.push([name, value])
      else if (name.endsWith('title')) pairs.push([name, value.slice(0, cut)])
    }
    const namespaces = withDeclarations(
      this.#inBlock && tail !== 'rdf' ? this.#namespaces : NO_NAMESPACES,
      pairs,
    )
    const { vocabulary, local } = resolveName(name, namespaces)
    if (vocabulary === 'rdf' && local === 'rdf') this.#startBlock(namespaces)
    else if (vocabulary === 'rdf' && local === 'description') this.#startNode(pairs, namespaces, selfClosing)
    else if (this.#open) this.#startProperty(name, pairs, namespaces, selfClosing)
    else if (pairs.some(([name]) => fieldOf(name, namespaces) === 'ping'))
      this.#startNode(pairs, namespaces, selfClosing)
  }

  endTag(name: string): void {
    if (!this.#inBlock && !this.#open) return
    this.#mendTorn()
    this.#property = null
    const { vocabulary, local } = resolveName(name, this.#namespaces)
    // Whatever its prefix: no other vocabulary has such an element.
    if (local === 'rdf') this.#inBlock = false
    if (local === 'rdf' || (local === 'description' && vocabulary === 'rdf')) this.close()
  }

  sourceText(source: string): void {
    if (!this.#open) return
    const known = (this.#property && this.#open[this.#property]) ?? ''
    if (known.length > LONGEST_TEXT) return
    const text = decodeText(source)
    if (this.#property) this.#open[this.#property] = known + text
    else if (this.#torn !== null) {
      this.#torn += text.slice(0, Math.max(0, this.#tornLeft))
      this.#tornLeft -= text.length
    }
  }

  comment(data: string): void {
    // HTML reports `<?php …>` as a comment, too. It ends at its first `>` and holds no block.
    if (this.inComment || !data.includes('>') || !/trackback/i.test(data)) return
    this.inComment = true
    for (const part of data.split(OWN_COMMENT)) tokenizeHtml(`${part}${CUT}"'">`, this)
    this.inComment = false
  }

  /** Gives whether a description was open. */
  close(): boolean {
    this.#mendTorn()
    const description = this.#open
    if (!description) return false
    this.#open = null
    this.#torn = null
    for (const [field, value] of Object.entries(description)) description[field as Field] = clean(value)
    this.report(description)
    return true
  }

  #startBlock(namespaces: Namespaces): void {
    this.close()
    this.#namespaces = namespaces
    this.#inBlock = true
  }

  #startNode(pairs: Pairs, namespaces: Namespaces, selfClosing: boolean): void {
    this.close()
    this.#open = {}
    this.#property = null
    this.#fill(pairs, namespaces)
    const isTorn = pairs.some(([name]) => !/^[\w.-]+:[\w.-]+$/.test(name) && !UNPREFIXED.has(name))
    this.#tornLeft = LONGEST_TEXT
    if (isTorn && !this.#isComplete()) this.#torn = ''
    else if (selfClosing) this.close()
  }

  #startProperty(name: string, pairs: Pairs, namespaces: Namespaces, selfClosing: boolean): void {
    if (this.#torn !== null) {
      this.#fill(pairs, namespaces)
      return
    }
    const field = fieldOf(name, namespaces)
    this.#property = null
    if (!field || !this.#open || this.#open[field]) return
    const resource = rdfAttribute(pairs, 'resource', namespaces)
    if (resource !== undefined) this.#open[field] = resource
    else if (!selfClosing) this.#property = field
  }

  #fill(pairs: Pairs, namespaces: Namespaces): void {
    for (const [name, value] of pairs) {
      const field = fieldOf(name, namespaces)
      if (field && this.#open) this.#open[field] ??= value
    }
  }

  /** Reads what stands between the early end of a tag and the next tag as the attributes it was meant to be. */
  #mendTorn(): void {
    if (!this.#torn) return
    const markup = `<x ${this.#torn.replaceAll('&', '&amp;').replaceAll('>', '><x ')}>`
    this.#torn = ''
    tokenizeHtml(markup, {
      startTag: (_, attributes) => this.#fill([...attributes], this.#namespaces),
    })
    if (this.#isComplete() || this.#tornLeft <= 0) this.#torn = null
  }

  #isComplete(): boolean {
    return this.#open?.ping !== undefined && this.#open.identifier !== undefined
  }
}

function fieldOf(name: string, namespaces: Namespaces): Field | undefined {
  const { prefix, local, vocabulary } = resolveName(name, namespaces)
  if (prefix === '' && local === 'about') return 'about'
  return vocabulary === null ? undefined : FIELDS[`${vocabulary}:${local}`]
}

function clean(value: string): string {
  return value
    .replace(/^\s*<!\[CDATA\[/, '')
    .replace(/\]\]>\s*$/, '')
    .trim()
}

/** What an announcement says. */
export interface RdfAnnouncement {
  /** The post's permalink, absolute. */
  readonly url: string
  /** Where pings for it are sent, absolute. */
  readonly pingUrl: string
  /** @default left out */
  readonly title?: string | null | undefined
  /** Becomes `dc:description`. @default left out */
  readonly excerpt?: string | null | undefined
}

/**
 * Writes the RDF that announces a ping URL (PROTOCOL 40): well-formed RDF/XML that may stand inside an HTML comment,
 * because `--` and `>` in its values are references (PROTOCOL 57), which lose nothing.
 *
 * ```ts
 * `<!--\n${generateRdf({ url: post.url, title: post.title, pingUrl })}\n-->`
 * ```
 */
export function generateRdf({ url, pingUrl, title, excerpt }: RdfAnnouncement): string {
  const values: readonly [name: string, value: string | null | undefined][] = [
    ['rdf:about', toIri(url)],
    ['dc:identifier', toIri(url)],
    ['dc:title', title],
    ['dc:description', excerpt],
    ['trackback:ping', toIri(pingUrl)],
  ]
  const attributes = values.flatMap(([name, value]) => (value ? `\n    ${name}="${escapeValue(value)}"` : []))
  return `<rdf:RDF xmlns:rdf="${RDF_NAMESPACE}"
         xmlns:dc="${DC_NAMESPACE}"
         xmlns:trackback="${TRACKBACK_NAMESPACE}">
<rdf:Description${attributes.join('')} />
</rdf:RDF>`
}

function escapeValue(value: string): string {
  return escapeXml(value.replace(/\s+/g, ' ')).replace(/-(?=-)/g, '&#45;')
}
