// Where the pieces of an HTML document end, by the tokenizer of the HTML Standard. Each function takes linear time.

/** Gives the place after `needle`, or the end of the document. */
export function after(html: string, needle: string, start: number): number {
  const found = html.indexOf(needle, start)
  return found < 0 ? html.length : found + needle.length
}

const SLASH = 0x2f
const EQUALS_SIGN = 0x3d
const GREATER_THAN = 0x3e

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

  constructor(readonly html: string) {}

  /** Begins at the end of a tag's name. */
  from(at: number): this {
    this.at = at
    this.bits = 0
    return this
  }

  /** Moves to the next attribute; `false` at the end of the tag. */
  next(): boolean {
    const { html } = this
    const at = skip(html, this.at, isSpaceOrSlash)
    this.isClosed = html.charCodeAt(at) === GREATER_THAN
    if (this.isClosed || at === html.length) {
      this.isSelfClosing = at > this.at && html.charCodeAt(at - 1) === SLASH
      this.at = this.isClosed ? at + 1 : at
      return false
    }
    this.nameStart = at
    // A name may begin with `=`.
    this.nameEnd = skip(html, at + 1, isInAttributeName)
    this.bits |= bitOf(html.charCodeAt(at), this.nameEnd - at)
    const equals = skip(html, this.nameEnd, isSpace)
    if (html.charCodeAt(equals) === EQUALS_SIGN) return this.#value(skip(html, equals + 1, isSpace))
    this.at = equals
    this.valueStart = this.valueEnd = equals
    return true
  }

  #value(start: number): boolean {
    const { html } = this
    const quote = html[start]
    const isQuoted = quote === '"' || quote === "'"
    this.valueStart = isQuoted ? start + 1 : start
    this.valueEnd = isQuoted ? html.indexOf(quote, start + 1) : skip(html, start, isInBareValue)
    const isComplete = this.valueEnd >= 0
    this.at = isComplete ? this.valueEnd + Number(isQuoted) : html.length
    return isComplete
  }
}

/** One of 32 bits for the name of an attribute, by its first letter and length; names that are equal have the same. */
export function bitOf(firstLetter: number, length: number): number {
  return 1 << ((firstLetter | 0x20) + 5 * length)
}

/** Where the name of a tag ends. */
export function endOfName(html: string, start: number): number {
  return skip(html, start, isInTagName)
}

function skip(html: string, start: number, isSkipped: (code: number) => boolean): number {
  let at = start
  while (at < html.length && isSkipped(html.charCodeAt(at))) at += 1
  return at
}

function isSpace(code: number): boolean {
  return code === 0x20 || (code >= 0x09 && code <= 0x0d && code !== 0x0b)
}

function isSpaceOrSlash(code: number): boolean {
  return code === SLASH || isSpace(code)
}

function isInTagName(code: number): boolean {
  return code !== SLASH && code !== GREATER_THAN && !isSpace(code)
}

function isInAttributeName(code: number): boolean {
  return code !== EQUALS_SIGN && isInTagName(code)
}

function isInBareValue(code: number): boolean {
  return code !== GREATER_THAN && !isSpace(code)
}

/** The data of a comment that begins at `start`, and where the comment ends. */
export function commentAt(html: string, start: number): { data: string; end: number } {
  if (html[start] === '>') return { data: '', end: start + 1 }
  if (html.startsWith('->', start)) return { data: '', end: start + 2 }
  commentEnd.lastIndex = start
  const found = commentEnd.exec(html)
  if (found) return { data: html.slice(start, found.index), end: commentEnd.lastIndex }
  return { data: html.slice(start).replace(/--!?$|-$/, ''), end: html.length }
}
const commentEnd = /--!?>/g

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
