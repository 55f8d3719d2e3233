import { type LimitsOf, pickLimits } from '../base/limits.js'

/** The longest URL that is taken from a document, in characters: a longer one counts as none. */
export const usualUrlLength = 2048

/** The limits with their defaults. */
const usualLimits = {
  /**
   * The longest URL, in characters; a longer one, also one that is so long once it is resolved, counts as none.
   * @default 2048
   */
  maxUrlLength: usualUrlLength,
  /**
   * How many candidates of a page, or items and `about` URLs of a feed, are looked at; those that follow count as none.
   * @default 1000
   */
  maxCandidates: 1000,
}

/** The limits of what is kept of a document: the length of a URL, and how many of what may stand there many times. */
export type DocumentLimits = LimitsOf<typeof usualLimits>

/** The limits with their defaults. Throws a `TypeError` for one that is not a positive integer. */
export function documentLimits(given: DocumentLimits): typeof usualLimits {
  return pickLimits(usualLimits, given)
}

/** `new URL`, with `null` for an invalid URL. */
export function parseUrl(text: string, base?: string): URL | null {
  // Not `URL.canParse`: once optimised, Node 20's refuses every string with a character from U+0080 to U+00FF.
  try {
    return new URL(text, base)
  } catch {
    return null
  }
}

/**
 * The one name by which a host is compared, counted, blocked and grouped: ASCII and lower case, as `URL` gives it, without
 * port and final dots.
 */
export function canonicalHost({ hostname }: URL): string {
  return withoutFinalDots(hostname) || hostname
}

/** The canonical name of a server: its host, and its port unless that is 80 or 443, as few engines allow. */
export function serverOf(url: URL): string {
  const isWeb = url.port === '' || url.port === '80' || url.port === '443'
  return isWeb ? canonicalHost(url) : `${canonicalHost(url)}:${url.port}`
}

/** A name without the dots at its end: `blog.example..` is the same host as `blog.example`. */
export function withoutFinalDots(name: string): string {
  let end = name.length
  while (name[end - 1] === '.') end -= 1
  return name.slice(0, end)
}

/** A host without `www.` in front of it: the same site, nearly everywhere. */
export function withoutWww(host: string): string {
  return host.startsWith('www.') ? host.slice(4) : host
}

/** The name of a server without `www.` in front of it, as nearly all sites have both. */
export function siteOf(url: URL): string {
  return withoutWww(serverOf(url))
}

/** A host and the domains it is in, so that hosts are compared label by label and never as parts of a text. */
export function hostAndParents(host: string): string[] {
  const labels = withoutFinalDots(host).split('.')
  return labels.map((_, index) => labels.slice(index).join('.'))
}

const AS_WRITTEN = /^https?:\/\/[^/\s\\"<>\0-\x1F\x7F][^\s\\"<>\0-\x1F\x7F]*$/i

/**
 * An absolute http or https URL from a reference in a document: as it is written if it is written absolute, else resolved
 * against `base`. `null` for any other scheme, for an empty or invalid one, and for one of more than `longest` characters.
 * A base that is longer counts as none, so that nothing long is copied for each of many references.
 */
export function resolveUrl(reference: string, base?: string, longest = usualUrlLength): string | null {
  const text = trimmed(reference, longest)
  const url =
    text === '' ? null : parseUrl(text, base !== undefined && base.length > longest ? undefined : base)
  // `URL` takes quotes and braces in a host that it decodes.
  if (url && /["`{}]/.test(url.host)) return null
  if (url?.protocol !== 'http:' && url?.protocol !== 'https:') return null
  const resolved = AS_WRITTEN.test(text) ? text : url.href
  return resolved.length > longest ? null : resolved
}

/** A reference without the space around it; `''` for one that is too long, before anything else is done with it. */
function trimmed(reference: string, longest: number): string {
  return reference.length > longest + 99 ? '' : reference.trim()
}

const PLAIN = /^[\w\-.~:/?#[\]@!$&'()*+,;=%]*$/

/** Escapes what may not stand in a URL; the rest is kept as it is written. */
export function toIri(url: string): string {
  if (PLAIN.test(url)) return url
  return url.trim().replace(/[<>{}\\|^`´\s]|(?!')\p{Quotation_Mark}/gu, encodeURIComponent)
}

// A quote of a charset that was read as another one, an apostrophe that does not stand inside, half an escape.
const noPingUrl = /^['\uFFFD\x91-\x94]|[[(]'|\xE2\x80[\x98-\x9F]|%(?![\da-f]{2})/i

/**
 * A reference to a ping URL; `''` for what cannot be one, such as a template that was not filled in (PROTOCOL 140), and for
 * one of more than `longest` characters.
 */
export function pingReference(text: string, longest: number = usualUrlLength): string {
  const reference = trimmed(text, longest).replace(/[\r\n\u2028\u2029]/g, '')
  return toIri(reference) === reference && !noPingUrl.test(reference) ? reference : ''
}

/** An absolute http or https URL as a page may link to it, without user and password; `null` for everything else. */
export function webUrl(text: string): URL | null {
  const url = parseUrl(text)
  if (url?.protocol !== 'http:' && url?.protocol !== 'https:') return null
  if (url.username || url.password) {
    url.username = ''
    url.password = ''
  }
  return url
}
