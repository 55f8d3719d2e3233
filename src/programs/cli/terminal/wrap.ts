// Characters of two columns: East Asian wide and full-width characters, and emoji.
const wide =
  '\\u1100-\\u115F\\u2E80-\\u303E\\u3041-\\uA4CF\\uA960-\\uA97C\\uAC00-\\uD7A3\\uF900-\\uFAFF\\uFE30-\\uFE6F\\uFF01-\\uFF60\\uFFE0-\\uFFE6\\u{20000}-\\u{3FFFD}\\p{Emoji_Presentation}'
const wideOnes = new RegExp(`[${wide}]`, 'gu')
const nothing = /\p{M}|\p{Join_C}/gu
// A wide character with the characters that must not begin a line (禁則), a word, or a space.
const parts = new RegExp(
  `[${wide}](?:\\p{M}|\\p{Join_C})*[、。，．・：；？！ー）」』】〉》］｝ぁぃぅぇぉっゃゅょァィゥェォッャュョ]*|[^${wide}\\s]+|\\s`,
  'gu',
)

// The codes that change the style of what follows.
const codes = /\x1B\[\d+m/g

/** The number of terminal columns that a text takes; the codes of styles take none. */
export function columnsOf(text: string): number {
  const shown = text.replace(codes, '').replace(nothing, '')
  return [...shown].length + (shown.match(wideOnes)?.length ?? 0)
}

/**
 * Breaks text into lines of at most `width` columns: between words, and between characters of scripts without spaces. A
 * word that is too long stays whole, so that a URL can be copied. Returns at least one line.
 */
export function wrap(text: string, width: number): string[] {
  if (columnsOf(text) <= width) return [text]
  const lines = ['']
  let used = 0
  for (const [part] of text.matchAll(parts)) {
    const columns = columnsOf(part)
    if (used > 0 && used + columns > width) {
      lines.push('')
      used = 0
    }
    if (used === 0 && part.trim() === '') continue
    lines[lines.length - 1] += part
    used += columns
  }
  return lines.map((line) => line.trimEnd()).filter((line, at) => at === 0 || line !== '')
}
