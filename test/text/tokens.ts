import { type Token, Tokenizer, TokenizerMode } from 'parse5'
import { type HtmlAttributes, type HtmlHandler, tokenizeHtml } from '../../src/text/html.js'

type Recorded = readonly string[]

/** Writes tokens down, with neighbouring pieces of text joined: how text is cut into pieces is not promised. */
export function recorder(): { handler: HtmlHandler; tokens: Recorded[] } {
  const tokens: string[][] = []
  const add = (kind: string, text: string, more = ''): void => {
    if (text === '') return
    const last = tokens.at(-1)
    if (last?.[0] === kind && last[2] === more) last[1] += text
    else tokens.push([kind, text, more])
  }
  const handler: HtmlHandler = {
    startTag: (name, attributes, selfClosing) =>
      tokens.push([
        'start',
        name,
        ...Array.from(attributes, ([name, value]) => `${name}=${value}`),
        `${selfClosing}`,
      ]),
    endTag: (name) => tokens.push(['end', name]),
    text: (text) => add('text', text),
    rawText: (text, element) => add('raw', text, element),
    comment: (data) => tokens.push(['comment', data]),
  }
  return { handler, tokens }
}

/** The tokens of a document. */
export function tokensOf(html: string, tokenize = tokenizeHtml): Recorded[] {
  const { handler, tokens } = recorder()
  tokenize(html, handler)
  return tokens
}

const modes: ReadonlyMap<string, Tokenizer['state']> = new Map([
  ...['title', 'textarea'].map((name) => [name, TokenizerMode.RCDATA] as const),
  ...['style', 'xmp', 'iframe', 'noembed', 'noframes'].map((name) => [name, TokenizerMode.RAWTEXT] as const),
  ['script', TokenizerMode.SCRIPT_DATA],
  ['plaintext', TokenizerMode.PLAINTEXT],
])
const foreign = new Set(['svg', 'math'])

/** `tokenizeHtml` by the tokenizer of parse5: what ours is compared with. */
export function tokenizeByParse5(html: string, handler: HtmlHandler): void {
  let rawElement = ''
  let depth = 0
  const character = ({ chars }: Token.CharacterToken) =>
    rawElement === '' ? handler.text?.(chars) : handler.rawText?.(chars, rawElement)
  const tokenizer = new Tokenizer(
    {},
    {
      onStartTag({ tagName, attrs, selfClosing }) {
        if (foreign.has(tagName) && !selfClosing) depth += 1
        const mode = modes.get(tagName)
        if (mode !== undefined && !(selfClosing && depth > 0)) {
          tokenizer.state = mode
          rawElement = tagName
        }
        const attributes = new Map(attrs.map(({ name, value }) => [name, value] as const))
        handler.startTag?.(tagName, attributes satisfies HtmlAttributes, selfClosing)
      },
      onEndTag({ tagName }) {
        rawElement = ''
        if (foreign.has(tagName) && depth > 0) depth -= 1
        handler.endTag?.(tagName)
      },
      onComment: ({ data }) => handler.comment?.(data),
      ...{ onCharacter: character, onWhitespaceCharacter: character },
      ...{ onNullCharacter() {}, onDoctype() {}, onEof() {} },
    },
  )
  tokenizer.write(html, true)
}
