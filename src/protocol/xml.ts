import { XMLParser, XMLValidator } from 'fast-xml-parser'
import { positiveInteger } from '../base/limits.js'
import { decodeDocument } from '../text/charset/document.js'
import { escapeHtml } from '../text/escape.js'
import { tokenizeHtml } from '../text/html.js'
import { decodeReferences } from '../text/references.js'
import {
  type Namespaces,
  NO_NAMESPACES,
  type ResolvedName,
  resolveName,
  withDeclarations,
} from './namespaces.js'

/** How foreign XML is read. */
export interface XmlOptions {
  /**
   * The answer's `Content-Type`, whose charset counts.
   * @default none
   */
  readonly contentType?: string | null | undefined
  /**
   * How much of a document is read, in bytes (of a string, in code units); the rest is as if it had not come.
   * @default 1_048_576
   */
  readonly maxSize?: number | undefined
  /**
   * How deep elements may stand in each other; deeper ones count as text.
   * @default 64
   */
  readonly maxDepth?: number | undefined
  /**
   * How many tags and attributes are read, together; the rest of the document is as if it had not come.
   * @default 15_000
   */
  readonly maxMarkup?: number | undefined
}

/** An element; the document itself is one without a name. */
export interface XmlElement extends ResolvedName {
  /** Names in lower case, references decoded. */
  readonly attributes: ReadonlyMap<string, string>
  readonly namespaces: Namespaces
  readonly children: (XmlElement | string)[]
}

/**
 * Reads XML from a stranger. What is not well-formed is read like HTML, tag by tag: an end tag closes the elements
 * that were left open inside its own, one that closes nothing is passed over (PROTOCOL 24, 34, 78). What stands before
 * the first `<` is dropped. Only the references of HTML and numbers are decoded, no entity of a
 * DOCTYPE (97). Never throws for a document; a `TypeError` for a limit that is none.
 */
export function parseXml(source: string | Uint8Array, options: XmlOptions = {}): XmlElement {
  const maxSize = positiveInteger(options.maxSize, 1_048_576, 'maxSize')
  const maxDepth = positiveInteger(options.maxDepth, 64, 'maxDepth')
  const whole =
    typeof source === 'string' ? source.slice(0, maxSize) : decode(source.subarray(0, maxSize), options)
  const maxMarkup = positiveInteger(options.maxMarkup, 15_000, 'maxMarkup')
  const text = whole.slice(whole.search(/<|$/), endOfMarkup(whole, maxMarkup))
  const tree = new Tree(maxDepth)
  const nodes = parseStrictly(text, maxDepth)
  if (nodes) tree.addAll(nodes)
  else readTolerantly(text, tree)
  return tree.document
}

/** Where the markup that is read ends: each tag begins with `<`, each attribute holds a `=`. */
function endOfMarkup(text: string, most: number): number {
  let left = most
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at)
    if ((code === 0x3c || code === 0x3d) && left-- === 0) return at
  }
  return text.length
}

function decode(bytes: Uint8Array, { contentType }: XmlOptions): string {
  return decodeDocument(bytes, { kind: 'xml', contentType }).text
}

/** Every setting of the parser. References are decoded here, not by it. */
function createParser(maxDepth: number): XMLParser {
  return new XMLParser({
    preserveOrder: true,
    ignoreAttributes: false,
    attributeNamePrefix: '',
    cdataPropName: CDATA,
    textNodeName: TEXT,
    ignorePiTags: true,
    ignoreDeclaration: true,
    parseTagValue: false,
    parseAttributeValue: false,
    trimValues: false,
    processEntities: false,
    htmlEntities: false,
    jPath: false,
    maxNestedTags: maxDepth,
  })
}

const TEXT = '#text'
const CDATA = '#cdata'
const ATTRIBUTES = ':@'

type Node = Readonly<Record<string, unknown>>
type Attributes = readonly (readonly [name: string, value: string])[]

function parseStrictly(text: string, maxDepth: number): Node[] | null {
  try {
    return XMLValidator.validate(text) === true ? createParser(maxDepth).parse(text) : null
  } catch {
    return null
  }
}

class Tree {
  readonly document: XmlElement = newElement('', [], NO_NAMESPACES)
  readonly #maxDepth: number
  readonly #open: XmlElement[] = [this.document]
  readonly #names: string[] = ['']
  /** How many elements deeper than that are open, by name: their end tags close nothing. */
  readonly #deeper = new Map<string, number>()

  constructor(maxDepth: number) {
    this.#maxDepth = maxDepth
  }

  start(name: string, attributes: Attributes, isEmpty = false): void {
    const parent = this.#current
    if (this.#open.length > this.#maxDepth) {
      if (!isEmpty) this.#deeper.set(name, (this.#deeper.get(name) ?? 0) + 1)
      return
    }
    const element = newElement(name, attributes, parent.namespaces)
    parent.children.push(element)
    if (isEmpty) return
    this.#open.push(element)
    this.#names.push(name)
  }

  end(name: string): void {
    const deeper = this.#deeper.get(name) ?? 0
    if (deeper > 0) {
      this.#deeper.set(name, deeper - 1)
      return
    }
    const index = this.#names.lastIndexOf(name)
    if (index <= 0) return
    this.#open.length = this.#names.length = index
    this.#deeper.clear()
  }

  text(text: string): void {
    if (text !== '') this.#current.children.push(text)
  }

  /** Takes over what the strict parser found. */
  addAll(nodes: readonly Node[]): void {
    for (const node of nodes) {
      const name = Object.keys(node).find((key) => key !== ATTRIBUTES) ?? ''
      if (name === TEXT) this.text(decodeXml(String(node[TEXT])))
      else if (name === CDATA) this.text(cdataOf(node))
      else {
        this.start(name, attributesOf(node))
        this.addAll(node[name] as Node[])
        this.end(name)
      }
    }
  }

  get #current(): XmlElement {
    return this.#open.at(-1) ?? this.document
  }
}

const NO_ATTRIBUTES: ReadonlyMap<string, string> = new Map()

function newElement(name: string, attributes: Attributes, outer: Namespaces): XmlElement {
  const namespaces = withDeclarations(outer, attributes)
  const { prefix, local, vocabulary } = resolveName(name, namespaces)
  const own = attributes.length > 0 ? new Map(attributes) : NO_ATTRIBUTES
  return { prefix, local, vocabulary, attributes: own, namespaces, children: [] }
}

function attributesOf(node: Node): Attributes {
  const attributes = node[ATTRIBUTES] as Readonly<Record<string, string>> | undefined
  return Object.entries(attributes ?? {}).map(([name, value]) => [name.toLowerCase(), decodeXml(value)])
}

function cdataOf(node: Node): string {
  return (node[CDATA] as Node[]).map((part) => String(part[TEXT])).join('')
}

/** What `&` stands bare stays; numbers are those of HTML, so that none is out of range. */
function decodeXml(text: string): string {
  return decodeReferences(withoutBareAmpersands(text))
}

function withoutBareAmpersands(text: string): string {
  return text.replace(/&(?!#?[0-9A-Za-z]{1,31};)/g, '&amp;')
}

// Of the elements that HTML leaves open, those that are no elements of a feed or an answer.
const VOID = new Set(['br', 'hr', 'img', 'input', 'wbr'])

function readTolerantly(text: string, tree: Tree): void {
  tokenizeHtml(withoutBareAmpersands(withoutCdata(text)).replace(/<title\s?\/>/gi, ''), {
    startTag(name, attributes, selfClosing) {
      tree.start(name, [...attributes], selfClosing || VOID.has(name))
    },
    endTag: (name) => tree.end(name),
    text: (piece) => tree.text(piece),
    rawText: (piece) => tree.text(piece),
  })
}

function withoutCdata(text: string): string {
  const [first = '', ...sections] = text.split('<![CDATA[')
  const escaped = sections.map((section) => {
    const end = section.indexOf(']]>')
    return end < 0 ? escapeHtml(section) : escapeHtml(section.slice(0, end)) + section.slice(end + 3)
  })
  return first + escaped.join('')
}

/** The elements among `element`'s children whose name is `local`, whatever their prefix. */
export function childrenNamed(element: XmlElement, local: string): XmlElement[] {
  return element.children.filter(
    (child) => typeof child !== 'string' && child.local === local,
  ) as XmlElement[]
}

/** The first element named `local` in document order, at any depth. */
export function findElement(element: XmlElement, local: string): XmlElement | undefined {
  for (const child of element.children) {
    if (typeof child === 'string') continue
    const found = child.local === local ? child : findElement(child, local)
    if (found) return found
  }
  return undefined
}

/** All text in `element`, at any depth. */
export function textOf(element: XmlElement | undefined): string {
  let text = ''
  for (const child of element?.children ?? []) text += typeof child === 'string' ? child : textOf(child)
  return text
}
