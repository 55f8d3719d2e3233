import type { Post } from '../../base/types.js'
import { nameOfBlock } from '../../receive/policy/blocks.js'
import { deliveryStates } from '../../send/outbox/delivery.js'
import type { Trackback } from '../../store/store.js'
import type { FormReader } from './form-reader.js'
import { blocksPage } from './pages/blocks-page.js'
import type { Style, Visit } from './pages/context.js'
import { feedOf } from './pages/feed.js'
import type { Html } from './pages/html.js'
import { listPage } from './pages/list-page.js'
import { sentPage } from './pages/sent-page.js'
import { trackbackPage } from './pages/trackback-page.js'
import { readBlocks } from './requests/block-check.js'
import { feedTokenOf } from './requests/feeds.js'
import { followerOf, mostCounted, readListing } from './requests/listing.js'
import { type ListName, listOf, listRoute, lists, type Route, routeUrl } from './requests/routes.js'
import type { Scope } from './requests/scope.js'

/** Shows what a route means to a user; `null` where there is nothing. */
export interface Views {
  show(route: Route, user: string, done: string | null): Promise<Html | null>
  /** What waits as Atom, the newest first, for the feed that has a token. */
  feed(token: string): Promise<string>
}

/** How many trackbacks the feed has. */
const mostEntries = 50

/** Makes the views: they read, and change nothing. */
export function createViews(receiver: Scope, style: Style, forms: FormReader, pageSize: number): Views {
  const { store, moderation, maxHeldDays, sender } = receiver

  async function countLists(): Promise<Visit['counts']> {
    const names = (Object.keys(lists) as ListName[]).filter((name) => name !== 'search')
    const counts = names.map(async (name) => [
      name,
      await store.count({ state: lists[name] }, { atMost: mostCounted }),
    ])
    return Object.fromEntries(await Promise.all(counts))
  }

  async function visit(
    route: Route,
    user: string,
    done: string | null,
    items: readonly OfPost[],
  ): Promise<Visit> {
    const [token, counts, change, posts] = await Promise.all([
      forms.token(user),
      countLists(),
      done ? forms.find(done, user) : null,
      findPosts(items, receiver),
    ])
    const made = done && change ? { key: done, change } : null
    return {
      ...style,
      maxHeldDays,
      hasSender: sender !== null,
      user,
      route,
      token,
      counts,
      posts,
      change: made,
    }
  }

  return {
    async feed(token) {
      const { items } = await store.list({ state: 'held' }, { limit: mostEntries, order: 'newest' })
      return feedOf(style, token, items, await findPosts(items, receiver))
    },
    async show(route, user, done) {
      if (route.page === 'trackback') {
        const trackback = await store.get(route.id)
        if (!trackback) return null
        const list = listOf(route) ?? listRoute(listNameOf(trackback))
        const next = await followerOf(trackback, list, store)
        return trackbackPage(
          await visit({ ...route, query: { from: routeUrl(list) } }, user, done, [trackback]),
          trackback,
          list,
          next?.id,
        )
      }
      if (route.page === 'sent') {
        const state = deliveryStates.find((each) => each === route.query.state)
        const sent = await sender?.list({ state }, { limit: pageSize, after: route.query.after })
        return sent ? sentPage(await visit(route, user, done, sent.items), route, sent) : null
      }
      if (route.page === 'blocks') {
        const blocks = [...(await moderation.blocks())]
        blocks.sort((a, b) => (nameOfBlock(a) < nameOfBlock(b) ? -1 : 1))
        const { value } = route.query
        const asked = value === undefined ? null : await readBlocks(value, store)
        return blocksPage(await visit(route, user, done, []), route, blocks, asked, pageSize)
      }
      const listing = await readListing(route, pageSize, store)
      const { post } = route.query
      const items = post === undefined ? listing.items : [{ postId: post }, ...listing.items]
      const feed = await feedTokenOf(user, receiver)
      return listPage(await visit(route, user, done, items), route, listing, feed)
    },
  }
}

/** The list in which a trackback is. */
function listNameOf({ state }: Trackback): ListName {
  return (Object.keys(lists) as ListName[]).find((name) => lists[name] === state) ?? 'held'
}

/** What is of a post: a trackback, or a ping that was sent. */
type OfPost = Pick<Trackback, 'postId'>

/** The posts of some trackbacks; a post that cannot be found is shown by its id. */
async function findPosts(items: readonly OfPost[], receiver: Scope): Promise<Map<string, Post | null>> {
  const find = async (id: string): Promise<readonly [string, Post | null]> => {
    try {
      return [id, await receiver.findPost(id)]
    } catch (error) {
      receiver.report(error)
      return [id, null]
    }
  }
  const ids = new Set(items.map(({ postId }) => postId))
  return new Map(await Promise.all([...ids].map(find)))
}
