import type { Page, PageRequest } from '../../base/types.js'
import {
  type AuthorAction,
  type Trackback,
  type TrackbackFilter,
  type TrackbackPageRequest,
  type TrackbackState,
  trackbackStates,
} from '../../store/store.js'
import type { Block, BlockSubject, ReceiverContext } from '../options/context.js'
import type { ModerationAction } from '../options/types.js'
import { changeTrackback, movedTo, undoable } from './history.js'
import { type ImportedTrackback, toImported } from './import.js'

type Decide = (id: string, reason?: string, user?: string) => Promise<Trackback | null>

/**
 * What the author decides. Each call resolves to the trackback as it is then, or to `null` where there is none with
 * that id; a decision of the author is never changed by the receiver's own verification. `reason` and `user` (who it was,
 * where a blog has several authors) are kept in the trackback's history.
 */
export interface Moderation extends Readonly<Record<ModerationAction, Decide>> {
  /** The trackbacks that wait for a decision, oldest first. */
  held(page?: PageRequest): Promise<Page<Trackback>>
  /** Trackbacks of any state, or of one. Rejects with a `TypeError` for a state that there is none of. */
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
   * Takes over a trackback of the engine that the blog had before, and shows it, with its own date and without looking at
   * its source; a source that the post has already stays as it is, and `null` comes back. `onEvent` is not told. Rejects
   * with a `TypeError` for an invalid URL or date.
   */
  import(
    postId: string,
    trackback: ImportedTrackback,
    reason?: string,
    user?: string,
  ): Promise<Trackback | null>
  /** Refuses every further ping of a source, of a host with its sub-domains, or of a client. */
  block(subject: BlockSubject, reason?: string, user?: string): Promise<Block>
  /** Resolves to whether there was such a block. */
  unblock(subject: BlockSubject): Promise<boolean>
  /** The blocks in force. */
  blocks(): Promise<readonly Block[]>
}

const decisions: Readonly<Record<ModerationAction, TrackbackState>> = {
  publish: 'published',
  hold: 'held',
  reject: 'rejected',
  remove: 'removed',
  spam: 'rejected',
  notSpam: 'published',
}

/**
 * Makes the author's side of a receiver. `verify` goes on verifying a trackback that the author gave back to the
 * receiver.
 */
export function createModeration(
  { store, findPost, limits, now, blocks, events, learning }: ReceiverContext,
  verify: (trackback: Trackback) => Promise<void>,
): Moderation {
  /** Puts a trackback into another state, and says in its history who did so, and why. */
  async function decide(
    action: ModerationAction,
    id: string,
    reason = '',
    user?: string,
  ): Promise<Trackback | null> {
    const state = decisions[action]
    const entry = { at: now(), state, by: 'author', action, reason } as const
    const after = await changeTrackback(store, id, (trackback) =>
      movedTo(trackback, { ...entry, ...(user && { user }), before: trackback.state }),
    )
    if (!after) return null
    events.stateChanged(after)
    await learning.decided(after, action)
    return after
  }

  async function undo(id: string, reason = '', user?: string, at?: number): Promise<Trackback | null> {
    let action: AuthorAction | undefined
    const after = await changeTrackback(store, id, (trackback) => {
      const decision = undoable(trackback)
      if (!decision || (at !== undefined && decision.at !== at)) return null
      action = decision.action
      const entry = { at: now(), by: 'author', action: 'undo', reason, ...(user && { user }) } as const
      return movedTo(trackback, { ...entry, state: decision.before })
    })
    if (!after) return null
    events.stateChanged(after)
    await learning.undone(after, action)
    await verify(after)
    return after
  }

  return {
    held: (page) => store.list({ state: 'held' }, page),
    async list(filter, page) {
      const { state } = filter
      if (state === undefined || trackbackStates.includes(state)) return store.list(filter, page)
      throw new TypeError(`unknown state '${state}'; use ${trackbackStates.join(', ')}`)
    },
    publish: (...decision) => decide('publish', ...decision),
    hold: (...decision) => decide('hold', ...decision),
    reject: (...decision) => decide('reject', ...decision),
    remove: (...decision) => decide('remove', ...decision),
    spam: (...decision) => decide('spam', ...decision),
    notSpam: (...decision) => decide('notSpam', ...decision),
    undo,
    async bulk(action, ids, reason, user) {
      if (!Object.hasOwn(decisions, action)) throw new TypeError(`there is no action ${action}`)
      let found = 0
      for (const id of ids) if (await decide(action, id, reason, user)) found += 1
      return found
    },
    async import(postId, old, reason = '', user) {
      const blog = (await findPost(postId))?.blog ?? ''
      const imported = toImported({ postId, blog }, old, limits)
      if (await store.find(postId, imported.sourceKey)) return null
      const { id = '' } = await store.add(imported)
      const entry = { at: now(), state: 'published', by: 'author', action: 'publish', reason } as const
      return changeTrackback(store, id, (trackback) =>
        movedTo(trackback, { ...entry, ...(user && { user }) }),
      )
    },
    block: (subject, reason = '', user) => blocks.add(subject, reason, user),
    unblock: (subject) => blocks.remove(subject),
    blocks: () => blocks.all(),
  }
}
