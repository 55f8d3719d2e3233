import { type HttpClient, sharedClient } from '../http/client.js'
import { type PingList, readPingList } from '../protocol/ping-list.js'

/** Options of `fetchPings`. */
export interface FetchPingsOptions {
  /**
   * Sends the request, in place of one made from the network options.
   * @default the shared client
   */
  readonly client?: HttpClient | undefined
  /**
   * Ends the request; its reason is thrown as it is.
   * @default none
   */
  readonly signal?: AbortSignal | undefined
}

/**
 * Asks another server for the pings of one post, by GET and `__mode=rss` on its ping URL (PROTOCOL 32, 33). Returns
 * `null` where the answer is no such list: few servers have it, and an unknown post gives an error document (36).
 * Throws a `TrackbackError` where there is no answer.
 *
 * ```ts
 * const list = await fetchPings('http://example.org/mt-tb.cgi/5')
 * for (const { url, title } of list?.items ?? []) console.log(url, title)
 * ```
 */
export async function fetchPings(
  pingUrl: string | URL,
  options: FetchPingsOptions = {},
): Promise<PingList | null> {
  const url = new URL(pingUrl)
  url.search += `${url.search ? '&' : '?'}__mode=rss`
  const { client = sharedClient(), signal } = options
  const response = await client.request({ url, headers: { accept: 'text/xml, application/xml' }, signal })
  const bytes = await response.bytes()
  const contentType = response.header('content-type')
  return readPingList(bytes, { contentType, maxSize: Math.max(1, bytes.length) })
}
