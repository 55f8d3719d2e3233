/** A name and a value as byte strings: one character, U+0000 to U+00FF, for each byte. */
export type FormPair = readonly [name: string, value: string]

const AMPERSAND = 0x26
const EQUALS = 0x3d
const PERCENT = 0x25
const PLUS = 0x2b
const SPACE = 0x20

/**
 * Reads `application/x-www-form-urlencoded` as the URL Standard does, but leaves the bytes undecoded, because their
 * charset is known only when the `charset` field has been read. Never throws; returns `null` where there are more
 * than `maxPairs` pairs.
 *
 * ```ts
 * parseForm(Buffer.from('title=%93%FA&url='), 32)   // [['title', '\x93\xfa'], ['url', '']]
 * ```
 */
export function parseForm(form: Uint8Array, maxPairs: number): FormPair[] | null {
  const decoded = Buffer.allocUnsafe(form.length)
  /** Where each name ends, and each value, by turns. */
  const ends: number[] = []
  let length = 0
  for (let at = 0; at < form.length; at += 1) {
    if (form[at] === AMPERSAND) continue
    if (ends.length === 2 * maxPairs) return null
    let nameEnd = -1
    for (; at < form.length; at += 1) {
      let byte = form[at] as number
      // What means something comes before the letters.
      if (byte <= EQUALS) {
        if (byte === AMPERSAND) break
        if (byte === EQUALS && nameEnd < 0) {
          nameEnd = length
          continue
        }
        if (byte === PLUS) byte = SPACE
        else if (byte === PERCENT) {
          const escaped = (hexDigit(form[at + 1]) << 4) | hexDigit(form[at + 2])
          if (escaped >= 0) {
            byte = escaped
            at += 2
          }
        }
      }
      decoded[length++] = byte
    }
    ends.push(nameEnd < 0 ? length : nameEnd, length)
  }
  return slices(decoded.toString('latin1', 0, length), ends)
}

/**
 * Writes pairs of byte strings as `application/x-www-form-urlencoded`, as the URL Standard does.
 *
 * ```ts
 * generateForm([['title', '\x93\xfa']])   // 'title=%93%FA'
 * ```
 */
export function generateForm(pairs: readonly FormPair[]): string {
  return pairs.map(([name, value]) => `${percentEncode(name)}=${percentEncode(value)}`).join('&')
}

function slices(text: string, ends: readonly number[]): FormPair[] {
  const pairs: FormPair[] = []
  for (let index = 0; index < ends.length; index += 2) {
    const nameEnd = ends[index]
    pairs.push([text.slice(ends[index - 1] ?? 0, nameEnd), text.slice(nameEnd, ends[index + 1])])
  }
  return pairs
}

// The digit's value, or a negative number that stays negative when shifted and joined with another.
function hexDigit(code = 0): number {
  if (code >= 0x30 && code <= 0x39) return code - 0x30
  const letter = code | 0x20
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : -256
}

/** Writes pairs of text as `generateForm` writes their bytes in UTF-8, many times faster. */
export function generateUtf8Form(pairs: readonly FormPair[]): string {
  return pairs.map(([name, value]) => `${name}=${escapeUtf8(value)}`).join('&')
}

function escapeUtf8(text: string): string {
  const escaped = encodeURIComponent(text.toWellFormed())
  // Looked for in the text: what it became may be nine times as long.
  return /[ !'()~]/.test(text) ? escaped.replace(/%20|[!'()~]/g, unlikeUri) : escaped
}

/** What a form writes otherwise than `encodeURIComponent`. */
function unlikeUri(found: string): string {
  return found === '%20' ? '+' : `%${found.charCodeAt(0).toString(16).toUpperCase()}`
}

// What each byte becomes: itself, `+`, or its escape.
const ESCAPES: readonly string[] = Array.from({ length: 256 }, (_, byte) => {
  const character = String.fromCharCode(byte)
  if (character === ' ') return '+'
  return /[\w*.-]/.test(character) ? character : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`
})

function percentEncode(bytes: string): string {
  if (/^[\w*.-]*$/.test(bytes)) return bytes
  let encoded = ''
  for (let index = 0; index < bytes.length; index += 1) encoded += ESCAPES[bytes.charCodeAt(index)] ?? ''
  return encoded
}
