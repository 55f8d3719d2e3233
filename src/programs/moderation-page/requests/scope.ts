import type { ModerationAction } from '../../../receive/options/options.js'
import { type Block, type BlockSubject, nameOfBlock } from '../../../receive/policy/blocks.js'
import type { Receiver } from '../../../receive/receiver.js'
import type { Sender } from '../../../send/outbox/sender.js'
import { valuesOf } from '../../../store/page.js'
import type { Store, Trackback, TrackbackFilter } from '../../../store/store.js'
import type { Route } from './routes.js'

/** How many trackbacks are counted, and how many one decision takes, at the most. */
export const mostCounted = 1000

/** What the page needs of a sender. */
export type SentPings = Pick<Sender, 'list' | 'retry'>

/** Who uses the page, and what they may do with a receiver: all that is shown and changed goes through here. */
export type Scope = ReturnType<typeof scopeOf>

/** A user, and the blogs that they may moderate; `null`: all. */
export interface Author {
  readonly user: string
  readonly blogs: readonly string[] | null
}

/** The scope of a page: that of its visitor; of the blocks of one blog, if its query names one of theirs, that blog's. */
export function scopeOn(route: Route | null, receiver: Receiver, author: Author, sender?: SentPings): Scope {
  const { user, blogs } = author
  const blog = route?.page === 'blocks' ? route.query.blog : undefined
  const isTheirs = blog !== undefined && (blogs === null || blogs.includes(blog))
  // A delivery does not say of which blog it is, so only who may see all of them has what sends.
  return scopeOf(receiver, isTheirs ? { user, blogs: [blog] } : author, blogs === null ? sender : undefined)
}

/**
 * A receiver as the author of some blogs sees it. A trackback of another blog is not there, even for an author who knows its
 * id. Blocks are those of these blogs, and hold in all of them.
 */
export function scopeOf(receiver: Receiver, { user, blogs }: Author, sender?: SentPings) {
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

  /** What a trackback was before a decision, and what it is then; `null` where nothing was decided. */
  async function decided(id: string, decide: () => Promise<Trackback | null>) {
    const before = await get(id)
    const after = before && (await decide())
    return after && { before, after }
  }

  return {
    ...{ user, blogs, report, maxHeldDays, records: store.records },
    sender: sender ?? null,
    /** The posts of some trackbacks, or of pings that were sent, by their ids; `null` for those that cannot be found. */
    async findPosts(items: readonly Pick<Trackback, 'postId'>[]) {
      const found = [...new Set(items.map(({ postId }) => postId))].map(async (id) => {
        const post = await receiver.findPost(id).catch((error: unknown) => void report(error))
        return [id, post && isOurs(post.blog ?? '') ? post : null] as const
      })
      return new Map(await Promise.all(found))
    },
    get,
    list: ((filter, page) => store.list(narrowed(filter), page)) satisfies Store['list'],
    /** Counts trackbacks up to `mostCounted`. */
    count: (filter: TrackbackFilter) => store.count(narrowed(filter), { atMost: mostCounted }),
    decide: (action: ModerationAction, id: string, reason?: string) =>
      decided(id, () => moderation[action](id, reason, user)),
    undo: (id: string, at: number) => decided(id, () => moderation.undo(id, undefined, user, at)),
    async block(subject: BlockSubject, reason?: string, by = user): Promise<Block> {
      const added = await Promise.all(within(subject).map((each) => moderation.block(each, reason, by)))
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
