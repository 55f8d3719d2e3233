import { canonicalHost } from '../../protocol/url.js'
import { isBelow, parseBaseUrl, parseMountPath } from './base-url.js'
import type { PingTokens } from './ping-token.js'

/** Turns ids into ping URLs and requests back into ids. */
export type PingUrls = ReturnType<typeof createPingUrls>

/** How ids stand in ping URLs. */
interface PingUrlOptions {
  /** The path at which pings arrive. @default that of the base */
  readonly mountPath?: string | undefined
  /** Parameters of the query, or of the form of a ping, that may hold the id, for ping URLs of older engines. */
  readonly idParameters?: readonly string[] | undefined
  /** Signatures, where ping URLs are signed. */
  readonly tokens?: PingTokens | undefined
}

/**
 * Ping URLs below a base: `baseUrl + id`, where the slashes of an id stay slashes and everything else is
 * percent-encoded, so that no ping URL of ours holds an `&` (PROTOCOL 110). Throws a `TypeError` for a base that is not
 * an absolute http(s) URL, or has a query or a fragment, and for a `mountPath` that is no path.
 */
export function createPingUrls(baseUrl: string | URL, options: PingUrlOptions = {}) {
  const { mountPath, idParameters = [], tokens } = options
  const base = parseBaseUrl(baseUrl)
  const prefix = parseMountPath(mountPath, base)

  /** The id that a request names in its path, its query or the form of its body (PROTOCOL 134); else `null`. */
  function idOf(path: string, query: string, body?: Uint8Array | null): string | null {
    if (!isBelow(path, prefix)) return null
    const encoded = path.slice(prefix.length, path.endsWith('/') ? -1 : undefined)
    if (encoded === '') return tokens ? null : idInForms(query, body, idParameters)
    const id = decodeId(encoded)
    return id !== null && tokens ? signedId(id, tokens) : id
  }

  return {
    idOf,
    /** Whether a URL, as others see it, is a ping URL of this post. */
    isOf(url: URL, id: string): boolean {
      const { pathname, search } = url
      if (canonicalHost(url) !== canonicalHost(base) || !isBelow(pathname, base.pathname)) return false
      return idOf(prefix + pathname.slice(base.pathname.length), search.slice(1)) === id
    },
    /** The path at which pings arrive, with a slash at its end. */
    path: prefix,
    /** Whether a path is at or under that path. */
    covers: (path: string): boolean => isBelow(path, prefix),
    /**
     * The ping URL of a post. Throws a `TypeError` for an id that no URL can carry: empty, with a slash at its end, a
     * segment `.` or `..`, a control character or half a surrogate pair.
     */
    urlOf(id: string): string {
      if (typeof id !== 'string') throw new TypeError('a post id must be a string')
      if (id === '' || plainId(id) === null) {
        throw new TypeError(`invalid post id (it cannot be part of a URL): ${JSON.stringify(id)}`)
      }
      const url = base.href + id.split('/').map(encodeURIComponent).join('/')
      return tokens ? `${url}/${tokens.sign(id)}` : url
    },
  }
}

function idInForms(query: string, body: Uint8Array | null | undefined, names: readonly string[]) {
  if (names.length === 0) return null
  for (const form of [query, Buffer.from(body ?? []).toString('latin1')]) {
    const parameters = new URLSearchParams(form)
    const id = names.map((name) => parameters.get(name)).find(Boolean)
    if (id) return plainId(id)
  }
  return null
}

function signedId(path: string, tokens: PingTokens): string | null {
  const end = path.lastIndexOf('/')
  const id = path.slice(0, Math.max(0, end))
  return tokens.accepts(id, path.slice(end + 1)) ? id : null
}

function decodeId(encoded: string): string | null {
  if (!encoded.includes('%')) return plainId(encoded)
  try {
    return plainId(encoded.split('/').map(decodeURIComponent).join('/'))
  } catch {
    return null
  }
}

/**
 * The one rule for ids, wherever they stand: none that we would not have made a URL of; a blog engine may take it for
 * the name of a file.
 */
function plainId(id: string): string | null {
  return /(^|[\\/])\.\.?([\\/]|$)|\/$|[\0-\x1f\x7f-\x9f]/.test(id) || !id.isWellFormed() ? null : id
}
