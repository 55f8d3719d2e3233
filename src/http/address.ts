import { createAddressList, ipv6Bytes, plainAddress } from '../base/address.js'
import { withoutFinalDots } from '../protocol/url.js'

type Range = readonly [range: string, rule: string]

const ranges: readonly Range[] = [
  ['0.0.0.0/8', 'this network, RFC 791'],
  ['10.0.0.0/8', 'private, RFC 1918'],
  ['100.64.0.0/10', 'shared by carriers, RFC 6598'],
  ['127.0.0.0/8', 'loopback, RFC 1122'],
  ['168.63.129.16/32', 'host of an Azure virtual machine'],
  ['169.254.0.0/16', 'link-local, RFC 3927'],
  ['172.16.0.0/12', 'private, RFC 1918'],
  ['192.0.0.0/24', 'protocol assignments, RFC 6890'],
  ['192.0.2.0/24', 'documentation, RFC 5737'],
  ['192.88.99.0/24', '6to4 relays, RFC 7526'],
  ['192.168.0.0/16', 'private, RFC 1918'],
  ['198.18.0.0/15', 'benchmarks, RFC 2544'],
  ['198.51.100.0/24', 'documentation, RFC 5737'],
  ['203.0.113.0/24', 'documentation, RFC 5737'],
  ['224.0.0.0/4', 'multicast, RFC 5771'],
  ['240.0.0.0/4', 'reserved, RFC 1112'],
  ['2001::/23', 'protocol assignments and Teredo, RFC 2928 and 4380'],
  ['2001:db8::/32', 'documentation, RFC 3849'],
  ['3ffe::/16', 'returned 6bone, RFC 3701'],
  ['3fff::/20', 'documentation, RFC 9637'],
]

/** With all names below them. What else names the metadata of a cloud's machine resolves to a blocked address. */
const names: readonly Range[] = [
  ['localhost', 'a name of this machine, RFC 6761'],
  ['local', 'a name of the local network, RFC 6762'],
  ['internal', 'a private name, reserved by ICANN for it'],
  ['home.arpa', 'a name of the home network, RFC 8375'],
  ['metadata.goog', 'the metadata of a Google Cloud machine'],
]

/** IPv6 ranges that hold an IPv4 address, which is then the one that is judged, and at which byte it begins. */
const embedding = [
  { has: createAddressList(['64:ff9b::/96']), at: 12 }, // NAT64, RFC 6052
  { has: createAddressList(['2002::/16']), at: 2 }, // 6to4, RFC 3056
]
const isGlobalUnicast = createAddressList(['2000::/3'])
const rules = ranges.map(([range, rule]) => ({ has: createAddressList([range]), rule }))

/**
 * Why we do not connect to an address: the range it is in, with the RFC that reserves it; `null` for a public
 * address. IPv6 is public only as global unicast less its special ranges; IPv4-mapped, NAT64 and 6to4 addresses are
 * judged by the IPv4 address inside. What is not an address (a zone id makes it none) is never public.
 *
 * ```ts
 * blockedAddress('10.1.2.3')  // 'private, RFC 1918'
 * blockedAddress('8.8.8.8')   // null
 * ```
 */
export function blockedAddress(address: string): string | null {
  const plain = address.includes('%') ? null : plainAddress(address)
  if (plain === null) return 'not an address'
  const judged = plain.includes(':') ? innerAddress(plain) : plain
  if (judged.includes(':') && !isGlobalUnicast(judged)) return 'not global unicast, RFC 4291'
  return rules.find(({ has }) => has(judged))?.rule ?? null
}

/** The IPv4 address in an IPv6 address, or that itself. */
function innerAddress(ipv6: string): string {
  const at = embedding.find(({ has }) => has(ipv6))?.at
  if (at === undefined) return ipv6
  const bytes = ipv6Bytes(ipv6).subarray(at, at + 4)
  return bytes.join('.')
}

/** Why we do not resolve a name, with or without final dots; `null` for every other name. */
export function blockedName(hostname: string): string | null {
  const name = withoutFinalDots(hostname)
  return names.find(([top]) => name === top || name.endsWith(`.${top}`))?.[1] ?? null
}
