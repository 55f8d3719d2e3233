import { type LimitsOf, pickLimits } from '../base/limits.js'
import { finish, type Steps } from '../base/steps.js'
import { readDocument } from '../text/charset/document.js'
import { type HtmlAttributes, type HtmlHandler, tokenizeInSlices } from '../text/html.js'
import { SLICE } from '../text/markup.js'
import type { Attributes, Namespaces, ResolvedName } from './namespaces.js'
import { NO_NAMESPACES, resolveName, withDeclarations } from './namespaces.js'

/** The limits with their defaults. */
const usualLimits = {
  /**
   * How much of a document is read, in bytes (of a string, in code units); the rest is as if it had not come.
   * @default 1_048_576
   */
  maxSize: 1_048_576,
  /**
   * How deep elements may stand in each other; deeper ones count as text.
   * @default 64
   */
  maxDepth: 64,
  /**
   * How many tags and attributes are read, together; the rest of the document is as if it had not come.
   * @default 15_000
   */
  maxMarkup: 15_000,
}

/** How foreign XML is read. */
export interface XmlOptions extends LimitsOf<typeof usualLimits> {
  /**
   * The answer's `Content-Type`, whose charset counts.
   * @default none
   */
  readonly contentType?: string | null | undefined
}

/** An element; the document itself is one without a name. */
export interface XmlElement extends ResolvedName {
  /** Names in lower case, references decoded. */
  readonly attributes: ReadonlyMap<string, string>
  readonly namespaces: Namespaces
  readonly children: (XmlElement | string)[]
}

/**
 * Reads XML from a stranger, tag by tag, as HTML is read: an end tag closes the elements that were left open inside its own,
 * one that closes nothing is passed over (PROTOCOL 24, 34, 78). What stands before the first `<` is dropped. Only the
 * references of HTML and numbers are decoded, no entity of a DOCTYPE (97). Never throws for a document; a `TypeError` for an
 * invalid limit.
 */
export function parseXml(source: string | Uint8Array, options: XmlOptions = {}): XmlElement {
  return finish(readXml(source, options))
}

/** `parseXml` in steps. */
export function* readXml(source: string | Uint8Array, options: XmlOptions): Steps<XmlElement> {
  const { maxSize, maxDepth, maxMarkup } = pickLimits(usualLimits, options)
  const tree = new Tree(maxDepth)
  const part = source.slice(0, maxSize)
  const whole =
    typeof part === 'string' ? part : (yield* readDocument(part, { ...options, kind: 'xml' })).text
  // To decode and to count the markup are two looks at all of it.
  yield
  const text = whole.slice(whole.search(/<|$/), endOfMarkup(whole, maxMarkup))
  yield* tokenizeInSlices(withoutDoctype(text), tree)
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

// Of the elements that HTML leaves open, those that are no elements of a feed or an answer.
const VOID = new Set(['br', 'hr', 'img', 'input', 'wbr'])

class Tree implements HtmlHandler {
  readonly isXml = true
  readonly document: XmlElement = newElement('', [], NO_NAMESPACES)
  readonly #open: XmlElement[] = [this.document]
  readonly #names: string[] = ['']
  /** How many elements deeper than that are open, by name: their end tags close nothing. */
  readonly #deeper = new Map<string, number>()

  constructor(private readonly maxDepth: number) {}

  startTag(name: string, attributes: HtmlAttributes, selfClosing: boolean): void {
    const parent = this.#current
    const isEmpty = selfClosing || VOID.has(name)
    if (this.#open.length > this.maxDepth) {
      if (!isEmpty) this.#deeper.set(name, (this.#deeper.get(name) ?? 0) + 1)
      return
    }
    const element = newElement(name, [...attributes], parent.namespaces)
    parent.children.push(element)
    if (isEmpty) return
    this.#open.push(element)
    this.#names.push(name)
  }

  endTag(name: string): void {
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
    const { children } = this.#current
    const last = children.at(-1)
    // One text for a run of pieces, as CDATA is a piece of its own; of a long text some, so that its beginning can be read.
    if (typeof last === 'string' && last.length < SLICE) children[children.length - 1] += text
    else children.push(text)
  }

  get #current(): XmlElement {
    return this.#open.at(-1) ?? this.document
  }
}

function newElement(name: string, attributes: Attributes, outer: Namespaces): XmlElement {
  const namespaces = withDeclarations(outer, attributes)
  const { prefix, local, vocabulary } = resolveName(name, namespaces)
  return { prefix, local, vocabulary, attributes: new Map(attributes), namespaces, children: [] }
}

/** Leaves out the first DOCTYPE with declarations in it: to HTML it would end at the first `>` inside. */
function withoutDoctype(text: string): string {
  const start = text.indexOf('<!DOCTYPE')
  if (start < 0) return text
  return text.slice(0, start) + text.slice(start).replace(/^<!DOCTYPE[^[>]*\[[^\]]*\]\s*>/, '')
}

/** The elements among `element`'s children. */
export function elementsOf(element: XmlElement): XmlElement[] {
  return element.children.filter((child) => typeof child !== 'string')
}

/** Those whose name is `local`, whatever their prefix. */
export function childrenNamed(element: XmlElement, local: string): XmlElement[] {
  return elementsOf(element).filter((child) => child.local === local)
}

/** The first element named `local` in document order, at any depth. */
export function findElement(element: XmlElement, local: string): XmlElement | undefined {
  for (const child of elementsOf(element)) {
    const found = child.local === local ? child : findElement(child, local)
    if (found) return found
  }
  return undefined
}

/** The text in `element`, at any depth; of a long one the pieces that have `enough` characters. */
export function textOf(element: XmlElement | undefined, enough = 65_536): string {
  let text = ''
  for (const child of element?.children ?? [])
    if (text.length < enough) text += typeof child === 'string' ? child : textOf(child, enough)
  return text
}
