import {
  after,
  bitOf,
  commentAt,
  ElementNames,
  endOfName,
  endOfPiece,
  endOfPrefixedName,
  endOfRawText,
  isLetter,
  nextMarkup,
  SLICE,
  TagCursor,
} from './markup.js'
import { decodeReferences, type ReferenceKind } from './references.js'

/**
 * The attributes of a start tag: names in lower case, values with their references decoded; of either its first 65,536
 * characters at the most. A loop over them ends as far into the tag.
 */
export interface HtmlAttributes extends Iterable<readonly [name: string, value: string]> {
  /** The value of an attribute; `undefined` where the tag has none of that name. */
  get(name: string): string | undefined
}

/** Receives the tokens of a document in their order. Every member is optional. */
export interface HtmlHandler {
  /**
   * Whether the document is XML: the content of a `title` is markup like any other, CDATA is text, and references end with
   * a semicolon.
   */
  readonly isXml?: boolean
  /**
   * While it is set, only comments, raw text, the start tags of these elements, and the tags of those with a prefix are
   * reported; a few others may be. That takes less time.
   */
  readonly only?: ElementNames | undefined
  /** A start tag. Of an attribute given twice only the first is there. */
  startTag?(name: string, attributes: HtmlAttributes, selfClosing: boolean): void
  /** An end tag, whether or not it closes something. */
  endTag?(name: string): void
  /** Text that a reader would see, references decoded; one run of text may come in pieces. */
  text?(text: string): void
  /** `text` as it is written, for a handler that needs little of it; `decodeText` decodes it. */
  sourceText?(text: string): void
  /** The content of `script`, `style`, `textarea`, `title` and the like: text, whatever it looks like. */
  rawText?(text: string, element: string): void
  /** The inside of a comment, its first 65,536 characters at the most. */
  comment?(data: string): void
  /** Whether enough was read: nothing more is reported. */
  readonly isDone?: boolean
}

// The HTML Standard, "parsing HTML fragments": elements whose content the tokenizer must not take for markup.
const RAW = 'title textarea style xmp iframe noembed noframes script plaintext'.split(' ')
const SPECIAL_ELEMENTS: ReadonlyMap<string, 'raw' | 'foreign'> = new Map([
  ...RAW.map((name) => [name, 'raw'] as const),
  ...[['svg', 'foreign'] as const, ['math', 'foreign'] as const],
])
const SPECIAL_NAMES = new ElementNames(SPECIAL_ELEMENTS.keys())
/** Of a comment, a name or a value, and of a tag whose attributes are asked for one by one: each is read at once. */
const LONGEST = 65_536
const SLASH = 0x2f
const COLON = 0x3a
const QUESTION_MARK = 0x3f
const ESCAPABLE = new Set(['title', 'textarea'])
// What is not in a name, or in a value, as it is written.
const NOT_ASCII = /[\0\x80-\uFFFF]/
const SPECIAL = /[&\r\0]/
const LINE_END = /\r\n?/g

/**
 * Reports the tokens of a document, by the tokenizer of the HTML Standard, in linear time; never throws. No tree is built: a
 * link in a script, style, title or textarea is `rawText`, never a `startTag`. A tag that the document ends in is left out.
 *
 * ```ts
 * tokenizeHtml('<p>a &amp; b', { text: (text) => console.log(text) })   // a & b
 * ```
 */
export function tokenizeHtml(html: string, handler: HtmlHandler): void {
  new TokenReader(html, handler).read(html.length)
}

/** `tokenizeHtml` in slices, between which others may have their turn. */
export function* tokenizeInSlices(html: string, handler: HtmlHandler): Generator<void, void, void> {
  const reader = new TokenReader(html, handler)
  for (let end = SLICE; reader.read(end); end += SLICE) yield
}

class TokenReader {
  readonly #cursor: TagCursor
  #at = 0
  #textEnd = -1
  #cdataEnd = -1
  #rawElement = ''
  #foreignDepth = 0

  constructor(
    private readonly html: string,
    private readonly handler: HtmlHandler,
  ) {
    this.#cursor = new TagCursor(html)
  }

  /** Reads on at least to `end`; gives whether there is more. */
  read(end: number): boolean {
    while (this.#at < this.html.length && !this.handler.isDone) {
      if (this.handler.only && this.#rawElement === '') this.#at = this.#skip(this.handler.only, end)
      if (this.#at >= end) return true
      if (this.#at <= this.#cdataEnd) this.#cdata(this.#at)
      else this.#next()
    }
    return false
  }

  /** Passes over what is not reported, at least to `end`; gives where it came to. */
  #skip(only: ElementNames, end: number): number {
    const { html } = this
    let at = this.#at
    while (at < end) {
      at = nextMarkup(html, at)
      const isEnd = html.charCodeAt(at + 1) === SLASH
      const start = at + (isEnd ? 2 : 1)
      const firstLetter = html.charCodeAt(start)
      if (!isLetter(firstLetter)) return at
      const nameEnd = endOfName(html, start)
      const length = nameEnd - start
      if (SPECIAL_NAMES.mayHave(firstLetter, length) || (!isEnd && only.mayHave(firstLetter, length)))
        return at
      if (html.charCodeAt(nameEnd) === COLON) return at
      at = this.#cursor.passed(nameEnd).at
    }
    return at
  }

  /** Reads text and the markup that ends it, or a piece of a long text. */
  #next(): void {
    const html = this.html
    const start = this.#at
    if (start > this.#textEnd) {
      const element = this.#rawElement
      this.#textEnd = element ? endOfRawText(html, element, start) : nextMarkup(html, start)
    }
    if (start < this.#textEnd) {
      this.#at = endOfPiece(html, start, this.#textEnd)
      this.#text(start, this.#at)
      if (this.#at < this.#textEnd || this.#at === html.length || this.handler.isDone) return
    }
    this.#rawElement = ''
    this.#at = this.#markup(this.#at)
  }

  /** Reads what begins with a `<`, and gives where it ends. */
  #markup(open: number): number {
    const html = this.html
    const start = open + 1
    const code = html.charCodeAt(start)
    if (code === SLASH) {
      if (isLetter(html.charCodeAt(start + 1))) return this.#tag(start + 1, true)
      return html[start + 1] === '>' ? start + 2 : this.#bogusComment(start + 1)
    }
    if (isLetter(code)) return this.#tag(start, false)
    if (code === QUESTION_MARK) return this.#bogusComment(start)
    if (this.handler.isXml && html.startsWith('[CDATA[', start + 1)) {
      const end = html.indexOf(']]>', start + 8)
      this.#cdataEnd = end < 0 ? html.length : end
      return start + 8
    }
    if (!html.startsWith('--', start + 1)) {
      const isDoctype = /^doctype/i.test(html.slice(start + 1, start + 8))
      return isDoctype ? after(html, '>', start) : this.#bogusComment(start + 1)
    }
    const { data, end } = commentAt(html, start + 3)
    this.handler.comment?.(plain(data.slice(0, LONGEST)))
    return end
  }

  #cdata(start: number): void {
    const end = endOfPiece(this.html, start, this.#cdataEnd)
    if (start < end) this.handler.text?.(plain(this.html.slice(start, end)))
    this.#at = end < this.#cdataEnd ? end : end + 3
  }

  #bogusComment(start: number): number {
    const end = this.html.indexOf('>', start)
    const whole = this.html.slice(start, end < 0 ? undefined : end)
    this.handler.comment?.(plain(whole.slice(0, LONGEST)))
    return end < 0 ? this.html.length : end + 1
  }

  #tag(start: number, isEnd: boolean): number {
    const html = this.html
    const nameEnd = endOfPrefixedName(html, start)
    const cursor = this.#cursor.passed(nameEnd)
    const { at: end, bits, isClosed, isSelfClosing } = cursor
    const isXml = this.handler.isXml === true
    if (!isClosed) return end
    const name = nameIn(html, start, nameEnd)
    if (isEnd) this.#endTag(name)
    else this.#startTag(name, bits === 0 ? none : new Attributes(cursor, nameEnd, bits, isXml), isSelfClosing)
    return end
  }

  #startTag(name: string, attributes: HtmlAttributes, isSelfClosing: boolean): void {
    const kind = this.handler.isXml ? undefined : SPECIAL_ELEMENTS.get(name)
    if (kind === 'foreign' && !isSelfClosing) this.#foreignDepth += 1
    // `<style/>` is empty inside SVG and opens a style sheet outside.
    if (kind === 'raw' && !(isSelfClosing && this.#foreignDepth > 0)) this.#rawElement = name
    this.handler.startTag?.(name, attributes, isSelfClosing)
  }

  #endTag(name: string): void {
    if (this.#foreignDepth > 0 && SPECIAL_ELEMENTS.get(name) === 'foreign') this.#foreignDepth -= 1
    this.handler.endTag?.(name)
  }

  #text(start: number, end: number): void {
    const element = this.#rawElement
    if (element === '') {
      this.handler.sourceText?.(this.html.slice(start, end))
      const text =
        this.handler.text && decodeText(this.html.slice(start, end), this.handler.isXml ? 'xml' : 'text')
      if (text) this.handler.text?.(text)
    } else if (this.handler.rawText) {
      const text = plain(this.html.slice(start, end))
      this.handler.rawText(ESCAPABLE.has(element) ? decodeReferences(text) : text, element)
    }
  }
}

/** A piece of a document, with U+FFFD for NUL and one line feed for each line's end. */
function plain(source: string): string {
  return /[\r\0]/.test(source) ? source.replace(LINE_END, '\n').split('\0').join('\uFFFD') : source
}

/** Decodes text as it is written in a document (see `decodeReferences`); of text that is no markup a NUL is left out. */
export function decodeText(source: string, kind: ReferenceKind = 'text', forNul = ''): string {
  if (!SPECIAL.test(source)) return source
  // What is decoded is a heap of small strings, which takes thirty times as much memory, until it is searched.
  return decodeReferences(source.replace(LINE_END, '\n'), kind).split('\0').join(forNul)
}

function nameIn(html: string, start: number, end: number): string {
  const name = html.slice(start, Math.min(end, start + LONGEST))
  if (!NOT_ASCII.test(name)) return name.toLowerCase()
  return plain(name).replace(/[A-Z]+/g, (letters) => letters.toLowerCase())
}

function valueIn(html: string, start: number, end: number, isXml: boolean): string {
  const value = html.slice(start, Math.min(end, start + LONGEST))
  return decodeText(value, isXml ? 'xml' : 'attribute', '\uFFFD')
}

/** The attributes of a tag, found in the document when they are asked for. */
class Attributes implements HtmlAttributes {
  constructor(
    private readonly cursor: TagCursor,
    private readonly start: number,
    private readonly bits: number,
    private readonly isXml: boolean,
  ) {}

  get(name: string): string | undefined {
    if ((this.bits & bitOf(name.charCodeAt(0), name.length)) === 0) return undefined
    for (const cursor = this.cursor.from(this.start); cursor.next(); ) {
      const { html, nameStart, nameEnd, valueStart, valueEnd } = cursor
      if (nameEnd - nameStart !== name.length) continue
      const isIt = html.startsWith(name, nameStart) || nameIn(html, nameStart, nameEnd) === name
      if (isIt) return valueIn(html, valueStart, valueEnd, this.isXml)
    }
    return undefined
  }

  [Symbol.iterator](): IterableIterator<[name: string, value: string]> {
    const values = new Map<string, string>()
    for (const cursor = this.cursor.from(this.start); cursor.at < this.start + LONGEST && cursor.next(); ) {
      const { html, nameStart, nameEnd, valueStart, valueEnd } = cursor
      const name = nameIn(html, nameStart, nameEnd)
      if (!values.has(name)) values.set(name, valueIn(html, valueStart, valueEnd, this.isXml))
    }
    return values.entries()
  }
}

const none: HtmlAttributes = new Attributes(new TagCursor(''), 0, 0, false)

/** The first element of a document; `undefined` if there is none. */
export function rootOf(html: string): { name: string; attributes: HtmlAttributes } | undefined {
  let root: { name: string; attributes: HtmlAttributes } | undefined
  tokenizeHtml(html, {
    startTag(name, attributes) {
      root = { name, attributes }
    },
    get isDone() {
      return root !== undefined
    },
  })
  return root
}
