import { parseUrl } from '../../protocol/url.js'

/**
 * The URL below which something is mounted, with a slash at its end. Throws a `TypeError` for what is not an absolute
 * http or https URL, or has a user, a password, a query or a fragment.
 */
export function parseBaseUrl(baseUrl: string | URL): URL {
  const base = parseUrl(String(baseUrl))
  if (base?.protocol !== 'http:' && base?.protocol !== 'https:') {
    throw new TypeError('baseUrl must be an absolute http or https URL')
  }
  if (base.search || base.hash) throw new TypeError('baseUrl must have no query and no fragment')
  if (base.username || base.password) throw new TypeError('baseUrl must have no user and no password')
  if (!base.pathname.endsWith('/')) base.pathname += '/'
  return base
}

/**
 * The path at which requests arrive, with a slash at its end: that of the base, unless something in front takes a part of
 * it away. Throws a `TypeError` for an invalid path, and where neither has one: every page of the site would be answered
 * here. A host that serves nothing else says so by the mount path `/`.
 */
export function parseMountPath(mountPath: string | undefined, base: URL): string {
  if (mountPath === undefined && base.pathname === '/') {
    throw new TypeError(
      `baseUrl needs a path of its own, such as '${base.origin}/trackback/' (or mountPath: '/', where the host serves nothing else)`,
    )
  }
  if (mountPath === undefined) return base.pathname
  if (!/^\/[^?#]*$/.test(mountPath)) throw new TypeError("mountPath must be a path such as '/trackback/'")
  const url = new URL(base)
  url.pathname = mountPath.endsWith('/') ? mountPath : `${mountPath}/`
  return url.pathname
}

/** Whether a path is at or below the path of a base, which ends with a slash. */
export function isBelow(path: string, basePath: string): boolean {
  return path.startsWith(basePath) || path === basePath.slice(0, -1)
}
