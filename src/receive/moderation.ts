import { RetryLater } from '../jobs/queue.js'
import type {
  CheckResult,
  HistoryEntry,
  NewTrackback,
  Store,
  Trackback,
  TrackbackChange,
  TrackbackFilter,
  TrackbackPageRequest,
  TrackbackState,
  VerificationFact,
} from '../store/store.js'
import type { Page, PageRequest } from '../types.js'
import type { Block, BlockSubject, Blocks } from './blocks.js'

/** When a trackback is shown by itself: once its source is seen to link here, never, or at once. */
export type PublishPolicy = 'verified' | 'held' | 'always'

/** What an author does with trackbacks. */
export type ModerationAction = 'publish' | 'hold' | 'reject' | 'remove' | 'spam' | 'notSpam'

type Decide = (id: string, reason?: string) => Promise<Trackback | null>

/**
 * What the author decides. Each call resolves to the trackback as it is then, or to `null` where there is none with
 * that id; a decision of the author is never changed by the receiver's own verification.
 */
export interface Moderation extends Readonly<Record<ModerationAction, Decide>> {
  /** The trackbacks that wait for a decision, oldest first. */
  waiting(page?: PageRequest): Promise<Page<Trackback>>
  /** Trackbacks of any state. */
  list(filter: TrackbackFilter, page?: TrackbackPageRequest): Promise<Page<Trackback>>
  /** Shows a trackback, whatever its state. */
  publish(id: string, reason?: string): Promise<Trackback | null>
  /** Takes a trackback back from the page, to wait. */
  hold(id: string, reason?: string): Promise<Trackback | null>
  /** Refuses a trackback; sent again, it stays refused. */
  reject(id: string, reason?: string): Promise<Trackback | null>
  /** Takes a trackback away; sent again, it stays away. */
  remove(id: string, reason?: string): Promise<Trackback | null>
  /** Refuses a trackback as spam, and tells the checks that learn. */
  spam(id: string, reason?: string): Promise<Trackback | null>
  /** Shows a trackback that was taken for spam, and tells the checks that learn. */
  notSpam(id: string, reason?: string): Promise<Trackback | null>
  /** Does one thing to many; resolves to how many there were. */
  each(action: ModerationAction, ids: readonly string[], reason?: string): Promise<number>
  /** Refuses every further ping of a source, of a host with its sub-domains, or of a client. */
  block(subject: BlockSubject, reason?: string): Promise<Block>
  /** Resolves to whether there was such a block. */
  unblock(subject: BlockSubject): Promise<boolean>
  /** The blocks in force. */
  blocks(): Promise<readonly Block[]>
}

/** What moderation needs of the receiver. */
export interface ModerationOptions {
  readonly store: Store
  readonly now: () => number
  readonly blocks: Blocks
  /** Told of each decision, after it is durable. */
  readonly decided: (trackback: Trackback, action: ModerationAction) => Promise<void>
}

const decisions: Readonly<Record<ModerationAction, readonly [state: TrackbackState, reason: string]>> = {
  publish: ['published', 'published by the author'],
  hold: ['held', 'held by the author'],
  reject: ['rejected', 'rejected by the author'],
  remove: ['removed', 'removed by the author'],
  spam: ['rejected', 'marked as spam by the author'],
  notSpam: ['published', 'marked as no spam by the author'],
}

/** Makes the author's side of a receiver. */
export function createModeration({ store, now, blocks, decided }: ModerationOptions): Moderation {
  async function decide(action: ModerationAction, id: string, reason?: string): Promise<Trackback | null> {
    const [state, usualReason] = decisions[action]
    const entry: HistoryEntry = { at: now(), state, by: 'author', reason: reason ?? usualReason }
    const after = await changeTrackback(store, id, ({ verification, checks, history }) => ({
      ...{ state, verification, checks },
      history: [...history, entry],
    }))
    if (after) await decided(after, action)
    return after
  }

  return {
    waiting: (page) => store.list({ state: 'held' }, page),
    list: (filter, page) => store.list(filter, page),
    publish: (id, reason) => decide('publish', id, reason),
    hold: (id, reason) => decide('hold', id, reason),
    reject: (id, reason) => decide('reject', id, reason),
    remove: (id, reason) => decide('remove', id, reason),
    spam: (id, reason) => decide('spam', id, reason),
    notSpam: (id, reason) => decide('notSpam', id, reason),
    async each(action, ids, reason) {
      if (!Object.hasOwn(decisions, action)) throw new TypeError(`there is no action ${action}`)
      let found = 0
      for (const id of ids) if (await decide(action, id, reason)) found += 1
      return found
    },
    block: (subject, reason = 'blocked by the author') => blocks.add(subject, reason),
    unblock: (subject) => blocks.remove(subject),
    blocks: () => blocks.all(),
  }
}

/** What a look at a source led to. */
export interface Judgement {
  readonly state: TrackbackState
  readonly reason: string
  readonly verification: VerificationFact
  readonly checks: readonly CheckResult[]
}

/** How many entries of a history are kept; a source that is sent and rejected over and over makes it no longer. */
const longestHistory = 100

/**
 * Records what the receiver found by itself; what the author decided meanwhile stays as it is. Throws
 * `RetryLater` where the text is no longer the one that was judged.
 */
export function recordJudgement(
  store: Store,
  judged: Trackback,
  { state, reason, verification, checks }: Judgement,
): Promise<Trackback | null> {
  return changeTrackback(store, judged.id, (trackback) => {
    const isOurs = trackback.state === judged.state && isDecidedByPolicy(trackback)
    if (isOurs && trackback.revision !== judged.revision) throw new RetryLater(0, 'the ping was sent again')
    const next = isOurs ? state : trackback.state
    const entry: HistoryEntry = { at: verification.checkedAt, state: next, by: 'policy', reason }
    const history =
      next === trackback.state ? trackback.history : [...trackback.history, entry].slice(-longestHistory)
    return { state: next, verification, checks, history }
  })
}

/** Whether the state is one that the receiver decided by itself, and may therefore change. */
export function isDecidedByPolicy({ history }: Trackback): boolean {
  return history.at(-1)?.by !== 'author'
}

/**
 * Lets a trackback that the receiver rejected by itself be verified anew when it is sent again: its author may have
 * published the page since. What a person rejected or removed stays so. Resolves to whether it was reopened.
 */
export async function reopen(store: Store, { postId, sourceKey }: NewTrackback): Promise<boolean> {
  const trackback = await store.find(postId, sourceKey)
  if (trackback?.state !== 'rejected' || !isDecidedByPolicy(trackback)) return false
  const { checks, history } = trackback
  return store.update(trackback.id, trackback.revision, {
    state: 'pending',
    verification: null,
    checks,
    history,
  })
}

/** Reads, decides and writes, again where another writer came between. */
async function changeTrackback(
  store: Store,
  id: string,
  decide: (trackback: Trackback) => TrackbackChange,
): Promise<Trackback | null> {
  for (;;) {
    const trackback = await store.get(id)
    if (!trackback) return null
    const change = decide(trackback)
    if (await store.update(id, trackback.revision, change)) {
      return { ...trackback, ...change, revision: trackback.revision + 1 }
    }
  }
}
