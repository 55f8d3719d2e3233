import { isIPv6 } from 'node:net'
import { getDomain } from 'tldts'
import { plainAddress } from '../../base/address.js'
import type { Quota } from '../options/context.js'

/** What stands for a client: its IPv4 address, or the /64 of its IPv6 address, which is one subscriber's. */
export function clientKey(address: string): string {
  if (!address.includes(':')) return address
  const plain = plainAddress(address) ?? address
  if (!isIPv6(plain)) return plain
  const [head = [], tail = []] = plain.split('::').map(groupsOf)
  const zeros = Array<number>(Math.max(0, 8 - head.length - tail.length)).fill(0)
  const prefix = [...head, ...zeros, ...tail].slice(0, 4)
  return `${prefix.map((group) => group.toString(16)).join(':')}::/64`
}

// What comes is the host of a URL already.
const hostAlone = { extractHostname: false, validateHostname: false } as const

/** The domain that somebody has registered: `blog.example.co.jp` is of `example.co.jp`; an address is its own. */
export function registeredDomain(host: string): string {
  return getDomain(host, hostAlone) ?? host
}

/** What is counted of a host, by its canonical name: the host itself, and the domain it belongs to. */
export function hostQuotas(
  host: string,
  limits: { readonly maxPingsPerHost: number; readonly maxPingsPerDomain: number },
): Quota[] {
  return [
    { key: `host ${host}`, limit: limits.maxPingsPerHost },
    { key: `domain ${registeredDomain(host)}`, limit: limits.maxPingsPerDomain },
  ]
}

function groupsOf(part: string): number[] {
  return part === '' ? [] : part.split(':').map((group) => Number.parseInt(group, 16))
}
