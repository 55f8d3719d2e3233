import { createAddressList, ipv6Bytes, plainAddress } from '../base/address.js'
import { withoutFinalDots } from '../protocol/url.js'
import blocked from './blocked.json' with { type: 'json' }

/** By range, and by name with all names below it. What else names the metadata of a cloud's machine has a blocked address. */
const ranges = Object.entries(blocked.ranges)
const names = Object.entries(blocked.names)

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
