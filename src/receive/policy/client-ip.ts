import { clientAddress } from '../../base/address.js'

/**
 * The address of a client in its shortest form: without its port, an IPv4 address in IPv6 as IPv4. A value that is not
 * an IP address is kept unchanged.
 */
export function plainClientIp(address: string | null | undefined): string | null {
  return clientAddress(address) ?? (address || null)
}
