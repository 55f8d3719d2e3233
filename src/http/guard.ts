import { lookup as systemLookup } from 'node:dns'
import { addressOfHost } from '../base/address.js'
import { TrackbackError } from '../base/errors.js'
import { parseUrl } from '../protocol/url.js'
import { blockedAddress, blockedName } from './address.js'
import type { Lookup, NetworkOptions } from './options.js'

/** Decides whom we may ask: by URL before every hop, by every answer of the resolver, by the connected socket. */
export class Guard {
  readonly #exempt: ReadonlySet<string>
  readonly #ports: ReadonlySet<number>
  readonly #lookup: Lookup

  constructor(options: NetworkOptions) {
    this.#exempt = new Set((options.allowHosts ?? []).flatMap(hostAndPorts))
    this.#ports = new Set([80, 443, ...(options.allowPorts ?? []).map(portNumber)])
    this.#lookup = options.lookup ?? systemLookup
  }

  /** Throws `BLOCKED_URL` for a URL that may not be asked, as far as the URL itself tells. */
  checkUrl(url: URL): void {
    if (url.protocol !== 'http:' && url.protocol !== 'https:') {
      throw blocked(url.hostname || url.protocol, 'only http and https URLs are allowed')
    }
    if (url.username !== '' || url.password !== '')
      throw blocked(url.hostname, 'the URL contains a user name or password')
    if (this.#isExempt(url)) return
    if (!this.#ports.has(portOf(url)))
      throw blockedUnlessAllowed(url.hostname, `port ${portOf(url)} is not allowed`)
    const rule = blockedName(url.hostname)
    if (rule !== null) throw blockedUnlessAllowed(url.hostname, rule)
    const address = addressOfHost(url.hostname)
    if (address !== null) this.#checkAddress(url.hostname, address)
  }

  /** Resolves the name for one connection; fails with `BLOCKED_URL` unless every address may be asked. */
  lookupFor(url: URL): Lookup {
    if (this.#isExempt(url)) return this.#lookup
    const host = url.hostname
    return (hostname, options, callback) =>
      this.#lookup(hostname, { ...options, all: true }, (error, answer, family) => {
        if (error) return callback(error, [])
        const answers = typeof answer === 'string' ? [{ address: answer, family: family ?? 0 }] : answer
        try {
          for (const { address } of answers) this.#checkAddress(host, address)
        } catch (refusal) {
          return callback(refusal as Error, [])
        }
        const first = answers[0]
        if (!first) return callback(new Error('the name has no address'), [])
        return options.all ? callback(null, answers) : callback(null, first.address, first.family)
      })
  }

  /** Throws `BLOCKED_URL` where a connection ended at an address that may not be asked. */
  checkConnected(url: URL, address: string | undefined): void {
    if (!this.#isExempt(url)) this.#checkAddress(url.hostname, address ?? '')
  }

  #isExempt(url: URL): boolean {
    return this.#exempt.size > 0 && this.#exempt.has(`${url.hostname}:${portOf(url)}`)
  }

  #checkAddress(host: string, address: string): void {
    const rule = blockedAddress(address)
    if (rule === null) return
    throw blockedUnlessAllowed(host, 'its address is not public', new Error(`${address}: ${rule}`))
  }
}

/** The port that a URL leads to. */
export function portOf(url: URL): number {
  return url.port === '' ? (url.protocol === 'https:' ? 443 : 80) : Number(url.port)
}

/** The error of a request that is not made; `rule` says why. */
export function blocked(host: string, rule: string, cause?: Error): TrackbackError {
  return new TrackbackError('BLOCKED_URL', `request to ${host} blocked: ${rule}`, cause && { cause })
}

/** How a message ends that says of a host what `allowHosts` would lift. */
export const exceptionHint = ' (to allow it, add it to allowHosts)'

function blockedUnlessAllowed(host: string, rule: string, cause?: Error): TrackbackError {
  return blocked(host, rule + exceptionHint, cause)
}

function hostAndPorts(entry: unknown): string[] {
  const [, name = '', port] = /^(\[[^\]]*\]|[^:]*)(?::(\d+))?$/.exec(String(entry)) ?? []
  const url = /[\s/?#@\\*%]/.test(name) ? null : parseUrl(`http://${name}`)
  if (typeof entry !== 'string' || name === '' || url === null)
    throw new TypeError(`allowHosts: ${notHost(entry)}`)
  if (port) return [`${url.hostname}:${portNumber(Number(port))}`]
  return [`${url.hostname}:80`, `${url.hostname}:443`]
}

/** What is wrong with an entry, and where it can be told, what would be right. */
function notHost(entry: unknown): string {
  const text = typeof entry === 'string' ? entry.trim() : ''
  const meant = (parseUrl(text)?.host || parseUrl(`http://${text}`)?.host) ?? ''
  return `'${String(entry)}' is not 'host:port'${/^[^*]+$/.test(meant) ? `: write '${meant}'` : ''}`
}

function portNumber(port: number): number {
  if (!Number.isInteger(port) || port < 1 || port > 65_535) throw new TypeError(`${port} is not a port`)
  return port
}
