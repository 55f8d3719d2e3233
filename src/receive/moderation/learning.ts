import { inTime } from '../../base/waiting.js'
import type { Trackback } from '../../store/store.js'
import { forgetHost, rememberHost } from '../checks/known-host.js'
import type { Learning } from '../options/context.js'
import type { ReceiverSettings } from '../options/options.js'

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
