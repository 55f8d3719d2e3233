import { Resolver } from 'node:dns/promises'
import { addressOfHost, ipv6Bytes, plainAddress } from '../../base/address.js'
import { TrackbackError } from '../../base/errors.js'
import { positiveInteger } from '../../base/limits.js'
import { canonicalHost } from '../../protocol/url.js'
import { loadDomains, registeredDomain } from '../policy/flood-keys.js'
import type { Check } from './check.js'

/**
 * Lists that are asked by DNS. Each question tells the operators of the list, and of every name server between, which
 * host (`hostZones`) or client address (`addressZones`) has pinged this blog.
 */
export interface DnsListOptions {
  /** Lists of hosts and domains, as `multi.surbl.org`. @default [] */
  readonly hostZones?: readonly string[] | undefined
  /** Lists of clients' addresses, as `zen.spamhaus.org`. @default [] */
  readonly addressZones?: readonly string[] | undefined
  /** Resolves a name to its IPv4 addresses, as `resolve4` of `node:dns/promises`. @default the system's name servers */
  readonly resolve4?: Resolve4 | undefined
  /** How long all questions together may take, in milliseconds. @default 5000 */
  readonly timeout?: number | undefined
}

type Resolve4 = (name: string) => Promise<readonly string[]>

/**
 * The source's host, the host it leads to or the client's address is on a list: -8. A list that does not answer, or
 * refuses to (as those of URIBL and Spamhaus do through large name servers), is a failure, unless another one lists
 * the ping. Throws `TypeError` for a timeout that is no positive integer.
 */
export function dnsList(options: DnsListOptions): Check {
  const { hostZones = [], addressZones = [] } = options
  const timeout = positiveInteger(options.timeout, 5000, 'timeout')
  const resolver = new Resolver({ timeout, tries: 1 })
  const { resolve4 = (name) => resolver.resolve4(name) } = options
  return {
    name: 'dns-list',
    timeout,
    async judge({ trackback, verification: { finalUrl = trackback.url } }) {
      const names = await Promise.all([trackback.url, finalUrl].map(namesOf))
      const hosts = new Set(names.flat())
      const clients = reversedAddress(trackback.clientIp)
      const questions = [...questionsTo(hostZones, hosts), ...questionsTo(addressZones, clients)]
      const ask = async (question: string) => ((await isListed(question, resolve4)) ? [question] : [])
      const answers = await Promise.allSettled(questions.map(ask))
      const [name] = answers.flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : []))
      if (name !== undefined) return { score: -8, reason: { code: 'listed', name } }
      const failure = answers.find((answer) => answer.status === 'rejected')
      if (failure) throw failure.reason
      return null
    },
  }
}

/** No name in DNS is longer than 253 characters. */
function questionsTo(zones: readonly string[], names: Iterable<string>): string[] {
  const questions = Array.from(names, (name) => zones.map((zone) => `${name}.${zone}`)).flat()
  return questions.filter((question) => question.length <= 253)
}

/** A host's own name and the domain that was registered; a list of hosts takes no addresses. */
async function namesOf(url: string): Promise<string[]> {
  const host = canonicalHost(new URL(url))
  return addressOfHost(host) === null ? [host, registeredDomain(host, await loadDomains())] : []
}

/** An address as such lists name it: its octets, or its hexadecimal digits, from the last to the first (RFC 5782). */
function reversedAddress(clientIp: string | null): string[] {
  const address = plainAddress(clientIp)
  if (address === null) return []
  if (!address.includes(':')) return [address.split('.').reverse().join('.')]
  return [Array.from(ipv6Bytes(address).toString('hex')).reverse().join('.')]
}

/** 127.0.0.1, 127.0.1.255 and 127.255.255.x are refusals; what is outside of 127/8 comes from no list. */
const answer = /^127\.(?!0\.0\.1$|0\.1\.255$|255\.255\.)/

async function isListed(question: string, resolve4: Resolve4): Promise<boolean> {
  try {
    const addresses = await resolve4(question)
    if (addresses.every((address) => answer.test(address))) return addresses.length > 0
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOTFOUND' || code === 'ENODATA') return false
    throw error
  }
  throw new TrackbackError('INVALID_RESPONSE', 'the list refuses to answer')
}
