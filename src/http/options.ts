import { type LimitsOf, pickLimits } from '../base/limits.js'
import { optionCheck } from '../base/options.js'

/**
 * Resolves a name, as `lookup` of `node:dns` does, which fits as it is; every address where `all` is asked for. Said here
 * in types of our own, so that a project without Node's types can read it.
 */
export type Lookup = (
  hostname: string,
  options: {
    readonly all?: boolean | undefined
    readonly family?: number | 'IPv4' | 'IPv6' | undefined
    readonly hints?: number | undefined
  },
  callback: (
    error: Error | null,
    address: string | { address: string; family: number }[],
    family?: number,
  ) => void,
) => void

/** The limits with their defaults. */
const defaults = {
  /**
   * How many redirects are followed.
   * @default 5
   */
  maxRedirects: 5,
  /**
   * How large an answer's body may be, decoded and as sent.
   * @default 1_048_576
   */
  maxResponseSize: 1_048_576,
  /**
   * How large an answer's header may be.
   * @default 16_384
   */
  maxHeaderSize: 16_384,
  /**
   * Connection timeout: DNS, TCP and TLS together.
   * @default 3000
   */
  connectTimeout: 3000,
  /**
   * From sending the request to receiving the response headers.
   * @default 5000
   */
  headersTimeout: 5000,
  /**
   * Between two pieces of the body.
   * @default 5000
   */
  idleTimeout: 5000,
  /**
   * For everything together: waiting for a connection, redirects, the last byte of the body.
   * @default 10_000
   */
  totalTimeout: 10_000,
  /**
   * How many connections to one host are open at once; further requests to it wait.
   * @default 8
   */
  maxConnectionsPerHost: 8,
  /**
   * How many connections are open at once in all; idle ones are closed for those that are needed.
   * @default 256
   */
  maxConnections: 256,
}

/** The limits of a client, every one of them set. */
export type Limits = typeof defaults

/**
 * Options of `createHttpClient`: which hosts may be asked, and how long and how large an answer may be. Times are in
 * milliseconds, sizes in bytes; a limit that is not a positive integer is a `TypeError`. An HTTP proxy named by the
 * environment (`HTTP_PROXY` and the like) is never used: behind one, no address can be judged (`proxy`).
 */
export interface NetworkOptions extends LimitsOf<typeof defaults> {
  /**
   * Your own servers: `'host:port'`, or `'host'` for ports 80 and 443. They may be asked though their address is
   * private or their name or port is one we refuse, also by way of a stranger's link or redirect; everything else on
   * the same machine stays refused. What is not such a pair is a `TypeError`.
   * @default []
   */
  readonly allowHosts?: readonly string[] | undefined
  /**
   * Ports that may be asked on any public host, besides 80 and 443.
   * @default []
   */
  readonly allowPorts?: readonly number[] | undefined
  /**
   * Resolves names, shaped like `lookup` of `node:dns`, whose own takes a thread of libuv's few for each name that
   * hangs. Its answers are judged like any other.
   * @default dns.lookup
   */
  readonly lookup?: Lookup | undefined
  /**
   * A proxy that everything is sent through, by its `CONNECT`: `'http://proxy.example:3128'`, with a user and a password
   * where it asks for them. It resolves the names, so it must itself refuse private addresses, each time that it
   * connects; here only names, ports and addresses in URLs are judged, and `lookup` and `maxConnections` do nothing.
   * Any other URL than http or https is a `TypeError`.
   * @default none, whatever the environment says
   */
  readonly proxy?: string | URL | undefined
  /**
   * The `User-Agent` header; printable ASCII.
   * @default 'trackbacks/<version> (+<site>)', without the site where none is known
   */
  readonly userAgent?: string | undefined
  /**
   * The URL of your blog, which the `User-Agent` names.
   * @default none; the receiver and the sender name their own where they make the client
   */
  readonly site?: string | undefined
}

/** Where timers overflow, and would run out at once. */
const longestTimer = 2 ** 31 - 1

/** Throws a `TypeError` for options with another name, or of another kind. */
export const checkOptions: (options: unknown) => void = optionCheck('createHttpClient', {
  list: 'allowHosts allowPorts',
  function: 'lookup',
  string: 'userAgent site',
  any: `proxy ${Object.keys(defaults).join(' ')}`,
})

/** The limits that `options` asks for, the defaults where it says nothing; a `TypeError` for an invalid limit. */
export function resolveNetworkLimits(options: NetworkOptions): Limits {
  const limits = Object.entries(pickLimits(defaults, options))
  return Object.fromEntries(limits.map(([name, limit]) => [name, Math.min(limit, longestTimer)])) as Limits
}
