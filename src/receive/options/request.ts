import type { ReceivedPing } from '../../protocol/ping.js'
import { canonicalHost } from '../../protocol/url.js'
import type { NewTrackback } from '../../store/store.js'
import { cutText } from '../../text/excerpt.js'
import { toPlainText } from '../../text/plain.js'
import { parseSource, sourceKeyOf } from '../urls/source-url.js'
import type { ResolvedLimits } from './limits.js'

/** A request as any transport can give it. */
export interface PingRequest {
  readonly method: string
  /** The path with its query, or the whole URL. */
  readonly url: string
  readonly contentType?: string | null | undefined
  /** The raw bytes of the body; never text that something has decoded before. */
  readonly body?: Uint8Array | null | undefined
  /** The client's address as the host knows it. */
  readonly clientIp?: string | null | undefined
}

/** A ping's fields as plain text within the limits, and how its bytes were read. */
export interface AdmittedPing extends Pick<NewTrackback, KeptField> {
  readonly host: string
}

type KeptField = 'url' | 'sourceKey' | 'title' | 'excerpt' | 'blogName' | 'charset' | 'charsetSource'

/** The path and the query of a request's URL, whole or not. */
export function splitUrl(url: string): { path: string; query: string } {
  const path = url.startsWith('/') ? url : url.replace(/^[a-z]+:\/\/[^/?#]*/i, '')
  const mark = path.indexOf('?')
  return mark < 0 ? { path, query: '' } : { path: path.slice(0, mark), query: path.slice(mark + 1) }
}

type Received = Pick<ReceivedPing, 'ping'> & Pick<NewTrackback, 'charset' | 'charsetSource'>

/**
 * What is kept of a ping: its texts as `toText` makes them, by default plain and cut to the limits, its URL in one form and
 * taken apart; `null` for a URL that is not taken.
 */
export function toAdmitted(
  received: Received,
  limits: ResolvedLimits,
  toText: (text: string, maxGraphemes: number) => string = (text, most) => cutText(toPlainText(text), most),
): { readonly ping: AdmittedPing; readonly source: URL } | null {
  const { ping, charset, charsetSource } = received
  const { maxUrlLength, maxTitleLength, maxExcerptLength, maxBlogNameLength } = limits
  const written = ping.url.trim()
  const source = written.length > maxUrlLength ? null : parseSource(written)
  if (source === null || source.href.length > maxUrlLength) return null
  const admitted: AdmittedPing = {
    url: source.href,
    sourceKey: sourceKeyOf(source),
    host: canonicalHost(source),
    title: toText(ping.title, maxTitleLength),
    excerpt: toText(ping.excerpt, maxExcerptLength),
    blogName: toText(ping.blogName, maxBlogNameLength),
    charset,
    charsetSource,
  }
  return { ping: admitted, source }
}
