import { positiveInteger } from '../base/limits.js'
import { optionCheck } from '../base/options.js'
import { type HttpClient, sharedClient } from '../http/client.js'
import { type DocumentLimits, documentLimits } from '../protocol/url.js'
import type { Discovery } from './page.js'
import { visit } from './visit.js'

/** Options of `discover` and `discoverPingUrl`. */
export interface DiscoverOptions extends DocumentLimits {
  /**
   * How much of a page or feed is read, in decoded bytes; what follows is not looked at.
   * @default 1_048_576
   */
  readonly maxPageSize?: number | undefined
  /**
   * Whether the feed that a page names is read where the page itself holds no candidate: one more request.
   * @default true
   */
  readonly followFeed?: boolean | undefined
  /**
   * Sends the requests; made by `createHttpClient`, and stays open.
   * @default one that all calls of the process share
   */
  readonly client?: HttpClient | undefined
  /**
   * Ends everything; its reason is thrown as it is.
   * @default none
   */
  readonly signal?: AbortSignal | undefined
}

const checkOptions = optionCheck('discover', {
  object: 'client signal',
  boolean: 'followFeed',
  any: 'maxPageSize maxUrlLength maxCandidates',
})

/**
 * Finds the ping URL of a page, and says why it is the one. Reads the page through the guarded client, as it comes and no
 * further once nothing can change the answer; `candidates` then ends there. A page that answers with an HTTP error has no
 * answer, and `page.status` says why. Throws a `TrackbackError` if there is no page: `UNSUPPORTED_TYPE` for what is neither
 * HTML nor XML, else as the client does.
 *
 * ```ts
 * const { pingUrl, candidates } = await discover('https://example.org/post/5')
 * ```
 */
export async function discover(pageUrl: string | URL, options: DiscoverOptions = {}): Promise<Discovery> {
  checkOptions(options)
  const maxPageSize = positiveInteger(options.maxPageSize, 1_048_576, 'maxPageSize')
  const { client = sharedClient(), followFeed = true, signal } = options
  return visit(String(pageUrl), { client, maxPageSize, ...documentLimits(options), followFeed, signal })
}

/** The answer of `discover` alone. */
export async function discoverPingUrl(
  pageUrl: string | URL,
  options: DiscoverOptions = {},
): Promise<string | null> {
  return (await discover(pageUrl, options)).pingUrl
}
