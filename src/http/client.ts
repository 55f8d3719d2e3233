// By its file: for the bare name Bun gives a part of undici of its own, which sends nothing that we could judge.
import { Agent, Client, Pool, ProxyAgent } from 'undici/index.js'
import { TrackbackError } from '../base/errors.js'
import { positiveInteger } from '../base/limits.js'
import { parseUrl } from '../protocol/url.js'
import { decodeBody, readAll } from './body.js'
import { Connections } from './connections.js'
import { Exchange, type Head } from './exchange.js'
import { Guard } from './guard.js'
import { checkOptions, type Limits, type NetworkOptions, resolveNetworkLimits } from './options.js'
import { addRedirect, type Hop, nextHop } from './redirects.js'
import { version } from './version.js'

export type { NetworkOptions } from './options.js'

/** One request, redirects included. */
export interface HttpRequest {
  /**
   * A POST stays one through redirects (PROTOCOL 98).
   * @default 'GET'
   */
  readonly method?: 'GET' | 'HEAD' | 'POST' | undefined
  /** An absolute http or https URL, without user information. */
  readonly url: string | URL
  /**
   * Sent to this origin; another, by redirect, gets only `Accept`, `Accept-Language` and `Content-Type` of them.
   * @default {}
   */
  readonly headers?: Readonly<Record<string, string>> | undefined
  /**
   * Sent as it is, text as UTF-8, and again where a redirect asks for it.
   * @default none
   */
  readonly body?: Uint8Array | string | undefined
  /**
   * How large this answer's body may be, in bytes.
   * @default the client's `maxResponseSize`
   */
  readonly maxSize?: number | undefined
  /**
   * Aborts the request, even while the body is read; rejects with the abort reason.
   * @default none
   */
  readonly signal?: AbortSignal | undefined
  /** Asked before a redirect is followed; what it throws ends the request. */
  readonly beforeRedirect?: ((url: URL) => void | Promise<void>) | undefined
}

/** An answer. Its body is read, or cancelled; else the total time limit cuts it off. */
export interface HttpResponse {
  /** The URL that answered, after redirects. */
  readonly url: string
  /** The URLs that redirected, in order; the first is the one that was asked for. */
  readonly redirects: readonly string[]
  /** The HTTP status, whatever it is: also a 404, or a redirect that could not be followed. */
  readonly status: number
  /** A header field by its name in any case; fields sent more than once are joined by `, `. */
  header(name: string): string | null
  /** The decoded body. Reading throws `TOO_LARGE`, `TIMEOUT`, `NETWORK` or `INVALID_RESPONSE`. */
  readonly body: AsyncIterable<Uint8Array>
  /** All of the body. */
  bytes(): Promise<Uint8Array>
  /** Drops what has not been read and closes its connection; does nothing after the last byte. */
  cancel(): void
}

/** The HTTP client; all requests go through it. */
export interface HttpClient {
  /**
   * Sends a request and follows its redirects. Throws a `TrackbackError` where there is no answer: `BLOCKED_URL`,
   * `TIMEOUT`, `NETWORK`, `TOO_LARGE`, `TOO_MANY_REDIRECTS`, `INVALID_RESPONSE`, `CLOSED`.
   */
  request(request: HttpRequest): Promise<HttpResponse>
  /**
   * How long a request may take, in milliseconds; the lease of a job that sends requests follows from it.
   * @default 10_000
   */
  readonly totalTimeout?: number | undefined
  /** Ends what is under way with `CLOSED` and closes every connection. */
  close(): Promise<void>
}

/**
 * Makes a client with its own guard, limits and connections: the one place where the network is set up. Throws a
 * `TypeError` for an invalid option. Close it when you no longer need it; idle connections keep no process running.
 *
 * ```ts
 * const client = createHttpClient({ allowHosts: ['intranet.example:8080'], site: 'https://blog.example/' })
 * const page = await client.request({ url: 'https://example.org/' })
 * ```
 */
export function createHttpClient(options: NetworkOptions = {}): HttpClient {
  checkOptions(options)
  const limits = resolveNetworkLimits(options)
  const { headersTimeout, idleTimeout } = limits
  const userAgent = userAgentOf(options)
  const guard = new Guard(options)
  const connections = new Connections(guard, limits.connectTimeout, limits.maxConnections)
  const agent =
    options.proxy === undefined ? createAgent(limits, connections) : createProxyAgent(options.proxy, limits)

  function send(hop: Hop, deadline: number, signal: AbortSignal | undefined): Exchange {
    if (signal?.aborted) throw signal.reason
    guard.checkUrl(hop.url)
    const { origin, hostname, pathname, search } = hop.url
    const remaining = Math.max(1, deadline - performance.now())
    connections.enter(origin)
    const bounds = { headersTimeout, idleTimeout, remaining, signal }
    const exchange = new Exchange(hostname, bounds, () => connections.leave(origin))
    const { method, headers, body = null } = hop
    agent.dispatch({ origin, path: pathname + search, method, headers, body }, exchange)
    return exchange
  }

  return {
    totalTimeout: limits.totalTimeout,
    async request(request) {
      const limit = positiveInteger(request.maxSize, limits.maxResponseSize, 'maxSize')
      const deadline = performance.now() + limits.totalTimeout
      const redirects: string[] = []
      let hop = firstHop(request, userAgent)
      for (;;) {
        const exchange = send(hop, deadline, request.signal)
        const head = await exchange.head
        try {
          const next = nextHop(hop, { status: head.status, location: head.headers['location'] })
          if (!next) return toResponse(hop.url, head, exchange, redirects, limit)
          await request.beforeRedirect?.(next.url)
          addRedirect(redirects, hop.url, next.url, limits.maxRedirects)
          hop = next
        } catch (error) {
          exchange.cancel()
          throw error
        }
        exchange.cancel()
      }
    },
    async close() {
      const destroyed = agent.destroy()
      connections.destroy()
      await destroyed
    },
  }
}

function firstHop({ method = 'GET', url, headers, body }: HttpRequest, userAgent: string): Hop {
  const named: Record<string, string> = { 'user-agent': userAgent, 'accept-encoding': 'gzip' }
  for (const [name, value] of Object.entries(headers ?? {})) named[name.toLowerCase()] = value
  return { method, url: typeof url === 'string' ? absoluteUrl(url) : url, headers: named, body }
}

let shared: HttpClient | undefined

/** The client of every caller that has none of its own; nobody closes it. */
export function sharedClient(): HttpClient {
  shared ??= createHttpClient()
  return shared
}

/** undici's own time limits are off: they are late by up to a second (`Exchange` keeps ours). */
function settingsOf({ maxConnectionsPerHost, maxHeaderSize }: Limits) {
  const times = { keepAliveMaxTimeout: 30_000, headersTimeout: 0, bodyTimeout: 0 }
  return { connections: maxConnectionsPerHost, maxHeaderSize, ...times }
}

/** The proxy makes the connections to the targets, so no guard of ours can look at them. */
function createProxyAgent(proxy: string | URL, limits: Limits): ProxyAgent {
  const url = parseUrl(String(proxy))
  if (url?.protocol !== 'http:' && url?.protocol !== 'https:')
    throw new TypeError('proxy must be an http or https URL')
  const timeout = limits.connectTimeout
  return new ProxyAgent({
    ...settingsOf(limits),
    uri: url.href,
    proxyTls: { timeout },
    requestTls: { timeout },
  })
}

function createAgent(limits: Limits, connections: Connections): Agent {
  const settings = settingsOf(limits)
  const toClient = (origin: URL, options: object): Client => {
    const connect = connections.connector(() => client.stats.size === 0)
    const client: Client = new Client(origin, { ...options, connect })
    return client
  }
  return new Agent({ factory: (origin) => new Pool(origin, { ...settings, factory: toClient }) })
}

function toResponse(
  url: URL,
  head: Head,
  exchange: Exchange,
  redirects: string[],
  limit: number,
): HttpResponse {
  const header = (name: string) => {
    const key = name.toLowerCase()
    const value = Object.hasOwn(head.headers, key) ? head.headers[key] : undefined
    return Array.isArray(value) ? value.join(', ') : (value ?? null)
  }
  const body = decodeBody(exchange, header('content-encoding'), limit, url.hostname)
  return {
    url: url.href,
    redirects,
    status: head.status,
    header,
    body,
    bytes: () => readAll(body),
    cancel: () => exchange.cancel(),
  }
}

const longestShown = 100

function absoluteUrl(text: string): URL {
  const url = parseUrl(text)
  if (url !== null) return url
  const shown = text.length > longestShown ? `${text.slice(0, longestShown)}…` : text
  throw new TrackbackError('BLOCKED_URL', `'${shown}' is not an absolute URL`)
}

function userAgentOf({ userAgent, site }: NetworkOptions): string {
  const home = site === undefined ? null : new URL(site)
  const name = userAgent ?? `trackbacks/${version}${home ? ` (+${home.origin}${home.pathname})` : ''}`
  if (!/^[\x20-\x7e]+$/.test(name)) throw new TypeError('userAgent must be printable ASCII')
  return name
}
