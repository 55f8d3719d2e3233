import type { Reason } from '../../base/reason.js'
import { RetryLater } from '../../queue/queue.js'
import type {
  AuthorAction,
  HistoryEntry,
  NewTrackback,
  Store,
  Trackback,
  TrackbackChange,
  TrackbackState,
  VerificationFact,
} from '../../store/store.js'

/** The state that each action of an author leads to; of several, the first is the usual one. */
export const decisions = {
  publish: 'published',
  hold: 'held',
  reject: 'rejected',
  remove: 'removed',
  spam: 'rejected',
  notSpam: 'published',
} as const satisfies Record<Exclude<AuthorAction, 'undo'>, TrackbackState>

/** What an author can do. */
export const actions = Object.keys(decisions) as (keyof typeof decisions)[]

/** How many entries of a history are kept; what is sent and rejected over and over makes it no longer. */
const longestHistory = 100

/** Whether the state is one that the receiver decided by itself, and may therefore change. */
export function isDecidedByPolicy({ history }: Trackback): boolean {
  return standingDecision(history)?.by !== 'author'
}

/** The author's decision that is in force, and the state that it ended; `null` where the receiver decided. */
export function undoable({ history }: Trackback) {
  const decision = standingDecision(history)
  // What an earlier release wrote does not say what was before: then the author is asked again.
  return decision?.by === 'author' ? { ...decision, before: decision.before ?? 'held' } : null
}

/** The entry that decided on the state: a decision that was undone counts for nothing, nor does what undid it. */
export function standingDecision(history: readonly HistoryEntry[]): HistoryEntry | undefined {
  const standing: HistoryEntry[] = []
  for (const entry of history) {
    if (entry.action === 'undo') standing.pop()
    else standing.push(entry)
  }
  return standing.at(-1)
}

/** A change that moves a trackback into the state of an entry; the oldest entries go where there would be too many. */
export function movedTo(found: Omit<TrackbackChange, 'state'>, entry: HistoryEntry): TrackbackChange {
  const { verification, checks, history } = found
  return { state: entry.state, verification, checks, history: [...history, entry].slice(-longestHistory) }
}

/** What a look at a source led to. */
export interface Judgement extends Pick<TrackbackChange, 'state' | 'checks'> {
  readonly reason: Reason
  readonly verification: VerificationFact
}

/**
 * Records what the receiver found by itself; what the author decided meanwhile stays as it is. Throws
 * `RetryLater` where the text is no longer the one that was judged.
 */
export async function recordJudgement(
  store: Store,
  judged: Trackback,
  { state, reason, verification, checks }: Judgement,
): Promise<Trackback | null> {
  const changed = await changeTrackback(store, judged.id, (trackback) => {
    const isOurs = trackback.state === judged.state && isDecidedByPolicy(trackback)
    if (isOurs && trackback.revision !== judged.revision) throw new RetryLater(0, 'the ping was sent again')
    const found = { verification, checks, history: trackback.history }
    if (!isOurs || state === trackback.state) return { state: trackback.state, ...found }
    return movedTo(found, { at: verification.checkedAt, state, by: 'policy', reason })
  })
  return changed?.after ?? null
}

/**
 * Lets a trackback that the receiver rejected by itself, or left to the author because its source gave no answer, be
 * verified anew when it is sent again: the page may be there since. What a person decided stays so. Resolves to whether it
 * was reopened.
 */
export async function reopen(store: Store, { postId, sourceKey }: NewTrackback): Promise<boolean> {
  const trackback = await store.find(postId, sourceKey)
  if (!trackback || !isDecidedByPolicy(trackback)) return false
  const { id, state, verification, revision, checks, history } = trackback
  const isUnanswered = state === 'held' && verification !== null && verification.outcome !== 'linked'
  if (state !== 'rejected' && !isUnanswered) return false
  return store.update(id, revision, { state: 'unverified', verification: null, checks, history })
}

/**
 * Reads, decides and writes, again where another writer came between. Resolves to the trackback as it was and as it was
 * changed: `after` is `null` where there was nothing to change. `null` for an unknown id.
 */
export async function changeTrackback(
  store: Store,
  id: string,
  decide: (trackback: Trackback) => TrackbackChange | null,
): Promise<{ before: Trackback; after: Trackback | null } | null> {
  for (;;) {
    const before = await store.get(id)
    if (!before) return null
    const change = decide(before)
    if (!change) return { before, after: null }
    if (await store.update(id, before.revision, change))
      return { before, after: { ...before, ...change, revision: before.revision + 1 } }
  }
}
