/** `new URL`, with `null` for what is no URL. */
export function parseUrl(text: string, base?: string): URL | null {
  // Not `URL.canParse`: once optimised, Node 20's refuses every string with a character from U+0080 to U+00FF.
  try {
    return new URL(text, base)
  } catch {
    return null
  }
}

const AS_WRITTEN = /^https?:\/\/[^/\s\\"<>\0-\x1F\x7F][^\s\\"<>\0-\x1F\x7F]*$/i

/**
 * An absolute http or https URL from a reference in a document: as it is written where it is written absolute, else
 * resolved against `base`. `null` for any other scheme, for what is empty and for what is no URL.
 */
export function resolveUrl(reference: string, base?: string): string | null {
  const text = reference.trim()
  const url = text === '' ? null : parseUrl(text, base)
  if (url?.protocol !== 'http:' && url?.protocol !== 'https:') return null
  return AS_WRITTEN.test(text) ? text : url.href
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
