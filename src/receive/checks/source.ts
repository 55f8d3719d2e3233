import type { Check } from './check.js'
import { lettersOf } from './text.js'

/** The link of the source to the post, without which no check is asked: 2, but 0 where others may have written it. */
export const linkVerified: Check = {
  name: 'link',
  judge: ({ verification: { isUserContent, reason } }) => ({ score: isUserContent ? 0 : 2, reason }),
}

/**
 * The source is the bare top page of a site, or leads there: -5, for posts have pages of their own, and spam comes for
 * whole sites.
 */
export const topPage: Check = {
  name: 'top-page',
  judge({ trackback: { url }, verification: { finalUrl = url } }) {
    if (isTopPage(url)) return { score: -5, reason: { code: 'top-page' } }
    return isTopPage(finalUrl) ? { score: -5, reason: { code: 'leads-to-top-page' } } : null
  },
}

function isTopPage(url: string): boolean {
  const { pathname, search } = new URL(url)
  return search === '' && /^\/(?:(?:index|default)\.[a-z0-9]+)?$/i.test(pathname)
}

/**
 * What the ping claims against the source's own title: 2 where the title agrees, 1 where only the blog's name does,
 * -2 where nothing does. Compared by pairs of letters, so that it works without spaces between words. Weak on purpose:
 * pages are titled in many ways, and a spammer's page can be titled in any.
 */
export const claimMatchesPage: Check = {
  name: 'claim',
  judge({ trackback, verification: { title: page = '' } }) {
    const title = trackback.title === trackback.url ? null : similarity(trackback.title, page)
    const blogName = similarity(trackback.blogName, page)
    if (title === null && blogName === null) return null
    if ((title ?? 0) >= 0.6) return { score: 2, reason: { code: 'title-agrees' } }
    if ((blogName ?? 0) >= 0.6) return { score: 1, reason: { code: 'blog-name-agrees' } }
    if (Math.max(title ?? 0, blogName ?? 0) >= 0.2) return null
    return { score: -2, reason: { code: 'nothing-agrees' } }
  },
}

/** Which part of the shorter text's pairs of letters the longer one has, from 0 to 1; `null` for too short a text. */
function similarity(a: string, b: string): number | null {
  const [fewer, more] = [pairsOf(a), pairsOf(b)].sort((left, right) => left.size - right.size)
  if (!fewer || !more || fewer.size < 2) return null
  return [...fewer].filter((pair) => more.has(pair)).length / fewer.size
}

function pairsOf(text: string): Set<string> {
  const letters = Array.from(lettersOf(text))
  return new Set(letters.slice(1).map((letter, index) => `${letters[index]}${letter}`))
}
