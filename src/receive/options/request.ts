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
 * What is kept of a ping: plain text, as `toText` makes it, cut to the limits, its URL in one form; `null` for a URL that is
 * not taken.
 */
export function toAdmitted(
  received: Received,
  limits: ResolvedLimits,
  toText = toPlainText,
): AdmittedPing | null {
  const { ping, charset, charsetSource } = received
  const source = ping.url.trim()
  const url = source.length > limits.maxUrlLength ? null : parseSource(source)
  if (url === null || url.href.length > limits.maxUrlLength) return null
  return {
    url: url.href,
    sourceKey: sourceKeyOf(url),
    host: canonicalHost(url),
    title: cutText(toText(ping.title), limits.maxTitleLength),
    excerpt: cutText(toText(ping.excerpt), limits.maxExcerptLength),
    blogName: cutText(toText(ping.blogName), limits.maxBlogNameLength),
    charset,
    charsetSource,
  }
}
