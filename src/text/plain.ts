import { tokenizeHtml } from './html.js'
import { UNPRINTABLE } from './unprintable.js'

/**
 * The inside of a regular expression's class: characters that are a grapheme each whatever stands beside them (but a
 * mark), that NFC does not change and that text may hold; of white space only the space.
 */
export const SIMPLE_CHARACTERS = ' !-~¡-¬®-ÿĀ-žа-яА-Я‐-–—‘-”†-…、-〟ぁ-ゖ゛-ヿ㐀-䶿一-鿿가-힣！-～｡-ﾝ￠-￦'
const SIMPLE = new RegExp(`^[${SIMPLE_CHARACTERS}]*$`)
// Unicode calls text stream-safe that has at most 30 marks in a row (UAX #15); sorting more of them is quadratic.
const TOO_MANY_MARKS = /(\p{M}{30})\p{M}+/gu
/** The elements whose edges are spaces in a line of text. */
export const BLOCK_ELEMENTS: ReadonlySet<string> = new Set(
  `address article aside blockquote body br button caption center dd details dialog dir div dl dt fieldset figcaption
  figure footer form frameset h1 h2 h3 h4 h5 h6 head header hr html li listing main menu nav ol optgroup option p pre
  section select summary table tbody td tfoot th thead tr ul`.split(/\s+/),
)

/**
 * Makes one line of plain text from HTML: tags, comments, scripts and styles go (a block's edge becomes a space),
 * references are decoded once (PROTOCOL 105), and what is left is cleaned as `cleanText` does. Never throws, takes
 * linear time. The result is text: escape it where it is written out.
 *
 * ```ts
 * toPlainText('<b>K&amp;ouml;ln</b> &amp; <i>Bonn</i>')   // 'K&ouml;ln & Bonn'
 * ```
 */
export function toPlainText(html: string): string {
  if (!html.includes('<') && !html.includes('&')) return cleanText(html)
  const pieces: string[] = []
  const edge = (name: string): void => {
    if (BLOCK_ELEMENTS.has(name)) pieces.push(' ')
  }
  tokenizeHtml(html, { startTag: edge, endTag: edge, text: (text) => pieces.push(text) })
  return cleanText(pieces.join(''))
}

/**
 * Cleans a line of text that is not HTML: control characters, bidi controls, invisible and unassignable characters and
 * lone surrogates are removed (zero-width joiners stay: emoji and Persian need them), white space becomes single
 * spaces (a single ideographic space stays), more than 30 combining marks in a row are cut, and the rest is
 * brought to Unicode form NFC. Idempotent.
 */
export function cleanText(text: string): string {
  if (SIMPLE.test(text) && !/^ | {2}| $/.test(text)) return text
  const kept = collapseSpace(text.replace(UNPRINTABLE, ''))
  return cutMarks(cutMarks(kept).normalize('NFC')).trim()
}

/** Makes every run of white space one space; a single ideographic space stays. */
export function collapseSpace(text: string): string {
  return text.replace(/\s+/g, (run) => (run === '\u3000' ? run : ' '))
}

function cutMarks(text: string): string {
  return text.replace(TOO_MANY_MARKS, '$1')
}
