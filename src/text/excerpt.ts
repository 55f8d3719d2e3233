import { positiveInteger } from '../base/limits.js'
import { optionCheck } from '../base/options.js'
import { SIMPLE_CHARACTERS, toPlainText } from './plain.js'

// A family of emoji takes 11 code units, text of 30 marks to a letter is no text: a grapheme may have 16 on average.
const UNITS_PER_GRAPHEME = 16
const LONGEST_WORD = 40
const WINDOW = 64
// Made when it is first needed: it takes ten milliseconds, and a blog that only receives ASCII never needs it.
let segmenter: Intl.Segmenter | undefined
const COMPLEX = new RegExp(`[^${SIMPLE_CHARACTERS}]`)
const COMPLEX_STRETCH = new RegExp(
  `[${SIMPLE_CHARACTERS}]?[^${SIMPLE_CHARACTERS}]+(?:[${SIMPLE_CHARACTERS}][^${SIMPLE_CHARACTERS}]+)*[${SIMPLE_CHARACTERS}]?`,
  'g',
)
// A letter of a script that puts spaces between words.
const LETTER =
  "(?:(?![\\p{sc=Han}\\p{sc=Hira}\\p{sc=Kana}\\p{scx=Hira}\\p{sc=Thai}\\p{sc=Lao}\\p{sc=Khmr}\\p{sc=Mymr}\\p{sc=Tibt}])[\\p{L}\\p{M}\\p{N}'’])"
const LETTERS_FIRST = new RegExp(`^${LETTER}*`, 'u')
const LETTERS_LAST = new RegExp(`${LETTER}*$`, 'u')

/** What receivers keep of an excerpt, in graphemes (PROTOCOL 9, 31). */
export const longestExcerpt = 252

/** How an excerpt is cut. */
export interface ExcerptOptions {
  /**
   * How many graphemes (what a reader calls characters) the excerpt has at the most, the ellipsis included.
   * @default 252
   */
  readonly maxGraphemes?: number | undefined
}

const checkOptions = optionCheck('makeExcerpt', { any: 'maxGraphemes' })

/**
 * Makes the excerpt of a post from its HTML: plain text, cut between words where the language puts spaces between
 * them and between graphemes elsewhere, with `…` where something was cut. The default length is what receivers keep
 * (PROTOCOL 9, 31). Throws `TypeError` where `maxGraphemes` is not a positive integer.
 *
 * ```ts
 * makeExcerpt('<p>The quick brown fox</p>', { maxGraphemes: 12 })   // 'The quick…'
 * ```
 */
export function makeExcerpt(html: string, options: ExcerptOptions = {}): string {
  checkOptions(options)
  const maxGraphemes = positiveInteger(options.maxGraphemes, longestExcerpt, 'maxGraphemes')
  return cutWords(toPlainText(html), maxGraphemes)
}

/** Cuts text as `cutText` does, but between words where its language puts spaces between them. */
export function cutWords(text: string, maxGraphemes: number): string {
  const kept = keptPart(text, maxGraphemes)
  return kept === text ? text : ellipsized(withoutBrokenWord(kept, text))
}

/**
 * Cuts the beginning of a text away, so that at most `maxGraphemes` graphemes of its end are left, the ellipsis `…` that
 * says something was cut included. Takes time in proportion to the whole text unless its end is simple: for short texts.
 */
export function cutStart(text: string, maxGraphemes: number): string {
  if (text.length <= maxGraphemes) return text
  let start = text.length - maxGraphemes + 1
  if (COMPLEX.test(text.slice(-maxGraphemes - 1))) {
    const all = [...graphemesOf(text)]
    if (all.length <= maxGraphemes) return text
    start = all.slice(0, all.length - maxGraphemes + 1).join('').length
  }
  return `…${text.slice(start + brokenWordLength(text, start)).trimStart()}`
}

/** How much of a text, from `start` on, is the rest of a word that begins before; 0 for what is longer than a word. */
function brokenWordLength(text: string, start: number): number {
  if (lengthOf(LETTERS_LAST, text.slice(Math.max(0, start - 2), start)) === 0) return 0
  const rest = text.slice(start, start + LONGEST_WORD)
  const broken = lengthOf(LETTERS_FIRST, rest)
  return broken === rest.length ? 0 : broken
}

function lengthOf(pattern: RegExp, text: string): number {
  return pattern.exec(text)?.[0].length ?? 0
}

/**
 * Cuts text to at most `maxGraphemes` graphemes, of at most 16 code units each on average, the ellipsis `…` that says
 * something was cut included. Never cuts inside a surrogate pair or an emoji sequence; returns the text itself
 * where it fits. Expects what `cleanText` returns. Throws `TypeError` where `maxGraphemes` is not a positive integer.
 *
 * ```ts
 * cutText('トラックバック', 5)   // 'トラック…'
 * ```
 */
export function cutText(text: string, maxGraphemes: number): string {
  const kept = keptPart(text, positiveInteger(maxGraphemes, 1, 'maxGraphemes'))
  return kept === text ? text : ellipsized(kept)
}

function ellipsized(text: string): string {
  return `${text.trimEnd()}…`
}

// The text where it fits, else as much of it as fits before an ellipsis.
function keptPart(text: string, maxGraphemes: number): string {
  if (text.length <= maxGraphemes) return text
  if (!COMPLEX.test(text.slice(0, maxGraphemes + 1))) return text.slice(0, maxGraphemes - 1)
  const maxUnits = maxGraphemes * UNITS_PER_GRAPHEME
  const head = text.slice(0, maxUnits)
  const end = offsetAfter(head, maxGraphemes - 1)
  if (end === maxUnits) {
    const last = graphemes()
      .segment(head)
      .containing(maxUnits - 1)
    return head.slice(0, last?.index)
  }
  const isWhole = head === text && end + offsetAfter(text.slice(end), 1) === text.length
  return isWhole ? text : text.slice(0, end)
}

// The code units that the first graphemes take. Segmenting is slow: only what is not simple is segmented, with one
// simple character on each side, as it may belong to a mark beside it.
function offsetAfter(text: string, count: number): number {
  let left = count
  let offset = 0
  for (const { index, 0: stretch } of text.matchAll(COMPLEX_STRETCH)) {
    if (index - offset >= left) break
    left -= index - offset
    offset = index
    for (const grapheme of graphemesOf(stretch)) {
      if (left === 0) return offset
      left -= 1
      offset += grapheme.length
    }
  }
  return Math.min(offset + left, text.length)
}

// In windows, as each step of the platform's segmenter takes time in proportion to the whole text it was given.
function* graphemesOf(text: string): Generator<string> {
  let size = WINDOW
  for (let start = 0; start < text.length; ) {
    const isPair = (text.codePointAt(start + size - 1) ?? 0) > 0xffff
    const window = text.slice(start, start + size + (isPair ? 1 : 0))
    const whole = Array.from(graphemes().segment(window), ({ segment }) => segment)
    // The last one may go on in the next window.
    if (start + window.length < text.length) whole.pop()
    yield* whole
    const length = whole.reduce((sum, grapheme) => sum + grapheme.length, 0)
    start += length
    size = length === 0 ? 2 * size : WINDOW
  }
}

function withoutBrokenWord(kept: string, text: string): string {
  if (lengthOf(LETTERS_FIRST, text.slice(kept.length, kept.length + 2)) === 0) return kept
  const tail = kept.slice(-LONGEST_WORD)
  const broken = lengthOf(LETTERS_LAST, tail)
  return broken === tail.length ? kept : kept.slice(0, kept.length - broken)
}

function graphemes(): Intl.Segmenter {
  segmenter ??= new Intl.Segmenter('und', { granularity: 'grapheme' })
  return segmenter
}
