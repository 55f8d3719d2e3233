import iconv from 'iconv-lite'
import type { Charset } from './label.js'

// 0x80 to 0x9F of Windows-1252, which Node 20 decodes as Latin-1 (nodejs/node #59515).
const WINDOWS_1252 = '€\x81‚ƒ„…†‡ˆ‰Š‹Œ\x8DŽ\x8F\x90‘’“”•–—˜™š›œ\x9DžŸ'
// The platform has other tables for Big5 and EUC-KR (nodejs/node #40091) and leaks C1 controls in EUC-JP.
const BY_LIBRARY = new Set(['big5', 'euc-kr', 'euc-jp'])
// In Shift_JIS the platform has three control characters change places.
const SHIFT_JIS_CONTROLS: Readonly<Record<string, string>> = {
  '\x1C': '\x1A',
  '\x7F': '\x1C',
  '\x1A': '\x7F',
}
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
    const text = decoderOf(charset).decode(bytes)
    return charset === 'shift_jis' ? text.replace(/[\x1A\x1C\x7F]/g, (c) => SHIFT_JIS_CONTROLS[c] ?? c) : text
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
  const text = utf8.decode(bytes)
  if (!text.includes('\uFFFD')) return text
  return utf8.decode(Buffer.from(toByteString(bytes).replace(CESU_8, joinSurrogates), 'latin1'))
}

/** As Java, Oracle and MySQL write emoji: each half of a surrogate pair as three bytes (PROTOCOL 124). */
const CESU_8 = /\xED[\xA0-\xAF][\x80-\xBF]\xED[\xB0-\xBF][\x80-\xBF]/g

/** The four bytes of UTF-8 for a pair in CESU-8. */
function joinSurrogates(pair: string): string {
  const bits = (at: number, mask: number): number => pair.charCodeAt(at) & mask
  const high = (bits(1, 0x0f) << 6) | bits(2, 0x3f)
  const low = (bits(4, 0x0f) << 6) | bits(5, 0x3f)
  const point = 0x10000 + (high << 10) + low
  const rest = [12, 6, 0].map((shift) => 0x80 | ((point >> shift) & 0x3f))
  return String.fromCharCode(0xf0 | (point >> 18), ...rest)
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
  return toByteString(bytes).replace(/[\x80-\x9F]/g, (c) => WINDOWS_1252.charAt(c.charCodeAt(0) - 0x80))
}
