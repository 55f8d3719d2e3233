import type { Post } from '../../base/types.js'
import { whenThere } from '../../base/waiting.js'
import { compareUrls } from '../../discover/identifier.js'
import { canonicalHost, siteOf, withoutWww } from '../../protocol/url.js'
import type { PingUrls } from '../urls/ping-url.js'
import { sourceKeyOf } from '../urls/source-url.js'
import type { Blocks } from './blocks.js'
import type { Erased } from './erased.js'

/** Why a URL cannot be the source of a trackback: it is the post itself, or it is blocked or was erased. */
export type SourceRefusal = 'own-url' | 'blocked'

/**
 * Whether a URL may be the source of a trackback under a post. The same rule holds for the URL in a ping, for each
 * redirect, and at every later look.
 */
export function refusalOf(
  url: URL,
  post: Post,
  clientIp: string | null,
  { blocks, erased, urls }: { blocks: Blocks; erased: Erased; urls: PingUrls },
  aliases: readonly string[] = [],
): SourceRefusal | null | Promise<SourceRefusal | null> {
  if (isOwnUrl(url, post, urls, aliases)) return 'own-url'
  const key = sourceKeyOf(url)
  const isBlocked = whenThere(
    blocks.matcher(post.blog ?? ''),
    (matches) => matches(key, canonicalHost(url), clientIp) || erased.has(post.id, key),
  )
  return whenThere(isBlocked, (blocked) => (blocked ? 'blocked' : null))
}

/** Whether a URL is on the site of a post, with or without `www.`, on any port of the web. */
export function isOwnSite(url: URL, postUrl: string): boolean {
  return mayBeSameSite(canonicalHost(url), postUrl) && siteOf(url) === siteOf(new URL(postUrl))
}

/** Fragments are left out: a page is fetched without them. */
function isOwnUrl(url: URL, post: Post, urls: PingUrls, aliases: readonly string[]): boolean {
  if (urls.isOf(url, post.id)) return true
  return [post.url, ...aliases].some(
    (each) => isOwnSite(url, each) && isSamePage(new URL(url), new URL(each)),
  )
}

/** The URL of a post with parameters that the post's own lacks is the same page, too, and links to itself. */
function isSamePage(url: URL, own: URL): boolean {
  url.hash = own.hash = ''
  if (compareUrls(url.href, own.href) !== null) return true
  for (const [name, value] of own.searchParams) if (url.searchParams.get(name) !== value) return false
  url.search = own.search
  return compareUrls(url.href, own.href) !== null
}

/** Cheap pre-check; avoids parsing the post's URL for most pings. */
function mayBeSameSite(host: string, postUrl: string): boolean {
  const name = withoutWww(host)
  return postUrl.toLowerCase().includes(name) || !/^[!-~]*$/.test(postUrl)
}
