import { plainAddress } from './checks/addresses.js'

/** Turns a client's address into what is kept of it. */
export type KeepClientIp = (address: string | null) => string | null

/** Keeps addresses in their shortest form (an IPv4 address in IPv6 as IPv4), or not at all. */
export function createKeepClientIp(mode: 'address' | 'none'): KeepClientIp {
  return mode === 'address' ? plainOf : () => null
}

/** A value that is not an IP address is kept unchanged. */
function plainOf(address: string | null): string | null {
  return plainAddress(address) ?? (address || null)
}
