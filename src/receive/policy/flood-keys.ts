import { clientAddress, ipv6Bytes } from '../../base/address.js'
import type { Quota } from './flood.js'

/**
 * What stands for a client: its IPv4 address, or the part of its IPv6 address that is one subscriber's, a /56. A value that
 * is not an IP address stands for itself.
 */
export function clientKey(address: string): string {
  const plain = clientAddress(address)
  if (!plain?.includes(':')) return plain ?? address
  const bytes = ipv6Bytes(plain).fill(0, 7)
  return `${[0, 2, 4, 6].map((at) => bytes.readUInt16BE(at).toString(16)).join(':')}::/56`
}

type Domains = typeof import('tldts')

let domains: Domains | Promise<Domains> | undefined

/**
 * The list of public suffixes, loaded when it is first needed: that takes longer than loading all that is ours, and to ask
 * for the module again takes longer than a ping.
 */
export function loadDomains(): Domains | Promise<Domains> {
  domains ??= import('tldts').then((loaded) => {
    domains = loaded
    return loaded
  })
  return domains
}

// What comes is the host of a URL already.
const hostAlone = { extractHostname: false, validateHostname: false } as const

/** The domain that somebody has registered: `blog.example.co.jp` is of `example.co.jp`; an address is its own. */
export function registeredDomain(host: string, { getDomain }: Domains): string {
  return getDomain(host, hostAlone) ?? host
}

/** Whether anybody may register a name below a host: `com`, `co.jp`, and hosts of many blogs such as `blogspot.com`. */
export async function isPublicSuffix(host: string): Promise<boolean> {
  const { parse } = await loadDomains()
  const { publicSuffix, isIcann, isPrivate } = parse(host, { ...hostAlone, allowPrivateDomains: true })
  return publicSuffix === host && (isIcann === true || isPrivate === true)
}

/** What is counted of a host, by its canonical name: the host itself, and the domain it belongs to. */
export function hostQuotas(
  host: string,
  { perHost, perDomain }: { perHost: number; perDomain: number },
  domains: Domains,
): Quota[] {
  return [
    { key: `host ${host}`, limit: perHost },
    { key: `domain ${registeredDomain(host, domains)}`, limit: perDomain },
  ]
}
