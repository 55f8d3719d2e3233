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
  for (let at = 0; ; ) {
    const open = value.indexOf('<', at)
    const close = open < 0 ? -1 : value.indexOf('>', open)
    if (close < 0) return links
    at = close + 1
    const parameters = new Map<string, string>()
    for (let found = parameterAt(value, at); found; found = parameterAt(value, at)) {
      at += found[0].length
      const [, name = '', , given = ''] = found
      if (!parameters.has(name.toLowerCase())) parameters.set(name.toLowerCase(), withoutQuotes(given))
    }
    const anchor = parameters.get('anchor')
    links.push({
      url: value.slice(open + 1, close).trim(),
      rel: relations(parameters.get('rel')),
      ...(anchor === undefined ? {} : { anchor }),
    })
  }
}

const PARAMETER = /\s*;[\s;]*([^\s=;,"<]*)(\s*=\s*("(?:[^"\\]|\\.)*"?|[^\s;,"]*))?/sy

/** The parameter that begins at a place with its `;`; `null` if none does, or there is neither a name nor a value. */
function parameterAt(value: string, at: number): RegExpExecArray | null {
  PARAMETER.lastIndex = at
  const found = PARAMETER.exec(value)
  return found && (found[1] || found[2]) ? found : null
}

function withoutQuotes(given: string): string {
  return given.startsWith('"') ? given.replace(/^"|"$/g, '').replace(/\\(.)/gs, '$1') : given
}

/** The relation types of a `rel` attribute or parameter: a list of tokens, in lower case (PROTOCOL 66). */
export function relations(rel: string | undefined): string[] {
  return rel?.toLowerCase().split(/\s+/).filter(Boolean) ?? []
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
