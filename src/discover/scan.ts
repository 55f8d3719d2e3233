import { relations } from '../protocol/link.js'
import { resolveUrl } from '../protocol/url.js'
import { rootOf } from '../text/html.js'

const WORD = 'trackback'
const PAIR = WORD.indexOf('kb')
// However the word is written, it holds one of these, and they are rare in pages.
const PAIRS = ['kb', 'kB', 'Kb', 'KB']

/**
 * Whether the word `trackback` stands in a page's bytes, in any case, also in UTF-16. Nothing else can hold an
 * announcement, so that a page without it is never decoded.
 */
export function mentionsTrackback(page: Uint8Array): boolean {
  const bytes = Buffer.from(page.buffer, page.byteOffset, page.byteLength)
  return mentions(bytes, 1) || (mayBeUtf16(bytes) && mentions(bytes, 2))
}

function mentions(bytes: Buffer, width: 1 | 2): boolean {
  return PAIRS.some((pair) => {
    const needle = width === 2 ? `${pair[0]}\0${pair[1]}` : pair
    let at = bytes.indexOf(needle, 0, 'latin1')
    while (at >= 0 && !holdsWord(bytes, at - PAIR * width, width))
      at = bytes.indexOf(needle, at + 1, 'latin1')
    return at >= 0
  })
}

function mayBeUtf16(bytes: Buffer): boolean {
  return /^.?\0|^\xFF\xFE|^\xFE\xFF/s.test(bytes.toString('latin1', 0, 2))
}

function holdsWord(bytes: Buffer, start: number, width: number): boolean {
  const found = bytes.toString('latin1', start, start + (WORD.length - 1) * width + 1)
  return found.replaceAll('\0', '').toLowerCase() === WORD
}

const FEED_TYPE = /^\s*application\/(?:rss|atom|rdf)\+xml\s*(?:;|$)/i
const LONGEST_TAG = 2048
const MOST_TAGS = 100

/**
 * The feed that a page names as `<link rel=alternate>`, the first of them; `null` where it names none. Only the tag
 * itself is read, so that it costs next to nothing on a page that has none.
 */
export function findFeedLink(page: Uint8Array, pageUrl: string): string | null {
  const bytes = Buffer.from(page.buffer, page.byteOffset, page.byteLength)
  const base = resolveUrl(firstValue(bytes, /<base/gi, ({ href }) => href) ?? '', pageUrl) ?? pageUrl
  const isFeed = (tag: Tag) =>
    relations(tag['rel']).includes('alternate') && FEED_TYPE.test(tag['type'] ?? '')
  const href = firstValue(bytes, /\+xml/gi, (tag) => (isFeed(tag) ? tag['href'] : undefined))
  return resolveUrl(href ?? '', base)
}

type Tag = Readonly<Record<string, string>>

function firstValue(
  bytes: Buffer,
  needle: RegExp,
  pick: (tag: Tag) => string | undefined,
): string | undefined {
  let tries = 0
  for (const { index: at } of bytes.toString('latin1').matchAll(needle)) {
    const value = pick(
      readTag(bytes.subarray(Math.max(0, at - LONGEST_TAG), at + LONGEST_TAG), Math.min(at, LONGEST_TAG)),
    )
    tries += 1
    if (value !== undefined || tries === MOST_TAGS) return value
  }
  return undefined
}

/** The attributes of the tag that `at` stands in. */
function readTag(bytes: Buffer, at: number): Tag {
  const start = bytes.lastIndexOf('<', at)
  const end = bytes.indexOf('>', at)
  const tag = start >= 0 && end >= 0 ? rootOf(bytes.toString('utf8', start, end + 1)) : undefined
  return Object.fromEntries(tag?.attributes ?? [])
}
