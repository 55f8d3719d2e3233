import { webUrl } from '../protocol/url.js'
import type { Passage, Trackback, VerificationFact } from '../store/store.js'
import { readableHost } from './host.js'

/** What is shown of a trackback. */
export type ShownTrackback = Pick<
  Trackback,
  'id' | 'url' | 'title' | 'excerpt' | 'blogName' | 'receivedAt'
> & { readonly verification?: Pick<VerificationFact, 'passage' | 'title'> | null }

/** The title of a trackback: that of the ping, else that of its page (PROTOCOL 115); `''` if neither has one. */
export function shownTitle({ title, verification }: Pick<ShownTrackback, 'title' | 'verification'>): string {
  return title || (verification?.title ?? '')
}

/**
 * A trackback as every form of the list shows it: HTML, feeds, JSON and Movable Type's listing. All of it is a
 * stranger's plain text: escape it where it is written out.
 */
export interface TrackbackItem {
  /** The trackback's id in the store. */
  readonly id: string
  /**
   * The source as a link may name it: http or https, its host in ASCII, without user and password. `null` where
   * following it would not lead to a web page.
   */
  readonly url: string | null
  /** The title of the ping, or of its page; if neither has one, the host and the beginning of the path of `url`. */
  readonly title: string
  /** The excerpt of the ping; `''` if it has none. */
  readonly excerpt: string
  /** The text around the link to the post, as verification found it in the source; `null` if it found none. */
  readonly passage: Passage | null
  /** The name of the blog it comes from; `''` where there is none. */
  readonly blogName: string
  /** The host of `url`, in ASCII, with its port; `''` where there is no `url`. */
  readonly host: string
  /** `host` in its own letters, where it has such and they cannot be taken for others; else `null`. */
  readonly readableHost: string | null
  /** When the ping came; `null` where its time is none. */
  readonly receivedAt: Date | null
}

// The last millisecond of the year 9999: no later date has a form in RFC 3339 and RFC 822.
const LATEST = 253_402_300_799_999

/** The one place where a trackback becomes what is shown of it. */
export function toItem(trackback: ShownTrackback): TrackbackItem {
  const { receivedAt } = trackback
  const source = webUrl(trackback.url)
  return {
    // Feeds make a URI of it, which a lone surrogate would not let them.
    id: trackback.id.toWellFormed(),
    url: source?.href ?? null,
    title: titleOf(trackback),
    excerpt: trackback.excerpt,
    passage: trackback.verification?.passage ?? null,
    blogName: trackback.blogName,
    host: source?.host ?? '',
    readableHost: source ? readableHost(source) : null,
    receivedAt: receivedAt >= 0 && receivedAt <= LATEST ? new Date(receivedAt) : null,
  }
}

const longestTitle = 60

/** What a trackback is called: its title, or the host and the beginning of the path of its URL where it has none. */
export function titleOf(trackback: Pick<ShownTrackback, 'title' | 'verification' | 'url'>): string {
  const { url } = trackback
  const source = webUrl(url)
  const name = source ? source.host + (source.pathname + source.search).replace(/^\/$/, '') : url
  return shownTitle(trackback) || (name.length > longestTitle ? `${name.slice(0, longestTitle - 1)}…` : name)
}
