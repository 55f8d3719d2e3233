import { TrackbackError } from '../base/errors.js'
import { parseUrl } from '../protocol/url.js'
import { blocked } from './guard.js'

/** One request of a chain, as it is sent. */
export interface Hop {
  readonly method: 'GET' | 'HEAD' | 'POST'
  readonly url: URL
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string>>
  readonly body?: Uint8Array | string | undefined
}

const repeatable = new Set([301, 302, 307, 308])
const crossOriginHeaders = new Set(
  'accept accept-encoding accept-language content-type user-agent'.split(' '),
)

/**
 * The request that an answer redirects to, or `null` where the answer is the last word: it is no redirect, names no
 * URL that can be read, or answers a POST with 303. A POST stays a POST with its body (PROTOCOL 98); another origin
 * is sent no header but the few that say what is sent and wanted. Throws `BLOCKED_URL` for a POST that would go from
 * https to http: a page may be read there, a ping is not sent (PROTOCOL 142).
 */
export function nextHop(
  hop: Hop,
  answer: { readonly status: number; readonly location: string | string[] | undefined },
): Hop | null {
  const followed = repeatable.has(answer.status) || (answer.status === 303 && hop.method !== 'POST')
  if (!followed || typeof answer.location !== 'string') return null
  const url = resolve(answer.location, hop.url)
  if (url === null) return null
  if (hop.method === 'POST' && hop.url.protocol === 'https:' && url.protocol === 'http:') {
    throw blocked(url.hostname, 'a redirect from https to http')
  }
  return { ...hop, url, headers: url.origin === hop.url.origin ? hop.headers : sharedHeaders(hop.headers) }
}

/** A header's bytes come as Latin-1; sites that leave them raw in a URL mean these bytes, in UTF-8 mostly. */
function resolve(location: string, base: URL): URL | null {
  const ascii = location.replace(
    /[\x80-\xff]/g,
    (byte) => `%${byte.charCodeAt(0).toString(16).toUpperCase()}`,
  )
  return parseUrl(ascii, base.href)
}

function sharedHeaders(headers: Hop['headers']): Hop['headers'] {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => crossOriginHeaders.has(name)))
}

/**
 * Adds the URL that redirected to those before it. Throws `TOO_MANY_REDIRECTS` where they become more than `max`, and
 * where the next one is among them, whatever its fragment.
 */
export function addRedirect(redirects: string[], from: URL, to: URL, max: number): void {
  redirects.push(from.href)
  if (redirects.some((url) => withoutFragment(url) === withoutFragment(to.href))) {
    throw new TrackbackError('TOO_MANY_REDIRECTS', `${to.hostname} redirects in a loop`)
  }
  if (redirects.length > max) {
    throw new TrackbackError('TOO_MANY_REDIRECTS', `${to.hostname} exceeds the limit of ${max} redirects`)
  }
}

function withoutFragment(url: string): string {
  return url.replace(/#.*/, '')
}
