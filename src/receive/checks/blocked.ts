import { domainToASCII } from 'node:url'
import { addressOfHost, createAddressList } from '../../base/address.js'
import { canonicalHost, hostAndParents, withoutFinalDots } from '../../protocol/url.js'
import type { Check } from './check.js'
import { foldedTextOf, foldText, hostsInText } from './text.js'

/** What the author does not want. */
export interface BlockedOptions {
  /** Words and phrases, compared without regard to case, width and invisible characters. @default [] */
  readonly words?: readonly string[] | undefined
  /** Hosts, each with all hosts below it. @default [] */
  readonly hosts?: readonly string[] | undefined
  /** Addresses and ranges: `192.0.2.1`, `192.0.2.0/24`, `2001:db8::/32`. @default [] */
  readonly addresses?: readonly string[] | undefined
}

/**
 * The author's own lists: -10 where the client's address, the host of the source, of where it leads or of a URL in the
 * text, or a word in the text is on one. Throws `TypeError` for an entry that is not of its kind.
 */
export function blocked({ words = [], hosts = [], addresses = [] }: BlockedOptions = {}): Check {
  const wordIn = createWordList(words)
  const hostOn = createHostList(hosts)
  const addressOn = createAddressList(addresses)
  return {
    name: 'blocked',
    judge({ trackback, verification: { finalUrl = trackback.url } }) {
      const { title, excerpt, blogName, clientIp } = trackback
      if (addressOn(clientIp)) return { score: -10, reason: { code: 'blocked-address' } }
      const sources = [trackback.url, finalUrl].map((url) => canonicalHost(new URL(url)))
      const all = [...sources, ...hostsInText([title, excerpt, blogName].join('\n'))]
      const host = all.find((name) => hostOn(name) !== null || addressOn(addressOfHost(name)))
      if (host !== undefined) return { score: -10, reason: { code: 'blocked-host', host } }
      const word = wordIn(foldedTextOf(trackback))
      return word === null ? null : { score: -10, reason: { code: 'blocked-word', word } }
    },
  }
}

/**
 * Finds the entry of a list that a host is, or is below: by whole labels, so that `example.com` is not `badexample.com`
 * nor `example.com.evil.test` (THREATS I2); case, final dots and spelling in Unicode or Punycode make no difference.
 * Throws `TypeError` for an entry that is no host name.
 */
export function createHostList(entries: readonly string[]): (host: string) => string | null {
  const hosts = new Map(entries.map((entry) => [requireHost(entry), entry]))
  return (host) => {
    const name = hostAndParents(asciiHost(host)).find((each) => hosts.has(each))
    return name === undefined ? null : (hosts.get(name) ?? null)
  }
}

function requireHost(entry: string): string {
  const host = asciiHost(entry.replace(/^\*?\./, ''))
  if (/[\s/?#\\]/.test(entry) || !/^[a-z0-9_-]+(\.[a-z0-9_-]+)*$/.test(host)) {
    throw new TypeError(`'${entry}' is not a host name`)
  }
  return host
}

/** The name as DNS knows it; empty for what DNS cannot know. */
function asciiHost(name: string): string {
  const host = withoutFinalDots(domainToASCII(name))
  return host.length > 253 ? '' : host
}

/**
 * Finds the first entry of a list of words or phrases that is in a folded text (`foldText`). In scripts that put spaces
 * between words, whole words are found (`cialis` is not in `specialist`); in others, any passage. Throws `TypeError`
 * for an entry without a visible character.
 */
export function createWordList(entries: readonly string[]): (folded: string) => string | null {
  const words = entries.map((entry) => ({ entry, word: foldText(entry) }))
  const empty = words.find(({ word }) => word === '')
  if (empty) throw new TypeError(`'${empty.entry}' is not a word`)
  return (folded) => words.find(({ word }) => hasWord(folded, word))?.entry ?? null
}

function hasWord(text: string, word: string): boolean {
  for (let start = text.indexOf(word); start >= 0; start = text.indexOf(word, start + 1)) {
    const end = start + word.length
    if (!isInside(text, start) && !isInside(text, end)) return true
  }
  return false
}

/** Whether a place in a text is inside a word, or inside a number. */
function isInside(text: string, at: number): boolean {
  const before = kindOf(text.charAt(at - 1))
  return before !== null && before === kindOf(text.charAt(at))
}

const unspaced =
  /[\p{scx=Han}\p{scx=Hira}\p{scx=Kana}\p{scx=Hang}\p{scx=Thai}\p{scx=Laoo}\p{scx=Khmr}\p{scx=Mymr}]/u

function kindOf(character: string): 'letter' | 'digit' | null {
  if (/\p{Nd}/u.test(character)) return 'digit'
  return /[\p{L}\p{M}]/u.test(character) && !unspaced.test(character) ? 'letter' : null
}
