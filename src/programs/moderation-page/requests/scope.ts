import type { Moderation } from '../../../receive/moderation/moderation.js'
import { type Block, type BlockSubject, nameOfBlock } from '../../../receive/policy/blocks.js'
import type { Receiver } from '../../../receive/receiver.js'
import type { Sender } from '../../../send/outbox/sender.js'
import { valuesOf } from '../../../store/page.js'
import type { Store, Trackback, TrackbackFilter } from '../../../store/store.js'

/** What the page needs of a sender. */
export type SentPings = Pick<Sender, 'list' | 'retry'>

/** What the page may do with a receiver: all that it shows and changes goes through here. */
export type Scope = ReturnType<typeof scopeOf>

/**
 * A receiver as the author of some blogs sees it; `null`: all of it. A trackback of another blog is not there, even for an
 * author who knows its id. Blocks are those of these blogs, and hold in all of them.
 */
export function scopeOf(receiver: Receiver, blogs: readonly string[] | null, sender?: SentPings) {
  const { store, moderation, report, maxHeldDays } = receiver
  const isOurs = (blog: string): boolean => blogs === null || blogs.includes(blog)
  const narrowed = (filter: TrackbackFilter): TrackbackFilter =>
    blogs === null ? filter : { ...filter, blog: valuesOf(filter.blog ?? blogs).filter(isOurs) }
  /** Whose blocks they are; of a block that each blog has, one is shown. */
  const owners = blogs ?? [undefined]
  const within = (subject: BlockSubject): BlockSubject[] => owners.map((blog) => ({ ...subject, blog }))
  const common = ({ blog: _, ...block }: Block): Block => block

  async function get(id: string): Promise<Trackback | null> {
    const trackback = await store.get(id)
    return trackback && isOurs(trackback.blog) ? trackback : null
  }

  return {
    ...{ blogs, report, maxHeldDays, records: store.records },
    /** What sends; a delivery does not say of which blog it is, so only who may see all of them has it. */
    sender: (blogs === null && sender) || null,
    async findPost(id: string) {
      const post = await receiver.findPost(id)
      return post && isOurs(post.blog ?? '') ? post : null
    },
    get,
    list: ((filter, page) => store.list(narrowed(filter), page)) satisfies Store['list'],
    count: ((filter, options) => store.count(narrowed(filter), options)) satisfies Store['count'],
    /** Decides on a trackback; resolves to what it was before and is then, or to `null` where nothing was decided. */
    async decide(id: string, decision: (moderation: Moderation) => Promise<Trackback | null>) {
      const before = await get(id)
      const after = before && (await decision(moderation))
      return after && { before, after }
    },
    async block(subject: BlockSubject, reason?: string, user?: string): Promise<Block> {
      const added = await Promise.all(within(subject).map((each) => moderation.block(each, reason, user)))
      if (added[0]) return common(added[0])
      throw new TypeError('a block needs a blog')
    },
    async unblock(subject: BlockSubject): Promise<boolean> {
      return (await Promise.all(within(subject).map((each) => moderation.unblock(each)))).includes(true)
    },
    async blocks(): Promise<Block[]> {
      const all = await Promise.all(owners.map((blog) => moderation.blocks({ blog })))
      return [...new Map(all.flat().map((block) => [nameOfBlock(block), common(block)])).values()]
    },
  }
}
