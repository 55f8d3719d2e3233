import { positiveInteger } from '../base/limits.js'
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

/**
 * Options of `createHttpClient`: which hosts may be asked, and how long and how large an answer may be. Times are in
 * milliseconds, sizes in bytes; a limit that is not a positive integer is a `TypeError`. An HTTP proxy named by the
 * environment (`HTTP_PROXY` and the like) is never used: behind one, no address can be judged (`proxy`).
 */
export interface NetworkOptions {
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
  /**
   * How many redirects are followed.
   * @default 5
   */
  readonly maxRedirects?: number | undefined
  /**
   * How large an answer's body may be, decoded and as sent.
   * @default 1_048_576
   */
  readonly maxResponseSize?: number | undefined
  /**
   * How large an answer's header may be.
   * @default 16_384
   */
  readonly maxHeaderSize?: number | undefined
  /**
   * Connection timeout: DNS, TCP and TLS together.
   * @default 3000
   */
  readonly connectTimeout?: number | undefined
  /**
   * From sending the request to receiving the response headers.
   * @default 5000
   */
  readonly headersTimeout?: number | undefined
  /**
   * Between two pieces of the body.
   * @default 5000
   */
  readonly idleTimeout?: number | undefined
  /**
   * For everything together: waiting for a connection, redirects, the last byte of the body.
   * @default 10_000
   */
  readonly totalTimeout?: number | undefined
  /**
   * How many connections to one host are open at once; further requests to it wait.
   * @default 8
   */
  readonly maxConnectionsPerHost?: number | undefined
  /**
   * How many connections are open at once in all; idle ones are closed for those that are needed.
   * @default 256
   */
  readonly maxConnections?: number | undefined
}

type LimitName = Extract<keyof NetworkOptions, `max${string}` | `${string}Timeout`>

/** The limits of a client, every one of them set. */
export type Limits = { readonly [name in LimitName]: number }

const defaults: Limits = {
  maxRedirects: 5,
  maxResponseSize: 1_048_576,
  maxHeaderSize: 16_384,
  connectTimeout: 3000,
  headersTimeout: 5000,
  idleTimeout: 5000,
  totalTimeout: 10_000,
  maxConnectionsPerHost: 8,
  maxConnections: 256,
}

/** Where timers overflow, and would run out at once. */
const longestTimer = 2 ** 31 - 1

const limitNames = Object.keys(defaults) as LimitName[]

/** Throws a `TypeError` for options with another name, or of another kind. */
export const checkOptions: (options: unknown) => void = optionCheck('createHttpClient', {
  list: 'allowHosts allowPorts',
  function: 'lookup',
  string: 'userAgent site',
  any: `proxy ${limitNames.join(' ')}`,
})

/** The limits that `options` asks for, the defaults where it says nothing; a `TypeError` for an invalid limit. */
export function resolveNetworkLimits(options: NetworkOptions): Limits {
  const limitOf = (name: LimitName) =>
    Math.min(positiveInteger(options[name], defaults[name], name), longestTimer)
  return Object.fromEntries(limitNames.map((name) => [name, limitOf(name)])) as unknown as Limits
}
