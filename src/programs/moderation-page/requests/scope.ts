import type { Moderation } from '../../../receive/moderation/moderation.js'
import { type Block, type BlockSubject, nameOfBlock } from '../../../receive/policy/blocks.js'
import type { Receiver } from '../../../receive/receiver.js'
import type { Sender } from '../../../send/outbox/sender.js'
import { valuesOf } from '../../../store/page.js'
import type { Store, Trackback, TrackbackFilter } from '../../../store/store.js'

/** What the page may do with a receiver: all that it shows and changes goes through here. */
export interface Scope extends Pick<Receiver, 'findPost' | 'report' | 'maxHeldDays'> {
  readonly store: Pick<Store, 'get' | 'list' | 'count' | 'records'>
  readonly moderation: Omit<Moderation, 'held' | 'list' | 'bulk' | 'import' | 'erase'>
  /** The blogs that it is about; `null`: all. */
  readonly blogs: readonly string[] | null
  /** What sends; a delivery does not say of which blog it is, so only who may see all of them has it. */
  readonly sender: SentPings | null
}

/** What the page needs of a sender. */
export type SentPings = Pick<Sender, 'list' | 'retry'>

/**
 * A receiver as the author of some blogs sees it; `null`: all of it. A trackback of another blog is not there, even for an
 * author who knows its id. Blocks are those of these blogs, and hold in all of them.
 */
export function scopeOf(receiver: Receiver, blogs: Scope['blogs'], sender: SentPings | null = null): Scope {
  if (blogs === null) return { ...receiver, sender, blogs }
  const { store, moderation, report, maxHeldDays } = receiver

  async function get(id: string): Promise<Trackback | null> {
    const trackback = await store.get(id)
    return trackback && blogs?.includes(trackback.blog) ? trackback : null
  }

  type Decide = (id: string, ...rest: never[]) => Promise<Trackback | null>
  const ours =
    <T extends Decide>(decide: T) =>
    async (...[id, ...rest]: Parameters<T>): Promise<Trackback | null> =>
      (await get(id)) && decide(id, ...rest)

  const narrowed = (filter: TrackbackFilter): TrackbackFilter => {
    const asked = filter.blog === undefined ? blogs : valuesOf(filter.blog)
    return { ...filter, blog: asked.filter((blog) => blogs.includes(blog)) }
  }
  const within = ({ kind, value }: BlockSubject): BlockSubject[] =>
    blogs.map((blog) => ({ kind, value, blog }))
  /** Of a block that each blog has, one is shown. */
  const common = ({ blog: _, ...block }: Block): Block => block

  return {
    ...{ report, maxHeldDays, sender: null, blogs },
    async findPost(id) {
      const post = await receiver.findPost(id)
      return blogs.includes(post?.blog ?? '') ? post : null
    },
    store: {
      records: store.records,
      get,
      list: (filter, page) => store.list(narrowed(filter), page),
      count: (filter, options) => store.count(narrowed(filter), options),
    },
    moderation: {
      publish: ours(moderation.publish),
      hold: ours(moderation.hold),
      reject: ours(moderation.reject),
      remove: ours(moderation.remove),
      spam: ours(moderation.spam),
      notSpam: ours(moderation.notSpam),
      undo: ours(moderation.undo),
      async block(subject, reason, user) {
        const added = await Promise.all(within(subject).map((each) => moderation.block(each, reason, user)))
        if (added[0]) return common(added[0])
        throw new TypeError('a block needs a blog')
      },
      async unblock(subject) {
        const removed = await Promise.all(within(subject).map((each) => moderation.unblock(each)))
        return removed.includes(true)
      },
      async blocks() {
        const all = await Promise.all(blogs.map((blog) => moderation.blocks({ blog })))
        return [...new Map(all.flat().map((block) => [nameOfBlock(block), common(block)])).values()]
      },
    },
  }
}
