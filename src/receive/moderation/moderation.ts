import { checkChoice, checkId } from '../../base/options.js'
import type { Page, PageRequest } from '../../base/types.js'
import type { HistoryEntry, Trackback, TrackbackFilter, TrackbackPageRequest } from '../../store/store.js'
import type { ReceiverContext } from '../options/context.js'
import type { ModerationAction } from '../options/options.js'
import type { Block, BlockSubject } from '../policy/blocks.js'
import {
  actions,
  changeTrackback,
  decisions,
  movedTo,
  standingDecision,
  undoable,
} from '../policy/history.js'
import { verifyAgain } from '../verify/verify-job.js'
import { createImport, type ImportedTrackback, type ImportOptions, type ImportResult } from './import.js'

type Decision = [id: string, reason?: string | undefined, user?: string | undefined]
type Decide = (...decision: Decision) => Promise<Trackback | null>

/**
 * What the author decides. Each call resolves to the trackback as it is then, or to `null` where there is none with
 * that id; a decision of the author is never changed by the receiver's own verification. To decide again what the author
 * decided so already changes nothing, and tells nobody. `reason` and `user` (who it was, where a blog has several authors)
 * are kept in the trackback's history.
 */
export interface Moderation extends Readonly<Record<ModerationAction, Decide>> {
  /** The trackbacks that wait for a decision, oldest first; of all blogs, or of one. */
  held(page?: PageRequest & Pick<TrackbackFilter, 'blog'>): Promise<Page<Trackback>>
  /** Trackbacks of any state, or of one, of all blogs or of one. Rejects with a `TypeError` for a state that there is none of. */
  list(filter: TrackbackFilter, page?: TrackbackPageRequest): Promise<Page<Trackback>>
  /** Shows a trackback, whatever its state. */
  publish(id: string, reason?: string, user?: string): Promise<Trackback | null>
  /** Takes a trackback back from the page, to wait. */
  hold(id: string, reason?: string, user?: string): Promise<Trackback | null>
  /** Refuses a trackback; sent again, it stays refused. */
  reject(id: string, reason?: string, user?: string): Promise<Trackback | null>
  /** Takes a trackback away; sent again, it stays away. */
  remove(id: string, reason?: string, user?: string): Promise<Trackback | null>
  /** Refuses a trackback as spam, and tells the checks that learn. */
  spam(id: string, reason?: string, user?: string): Promise<Trackback | null>
  /** Shows a trackback that was taken for spam, and tells the checks that learn. */
  notSpam(id: string, reason?: string, user?: string): Promise<Trackback | null>
  /**
   * Undoes the author's last decision: the trackback returns to its previous state, and the decision behind that state
   * (possibly the receiver's) applies again. The history keeps both. Resolves to `null` where the author has decided
   * nothing that is not undone already, or, where `at` is given, where the last decision is not the one of that time in
   * the history: somebody has decided since.
   */
  undo(id: string, reason?: string, user?: string, at?: number): Promise<Trackback | null>
  /** Does one thing to many; resolves to how many there were. */
  bulk(action: ModerationAction, ids: readonly string[], reason?: string, user?: string): Promise<number>
  /**
   * Takes over trackbacks of the engine that the blog had before, each with its own date and without looking at its
   * source. Resolves to what became of each, in their order: one that cannot be taken is `invalid`, with the reason; a source
   * that the post has already stays as it is. So a second run adds nothing. `onEvent` is not told.
   */
  import(list: readonly ImportedTrackback[], options?: ImportOptions): Promise<ImportResult[]>
  /**
   * Deletes a trackback for good, with its history; it cannot be undone. A digest stays for `limits.maxErasedDays`, so that
   * the source does not come back under this post. Resolves to whether there was one; `onEvent` is told (`erased`).
   */
  erase(id: string): Promise<boolean>
  /**
   * Refuses every further ping of a source, of a host with its sub-domains, or of a client: to all posts, or to those of the
   * subject's `blog`.
   */
  block(subject: BlockSubject, reason?: string, user?: string): Promise<Block>
  /** Resolves to whether there was such a block. */
  unblock(subject: BlockSubject): Promise<boolean>
  /** The blocks in force that hold for all blogs, or those of one blog. */
  blocks(of?: { readonly blog?: string | undefined }): Promise<readonly Block[]>
}

type Choose = (trackback: Trackback) => Pick<HistoryEntry, 'state' | 'before'> | null

/** Makes the author's side of a receiver. */
export function createModeration(context: ReceiverContext): Moderation {
  const { store, now, blocks, erased, events } = context

  /** Adds what the author did to the history of a trackback, with the state that it comes to. */
  function record(action: ModerationAction | 'undo', [id, reason = '', user]: Decision, choose: Choose) {
    return changeTrackback(store, id, (trackback) => {
      const chosen = choose(trackback)
      const entry = { at: now(), by: 'author', action, reason, ...(user && { user }) } as const
      return chosen && movedTo(trackback, { ...entry, ...chosen })
    })
  }

  /** Puts a trackback into another state, and says in its history who did so, and why. */
  async function decide(action: ModerationAction, ...decision: Decision): Promise<Trackback | null> {
    const changed = await record(action, decision, ({ history, state }) =>
      standingDecision(history)?.action === action ? null : { state: decisions[action], before: state },
    )
    if (!changed?.after) return changed?.before ?? null
    await events.decided(changed.after, changed.before.state, action)
    return changed.after
  }

  const undo: Moderation['undo'] = async (id, reason, user, at) => {
    const changed = await record('undo', [id, reason, user], (trackback) => {
      const decision = undoable(trackback)
      return decision && decision.at === (at ?? decision.at) ? { state: decision.before } : null
    })
    if (!changed?.after) return null
    const { before, after } = changed
    await events.decided(after, before.state, undoable(before)?.action, true)
    await verifyAgain(after, context)
    return after
  }

  const deciding = actions.map((action) => [action, (...decision: Decision) => decide(action, ...decision)])
  return {
    held: async ({ blog, ...page } = {}) => store.list({ state: 'held', blog }, page),
    list: async (filter, page) => store.list(filter, page),
    ...(Object.fromEntries(deciding) as Record<ModerationAction, Decide>),
    undo,
    async bulk(action, ids, reason, user) {
      checkChoice('action', action, actions)
      let found = 0
      for (const id of ids) if (await decide(action, id, reason, user)) found += 1
      return found
    },
    import: createImport(context),
    async erase(id) {
      checkId(id)
      for (;;) {
        const trackback = await store.get(id)
        if (!trackback) return false
        await erased.add(trackback)
        if (!(await store.remove(id, trackback.revision))) continue
        events.happened('erased', trackback)
        return true
      }
    },
    block: (subject, reason = '', user) => blocks.add(subject, reason, user),
    unblock: (subject) => blocks.remove(subject),
    blocks: async ({ blog } = {}) => blocks.all(blog),
  }
}
