import type { IncomingMessage } from 'node:http'
import { pickLimits } from '../../base/limits.js'
import { optionCheck } from '../../base/options.js'
import { usualHookTimeout } from '../../base/waiting.js'
import { parseBaseUrl, parseMountPath } from '../../receive/urls/base-url.js'
import type { Authorization } from './authorize.js'
import type { SentPings } from './requests/scope.js'

/** Options of `createModerationHandler`. */
export interface ModerationHandlerOptions<HostRequest = IncomingMessage> {
  /**
   * Where the page is mounted: an absolute http or https URL, as browsers name it. Forms are taken from this origin only.
   */
  readonly baseUrl: string | URL
  /**
   * The path at which requests arrive, where a proxy in front takes a part of it away. Links and forms name `baseUrl`.
   * @default the path of `baseUrl`
   */
  readonly mountPath?: string | undefined
  /**
   * Says who may moderate: the name of the user, which goes into the history of what they decide; `false` or `null` for
   * nobody; `{ redirectTo: '/login' }`, or a whole answer such as
   * `{ status: 401, headers: { 'www-authenticate': 'Basic' } }`. It is given the request as the host has it, with its
   * session: what Express or `node:http` calls the handler with, the `FastifyRequest`, or the `Request` given to
   * `fetch`. It is asked before anything else, each time; where it throws, the visitor gets a 500 that says nothing,
   * and the receiver's `onError` the error.
   */
  readonly authorize: (request: HostRequest) => Authorization | PromiseLike<Authorization>
  /** A language tag: `'en'`, `'ja'`, `'ja-JP'`; English stands in for a language not known. @default 'en' */
  readonly lang?: string | undefined
  /** The time zone of the dates: `'Asia/Tokyo'`, `'UTC'`. @default the time zone of the process */
  readonly timeZone?: string | undefined
  /** The sender of the blog: the page then has a list of what was sent, for users who may see all blogs. @default none */
  readonly sender?: SentPings | undefined
  /** How many trackbacks, blocks, or pings that were sent, a page holds; 100 at the most. @default 25 */
  readonly pageSize?: number | undefined
  /** How long a form is good after its page was made, in milliseconds. @default 14_400_000, four hours */
  readonly formTtl?: number | undefined
  /** How long `authorize` may take, in milliseconds; after that nobody is let in, as where it throws. @default 10_000 */
  readonly hookTimeout?: number | undefined
  /** The clock, in milliseconds since 1970. @default Date.now */
  readonly now?: (() => number) | undefined
}

const usualLimits = { pageSize: 25, formTtl: 4 * 3_600_000, hookTimeout: usualHookTimeout }
const largestPage = 100
const checkOptions = optionCheck('createModerationHandler', {
  function: 'authorize! now',
  string: 'mountPath lang timeZone',
  object: 'sender',
  any: 'baseUrl! pageSize formTtl hookTimeout',
})

/** Checks the options and fills in the defaults. Throws a `TypeError` that names what is wrong. */
export function resolveModerationOptions(options: ModerationHandlerOptions<never>) {
  checkOptions(options)
  const base = parseBaseUrl(options.baseUrl)
  const mountPath = parseMountPath(options.mountPath, base)
  const limits = pickLimits(usualLimits, options)
  if (limits.pageSize > largestPage) throw new TypeError(`pageSize must be ${largestPage} at the most`)
  const { lang = 'en', timeZone, now = Date.now } = options
  return { base, mountPath, ...limits, lang, timeZone, now }
}
