import { canonicalHost, webUrl } from '../../protocol/url.js'

/** The URL of a source as it is kept: http or https, without user, password and final dots of its host; or `null`. */
export function parseSource(source: string): URL | null {
  const url = webUrl(source)
  if (url?.hostname.endsWith('.')) url.hostname = canonicalHost(url)
  return url
}

/** A source is one page, whatever fragment of it was named. */
export function sourceKeyOf({ href }: URL): string {
  const end = href.indexOf('#')
  return end < 0 ? href : href.slice(0, end)
}
