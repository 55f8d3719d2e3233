import { isIP } from 'node:net'
import { ipv6Bytes } from '../base/address.js'
import { parseUrl, withoutFinalDots } from '../protocol/url.js'

type Range = readonly [range: string, rule: string]

const ipv4: readonly Range[] = [
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
]

/** Where the 32 bits after the prefix are an IPv4 address, which is then the one that is judged. */
const embedding: readonly Range[] = [
  ['::ffff:0:0/96', 'IPv4-mapped, RFC 4291'],
  ['64:ff9b::/96', 'NAT64, RFC 6052'],
  ['2002::/16', '6to4, RFC 3056'],
]

const globalUnicast: Range = ['2000::/3', 'not global unicast, RFC 4291']

const ipv6: readonly Range[] = [
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

interface Block {
  readonly first: bigint
  readonly shift: bigint
  readonly rule: string
}

const blocks4 = ipv4.map((range) => toBlock(range, 32))
const blocks6 = ipv6.map((range) => toBlock(range, 128))
const embeddingBlocks = embedding.map((range) => toBlock(range, 128))
const globalBlock = toBlock(globalUnicast, 128)

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
  const family = isIP(address)
  if (family === 4) return find(blocks4, ipv4Bits(address))
  const bits = family === 6 ? ipv6Bits(address) : null
  return bits === null ? 'not an address' : blockedIpv6(bits)
}

/** Why we do not resolve a name, with or without final dots; `null` for every other name. */
export function blockedName(hostname: string): string | null {
  const name = withoutFinalDots(hostname)
  return names.find(([top]) => name === top || name.endsWith(`.${top}`))?.[1] ?? null
}

function blockedIpv6(bits: bigint): string | null {
  const outer = embeddingBlocks.find((block) => contains(block, bits))
  if (outer) return find(blocks4, (bits >> (outer.shift - 32n)) & 0xffff_ffffn)
  if (!contains(globalBlock, bits)) return globalBlock.rule
  return find(blocks6, bits)
}

function find(blocks: readonly Block[], bits: bigint): string | null {
  return blocks.find((block) => contains(block, bits))?.rule ?? null
}

function contains({ first, shift }: Block, bits: bigint): boolean {
  return bits >> shift === first
}

function toBlock([cidr, rule]: Range, width: 32 | 128): Block {
  const [address = '', length] = cidr.split('/')
  const shift = BigInt(width - Number(length))
  const bits = width === 32 ? ipv4Bits(address) : (ipv6Bits(address) ?? 0n)
  return { first: bits >> shift, shift, rule }
}

function ipv4Bits(address: string): bigint {
  return address.split('.').reduce((bits, part) => (bits << 8n) | BigInt(part), 0n)
}

function ipv6Bits(address: string): bigint | null {
  const url = parseUrl(`http://[${address}]`)
  return url && BigInt(`0x${ipv6Bytes(url.hostname.slice(1, -1)).toString('hex')}`)
}
