import { type Token, Tokenizer, TokenizerMode } from 'parse5'

/** One attribute of a start tag: the name in lower case, the value with its references decoded. */
export interface HtmlAttribute {
  name: string
  value: string
}

/** Receives the tokens of a document in their order. Every member is optional. */
export interface HtmlHandler {
  /** Whether the document is XML: there the content of a `title` is markup like any other. */
  readonly isXml?: boolean
  /** A start tag. Of an attribute given twice only the first is there. */
  startTag?(name: string, attributes: readonly HtmlAttribute[], selfClosing: boolean): void
  /** An end tag, whether or not it closes something. */
  endTag?(name: string): void
  /** Text that a reader would see, references decoded; one run of text may come in pieces. */
  text?(text: string): void
  /** The content of `script`, `style`, `textarea`, `title` and the like: text, whatever it looks like. */
  rawText?(text: string, element: string): void
  /** The inside of a comment. */
  comment?(data: string): void
}

/** Takes a document piece by piece. */
export interface HtmlTokenizer {
  /** Takes the next piece, cut anywhere; small pieces may wait for more before they are read. */
  write(chunk: string): void
  /** The document is complete: what waited is read, an unfinished tag is dropped. */
  end(): void
  /** Nothing more is read or reported; may be called inside a handler. */
  stop(): void
}

// The HTML Standard, "parsing HTML fragments": elements whose content the tokenizer must not take for markup.
const CONTENT_MODES: ReadonlyMap<string, Tokenizer['state']> = new Map([
  ['title', TokenizerMode.RCDATA],
  ['textarea', TokenizerMode.RCDATA],
  ['style', TokenizerMode.RAWTEXT],
  ['xmp', TokenizerMode.RAWTEXT],
  ['iframe', TokenizerMode.RAWTEXT],
  ['noembed', TokenizerMode.RAWTEXT],
  ['noframes', TokenizerMode.RAWTEXT],
  ['script', TokenizerMode.SCRIPT_DATA],
  ['plaintext', TokenizerMode.PLAINTEXT],
])
const FOREIGN = new Set(['svg', 'math'])
// An emoji as two references to the halves of its surrogate pair (PROTOCOL 126), which HTML has no character for.
const SURROGATE_REFERENCES = /&#(5[56]\d{3}|xd[89ab][\da-f]{2});?&#(5[67]\d{3}|xd[c-f][\da-f]{2});?/gi
const UNFINISHED_REFERENCES =
  /(?:&#(?:5[56]\d{3}|xd[89ab][\da-f]{2});?)?(?:&(?:#(?:\d{0,5}|x[\da-f]{0,4}))?)?$/i
// Every write makes parse5 join its buffer anew: pieces of a few bytes would cost quadratic time.
const SMALLEST_PIECE = 16_384

/**
 * Creates a tokenizer that follows the HTML Standard in linear time and never throws. It builds no tree: a link in a
 * script, style, title or textarea is `rawText`, never a `startTag`.
 *
 * ```ts
 * const tokenizer = createHtmlTokenizer({ comment: (data) => scan(data) })
 * for await (const chunk of page) tokenizer.write(chunk)
 * tokenizer.end()
 * ```
 */
export function createHtmlTokenizer(handler: HtmlHandler): HtmlTokenizer {
  const reader = new TokenReader(handler)
  let waiting = ''
  const read = (isLast: boolean): void => {
    // The beginning of a pair of references waits for its end.
    const end = isLast ? waiting.length : waiting.search(UNFINISHED_REFERENCES)
    const piece = waiting.slice(0, end)
    waiting = waiting.slice(end)
    reader.read(piece, isLast)
  }
  return {
    write(chunk) {
      waiting += chunk
      if (waiting.length >= SMALLEST_PIECE) read(false)
    },
    end: () => read(true),
    stop: () => reader.stop(),
  }
}

/**
 * Reports the tokens of a whole document; see `createHtmlTokenizer`.
 *
 * ```ts
 * tokenizeHtml('<p>a &amp; b', { text: (text) => console.log(text) })   // a & b
 * ```
 */
export function tokenizeHtml(html: string, handler: HtmlHandler): void {
  new TokenReader(handler).read(html, true)
}

function joinSurrogates(references: string, high: string, low: string): string {
  const character = String.fromCharCode(Number(`0${high}`), Number(`0${low}`))
  return character.isWellFormed() ? character : references
}

class TokenReader {
  readonly #tokenizer: Tokenizer
  #handler: HtmlHandler
  #rawElement = ''
  #foreignDepth = 0
  #done = false

  constructor(handler: HtmlHandler) {
    this.#handler = handler
    const character = (token: Token.CharacterToken): void => this.#text(token.chars)
    this.#tokenizer = new Tokenizer(
      {},
      {
        onStartTag: (token) => this.#startTag(token),
        onEndTag: (token) => this.#endTag(token),
        onComment: (token) => this.#handler.comment?.(token.data),
        onCharacter: character,
        onWhitespaceCharacter: character,
        onNullCharacter: () => {},
        onDoctype: () => {},
        onEof: () => {},
      },
    )
  }

  read(piece: string, isLast: boolean): void {
    if (this.#done) return
    this.#done = isLast
    this.#tokenizer.write(piece.replace(SURROGATE_REFERENCES, joinSurrogates), isLast)
  }

  stop(): void {
    this.#done = true
    this.#handler = {}
    this.#tokenizer.pause()
  }

  #startTag({ tagName, attrs, selfClosing }: Token.TagToken): void {
    if (FOREIGN.has(tagName) && !selfClosing) this.#foreignDepth += 1
    const mode = this.#handler.isXml ? undefined : CONTENT_MODES.get(tagName)
    // `<style/>` is empty inside SVG and opens a style sheet outside.
    if (mode !== undefined && !(selfClosing && this.#foreignDepth > 0)) {
      this.#tokenizer.state = mode
      this.#rawElement = tagName
    }
    this.#handler.startTag?.(tagName, attrs, selfClosing)
  }

  #endTag({ tagName }: Token.TagToken): void {
    this.#rawElement = ''
    if (FOREIGN.has(tagName) && this.#foreignDepth > 0) this.#foreignDepth -= 1
    this.#handler.endTag?.(tagName)
  }

  #text(chars: string): void {
    if (this.#rawElement === '') this.#handler.text?.(chars)
    else this.#handler.rawText?.(chars, this.#rawElement)
  }
}

/** A document in the pieces that a tokenizer reads; between two of them other work may have its turn. */
export function* piecesOf(html: string): Generator<string, void, void> {
  for (let at = 0; at < html.length; at += SMALLEST_PIECE) yield html.slice(at, at + SMALLEST_PIECE)
}

/** The first element of a document; `undefined` if there is none. */
export function rootOf(html: string): { name: string; attributes: readonly HtmlAttribute[] } | undefined {
  let root: { name: string; attributes: readonly HtmlAttribute[] } | undefined
  tokenizeHtml(html, {
    startTag(name, attributes) {
      root ??= { name, attributes }
    },
  })
  return root
}

/** The value of an attribute; `undefined` where a tag has none of that name. */
export function attributeOf(
  attributes: readonly HtmlAttribute[],
  name: string | undefined,
): string | undefined {
  return attributes.find((attribute) => attribute.name === name)?.value
}
