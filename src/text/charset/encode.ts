import { decode } from './decode.js'
import { type Charset, parseCharsetLabel } from './label.js'

type Encoder = ReadonlyMap<string, string>
const NEVER_SENT = new Set(['utf-16le', 'utf-16be'])
// One JIS character that two operating systems map to two of Unicode: the form that is sent.
const TWINS = new Map([
  ['〜', '～'],
  ['−', '－'],
  ['‖', '∥'],
  ['—', '―'],
  ['¢', '￠'],
  ['£', '￡'],
  ['¬', '￢'],
])
// The Encoding Standard: of two codes for one character the first is sent, with these exceptions.
const DECODED_ONLY: Readonly<Record<string, (lead: number) => boolean>> = {
  shift_jis: (lead) => lead === 0xed || lead === 0xee,
  big5: (lead) => lead < 0xa1,
}
const LAST_IN_BIG5 = new Set('═╞╡╪十卅')
const encoders = new Map<Charset, Encoder>()

/**
 * Encodes text as the Encoding Standard says. A character that the charset lacks becomes a numeric reference
 * (`&#9731;`). The wave dash and six others that systems map in two ways are sent as the charset has them; ISO-2022-JP
 * has full-width kana only; of GB18030 the two-byte part is used. Throws `TypeError` where the charset is unknown or UTF-16.
 *
 * ```ts
 * encodeText('日本', 'euc-jp')   // Uint8Array [0xC6, 0xFC, 0xCB, 0xDC]
 * ```
 */
export function encodeText(text: string, charset: Charset): Uint8Array {
  const name = parseCharsetLabel(charset)
  if (name === null || NEVER_SENT.has(name)) throw new TypeError(`Text cannot be encoded as ${charset}`)
  if (name === 'utf-8') return new TextEncoder().encode(text)
  if (name === 'iso-2022-jp') return iso2022Jp(text)
  return fromByteString(codesOf(text, name))
}

// The bytes as characters U+0000 to U+00FF.
function codesOf(text: string, charset: Charset): string {
  const encoder = encoderOf(charset)
  return text.replace(
    /[^\0-\x7F]/gu,
    (character) =>
      encoder.get(character) ?? encoder.get(TWINS.get(character) ?? '') ?? `&#${character.codePointAt(0)};`,
  )
}

// ISO-2022-JP is EUC-JP without the high bits, between escape sequences.
function iso2022Jp(text: string): Uint8Array {
  const wide = text.replace(/[｡-ﾟ]+/g, (run) => run.normalize('NFKC')).replace(/[\x0E\x0F\x1B]/g, '')
  const codes = codesOf(wide, 'euc-jp').replace(/[\x80-\xFF]+/g, '\x1B$$B$&\x1B(B')
  return fromByteString(codes).map((byte) => byte & 0x7f)
}

function fromByteString(bytes: string): Uint8Array {
  return Buffer.from(bytes, 'latin1')
}

function encoderOf(charset: Charset): Encoder {
  const encoder = encoders.get(charset) ?? invert(charset)
  encoders.set(charset, encoder)
  return encoder
}

// What a code of two bytes ends with; from 0x80 on, what it begins with, or what is a code by itself.
const TRAILS = Array.from({ length: 0xc0 }, (_, index) => String.fromCharCode(0x40 + index))

// Decoding every code once gives the encoder: the platform has none.
function invert(charset: Charset): Encoder {
  const leads = TRAILS.slice(0x40)
  const codes = [...leads, ...leads.flatMap((lead) => TRAILS.map((trail) => lead + trail))]
  const texts = decode(fromByteString(codes.join('\n')), charset).split('\n')
  const encoder = new Map<string, string>()
  for (const [index, code] of codes.entries()) {
    const text = texts[index] ?? ''
    if (!/^[^\uFFFD\uE000-\uF8FF]$/u.test(text) || DECODED_ONLY[charset]?.(code.charCodeAt(0))) continue
    if (!encoder.has(text) || (charset === 'big5' && LAST_IN_BIG5.has(text))) encoder.set(text, code)
  }
  return encoder
}
