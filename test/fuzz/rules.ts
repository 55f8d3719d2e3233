import { deepStrictEqual, fail, ok } from 'node:assert/strict'
import { FORBIDDEN } from '../text/hostile.js'

/** Of how much that was read it is seen that it can be written and read back, so that a long input takes no long time. */
export const MOST_WRITTEN = 8

/** Text without half pairs. */
export function wellFormed(text: string): void {
  ok(text.isWellFormed(), `not well-formed: ${JSON.stringify(text)}`)
}

/** One line of text without anything that no text may hold. */
export function clean(text: string): void {
  ok(!FORBIDDEN.test(text), `not clean: ${JSON.stringify(text)}`)
  ok(text === text.trim() && !/ {2}/.test(text), `white space is left: ${JSON.stringify(text)}`)
  deepStrictEqual(text, text.normalize('NFC'))
}

/** An absolute http or https URL. */
export function webUrl(url: string): void {
  if (!/^https?:$/.test(new URL(url).protocol)) fail(`not a web URL: ${url}`)
}

/** The text of bytes in UTF-8; `null` where that is not all there is to know about how they are read. */
export function plainUtf8(bytes: Uint8Array): string | null {
  if (bytes.includes(0x1b)) return null
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return null
  }
}

/** The lines of an input; `count` of them, `''` for those that are missing. */
export function linesOf(input: Uint8Array, count: number): string[] {
  const lines = Buffer.from(input).toString('utf8').split('\n')
  return Array.from({ length: count }, (_, index) => lines[index] ?? '')
}
