import { createHmac } from 'node:crypto'
import type { RecordStore } from '../store/store.js'
import { plainAddress } from './checks/addresses.js'
import { createSharedSecret } from './secret.js'

/** Turns a client's address into what is kept of it. */
export type KeepClientIp = (address: string | null) => string | null | Promise<string | null>

/**
 * Keeps addresses in their shortest form (an IPv4 address in IPv6 as IPv4), not at all, or as a hash: keyed with a secret that is made once and stays in the store, so
 * that one client can be told from another and nobody can find the address by trying them all without the store.
 */
export function createKeepClientIp(records: RecordStore, mode: 'address' | 'hash' | 'none'): KeepClientIp {
  if (mode === 'address') return plainOf
  if (mode === 'none') return () => null
  const secret = createSharedSecret(records, 'client-ip')
  return async (given) => {
    const address = plainOf(given)
    if (address === null) return null
    return createHmac('sha256', await secret())
      .update(address)
      .digest('hex')
      .slice(0, 16)
  }
}

/** What a host calls an address and is none stays as it is. */
function plainOf(address: string | null): string | null {
  return plainAddress(address) ?? (address || null)
}
