import type { Passage } from '../../store/store.js'
import { cutStart, cutWords } from '../../text/excerpt.js'
import { decodeText } from '../../text/html.js'
import { BLOCK_ELEMENTS, cleanText, collapseSpace } from '../../text/plain.js'

/** How many graphemes each part of a passage may have. */
const longestPart = 100
/** The parts of a page: what stands in another one than the link has nothing to do with it. */
const partsOfPage = new Set(['article', 'aside', 'footer', 'header', 'main', 'nav', 'section'])
const headings = new Set(['h1', 'h2', 'h3', 'h4', 'h5', 'h6'])
/** Elements that show something without text. */
const shown = new Set(['img', 'svg', 'video', 'picture', 'canvas', 'object', 'embed', 'iframe', 'math'])
/** How many characters each part may have before it is cleaned and cut. */
const enough = 2000
/** How far before a link its text may begin, in characters of the page: some characters show nothing. */
const farthest = 65_536

/** Collects the text of a page as far as a link may follow it; only its end is read, once a link does. */
export class Lead {
  /** What was read of it before; no piece is read for each of many links. */
  #known = ''
  #pieces: string[] = []

  /** A tag: the text begins anew where a part of the page does, or ends, and after a heading. */
  tag(name: string, isEnd: boolean): void {
    if (partsOfPage.has(name) || (isEnd && headings.has(name))) {
      this.#pieces = []
      this.#known = ''
    } else if (BLOCK_ELEMENTS.has(name)) this.#pieces.push(' ')
  }

  /** Text as it is written in the page. */
  text(source: string): void {
    this.#pieces.push(source)
  }

  /** The end of the text, a few thousand characters at the most. */
  read(): string {
    const pieces = this.#pieces.splice(0)
    let left = farthest
    let end = ''
    while (pieces.length > 0 && end.length < enough && left > 0) {
      const piece = pieces.pop() ?? ''
      left -= piece.length
      end = collapseSpace(decodeText(piece)) + end
    }
    if (pieces.length === 0) end = this.#known + end
    this.#known = end.slice(-enough)
    return this.#known
  }
}

/** A link that was found: gathers its text and what follows it, while the page is read. */
export class FoundLink {
  readonly #element: string
  readonly #parts: { before: string; link: string; after: string }
  #isOver = false
  /** Whether the link has not ended. */
  isInLink: boolean
  /** Whether something in the link can be seen. */
  isVisible: boolean

  /** `element` was just begun and is the link to `url`; `before` is the text before it. */
  constructor(
    readonly url: string,
    element: string,
    before: string,
  ) {
    this.#element = element
    this.#parts = { before, link: '', after: '' }
    this.isInLink = element !== 'area'
    this.isVisible = element === 'area'
  }

  startTag(name: string, isSeen: boolean): void {
    // HTML has no link in a link: the first one ends.
    if (name === 'a' && this.#element === 'a') this.isInLink = false
    if (this.isInLink && isSeen && shown.has(name)) this.isVisible = true
    this.#edge(name)
  }

  /** A link ends at its end tag; where that was forgotten, with the block it is in. */
  endTag(name: string): void {
    if (name === this.#element || (this.#element === 'a' && BLOCK_ELEMENTS.has(name))) this.isInLink = false
    this.#edge(name)
  }

  text(text: string): void {
    if (this.isInLink && !this.isVisible) this.isVisible = cleanText(text) !== ''
    // Indentation must not use up the room for text.
    if (!this.isComplete) this.#parts[this.#part] += collapseSpace(text)
  }

  /** Whether there is enough text, so that nothing more of the page needs to be read. */
  get isComplete(): boolean {
    return this.#isOver || this.#parts[this.#part].length >= enough
  }

  /** The passage as far as it was read. */
  read(): Passage {
    const { before, link, after } = this.#parts
    const [lead, quoted, rest] = [before, link.slice(0, enough), after.slice(0, enough)]
    const spaceBefore = /\s$/.test(lead) || /^\s/.test(quoted) ? ' ' : ''
    const spaceAfter = /\s$/.test(quoted) || /^\s/.test(rest) ? ' ' : ''
    const beginning = cutStart(cleanText(lead), longestPart)
    const end = cutWords(cleanText(rest), longestPart)
    return {
      before: beginning && beginning + spaceBefore,
      link: cutWords(cleanText(quoted), longestPart),
      after: end && spaceAfter + end,
    }
  }

  get #part(): 'link' | 'after' {
    return this.isInLink ? 'link' : 'after'
  }

  #edge(name: string): void {
    if (BLOCK_ELEMENTS.has(name)) this.text(' ')
    if (!this.isInLink) this.#isOver ||= partsOfPage.has(name)
  }
}
