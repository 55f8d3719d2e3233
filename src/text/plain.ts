import { decodeText, tokenizeHtml } from './html.js'

/**
 * The inside of a regular expression's class: characters that are a grapheme each whatever stands beside them (but a
 * mark), that NFC does not change and that text may hold; of white space only the space.
 */
export const SIMPLE_CHARACTERS = ' !-~¡-¬®-ÿĀ-žа-яА-Я‐-–—‘-”†-…、-〟ぁ-ゖ゛-ヿ㐀-䶿一-鿿가-힣！-～｡-ﾝ￠-￦'
const SIMPLE = new RegExp(`^[${SIMPLE_CHARACTERS}]*$`)
/**
 * What has no place in a line of text: C0 (but white space), DEL, C1, bidi controls, invisible operators, annotation and
 * byte order marks, tag characters, noncharacters and (`u` makes it so) lone surrogates.
 */
const UNPRINTABLE =
  /[\0-\x08\x0E-\x1F\x7F-\x9F\u200B\u2060-\u206F\uFEFF\uFFF9-\uFFFB\u{E0000}-\u{E007F}\p{Bidi_C}\p{NChar}\p{Cs}]/gu
// The end of a text, or the ellipsis that says it was cut there.
const END = '\\s*(?:$|\\[?(?:…|\\.{3}|&hellip;|&#8230;)\\]?)'
// Fillers, joiners, selectors and the blank pattern of Braille show nothing on their own (PROTOCOL 127).
const VISIBLE = /[^\s\p{Default_Ignorable_Code_Point}\u2800\u{16FE4}\u{1D159}]/u
// Unicode calls text stream-safe that has at most 30 marks in a row (UAX #15); sorting more of them is quadratic.
const TOO_MANY_MARKS = /(\p{M}{30})\p{M}+/gu
// With their semicolon where HTML asks for it: of the others the whole name is a reference.
const CUT_NAMES =
  `amp quot apos; nbsp hellip; ndash; mdash; lsquo; rsquo; sbquo; ldquo; rdquo; bdquo; laquo raquo lsaquo;
  rsaquo; euro; bull; middot trade; deg times szlig ccedil ntilde aring oslash aelig oelig; aacute agrave acirc auml eacute
  egrave ecirc euml iacute icirc oacute ocirc otilde ouml uacute ucirc uuml Auml Ouml Uuml Eacute`.split(
    /\s+/,
  )
// At least two letters: `AT&T` and `R&b` are whole.
const CUT_REFERENCE = new RegExp(
  `&(?:#(?:\\d{0,7}|x[\\da-f]{0,6})|${[...new Set(CUT_NAMES.flatMap(beginningsOf))].join('|')})(?=${END})`,
)
// Half of the escape of a byte may follow, where a form was cut.
const CUT_CHARACTERS = /\uFFFD(?:%[\dA-Fa-f]?)?/g
const RUN_OF_CUT_CHARACTERS = /(?:[\uFFFD\s[]|(?<=\uFFFD)%[\dA-Fa-f]?)+/g
/** The elements whose edges are spaces in a line of text. */
export const BLOCK_ELEMENTS: ReadonlySet<string> = new Set(
  `address article aside blockquote body br button caption center dd details dialog dir div dl dt fieldset figcaption
  figure footer form frameset h1 h2 h3 h4 h5 h6 head header hr html li listing main menu nav ol optgroup option p pre
  section select summary table tbody td tfoot th thead tr ul`.split(/\s+/),
)

/**
 * Makes one line of plain text from HTML: tags, comments, scripts and styles go (a block's edge becomes a space),
 * references are decoded once (PROTOCOL 105), those without a semicolon only where HTML does so in attributes, one cut off
 * at the end goes (137), and what is left is cleaned as `cleanText` does. Never throws, takes linear time. The result is
 * text: escape it where it is written out.
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
  tokenizeHtml(html.replace(CUT_REFERENCE, ''), {
    startTag: edge,
    endTag: edge,
    // In attributes HTML takes `&copy=` and `&copying` for what they are; `&raquo ` is a reference in both (PROTOCOL 137).
    sourceText: (text) => pieces.push(decodeText(text, 'attribute')),
  })
  return cleanText(pieces.join(''))
}

/**
 * Cleans a line of text that is not HTML: control characters, bidi controls, invisible and unassignable characters and
 * lone surrogates are removed (zero-width joiners stay: emoji and Persian need them), what is left of a character that
 * was cut goes (U+FFFD at the end or before an ellipsis), white space becomes single spaces (a single ideographic space
 * stays), more than 30 combining marks in a row are cut, and the rest is brought to Unicode form NFC. What shows nothing at
 * all gives `''` (PROTOCOL 138). Idempotent.
 */
export function cleanText(text: string): string {
  if (SIMPLE.test(text) && !/^ | {2}| $/.test(text)) return text
  const kept = collapseSpace(withoutCutCharacters(text.replace(UNPRINTABLE, '')))
  if (SIMPLE.test(kept)) return kept.trim()
  if (!VISIBLE.test(kept)) return ''
  return cutMarks(cutMarks(kept).normalize('NFC')).trim()
}

/** Removes U+FFFD that ends a text, or stands before an ellipsis: the rest of a character that was cut (PROTOCOL 136). */
export function withoutCutCharacters(text: string): string {
  if (!text.includes('\uFFFD')) return text
  return text.replace(RUN_OF_CUT_CHARACTERS, (run, offset: number) => {
    const end = offset + run.length
    const isCut = end === text.length || text[end] === '…' || text.startsWith('...', end)
    return isCut ? run.replace(CUT_CHARACTERS, '') : run
  })
}

/** Makes every run of white space one space; a single ideographic space stays. */
export function collapseSpace(text: string): string {
  return text.replace(/[ \u3000]\s+|[^\S \u3000]\s*/g, ' ')
}

function beginningsOf(name: string): string[] {
  return Array.from({ length: name.length - 2 }, (_, index) => name.slice(0, index + 2))
}

function cutMarks(text: string): string {
  return text.replace(TOO_MANY_MARKS, '$1')
}
