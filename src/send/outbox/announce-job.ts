import { hash } from 'node:crypto'
import { optionCheck } from '../../base/options.js'
import type { Reason } from '../../base/reason.js'
import type { Ping } from '../../base/types.js'
import { parseUrl } from '../../protocol/url.js'
import type { QueuedJob } from '../../queue/queue.js'
import type { NewJob } from '../../store/store.js'
import { cutWords, longestExcerpt } from '../../text/excerpt.js'
import { toPlainText } from '../../text/plain.js'
import { type KeptDelivery, type KeptPost, newDelivery } from './delivery.js'
import { deliveryJob } from './delivery-job.js'
import { findLinks, type Links, type Target } from './links.js'
import type { AnnouncedPost, SenderContext } from './options.js'

/** The kind of the jobs that begin the deliveries of a post. */
export const announceKind = 'announce'

interface AnnouncePayload extends KeptPost, Pick<Links, 'targets'> {
  readonly postId: string
}

/** Why a post is not announced now; `null` where it is public. */
export function reasonToWait({ draft = false, publishedAt }: AnnouncedPost, now: number): Reason | null {
  if (draft) return { code: 'draft' }
  if (!publishedAt) return null
  if (!(publishedAt instanceof Date)) throw new TypeError("the post's publishedAt must be a Date")
  return publishedAt.getTime() <= now ? null : { code: 'not-published-yet' }
}

const checkPost = optionCheck('the post', {
  string: 'id! url! html! title excerpt blogName',
  list: 'pingUrls',
})

/** The links of a post, chosen as the sender is set up. Throws a `TypeError` for an invalid post. */
export function linksOf(post: AnnouncedPost, { sites, limits }: SenderContext): Links {
  const { id, url, html, pingUrls, title, excerpt, blogName } = post
  // A database gives `null` for a text that there is none of.
  const texts = { title: title ?? '', excerpt: excerpt ?? '', blogName: blogName ?? '' }
  checkPost({ id: id || null, url, html, pingUrls, ...texts })
  if (!/^https?:/.test(parseUrl(url)?.protocol ?? '')) {
    throw new TypeError("the post's url must be an absolute http or https URL")
  }
  return findLinks(html, url, { ...limits, sites: sites ?? [new URL('/', url)], pingUrls })
}

/** The job that announces a post: it holds all that is needed of the post. */
export function announceJob(
  post: AnnouncedPost,
  links: Links,
  { at, again }: Pick<KeptPost, 'at' | 'again'>,
  context: SenderContext,
): NewJob {
  const { id: postId, url, title, html } = post
  const text = toPlainText(html)
  const excerpt = post.excerpt ?? cutWords(text, longestExcerpt)
  const ping: Ping = { url, title, excerpt, blogName: post.blogName ?? context.blogName }
  const now = context.now()
  const version = hash('sha256', JSON.stringify([url, title, post.excerpt, text])).slice(0, 32)
  const payload: AnnouncePayload = { postId, again, at, announcedAt: now, version, ping, ...links }
  const key = `${announceKind} ${JSON.stringify(postId)} ${at} ${version}`
  return { kind: announceKind, key, group: postId, payload: JSON.stringify(payload), runAt: now }
}

/**
 * Begins a delivery for each target that has none, and for each whose post has changed where that is asked for, also while
 * a ping with the old text is under way. It may run any number of times; where the post was announced again in the
 * meantime, it only adds jobs for what it had begun.
 */
export async function runAnnounceJob(job: QueuedJob, context: SenderContext): Promise<void> {
  const { deliveries, queue, tell, now } = context
  const { postId, targets, ...post } = JSON.parse(job.payload) as AnnouncePayload
  const current = await deliveries.keepPost(postId, post)

  /** The delivery that needs a job; `null` where there is nothing to do. */
  async function begin(target: Target): Promise<KeptDelivery | null> {
    const anew = { ...newDelivery(postId, target, now()), version: post.version }
    if (current && (await deliveries.write(anew, 0))) {
      tell('found', anew)
      return anew
    }
    const kept = await deliveries.read(postId, target.url)
    if (!kept) return null
    const { state, pingUrl, version } = kept.value
    const isWaiting = state === 'waiting'
    // While its page is read, no text is under way: the ping will have the new one.
    if (current?.again && version !== post.version && !(isWaiting && pingUrl === null))
      return (await deliveries.restart(kept, now(), post.version)) ?? begin(target)
    // A job that another process runs would not come back before its lease is over, and its host with it.
    return isWaiting && !(current?.begun && version) ? kept.value : null
  }

  for (const target of targets) {
    const delivery = await begin(target)
    if (delivery) await queue.enqueue(deliveryJob(delivery, now()))
  }
  await deliveries.endBeginning(postId, post.at)
}
