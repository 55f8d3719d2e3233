import type { Store, Trackback, TrackbackState } from '../../store/store.js'
import { isDecidedByPolicy } from '../moderation/history.js'
import type { ReceiverContext } from '../options/context.js'
import type { ResolvedLimits } from '../options/limits.js'
import { isCertain } from './decision.js'

const day = 86_400_000
const pageLimit = 500

/**
 * Deletes the trackbacks that waited too long for the author, and those that are too many, of a post, of a blog or in all:
 * first the oldest of those whose source was never reached. What an author put on hold stays.
 */
export async function endWaiting(context: ReceiverContext, time: number): Promise<void> {
  const { store, limits, events } = context
  const end = async ({ id }: Waiting): Promise<void> => {
    const trackback = await store.get(id)
    if (!trackback || !isWaiting(trackback)) return
    if (await store.remove(id, trackback.revision)) events.happened('expired', trackback)
  }
  const overdue = time - limits.maxHeldDays * day
  const waiting: Waiting[] = []
  for (const state of ['unverified', 'held'] as const) {
    for await (const each of allOf(store, state)) {
      if (each.since < overdue) await end(each)
      else waiting.push(each)
    }
  }
  for (const each of tooMany(waiting, limits)) await end(each)
}

/** Those that wait in a state, oldest first. */
async function* allOf(store: Store, state: TrackbackState): AsyncGenerator<Waiting> {
  let after: string | undefined
  do {
    const page = await store.list({ state }, { limit: pageLimit, after })
    for (const trackback of page.items) if (isWaiting(trackback)) yield toWaiting(trackback)
    after = page.next
  } while (after !== undefined)
}

type Waiting = ReturnType<typeof toWaiting>

/** What has to be known of a trackback that waits. */
function toWaiting({ id, postId, blog, receivedAt, verification }: Trackback) {
  // When it was received, or looked at last: one of them may come from a clock that was behind.
  const since = Math.max(receivedAt, verification?.checkedAt ?? 0)
  return { id, postId, blog, receivedAt, since, wasReached: isCertain(verification) }
}

function isWaiting(trackback: Trackback): boolean {
  return (trackback.state === 'unverified' || trackback.state === 'held') && isDecidedByPolicy(trackback)
}

/** Those beyond the limits, in one pass over them in the order in which they are kept. */
function tooMany(waiting: readonly Waiting[], limits: ResolvedLimits): Waiting[] {
  const { maxWaiting, maxWaitingPerPost, maxWaitingPerBlog } = limits
  const kept = new Map<string, number>()
  // Those whose source was reached come first, then the newest.
  const byWorth = [...waiting].sort(
    (a, b) => Number(b.wasReached) - Number(a.wasReached) || b.receivedAt - a.receivedAt,
  )
  return byWorth.filter(({ postId, blog }) => {
    const rooms: [name: string, size: number][] = [
      ['all', maxWaiting],
      [`post ${postId}`, maxWaitingPerPost],
    ]
    if (blog !== '') rooms.push([`blog ${blog}`, maxWaitingPerBlog])
    const isFull = rooms.some(([name, size]) => (kept.get(name) ?? 0) >= size)
    if (!isFull) for (const [name] of rooms) kept.set(name, (kept.get(name) ?? 0) + 1)
    return isFull
  })
}
