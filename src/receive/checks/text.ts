import type { Trackback } from '../../store/store.js'

// 500 graphemes are 8,000 code units at the most: nothing of an excerpt of the default length is left out.
const longestInput = 8192
const longestText = 2048

/**
 * The form in which texts are compared: compatibility forms, case, invisible characters and marks that stand on no
 * letter of their own are made equal, white space becomes one space. Of a longer text the first 2,048 characters count.
 */
export function foldText(text: string): string {
  const visible = text
    .replace(/\p{DI}/gu, '')
    .slice(0, longestInput)
    .normalize('NFKC')
  const letters = visible
    .toUpperCase()
    .toLowerCase()
    .replace(/[\u0300-\u036f]/g, '')
    .replaceAll('ς', 'σ')
  return letters.replace(/\s+/g, ' ').slice(0, longestText).trim()
}

/** The letters and digits of a text, folded: what stays the same when punctuation and spaces are changed. */
export function lettersOf(text: string): string {
  return foldText(text).replace(/[^\p{L}\p{M}\p{N}]/gu, '')
}

/** All that a trackback says, folded, one field a line; of its URL the percent-escapes are decoded. */
export function foldedTextOf({ title, blogName, excerpt, url }: Trackback): string {
  return [title, blogName, excerpt, withoutEscapes(url)].map(foldText).join('\n')
}

function withoutEscapes(url: string): string {
  return url.replace(/(?:%[0-9a-f]{2})+/gi, (run) => Buffer.from(run.replaceAll('%', ''), 'hex').toString())
}

/** The hosts of the URLs in a text, as they stand there: with what follows them where no space does, and without. */
export function hostsInText(text: string): string[] {
  const found = text.normalize('NFKC').matchAll(/(?:https?:\/\/|\bwww\.)[^\s/?#,;<>"'()]*/gi)
  const authorities = Array.from(found, ([url]) => url.replace(/^https?:\/\//i, ''))
  const hosts = authorities.map((authority) => authority.slice(authority.lastIndexOf('@') + 1).split(':')[0])
  return hosts.flatMap((host = '') => [host, /^[\w.-]*/.exec(host)?.[0] ?? '']).filter((host) => host !== '')
}
