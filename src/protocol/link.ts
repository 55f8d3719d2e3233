import { escapeXml } from '../text/escape.js'

/** One link of an HTTP `Link` header. */
export interface HeaderLink {
  /** The target as it is written, possibly relative to the URL that was requested. */
  readonly url: string
  /** The relation types in lower case, of the first `rel` only. */
  readonly rel: readonly string[]
  /** The page the link is about, where it is not the one that was requested. */
  readonly anchor?: string
}

/**
 * Reads the value of a `Link` header (RFC 8288), several fields joined by commas included. What cannot be read is
 * left out; never throws.
 *
 * ```ts
 * parseLinkHeader('</tb/5>; rel="trackback"')   // [{ url: '/tb/5', rel: ['trackback'] }]
 * ```
 */
export function parseLinkHeader(value: string): HeaderLink[] {
  const links: HeaderLink[] = []
  const cursor = { value, at: 0 }
  for (;;) {
    const open = value.indexOf('<', cursor.at)
    const close = open < 0 ? -1 : value.indexOf('>', open)
    if (close < 0) return links
    cursor.at = close + 1
    const parameters = readParameters(cursor)
    const anchor = parameters.get('anchor')
    links.push({
      url: value.slice(open + 1, close).trim(),
      rel: relations(parameters.get('rel')),
      ...(anchor === undefined ? {} : { anchor }),
    })
  }
}

/** The relation types of a `rel` attribute or parameter: a list of tokens, in lower case (PROTOCOL 66). */
export function relations(rel: string | undefined): string[] {
  return rel?.toLowerCase().split(/\s+/).filter(Boolean) ?? []
}

interface Cursor {
  readonly value: string
  at: number
}

function readParameters(cursor: Cursor): Map<string, string> {
  const parameters = new Map<string, string>()
  for (;;) {
    const separator = take(cursor, /[\s;]*/y)
    if (!separator.includes(';')) {
      take(cursor, /[^,<]*/y)
      return parameters
    }
    const name = take(cursor, /[^\s=;,"<]*/y).toLowerCase()
    const equals = take(cursor, /\s*=?\s*/y)
    const given = equals.includes('=') ? readValue(cursor) : ''
    if (name !== '' && !parameters.has(name)) parameters.set(name, given)
    else if (name === '' && equals === '') return parameters
  }
}

function readValue(cursor: Cursor): string {
  if (cursor.value[cursor.at] !== '"') return take(cursor, /[^\s;,"]*/y)
  const quoted = take(cursor, /"(?:[^"\\]|\\.)*"?/sy)
  return quoted.replace(/^"|"$/g, '').replace(/\\(.)/gs, '$1')
}

/** Takes what the pattern matches, which is nothing at the least. */
function take(cursor: Cursor, pattern: RegExp): string {
  const start = cursor.at
  pattern.lastIndex = start
  pattern.test(cursor.value)
  cursor.at = pattern.lastIndex
  return cursor.value.slice(start, cursor.at)
}

/**
 * The value of an HTTP `Link` header that announces a ping URL. Throws a `TypeError` if the URL is not absolute.
 *
 * ```ts
 * response.headers.append('Link', generateLinkHeader(pingUrl))   // <https://blog.example/tb/5>; rel="trackback"
 * ```
 */
export function generateLinkHeader(pingUrl: string): string {
  return `<${new URL(pingUrl).href}>; rel="trackback"`
}

/** The `<link>` element for a page's head that announces a ping URL (PROTOCOL 64, 65). */
export function generateLink(pingUrl: string): string {
  return `<link rel="trackback" type="application/x-www-form-urlencoded" href="${escapeXml(pingUrl)}" />`
}
