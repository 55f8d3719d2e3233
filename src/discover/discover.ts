import { positiveInteger } from '../base/limits.js'
import { optionCheck } from '../base/options.js'
import { type HttpClient, sharedClient } from '../http/client.js'
import { type DocumentLimits, documentLimits } from '../protocol/url.js'
import { type DiscoveryOutcome, discoverEach, type ManyOptions } from './many.js'
import type { Discovery } from './page.js'
import { visit } from './visit.js'

/** Options of `discover`, `discoverPingUrl` and `discover.many`. */
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

/** `discover`, for one page and for many. */
export interface Discover {
  /**
   * Reads a page through the guarded client and finds its ping URL. The body is read as it comes, and no further once
   * nothing can change the answer; `candidates` then ends there. A page that answers with an HTTP error has no answer,
   * and `page.status` says why. Throws a `TrackbackError` where there is no page: `UNSUPPORTED_TYPE` for what is
   * neither HTML nor XML, else as the client does.
   */
  (pageUrl: string | URL, options?: DiscoverOptions): Promise<Discovery>
  /**
   * Reads many pages, each once, some at a time and few of them from one host. Never rejects for a page: there is one
   * outcome for each URL, in their order.
   */
  many(pageUrls: Iterable<string | URL>, options?: DiscoverOptions & ManyOptions): Promise<DiscoveryOutcome[]>
}

/**
 * Finds the ping URL of a page, and says why it is the one.
 *
 * ```ts
 * const { pingUrl, candidates } = await discover('https://example.org/post/5')
 * const outcomes = await discover.many(urls, { concurrency: 4 })
 * ```
 */
export const discover: Discover = /* @__PURE__ */ Object.assign(discoverPage, { many: discoverMany })

const checkOptions = optionCheck('discover', {
  object: 'client signal',
  boolean: 'followFeed',
  any: 'maxPageSize maxUrlLength maxCandidates',
})

/** The answer of `discover` alone. */
export async function discoverPingUrl(
  pageUrl: string | URL,
  options: DiscoverOptions = {},
): Promise<string | null> {
  return (await discover(pageUrl, options)).pingUrl
}

function discoverPage(pageUrl: string | URL, options: DiscoverOptions = {}): Promise<Discovery> {
  return discoverWith(String(pageUrl), options)
}

async function discoverWith(url: string, options: DiscoverOptions): Promise<Discovery> {
  checkOptions(options)
  const maxPageSize = positiveInteger(options.maxPageSize, 1_048_576, 'maxPageSize')
  const limits = documentLimits(options)
  const { client = sharedClient(), followFeed = true, signal } = options
  return visit(url, { client, maxPageSize, ...limits, followFeed, signal })
}

function discoverMany(
  pageUrls: Iterable<string | URL>,
  options: DiscoverOptions & ManyOptions = {},
): Promise<DiscoveryOutcome[]> {
  const { concurrency, perHost, ...each } = options
  return discoverEach(pageUrls, (url) => discoverWith(url, each), { concurrency, perHost })
}
