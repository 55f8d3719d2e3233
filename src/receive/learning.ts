import type { AuthorAction, Trackback } from '../store/store.js'
import { inTime } from '../waiting.js'
import { forgetHost, rememberHost } from './checks/known-host.js'
import type { ModerationAction } from './moderation.js'
import type { ReceiverSettings } from './options.js'

/** What the checks are told of decisions; errors go to `onError`, for a decision stands whoever hears of it. */
export interface Learning {
  /** A trackback is shown because its source was verified. */
  verified(trackback: Trackback): Promise<void>
  /** The author decided. */
  decided(trackback: Trackback, action: ModerationAction): Promise<void>
  /** The author took a decision back; the trackback is as it is then. */
  undone(trackback: Trackback, action: AuthorAction | undefined): Promise<void>
}

/** Makes what carries decisions to the checks: which hosts are known, and what is spam. */
export function createLearning(settings: ReceiverSettings): Learning {
  const { store, checks, findPost, hookTimeout, onError } = settings

  async function quietly(work: Promise<void>): Promise<void> {
    await work.catch(onError)
  }

  async function teach(trackback: Trackback, isSpam: boolean): Promise<void> {
    const post = await findPost(trackback.postId)
    if (!post) return
    for (const check of checks) {
      const learn = async (): Promise<void> => check.learn?.(trackback, post, isSpam)
      await quietly(inTime(learn(), hookTimeout, `learn of the check '${check.name}'`))
    }
  }

  return {
    verified: (trackback) => quietly(rememberHost(store, trackback)),
    async decided(trackback, action) {
      if (action === 'publish' || action === 'notSpam') await quietly(rememberHost(store, trackback))
      if (action === 'reject' || action === 'spam') await quietly(forgetHost(store, trackback))
      if (action === 'spam' || action === 'notSpam') await quietly(teach(trackback, action === 'spam'))
    },
    async undone(trackback, action) {
      if (trackback.state === 'published') await quietly(rememberHost(store, trackback))
      else if (action === 'publish' || action === 'notSpam') await quietly(forgetHost(store, trackback))
      if (action === 'spam' || action === 'notSpam') await quietly(teach(trackback, action === 'notSpam'))
    },
  }
}
