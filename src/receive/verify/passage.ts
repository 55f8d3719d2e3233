import type { Passage } from '../../store/store.js'
import { cutStart, cutWords } from '../../text/excerpt.js'
import { BLOCK_ELEMENTS, cleanText, collapseSpace } from '../../text/plain.js'

/** Gathers the text around the one link of a page that counts, while the page is read. */
export interface PassageReader {
  /** A start tag; `link` follows for the one that is looked for. */
  startTag(name: string): void
  endTag(name: string): void
  text(text: string): void
  /** The element that was just begun is the link. */
  link(element: string): void
  /** Whether the link was begun and has not ended. */
  readonly isInLink: boolean
  /** Whether there is enough text, so that nothing more of the page needs to be read. */
  readonly isComplete: boolean
  /** The passage as far as it was read. */
  read(): Passage
}

/** How many graphemes each part of a passage may have. */
const longestPart = 100
/** The parts of a page: what stands in another one than the link has nothing to do with it. */
const partsOfPage = new Set(['article', 'aside', 'footer', 'header', 'main', 'nav', 'section'])
const headings = new Set(['h1', 'h2', 'h3', 'h4', 'h5', 'h6'])
/** How many characters are gathered for a part: white space and what is no text are thrown away later. */
const enough = 2000

/** Makes the reader of a passage: it keeps a few thousand characters, and takes time in proportion to the page. */
export function createPassage(): PassageReader {
  const parts = { before: '', link: '', after: '' }
  let part: keyof typeof parts = 'before'
  let element = ''
  let isOver = false

  function add(text: string): void {
    if (isOver) return
    // Indentation is not to take the room of text.
    parts[part] += collapseSpace(text)
    if (part === 'before' && parts.before.length > 2 * enough) parts.before = parts.before.slice(-enough)
  }

  /** What came before the link begins anew where a part of the page does, or ends; what follows ends there. */
  function edge(name: string, isEnd: boolean): void {
    if (BLOCK_ELEMENTS.has(name)) add(' ')
    if (part === 'after') isOver ||= partsOfPage.has(name)
    if (part === 'before' && (partsOfPage.has(name) || (isEnd && headings.has(name)))) parts.before = ''
  }

  /** A link ends at its end tag; where that was forgotten, with the block it is in. */
  function isEndOfLink(name: string): boolean {
    return part === 'link' && (name === element || (element === 'a' && BLOCK_ELEMENTS.has(name)))
  }

  return {
    text: add,
    startTag(name) {
      if (part === 'link' && name === 'a' && element === 'a') part = 'after'
      edge(name, false)
    },
    endTag(name) {
      if (isEndOfLink(name)) part = 'after'
      edge(name, true)
    },
    link(name) {
      element = name
      part = name === 'area' ? 'after' : 'link'
    },
    get isInLink() {
      return part === 'link'
    },
    get isComplete() {
      return isOver || (part !== 'before' && parts[part].length >= enough)
    },
    read: () => cleaned(parts),
  }
}

function cleaned({ before, link, after }: Passage): Passage {
  const [lead, quoted, rest] = [before.slice(-enough), link.slice(0, enough), after.slice(0, enough)]
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
