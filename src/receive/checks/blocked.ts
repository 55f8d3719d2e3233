import { addressOfHost, createAddressList } from '../../base/address.js'
import { canonicalHost } from '../../protocol/url.js'
import type { Check } from './check.js'
import { createHostList, createWordList } from './lists.js'
import { foldedTextOf, hostsInText } from './text.js'

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
