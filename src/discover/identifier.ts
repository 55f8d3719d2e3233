import { canonicalHost, parseUrl, withoutWww } from '../protocol/url.js'

/** How two URLs are the same, and which rules made them so. */
export interface UrlMatch {
  /** `exact`: the same string. `equivalent`: the same resource. `fragment`: that, but one of them has a fragment. */
  readonly match: 'exact' | 'equivalent' | 'fragment'
  /** The rules that were needed, in words. */
  readonly reason: string
}

/** A URL taken apart for comparison. */
export type Address = NonNullable<ReturnType<typeof toAddress>>

const webPorts = new Set(['', '80', '443'])
const INDEX_FILE = /\/(?:index|default)\.(?:html?|shtml|xhtml|php\d?|aspx?|cfm|cgi|jsp)$/i

/**
 * Compares two absolute http or https URLs by rules that cannot make two posts of one site equal (PROTOCOL 47, 95, 139):
 * percent-escapes of unreserved characters and of `! ' ( ) *`, parameters of tracking and sessions (128), default port,
 * case of host, `&amp;` left in the query, http or https, `www.`, an index file, a final slash, and last the absence of the
 * fragment on one side. Paths and queries are otherwise compared letter by letter, and two different fragments are two
 * different posts. Returns `null` where they differ, or where one of them is no such URL.
 *
 * ```ts
 * compareUrls('http://example.org/a/', 'https://www.example.org/a')
 * // { match: 'equivalent', reason: 'http or https, www., final slash' }
 * ```
 */
export function compareUrls(a: string, b: string): UrlMatch | null {
  const first = toAddress(a)
  const second = toAddress(b)
  return first && second && compareAddresses(first, second)
}

/** The parts that `compareAddresses` looks at, or `null` for what is not an absolute http or https URL. */
export function toAddress(url: string) {
  const text = url.trim()
  const clean = text.includes('&') ? text.replace(/&(?:amp|#38|#038|#x26);/gi, '&') : text
  const parsed = parseUrl(clean)
  if (parsed?.protocol !== 'http:' && parsed?.protocol !== 'https:') return null
  const path = parsed.pathname.replace(/;(?:jsessionid|phpsessid)=[^;/]*/gi, '')
  const plainPath = withPlainEscapes(path)
  const query = withoutTracking(parsed.search)
  return {
    text,
    residue: clean !== text,
    authority: clean.split(/[/?#]/, 3)[2] ?? '',
    scheme: parsed.protocol,
    user: `${parsed.username}:${parsed.password}`,
    host: canonicalHost(parsed),
    port: parsed.port,
    path,
    query,
    fragment: parsed.hash,
    plainPath,
    barePath: withoutIndex(plainPath).replace(/\/$/, ''),
    plainQuery: withPlainEscapes(query),
    plainFragment: withPlainEscapes(parsed.hash),
  }
}

/**
 * One text for all URLs of a page: equal for two URLs that `compareUrls` finds equivalent, whatever their fragments.
 * Returns `null` for a URL that is not an absolute http or https URL.
 */
export function pageKey(url: string): string | null {
  const address = toAddress(url)
  if (address === null) return null
  const { user, host, port, barePath, plainQuery } = address
  return `${user}@${withoutWww(host)}:${webPorts.has(port) ? '' : port}${barePath}${plainQuery}`
}

/** Parameters that name no page: tracking and sessions (PROTOCOL 128). */
const trackingParameter =
  /^(?:utm_[^=]*|fbclid|gclid|msclkid|mc_cid|mc_eid|igshid|yclid|_hs[^=]*|phpsessid|jsessionid)(?:=|$)/i

function withoutTracking(query: string): string {
  if (query === '') return query
  const kept = query
    .slice(1)
    .split('&')
    .filter((parameter) => parameter !== '' && !trackingParameter.test(withPlainEscapes(parameter)))
  return kept.length === 0 ? '' : `?${kept.join('&')}`
}

/** `compareUrls` for URLs that are taken apart already, as when many are compared with one. */
export function compareAddresses(a: Address, b: Address): UrlMatch | null {
  if (a.text === b.text) return { match: 'exact', reason: 'the same URL' }
  const rules: string[] = []
  const same =
    sameHost(a, b, rules) && samePath(a, b, rules) && sameQuery(a, b, rules) && sameFragment(a, b, rules)
  if (!same) return null
  const match =
    a.fragment !== b.fragment && (a.fragment === '' || b.fragment === '') ? 'fragment' : 'equivalent'
  return { match, reason: rules.join(', ') || 'the same URL, written differently' }
}

function sameHost(a: Address, b: Address, rules: string[]): boolean {
  if (a.user !== b.user || !(a.port === b.port || (webPorts.has(a.port) && webPorts.has(b.port))))
    return false
  if (a.host !== b.host && withoutWww(a.host) !== withoutWww(b.host)) return false
  if (a.scheme !== b.scheme) rules.push('http or https')
  if (a.host !== b.host) rules.push('www.')
  if (a.authority === b.authority) return true
  if (/:\d*$/.test(a.authority) !== /:\d*$/.test(b.authority) || a.port !== b.port) rules.push('default port')
  if (hasCase(a.authority) !== hasCase(b.authority)) rules.push('case of host')
  return true
}

function hasCase(authority: string): boolean {
  return authority !== authority.toLowerCase()
}

function samePath(a: Address, b: Address, rules: string[]): boolean {
  if (a.path === b.path) return true
  if (a.barePath !== b.barePath) return false
  if (a.path !== a.plainPath || b.path !== b.plainPath) rules.push('percent-escapes')
  if (a.plainPath === b.plainPath) return true
  const indexFiles = [a, b].filter(({ plainPath }) => INDEX_FILE.test(plainPath)).length
  // Two index files of different names may be two pages.
  if (indexFiles === 2) return false
  if (indexFiles === 1) rules.push('index file')
  if (withoutIndex(a.plainPath) !== withoutIndex(b.plainPath)) rules.push('final slash')
  return true
}

function withoutIndex(path: string): string {
  return path.replace(INDEX_FILE, '/')
}

function sameQuery(a: Address, b: Address, rules: string[]): boolean {
  if (a.residue !== b.residue) rules.push('entity residue')
  if (a.query === b.query) return true
  rules.push('percent-escapes')
  return a.plainQuery === b.plainQuery
}

function sameFragment(a: Address, b: Address, rules: string[]): boolean {
  if (a.plainFragment === b.plainFragment) return true
  const fragment = a.fragment || b.fragment
  // `#!/post/5` and `#/post/5` are how some sites name a page.
  if ((a.fragment && b.fragment) || /^#[!/]/.test(fragment)) return false
  rules.push('fragment')
  return true
}

/**
 * Writes escapes in one way: none of unreserved characters (RFC 3986, section 6.2.2), nor of what no URL may hold as it is
 * and the platform leaves so in one place or another, the others in upper case.
 */
function withPlainEscapes(text: string): string {
  if (!text.includes('%')) return text
  return text.replace(/%[0-9a-f]{2}/gi, (triplet) => {
    const character = String.fromCharCode(Number.parseInt(triplet.slice(1), 16))
    return /[A-Za-z0-9._~!'()*"<>\\^`{|}-]/.test(character) ? character : triplet.toUpperCase()
  })
}
