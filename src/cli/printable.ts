import { UNPRINTABLE } from '../text/unprintable.js'

/**
 * One line of text that a terminal takes for nothing but text: no control character, so no escape sequence, no direction
 * override; white space but the two spaces becomes a space.
 */
export function printable(text: string): string {
  return text.replace(UNPRINTABLE, '').replace(/[^\S \u3000]/g, ' ')
}

/** JSON that is safe to look at: what `printable` removes is escaped. On one line, or indented for people. */
export function toJson(value: unknown, indent: number): string {
  return JSON.stringify(value, null, indent)
    .replace(UNPRINTABLE, escaped)
    .replace(/[\u2028\u2029]/g, escaped)
}

function escaped(character: string): string {
  const units = Array.from({ length: character.length }, (_, index) => character.charCodeAt(index))
  return units.map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`).join('')
}
