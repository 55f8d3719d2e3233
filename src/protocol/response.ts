import { escapeXml } from '../text/escape.js'
import { cleanText } from '../text/plain.js'
import { childrenNamed, findElement, parseXml, textOf, type XmlElement, type XmlOptions } from './xml.js'

/** The answer to a ping (PROTOCOL 16-24). */
export interface PingResponse {
  /** 0 for success; every other integer is a failure. */
  error: number
  /** What the server says about it: plain, untrusted text. */
  message?: string
}

/**
 * Reads the answer to a ping, with the deviations seen in the wild (PROTOCOL 22-24, 114, 133): text or a page before the
 * document or after it, CDATA, blanks around the code, other codes than 0 and 1, `<success>` in place of `<error>`, further
 * elements, bare `&`. Returns `null` without a `<response>` that holds an integer code: that is never a success. Never
 * throws.
 *
 * ```ts
 * parseResponse('<response><error>1</error><message>Closed</message></response>')
 * // { error: 1, message: 'Closed' }
 * ```
 */
export function parseResponse(xml: string | Uint8Array, options: XmlOptions = {}): PingResponse | null {
  const usual = readUsual(xml)
  if (usual) return usual
  const document = parseXml(wholeAnswerIn(xml) ?? xml, options)
  // A page may stand before a response; one that quotes a response is not a response.
  const outside = document.children.filter((child) => typeof child === 'string' || child.local !== 'html')
  const response = findElement({ ...document, children: outside }, 'response')
  const code = response && textOf(child(response, 'error') ?? child(response, 'success')).trim()
  if (!code || !/^[+-]?\d{1,9}$/.test(code)) return null
  return { error: Number(code) || 0, ...messageIn(response) }
}

/**
 * What stands before the end of a whole `</response>`, or `null`: free hosts append a page to an answer, and servers end
 * the connection early (PROTOCOL 133).
 */
export function wholeAnswerIn<T extends string | Uint8Array>(xml: T): T | null {
  const end = /<\/response\s*>/i.exec(latin1Of(xml))
  return end && (xml.slice(0, end.index + end[0].length) as T)
}

function latin1Of(xml: string | Uint8Array): string {
  if (typeof xml === 'string') return xml
  return Buffer.from(xml.buffer, xml.byteOffset, xml.byteLength).toString('latin1')
}

const longestUsual = 1024

/** The form that nearly every server answers in, without the work that XML is: ASCII, no reference, no attribute. */
function readUsual(xml: string | Uint8Array): PingResponse | null {
  if (xml.length > longestUsual) return null
  const found = USUAL.exec(latin1Of(xml))
  if (!found) return null
  const message = cleanText(found[2] ?? '')
  return { error: Number(found[1]), ...(message && { message }) }
}

const USUAL =
  /^(?:<\?xml version="1\.0" encoding="(?:utf-8|iso-8859-1)"\?>)?\s*<response>\s*<error>(\d{1,9})<\/error>\s*(?:<message>([\x20-\x25\x27-\x3b\x3d-\x7e]*)<\/message>\s*)?<\/response>\s*$/i

/**
 * Reads the other document that WordPress answers with, where it refuses before its TrackBack code is reached (PROTOCOL 103):
 * the root is `<error>`, and holds `<code>`, `<message>` and `<data><status>`. Its code is that status (429 for a flood, 409
 * for a duplicate), else the `status` of the HTTP answer. Returns `null` for anything else. Never throws.
 */
export function parseWordPressError(
  xml: string | Uint8Array,
  { status, ...options }: XmlOptions & { readonly status: number },
): PingResponse | null {
  const root = child(parseXml(xml, options), 'error')
  if (!root || !(child(root, 'code') || child(root, 'message'))) return null
  const own = textOf(child(child(root, 'data') ?? root, 'status')).trim()
  return { error: /^[1-5]\d\d$/.test(own) ? Number(own) : status, ...messageIn(root) }
}

function child(element: XmlElement, local: string): XmlElement | undefined {
  return childrenNamed(element, local)[0]
}

function messageIn(element: XmlElement): { message?: string } {
  const message = cleanText(textOf(child(element, 'message')))
  return message === '' ? {} : { message }
}

/**
 * Writes the answer to a ping, byte for byte as the specification shows it (PROTOCOL 16, 17). Throws a `TypeError`
 * where `error` is no integer.
 *
 * ```ts
 * generateResponse({ error: 1, message: 'A & B' })
 * ```
 */
export function generateResponse({ error, message }: Readonly<PingResponse>): string {
  if (!Number.isSafeInteger(error)) throw new TypeError('error must be an integer')
  const said = message === undefined ? '' : `<message>${escapeXml(message)}</message>\n`
  return `<?xml version="1.0" encoding="utf-8"?>
<response>
<error>${error}</error>
${said}</response>`
}
