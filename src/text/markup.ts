// Where the pieces of an HTML document end, by the tokenizer of the HTML Standard. Each function takes linear time.

/** Gives the place after `needle`, or the end of the document. */
export function after(html: string, needle: string, start: number): number {
  const found = html.indexOf(needle, start)
  return found < 0 ? html.length : found + needle.length
}

const EXCLAMATION_MARK = 0x21
const SLASH = 0x2f
const COLON_SIGN = 0x3a
const EQUALS_SIGN = 0x3d
const GREATER_THAN = 0x3e

const MARKUP = /<(?=[a-z!?]|\/.)/gis

/** Where the next markup begins, or the document ends. */
export function nextMarkup(html: string, start: number): number {
  const at = html.indexOf('<', start)
  if (at < 0) return html.length
  const code = html.charCodeAt(at + 1)
  if (isLetter(code) || code === EXCLAMATION_MARK || (code === SLASH && at + 2 < html.length)) return at
  // To look at each of those that begin nothing takes long where there are many.
  MARKUP.lastIndex = at
  return MARKUP.test(html) ? MARKUP.lastIndex - 1 : html.length
}

/** How many characters are read before others may have their turn. */
export const SLICE = 16_384

/** Where a piece of text ends: a long text is cut, but not in a reference, nor between the two of an emoji. */
export function endOfPiece(html: string, start: number, end: number): number {
  if (end - start <= SLICE) return end
  const piece = html.slice(start, start + SLICE)
  return start + (SLICE - 99 + piece.slice(-99).search(/(?:&#?\w{0,31};?){0,2}\r?$/))
}

/** Whether a character begins the name of a tag. */
export function isLetter(code: number): boolean {
  return (code >= 0x61 && code <= 0x7a) || (code >= 0x41 && code <= 0x5a)
}

/** How many attributes a tag may have; the document ends in one that has more. */
const MOST_ATTRIBUTES = 1000

/** Moves through the attributes of a tag, from the end of the tag's name on. */
export class TagCursor {
  /** After the attribute, or after the tag. */
  at = 0
  nameStart = 0
  nameEnd = 0
  valueStart = 0
  valueEnd = 0
  /** Whether the tag ended; not set where the document ends in it. */
  isClosed = false
  isSelfClosing = false
  /** A bit for each attribute that was passed; see `bitOf`. */
  bits = 0
  #count = 0

  constructor(readonly html: string) {}

  /** Begins at the end of a tag's name. */
  from(at: number): this {
    this.at = at
    this.bits = this.#count = 0
    return this
  }

  /** Passes over a tag from the end of its name on. */
  passed(at: number): this {
    this.from(at)
    while (this.next());
    return this
  }

  /** Moves to the next attribute; `false` at the end of the tag. */
  next(): boolean {
    const { html } = this
    const at = skipWhile(html, this.at, SPACE | SLASH_BIT)
    this.isClosed = html.charCodeAt(at) === GREATER_THAN
    if (this.isClosed || at === html.length || this.#count === MOST_ATTRIBUTES) {
      this.isSelfClosing = at > this.at && html.charCodeAt(at - 1) === SLASH
      this.at = this.isClosed ? at + 1 : html.length
      return false
    }
    this.#count += 1
    this.nameStart = at
    // A name may begin with `=`.
    this.nameEnd = skipUntil(html, at + 1, SPACE | SLASH_BIT | CLOSE | EQUALS)
    this.bits |= bitOf(html.charCodeAt(at), this.nameEnd - at)
    const equals = skipWhile(html, this.nameEnd, SPACE)
    if (html.charCodeAt(equals) === EQUALS_SIGN) return this.#value(skipWhile(html, equals + 1, SPACE))
    this.at = equals
    this.valueStart = this.valueEnd = equals
    return true
  }

  #value(start: number): boolean {
    const quotes = Number(isQuote(this.html[start]))
    this.at = endOfValue(this.html, start)
    this.valueStart = start + quotes
    this.valueEnd = this.at - quotes
    return true
  }
}

/** One of 32 bits for the name of an attribute, by its first letter and length; names that are equal have the same. */
export function bitOf(firstLetter: number, length: number): number {
  return 1 << ((firstLetter | 0x20) + 5 * length)
}

/** Where the name of a tag ends, or its prefix. */
export function endOfName(html: string, start: number): number {
  return skipUntil(html, start, SPACE | SLASH_BIT | CLOSE | COLON)
}

/** Where the name of a tag ends. */
export function endOfPrefixedName(html: string, start: number): number {
  return skipUntil(html, start, SPACE | SLASH_BIT | CLOSE)
}

/** Names of elements, looked up where they stand in a document. */
export class ElementNames {
  readonly #shapes = new Uint8Array(32 * LONGEST_NAME)

  constructor(names: Iterable<string>) {
    for (const name of names) this.#shapes[shapeOf(name.charCodeAt(0), name.length)] = 1
  }

  /** Whether a name may be one of them: some others have the same first letter and length, too. */
  mayHave(firstLetter: number, length: number): boolean {
    return length < LONGEST_NAME && this.#shapes[shapeOf(firstLetter, length)] === 1
  }
}

const LONGEST_NAME = 32

function shapeOf(firstLetter: number, length: number): number {
  return 32 * length + (firstLetter & 31)
}

/** Where the value of an attribute ends, its quotes included, or the document if it ends in it. */
function endOfValue(html: string, start: number): number {
  const quote = html[start]
  return isQuote(quote) ? after(html, quote, start + 1) : skipUntil(html, start, SPACE | CLOSE)
}

function isQuote(character: string | undefined): character is string {
  return character === '"' || character === "'"
}

// What ends the parts of a tag, as bits by character code: all of it comes before the letters.
const SPACE = 1
const SLASH_BIT = 2
const CLOSE = 4
const EQUALS = 8
const COLON = 16
const kinds = new Uint8Array(64)
for (const space of '\t\n\f\r ') kinds[space.charCodeAt(0)] = SPACE
kinds[SLASH] = SLASH_BIT
kinds[GREATER_THAN] = CLOSE
kinds[EQUALS_SIGN] = EQUALS
kinds[COLON_SIGN] = COLON

function skipUntil(html: string, start: number, ends: number): number {
  let at = start
  while (at < html.length && (kindAt(html, at) & ends) === 0) at += 1
  return at
}

function skipWhile(html: string, start: number, skipped: number): number {
  let at = start
  while (at < html.length && (kindAt(html, at) & skipped) !== 0) at += 1
  return at
}

function kindAt(html: string, at: number): number {
  const code = html.charCodeAt(at)
  return code < 64 ? (kinds[code] ?? 0) : 0
}

const COMMENT_END = /--!?>/g

/** The data of a comment that begins at `start`, and where the comment ends. */
export function commentAt(html: string, start: number): { data: string; end: number } {
  if (html[start] === '>') return { data: '', end: start + 1 }
  if (html.startsWith('->', start)) return { data: '', end: start + 2 }
  let at = html.indexOf('--', start)
  if (at >= 0 && html[at + 2] !== '>') {
    // To look at each of many dashes takes long.
    COMMENT_END.lastIndex = at
    at = COMMENT_END.test(html) ? html.lastIndexOf('--', COMMENT_END.lastIndex - 3) : -1
  }
  if (at < 0) return { data: html.slice(start).replace(/--!?$|-$/, ''), end: html.length }
  return { data: html.slice(start, at), end: html.indexOf('>', at) + 1 }
}

/** Where raw text ends: before the end tag of its element. */
export function endOfRawText(html: string, element: string, start: number): number {
  if (element === 'plaintext') return html.length
  if (element === 'script') return endOfScript(html, start)
  const endTag = new RegExp(`</${element}(?=[\\t\\n\\f\\r />])`, 'gi')
  endTag.lastIndex = start
  return endTag.exec(html)?.index ?? html.length
}

/** A script in a comment in a script ends neither the comment nor the outer script. */
function endOfScript(html: string, start: number): number {
  const edge = /<!--|-->|<\/?script(?=[\t\n\f\r />])/gi
  let depth = 0
  edge.lastIndex = start
  for (let found = edge.exec(html); found; found = edge.exec(html)) {
    const [text] = found
    if (text === '-->') depth = 0
    else if (text === '<!--') {
      depth ||= 1
      // `<!-->` is a whole comment.
      edge.lastIndex -= 2
    } else if (text[1] === '/') {
      if (depth < 2) return found.index
      depth = 1
    } else if (depth === 1) depth = 2
  }
  return html.length
}
