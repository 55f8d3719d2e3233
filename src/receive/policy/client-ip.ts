import { plainAddress } from '../../base/address.js'

/**
 * The address of a client in its shortest form, an IPv4 address in IPv6 as IPv4. A value that is not an IP address is kept
 * unchanged.
 */
export function plainClientIp(address: string | null | undefined): string | null {
  return plainAddress(address ?? null) ?? (address || null)
}
