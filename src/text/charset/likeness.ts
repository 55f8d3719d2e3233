import { decode, toByteString } from './decode.js'
import type { Charset } from './label.js'
import layouts from './layouts.json' with { type: 'json' }

/** How a standard of two bytes a character is laid out. */
interface Layout {
  /** Points by where a character stands, `first bytes second bytes`, in hexadecimal: the first row that fits counts. */
  readonly rows: Readonly<Record<string, number>>
  /** Frequent characters; of Japanese those that the most frequent ones of Chinese look like: they decide nothing. */
  readonly common?: string
  readonly commonWorth?: number
}

const MALFORMED = -8
// What a character is worth that begins or stands within an ASCII word, or ends in one: most are single bytes.
const IN_WORD = 0.6
const KANA = 3
// Characters of Japanese text in which kana may be missing by chance.
const LONGEST_WITHOUT_KANA = 16
const SAMPLE = 4096
const NOTHING = new Uint8Array()
// Of Windows-1252: what is undefined, and the letters below 0xC0.
const NOT_LATIN = new Set([0x81, 0x8d, 0x8f, 0x90, 0x9d])
const LATIN_LETTERS = new Set([0x8a, 0x8c, 0x8e, 0x9a, 0x9c, 0x9e, 0x9f])
// Single bytes of Windows-1252 where its text has them (PROTOCOL 125), with ASCII beside them: apostrophes, dashes and
// dots within words, what opens and what closes, degrees after a number, capitals that begin a word.
const LATIN_IN_PLACE = new RegExp(
  [
    '(?<=[A-Za-z])\\x92(?=[A-Za-z\\x8C\\x9C\\xC0-\\xFF])',
    '(?<=[A-Za-z])[\\x96\\x97\\xB7](?=[A-Za-z]{2})',
    '(?<![A-Za-z\\x80-\\xFF])[\\x82\\x84\\x8B\\x91\\x93\\xA1\\xA9\\xAB\\xBF](?=[A-Za-z]{2})',
    '(?<=[A-Za-z.!?])[\\x92\\x93\\x94\\x9B\\xAE\\x99\\xBB](?![0-9A-Za-z\\x80-\\xFF])',
    '(?<=\\d ?)\\xB0(?=[CFcf](?![A-Za-z\\x80-\\xFF]))',
    '(?<![A-Za-z\\x80-\\xFF])[\\xC0-\\xDE](?=[a-z]{2})',
  ].join('|'),
  'g',
)
// UTF-8: first whole sequences and pairs of CESU-8; second the usual damage that software does (half a sequence,
// a no-break space of Latin-1, overlong forms); any other byte.
const UTF8_PIECES = new RegExp(
  [
    '(\\xED[\\xA0-\\xAF]T\\xED[\\xB0-\\xBF]T|\\xED[\\x80-\\x9F]T|[\\xC2-\\xDF]T|\\xE0[\\xA0-\\xBF]T|[\\xE1-\\xEC\\xEE\\xEF]TT|\\xF0[\\x90-\\xBF]TT)',
    '((?:\\xE0[\\xA0-\\xBF]|[\\xE1-\\xEF]T|\\xF0[\\x90-\\xBF])T?',
    '(?<=[A-Za-z])[\\x91-\\x97](?=[A-Za-z])|(?:[\\xC2-\\xDE]|(?<![A-Za-z])[\\xE0-\\xF0])(?=$|[\\n.<&[]| \\[|\\xE2\\x80\\xA6)|\\xA0|[\\xC0\\xC1]T)',
    '[\\x80-\\xFF]',
  ]
    .join('|')
    .replaceAll('T', '[\\x80-\\xBF]'),
  'g',
)
// Characters that no text has, or of scripts that no word mixes: what other charsets look like as UTF-8.
const NEVER_TOUCH =
  /[\p{Cn}\p{Co}]|(?<![\p{L}\p{M}])[\u0300-\u036F]|[\x80-\u036F](?=[\u0370-\u07FF\u3000-\uD7FF])|[\u0370-\u052F](?=[\x80-\u036F\u0530-\u07FF\u3000-\uD7FF])|[\u0530-\u07FF\u3000-\uD7FF](?=[\x80-\u052F])/gu

// Rows follow how each standard is laid out: kana, the frequent characters, the rare ones, what no text uses.
const LAYOUTS = new Map<Charset, Layout>(Object.entries(layouts))

const worths = new Map<Charset, Float32Array>()

/**
 * How much the bytes look like text in the charset, in points for each byte over 0x7F: about 1 and more for text,
 * below 0 for text of another charset, 0 for ASCII. Only the 4 KB from the first such byte on are looked at.
 */
export function likeness(bytes: Uint8Array, charset: Charset): number {
  const sample = sampleOf(bytes)
  if (sample.length === 0) return 0
  let high = 0
  for (const byte of sample) if (byte >= 0x80) high += 1
  return pointsOf(sample, charset) / high
}

/** What `likeness` looks at of some bytes, and of itself all. */
export function sampleOf(bytes: Uint8Array): Uint8Array {
  let start = 0
  while (start < bytes.length && (bytes[start] ?? 0) < 0x80) start += 1
  return start === bytes.length ? NOTHING : bytes.subarray(Math.max(0, start - 1), start + SAMPLE)
}

function pointsOf(sample: Uint8Array, charset: Charset): number {
  const layout = LAYOUTS.get(charset === 'gbk' ? 'gb18030' : charset)
  if (layout !== undefined) return pointsOfDoubleByte(sample, charset, layout)
  if (charset === 'utf-8') return pointsOfUtf8(sample)
  return charset === 'windows-1252' ? pointsOfLatin(sample) : pointsOfOther(decode(sample, charset))
}

function pointsOfDoubleByte(sample: Uint8Array, charset: Charset, layout: Layout): number {
  const { rows, common = '', commonWorth = 0 } = layout
  const table = worthsOf(charset, rows)
  let points = 0
  let characters = 0
  let kana = 0
  for (let i = 0; i < sample.length; i += 1) {
    const lead = sample[i] ?? 0
    if (lead < 0x80) continue
    const trail = sample[i + 1] ?? 0
    const before = sample[i - 1] ?? 0
    const alone = charset === 'shift_jis' ? worthOfHalfKana(lead, before, trail) : undefined
    const worth = alone ?? table[lead * 256 + trail] ?? MALFORMED
    const isInWord = isLower(before) && (isLower(trail) || isLower(sample[i + 2] ?? 0))
    if (alone === undefined && worth !== MALFORMED) i += 1
    characters += 1
    if (worth === KANA) kana += 1
    points += isInWord ? Math.min(worth, IN_WORD) : worth
  }
  if (points <= 0) return points
  if (common) points += commonWorth * countOf(common, decode(sample, charset))
  const isJapanese = charset === 'euc-jp' || charset === 'shift_jis'
  return isJapanese && kana === 0 && characters > LONGEST_WITHOUT_KANA ? points / 2 : points
}

// In Shift_JIS a byte by itself; few stand alone.
function worthOfHalfKana(byte: number, before: number, after: number): number | undefined {
  if (!isHalfKana(byte)) return undefined
  if (byte === 0xa4 || byte === 0xa5) return -0.3
  return isHalfKana(before) || isHalfKana(after) ? 0.4 : -0.5
}

function isHalfKana(byte: number): boolean {
  return byte >= 0xa1 && byte <= 0xdf
}

// The rows as a table by both bytes, made when first needed: reading it is the inner loop.
function worthsOf(charset: Charset, rows: Layout['rows']): Float32Array {
  const known = worths.get(charset)
  if (known !== undefined) return known
  const table = new Float32Array(0x10000).fill(MALFORMED)
  for (const [place, worth] of Object.entries(rows).reverse()) {
    const [from = 0, to = 0, low = 0, high = 0] = place.split(/[- ]/).map((hex) => Number.parseInt(hex, 16))
    for (let lead = from; lead <= to; lead += 1) table.fill(worth, lead * 256 + low, lead * 256 + high + 1)
  }
  worths.set(charset, table)
  return table
}

function countOf(characters: string, text: string): number {
  let count = 0
  for (const character of text) if (character > '\x7F' && characters.includes(character)) count += 1
  return count
}

// Errors among whole sequences are damage (PROTOCOL 124): they cost less than a whole sequence is worth.
function pointsOfUtf8(sample: Uint8Array): number {
  let points = 0
  for (const [piece, whole, usual] of toByteString(sample).matchAll(UTF8_PIECES)) {
    if (whole !== undefined) points += 1.5 * piece.length
    else points += usual === undefined ? -1.5 : -0.5
  }
  return points - 4 * (decode(sample, 'utf-8').match(NEVER_TOUCH)?.length ?? 0)
}

// An accented letter stands among ASCII letters; symbols stand alone.
function pointsOfLatin(sample: Uint8Array): number {
  let points = 0
  const text = toByteString(sample).replace(LATIN_IN_PLACE, () => {
    points += 3
    return 'x'
  })
  for (let i = 0; i < text.length; i += 1) {
    const byte = text.charCodeAt(i)
    if (byte < 0x80) continue
    const before = text.charCodeAt(i - 1) || 0
    const after = text.charCodeAt(i + 1) || 0
    const isAlone = before < 0x80 && after < 0x80
    if (NOT_LATIN.has(byte)) points += MALFORMED
    else if (byte < 0xc0 && !LATIN_LETTERS.has(byte)) points += isAlone ? 0.5 : -1
    else if (isAsciiLetter(before) || isAsciiLetter(after)) points += 1
    else points += isAlone ? 0.6 : -0.7
  }
  return points
}

function isLower(byte: number): boolean {
  return byte >= 0x61 && byte <= 0x7a
}

function isAsciiLetter(byte: number): boolean {
  return isLower(byte | 0x20)
}

// Capitals are rarer: KOI8 and Windows-1251 differ in little else.
function pointsOfOther(text: string): number {
  let points = 0
  for (const character of text) {
    if (character <= '\x7F') continue
    if (/[\uFFFD\x80-\x9F]/.test(character)) points += MALFORMED
    else if (/\p{Lu}/u.test(character)) points += 0.4
    else points += /[\p{L}\p{M}]/u.test(character) ? 0.8 : -0.3
  }
  return points
}
