import { channel } from 'node:diagnostics_channel'
import { inTime } from '../../base/waiting.js'
import type { AuthorAction, Trackback, TrackbackState } from '../../store/store.js'
import { forgetHost, rememberHost } from '../checks/known-host.js'
import type { ReceiverEvent, ReceiverSettings } from './options.js'

const diagnostics = channel('trackbacks:receiver')

/**
 * Tells what happened, after it is durable: the listener of the receiver, and the checks that learn from decisions. What
 * they throw goes to `onError`, and the decision stands.
 */
export function createEvents(settings: ReceiverSettings) {
  const { store, checks, findPost, hookTimeout, onEvent, onError, tell } = settings

  function happened(type: ReceiverEvent['type'], trackback: Trackback): void {
    const event: ReceiverEvent = { type, trackback }
    if (diagnostics.hasSubscribers) diagnostics.publish(event)
    tell(event)
  }

  function stateChanged(trackback: Trackback, before: TrackbackState): void {
    const { state } = trackback
    if (state !== before && state !== 'unverified') happened(state, trackback)
  }

  async function teach(trackback: Trackback, isSpam: boolean): Promise<void> {
    const post = await findPost(trackback.postId)
    if (!post) return
    for (const check of checks) {
      const learn = async (): Promise<void> => check.learn?.(trackback, post, isSpam)
      await inTime(learn(), hookTimeout, `learn of the check '${check.name}'`).catch(onError)
    }
  }

  return {
    happened,
    /** Whether anybody listens. */
    get wanted(): boolean {
      return onEvent !== undefined || diagnostics.hasSubscribers
    },
    received(trackback: Trackback): void {
      happened('received', trackback)
      stateChanged(trackback, 'unverified')
    },
    /** What the source says was found out; a trackback that is shown makes its host known. */
    async verified(trackback: Trackback, before: Trackback): Promise<void> {
      happened('verified', trackback)
      stateChanged(trackback, before.state)
      if (trackback.state === 'published') await rememberHost(store, trackback).catch(onError)
    },
    /** The author decided, or took that decision back; the trackback is as it is then. */
    async decided(
      trackback: Trackback,
      before: TrackbackState,
      action: AuthorAction | undefined,
      isUndone = false,
    ): Promise<void> {
      stateChanged(trackback, before)
      const isWanted = action === 'publish' || action === 'notSpam'
      const isUnwanted = action === 'reject' || action === 'spam'
      if (isUndone ? trackback.state === 'published' : isWanted)
        await rememberHost(store, trackback).catch(onError)
      else if (isUndone ? isWanted : isUnwanted) await forgetHost(store, trackback).catch(onError)
      if (action !== 'spam' && action !== 'notSpam') return
      await teach(trackback, (action === 'spam') !== isUndone).catch(onError)
    },
  }
}
