import { BlockList, isIP } from 'node:net'

/** An address in its shortest form, an IPv4 address in IPv6 as IPv4, without a zone; `null` if it is not an address. */
export function plainAddress(address: string | null): string | null {
  const family = isIP(address ?? '')
  if (family !== 6) return family === 4 ? address : null
  const plain = new URL(`http://[${address?.replace(/%.*/, '')}]`).hostname.slice(1, -1)
  const mapped = /^::ffff:([0-9a-f]+):([0-9a-f]+)$/.exec(plain)
  if (!mapped) return plain
  const [high = 0, low = 0] = mapped.slice(1).map((group) => Number.parseInt(group, 16))
  return [high >> 8, high & 255, low >> 8, low & 255].join('.')
}

/**
 * The address in what a host calls the address of a client: with its port or without (`192.0.2.1:5678`,
 * `[2001:db8::1]:443`), with a zone, or an IPv4 address in IPv6. `null` if there is none.
 */
export function clientAddress(text: string | null | undefined): string | null {
  const given = (text ?? '').trim()
  const inside = /^\[([^\]]*)\](?::\d+)?$/.exec(given)?.[1] ?? /^([\d.]+):\d+$/.exec(given)?.[1]
  return plainAddress(inside ?? given)
}

/** The sixteen bytes of an IPv6 address, as `plainAddress` writes it. */
export function ipv6Bytes(address: string): Buffer {
  const [head = [], tail = []] = address.split('::').map((part) => (part === '' ? [] : part.split(':')))
  const zeros = Array<string>(8 - head.length - tail.length).fill('0')
  return Buffer.from([...head, ...zeros, ...tail].map((group) => group.padStart(4, '0')).join(''), 'hex')
}

/** The address a URL's host is, where it is one. */
export function addressOfHost(hostname: string): string | null {
  return plainAddress(hostname.startsWith('[') ? hostname.slice(1, -1) : hostname)
}

/** A range of addresses: `192.0.2.0/24`, or one address, whose length is that of its family. */
export interface AddressRange {
  readonly family: 'ipv4' | 'ipv6'
  /** Its first address. */
  readonly address: string
  readonly length: number
  /** Its one spelling, without the bits that do not count: `192.0.2.0/24` for `192.0.2.7/24`. */
  readonly text: string
}

/** Reads an address or a range of addresses; `null` for anything else. */
export function parseRange(entry: string): AddressRange | null {
  const [, given = '', bits] = /^([^/%]+)(?:\/(\d{1,3}))?$/.exec(entry) ?? []
  const plain = plainAddress(given)
  const family = familyOf(plain)
  const width = family === 'ipv4' ? 32 : 128
  const length = Number(bits ?? width)
  // The length of an IPv4 address in IPv6 counts from the beginning of the IPv6 address.
  if (plain === null || familyOf(given) !== family || length > width) return null
  const bytes = family === 'ipv4' ? Buffer.from(plain.split('.').map(Number)) : ipv6Bytes(plain)
  const masked = bytes.map((byte, at) => byte & (0xff00 >> Math.max(0, Math.min(8, length - at * 8))))
  const groups = Buffer.from(masked)
    .toString('hex')
    .replace(/.{4}(?!$)/g, '$&:')
  const address = family === 'ipv4' ? masked.join('.') : (plainAddress(groups) ?? plain)
  return { family, address, length, text: bits === undefined ? address : `${address}/${length}` }
}

/**
 * Whether an address is on a list of addresses and ranges (`192.0.2.1`, `192.0.2.0/24`, `2001:db8::/32`). An IPv4
 * address is the same however it is written. Throws `TypeError` for an entry that is neither.
 */
export function createAddressList(entries: readonly string[]): (address: string | null) => boolean {
  // One list for each family: a BlockList with ranges of both takes IPv4 for IPv6.
  const lists = { ipv4: new BlockList(), ipv6: new BlockList() }
  for (const entry of entries) {
    const range = parseRange(entry)
    if (range === null) throw new TypeError(`'${entry}' is not an address or a range of addresses`)
    lists[range.family].addSubnet(range.address, range.length, range.family)
  }
  return (given) => {
    const address = plainAddress(given)
    return address !== null && lists[familyOf(address)].check(address, familyOf(address))
  }
}

function familyOf(address: string | null): 'ipv4' | 'ipv6' {
  return address?.includes(':') ? 'ipv6' : 'ipv4'
}
