import iconv from 'iconv-lite'
import type { Charset } from './label.js'

// 0x80 to 0x9F of Windows-1252, which Node 20 decodes as Latin-1 (nodejs/node #59515).
const WINDOWS_1252 = '€\x81‚ƒ„…†‡ˆ‰Š‹Œ\x8DŽ\x8F\x90‘’“”•–—˜™š›œ\x9DžŸ'
// The platform has other tables for Big5 and EUC-KR (nodejs/node #40091) and leaks C1 controls in EUC-JP.
const BY_LIBRARY = new Set(['big5', 'euc-kr', 'euc-jp'])
// In Shift_JIS the platform has three control characters change places: which byte it takes for which.
const SHIFT_JIS_BYTES = Uint8Array.from({ length: 256 }, (_, byte) => byte)
SHIFT_JIS_BYTES.set([0x7f], 0x1a)
SHIFT_JIS_BYTES.set([0x1a], 0x1c)
SHIFT_JIS_BYTES.set([0x1c], 0x7f)
const utf8 = new TextDecoder('utf-8')
const decoders = new Map([['utf-8', utf8]])
const strictUtf8 = new TextDecoder('utf-8', { fatal: true })

/**
 * Decodes bytes as the Encoding Standard says; a byte order mark is removed. Never throws: malformed bytes become
 * U+FFFD, and a charset that is not known is read as UTF-8.
 *
 * Known differences from the standard: in UTF-8 a surrogate pair of three bytes each (CESU-8) is read as its character;
 * in Shift_JIS the byte 80 is malformed; how many U+FFFD stand for malformed bytes,
 * and whether an ASCII letter after them survives, may differ in Shift_JIS, EUC-JP, EUC-KR and Big5. No quote and no `<`
 * is ever taken for half of a character.
 *
 * ```ts
 * decode(Uint8Array.of(0x93, 0xfa, 0x96, 0x7b), 'shift_jis')   // '日本'
 * ```
 */
export function decode(bytes: Uint8Array, charset: Charset): string {
  if (charset === 'utf-8') return decodeUtf8(bytes)
  if (charset === 'windows-1252') return decodeWindows1252(bytes)
  if (BY_LIBRARY.has(charset)) return iconv.decode(bytes, charset)
  try {
    return decoderOf(charset).decode(charset === 'shift_jis' ? withItsControls(bytes) : bytes)
  } catch {
    return decodeUtf8(bytes)
  }
}

// Making one takes longer than decoding a title. There are as many as the Encoding Standard has labels.
function decoderOf(charset: Charset): typeof utf8 {
  const decoder = decoders.get(charset) ?? new TextDecoder(charset)
  decoders.set(charset, decoder)
  return decoder
}

function decodeUtf8(bytes: Uint8Array): string {
  const isCesu = bytes.includes(0xed) && SURROGATES.test(toByteString(bytes))
  return utf8.decode(isCesu ? joinSurrogates(bytes) : bytes)
}

const SURROGATES = /\xED[\xA0-\xAF][\x80-\xBF]\xED[\xB0-\xBF][\x80-\xBF]/

/** Makes four bytes of each surrogate pair of six, as Java, Oracle and MySQL write emoji: CESU-8 (PROTOCOL 124). */
function joinSurrogates(bytes: Uint8Array): Uint8Array {
  const joined = new Uint8Array(bytes.length)
  let end = 0
  for (let at = 0; at < bytes.length; ) {
    const high = bytes[at] === 0xed ? surrogateAt(bytes, at, 0xa0) : -1
    const low = high < 0 ? -1 : surrogateAt(bytes, at + 3, 0xb0)
    if (low < 0) {
      joined[end++] = bytes[at++] ?? 0
      continue
    }
    const point = 0x10000 + (high << 10) + low
    joined[end++] = 0xf0 | (point >> 18)
    for (const shift of [12, 6, 0]) joined[end++] = 0x80 | ((point >> shift) & 0x3f)
    at += 6
  }
  return joined.subarray(0, end)
}

/** The ten bits of half a pair that is written as three bytes; `kind` begins the second. -1 where none stands there. */
function surrogateAt(bytes: Uint8Array, at: number, kind: number): number {
  const second = bytes[at + 1] ?? 0
  const third = bytes[at + 2] ?? 0
  const isOne = bytes[at] === 0xed && (second & 0xf0) === kind && (third & 0xc0) === 0x80
  return isOne ? ((second & 0x0f) << 6) | (third & 0x3f) : -1
}

/** Decodes UTF-8, or returns `null` where the bytes are not valid UTF-8. A byte order mark is removed. */
export function decodeStrictUtf8(bytes: Uint8Array): string | null {
  const text = utf8.decode(bytes)
  if (!text.includes('\uFFFD')) return text
  // It stands for what is malformed, unless it was sent. An error takes as long as decoding a page.
  if (!toByteString(bytes).includes('\xEF\xBF\xBD')) return null
  try {
    return strictUtf8.decode(bytes)
  } catch {
    return null
  }
}

/** The bytes as a string of one character each, U+0000 to U+00FF. */
export function toByteString(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1')
}

function decodeWindows1252(bytes: Uint8Array): string {
  const text = toByteString(bytes)
  if (!/[\x80-\x9F]/.test(text)) return text
  const units = Buffer.allocUnsafe(2 * bytes.length)
  let at = 0
  for (const byte of bytes) {
    const unit = byte >= 0x80 && byte < 0xa0 ? WINDOWS_1252.charCodeAt(byte - 0x80) : byte
    units[at++] = unit & 0xff
    units[at++] = unit >> 8
  }
  return units.toString('utf16le')
}

function withItsControls(bytes: Uint8Array): Uint8Array {
  if (![0x1a, 0x1c, 0x7f].some((control) => bytes.includes(control))) return bytes
  const moved = new Uint8Array(bytes.length)
  for (let at = 0; at < bytes.length; at += 1) moved[at] = SHIFT_JIS_BYTES[bytes[at] ?? 0] ?? 0
  return moved
}
