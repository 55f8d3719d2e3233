import type { FormPair } from './form.js'

const headEnd = '\r\n\r\n'

/**
 * Reads the text parts of `multipart/form-data` (RFC 7578; PROTOCOL 115) as `parseForm` reads a form: names and values as
 * byte strings, because the charset is known only later. Parts that are files are passed over. Never throws; returns
 * `null` if there are more than `maxPairs` parts.
 *
 * ```ts
 * parseMultipart(body, 'x9')   // [['blog_name', 'My blog'], ['url', 'https://my.blog/7']]
 * ```
 */
export function parseMultipart(body: Uint8Array, boundary: string, maxPairs: number): FormPair[] | null {
  const text = `\r\n${Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('latin1')}`
  const delimiter = `\r\n--${boundary}`
  const pairs: FormPair[] = []
  let parts = 0
  for (let at = text.indexOf(delimiter); at >= 0; ) {
    const start = at + delimiter.length
    const next = text.indexOf(delimiter, start)
    if (text.startsWith('--', start) || next < 0) break
    parts += 1
    if (parts > maxPairs) return null
    const pair = readPart(text.slice(start, next))
    if (pair) pairs.push(pair)
    at = next
  }
  return pairs
}

/** A part from the end of its delimiter's text: the rest of that line, the headers, an empty line, the value. */
function readPart(part: string): FormPair | null {
  const end = part.indexOf(headEnd)
  if (end < 0) return null
  const disposition = /\r\ncontent-disposition:([^\r\n]*)/i.exec(part.slice(0, end))?.[1] ?? ''
  const name = /[;\s]name="([^"]*)"/i.exec(disposition)?.[1] ?? /[;\s]name=([^\s;"]+)/i.exec(disposition)?.[1]
  if (name === undefined || /[;\s]filename\*?=/i.test(disposition)) return null
  return [name, part.slice(end + headEnd.length)]
}
