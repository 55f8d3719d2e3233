import { parseUrl, siteOf } from '../../protocol/url.js'
import { tokenizeHtml } from '../../text/html.js'
import { ElementNames } from '../../text/markup.js'

/**
 * Why a link is not followed: it is no URL (`invalid`), neither http nor https (`not-http`), leads to the post itself
 * (`own-post`) or to the own site (`own-site`), to a picture or another file (`media`), or there are enough targets
 * already (`too-many`).
 */
export type SkipReason = 'invalid' | 'not-http' | 'own-post' | 'own-site' | 'media' | 'too-many'

/** A link that is not followed, and why. */
export interface SkippedLink {
  /** The URL, or what stands in its place, cut to 200 characters. */
  readonly url: string
  readonly reason: SkipReason
}

/** Where a ping may go. */
export interface Target {
  /** A page that the post links to, or a ping URL that the author gave. */
  readonly url: string
  /** Whether `url` is a ping URL. */
  readonly isPingUrl: boolean
}

/** The links of a post. */
export interface Links {
  /** Where pings may go, each once: first what the author gave, then the links in their order. */
  readonly targets: readonly Target[]
  /** What is passed over; the first of them, where they are many. */
  readonly skipped: readonly SkippedLink[]
  /** How many are passed over in all. */
  readonly skippedCount: number
}

/** How links are chosen. */
export interface LinkOptions {
  /** The own site's URLs; pages of the same host under their paths are its own. @default [] */
  readonly sites?: readonly URL[] | undefined
  /** Ping URLs that the author gave. @default [] */
  readonly pingUrls?: readonly string[] | undefined
  readonly maxTargets: number
  readonly maxSkipped: number
  readonly maxUrlLength: number
}

const attributeNames: ReadonlyMap<string, string> = new Map([
  ['a', 'href'],
  ['blockquote', 'cite'],
  ['q', 'cite'],
])

const linking = new ElementNames(attributeNames.keys())

const media = new Set(
  `7z aac apk avi avif bmp bz2 css csv deb dmg doc docx eps epub exe flac gif gz heic ico iso jar jpeg jpg js jxl m4a m4v
  mid mkv mov mp3 mp4 mpeg mpg msi odt ogg ogv opus pdf png ppt pptx ps rar rpm rtf svg swf tar tgz tif tiff torrent ttf
  wav webm webp wma wmv woff woff2 xls xlsx xz zip zst`.split(/\s+/),
)

const longestSkipped = 200

/**
 * Finds where a post's pings may go: `a[href]`, `blockquote[cite]` and `q[cite]`, resolved against the post's URL. Two
 * links to one URL are one; a fragment makes another target, because it can name another post (PROTOCOL 48), but the
 * text to scroll to (`#:~:text=`) does not. A link marked `ugc` is one: the HTML is the post's own, and many hosts mark all
 * links of a post so. Pure, linear, never throws for what stands in the HTML.
 *
 * ```ts
 * findLinks('<a href="/b">b</a>', 'https://my.blog/a', { maxTargets: 50, maxSkipped: 1000, maxUrlLength: 2048 })
 * // { targets: [{ url: 'https://my.blog/b', isPingUrl: false }], skipped: [], skippedCount: 0 }
 * ```
 */
export function findLinks(html: string, postUrl: string, options: LinkOptions): Links {
  const { pingUrls = [], sites = [], maxTargets, maxSkipped, maxUrlLength } = options
  const post = new URL(postUrl)
  const targets: Target[] = []
  const skipped: SkippedLink[] = []
  const seen = new Set<string>()
  let skippedCount = 0

  function take(text: string, isPingUrl: boolean): void {
    const url = toUrl(text, isPingUrl ? undefined : postUrl)
    const name = url?.href ?? text
    if (seen.has(name)) return
    seen.add(name)
    const reason = refusalOf(url, isPingUrl)
    if (url && reason === null) {
      targets.push({ url: name, isPingUrl })
      return
    }
    skippedCount += 1
    if (reason && skipped.length < maxSkipped) skipped.push({ url: name.slice(0, longestSkipped), reason })
  }

  function refusalOf(url: URL | null, isPingUrl: boolean): SkipReason | null {
    if (!url || url.href.length > maxUrlLength) return 'invalid'
    if (url.protocol !== 'http:' && url.protocol !== 'https:') return 'not-http'
    if (!isPingUrl && isSamePage(url, post)) return 'own-post'
    if (!isPingUrl && sites.some((site) => isWithin(url, site))) return 'own-site'
    if (!isPingUrl && isMedia(url)) return 'media'
    return targets.length < maxTargets ? null : 'too-many'
  }

  for (const url of pingUrls) take(url, true)
  tokenizeHtml(html, {
    only: linking,
    startTag(name, attributes) {
      const attribute = attributeNames.get(name)
      const text = attribute && attributes.get(attribute)
      if (text !== undefined) take(text, false)
    },
  })
  return { targets, skipped, skippedCount }
}

function toUrl(text: string, base: string | undefined): URL | null {
  const url = parseUrl(text, base)
  if (url === null) return null
  const fragment = url.hash.split(':~:', 1)[0] ?? ''
  url.hash = fragment === '#' ? '' : fragment
  return url
}

function isSamePage(url: URL, post: URL): boolean {
  return url.pathname === post.pathname && url.search === post.search && siteOf(url) === siteOf(post)
}

function isWithin(url: URL, site: URL): boolean {
  return siteOf(url) === siteOf(site) && `${url.pathname}/`.startsWith(site.pathname.replace(/\/?$/, '/'))
}

function isMedia({ pathname }: URL): boolean {
  return media.has(pathname.slice(pathname.lastIndexOf('.') + 1).toLowerCase())
}
