import type { Steps } from '../base/steps.js'
import { relations } from '../protocol/link.js'
import { resolveUrl } from '../protocol/url.js'
import { tokenizeInSlices } from '../text/html.js'
import { ElementNames } from '../text/markup.js'

const WORD = 'trackback'
// However the word is written, it holds one of these, and they are rare in pages.
const PAIRS = ['kb', 'kB', 'Kb', 'KB']
/** How far before a pair the word begins at the most, in bytes, and how far after it it ends. */
const AROUND = WORD.length - 1
/** How many bytes are read at a pair: in a page full of pairs it takes too long to look at each. */
const PIECE = 512

/**
 * Whether the word `trackback` stands in a page's bytes, in any case, also in UTF-16. Nothing else can hold an
 * announcement, so that a page without it is never decoded.
 */
export function mentionsTrackback(page: Uint8Array): boolean {
  const bytes = Buffer.from(page.buffer, page.byteOffset, page.byteLength)
  return mentions(bytes, '') || (mayBeUtf16(bytes) && mentions(bytes, '\0'))
}

/** `between`: what stands between two letters. */
function mentions(bytes: Buffer, between: string): boolean {
  const word = new RegExp([...WORD].join(between), 'i')
  return PAIRS.some((pair) => {
    const needle = [...pair].join(between)
    let at = bytes.indexOf(needle, 0, 'latin1')
    while (at >= 0 && !word.test(bytes.toString('latin1', Math.max(0, at - AROUND), at + PIECE + AROUND)))
      at = bytes.indexOf(needle, at + PIECE, 'latin1')
    return at >= 0
  })
}

function mayBeUtf16(bytes: Buffer): boolean {
  return /^.?\0|^\xFF\xFE|^\xFE\xFF/s.test(bytes.toString('latin1', 0, 2))
}

const FEED_TYPE = /^\s*application\/(?:rss|atom|rdf)\+xml\s*(?:;|$)/i
const LINKS = new ElementNames(['base', 'link'])

/** The first feed that a page names as `<link rel=alternate>`, in steps; `null` where it names none. */
export function* findFeedLink(page: Uint8Array, pageUrl: string): Steps<string | null> {
  const html = Buffer.from(page.buffer, page.byteOffset, page.byteLength).toString()
  // Most pages name none, and are not read for it.
  if (!/\+xml/i.test(html)) return null
  let base: string | undefined
  let feed: string | undefined
  yield* tokenizeInSlices(html, {
    only: LINKS,
    startTag(name, attributes) {
      if (name === 'base') base ??= attributes.get('href')
      if (name !== 'link' || !FEED_TYPE.test(attributes.get('type') ?? '')) return
      if (relations(attributes.get('rel')).includes('alternate')) feed ??= attributes.get('href')
    },
  })
  return resolveUrl(feed ?? '', resolveUrl(base ?? '', pageUrl) ?? pageUrl)
}
