import type { Ping } from '../../base/types.js'
import type { NewTrackback } from '../../store/store.js'
import type { ResolvedLimits } from '../options/limits.js'
import { toAdmitted } from '../options/request.js'

/** A trackback that a blog's engine took before this one. */
export interface ImportedTrackback extends Ping {
  /** When it came: a `Date`, or milliseconds since 1970. */
  readonly receivedAt: Date | number
}

/** What is kept of it: its texts and its URL as those of a ping. Throws a `TypeError` for what no ping could be. */
export function toImported(
  { postId, blog }: Pick<NewTrackback, 'postId' | 'blog'>,
  { url, title, excerpt, blogName, receivedAt }: ImportedTrackback,
  limits: ResolvedLimits,
): NewTrackback {
  const texts = { title: title ?? '', excerpt: excerpt ?? '', blogName: blogName ?? '' }
  const ping = toAdmitted({ ping: { url, ...texts }, charset: 'utf-8', charsetSource: 'utf-8' }, limits)
  if (ping === null) throw new TypeError(`${JSON.stringify(url)} is no URL that a trackback can have`)
  const time = Number(receivedAt)
  if (!Number.isSafeInteger(time) || time < 0) throw new TypeError('receivedAt must be a valid date')
  const { host: _, ...kept } = ping
  return { postId, blog, ...kept, receivedAt: time, clientIp: null, state: 'published' }
}
