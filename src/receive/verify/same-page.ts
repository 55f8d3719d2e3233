import { createHash } from 'node:crypto'
import { pageKey } from '../../discover/identifier.js'
import { RetryLater } from '../../queue/queue.js'
import type { Store, Trackback } from '../../store/store.js'
import type { Verification } from '../checks/check.js'
import { isDecidedByPolicy } from '../moderation/history.js'
import type { ReceiverContext } from '../options/context.js'

const recordKind = 'page'
const whileUndecided = 60_000
/** How much later than planned the next look may come. */
const grace = 60 * 86_400_000

/**
 * Claims the page that a source turned out to be, by its final URL and its canonical one, for this trackback: a page under
 * several spellings is shown once below a post (PROTOCOL 129, 139). The store decides races, in one statement. Resolves to
 * `false` if another trackback has the page: one that is shown, or that the author decided on. Throws `RetryLater` while
 * that other one is not decided on. The claim lasts for some time after the next look, and for good if there is none.
 */
export async function claimPage(
  trackback: Trackback,
  { finalUrl = trackback.url, canonicalUrl }: Verification,
  { store, now }: Pick<ReceiverContext, 'store' | 'now'>,
  untilNextLook: number | undefined,
): Promise<boolean> {
  const expiresAt = untilNextLook === undefined ? undefined : now() + untilNextLook + grace
  const pages = new Set([finalUrl, canonicalUrl ?? finalUrl].map(pageKey).sort())
  // In one order, so that no two trackbacks wait for each other.
  for (const page of pages) {
    const key = createHash('sha256').update(`${trackback.postId}\n${page}`).digest('base64url')
    if (!(await claim(key, trackback.id, store, expiresAt))) return false
  }
  return true
}

async function claim(key: string, id: string, store: Store, expiresAt?: number): Promise<boolean> {
  const { records } = store
  const claimed = await records.get(recordKind, key)
  const holder = claimed && claimed.value !== id ? await store.get(claimed.value) : null
  if (holder?.state === 'unverified')
    throw new RetryLater(whileUndecided, 'another ping of this page is verified')
  if (holder && (holder.state === 'published' || !isDecidedByPolicy(holder))) return false
  // Written even if it is ours already, so that nobody takes it over who read it before.
  if (await records.put(recordKind, key, id, claimed?.revision ?? 0, expiresAt)) return true
  throw new RetryLater(whileUndecided, 'another ping of this page is verified')
}
