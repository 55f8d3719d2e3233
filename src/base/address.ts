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

/**
 * Whether an address is on a list of addresses and ranges (`192.0.2.1`, `192.0.2.0/24`, `2001:db8::/32`). An IPv4
 * address is the same however it is written. Throws `TypeError` for an entry that is neither.
 */
export function createAddressList(entries: readonly string[]): (address: string | null) => boolean {
  // One list for each family: a BlockList with ranges of both takes IPv4 for IPv6.
  const lists = { ipv4: new BlockList(), ipv6: new BlockList() }
  for (const entry of entries) {
    const [, given = '', length] = /^([^/%]+)(?:\/(\d+))?$/.exec(entry) ?? []
    const family = familyOf(given)
    const width = family === 'ipv4' ? 32 : 128
    if (
      plainAddress(given) === null ||
      familyOf(plainAddress(given)) !== family ||
      Number(length ?? 0) > width
    ) {
      throw new TypeError(`'${entry}' is not an address or a range of addresses`)
    }
    lists[family].addSubnet(given, Number(length ?? width), family)
  }
  return (given) => {
    const address = plainAddress(given)
    return address !== null && lists[familyOf(address)].check(address, familyOf(address))
  }
}

function familyOf(address: string | null): 'ipv4' | 'ipv6' {
  return address?.includes(':') ? 'ipv6' : 'ipv4'
}
