import type { Page, Post } from '../../base/types.js'
import { nameOfBlock } from '../../receive/policy/blocks.js'
import type { Trackback, TrackbackState } from '../../store/store.js'
import type { FormReader } from './form-reader.js'
import { blocksPage } from './pages/blocks-page.js'
import type { Style, Visit } from './pages/context.js'
import type { Html } from './pages/html.js'
import { listPage } from './pages/list-page.js'
import { trackbackPage } from './pages/trackback-page.js'
import { type ListName, lists, type Route } from './requests/routes.js'
import type { Scope } from './requests/scope.js'

/** Shows what a route means to a user; `null` where there is nothing. */
export interface Views {
  show(route: Route, user: string, done: string | null): Promise<Html | null>
}

/** What is read first to last; the other lists have the newest first. */
const oldestFirst: readonly ListName[] = ['held', 'unverified']

/** Makes the views: they read, and change nothing. */
export function createViews(receiver: Scope, style: Style, forms: FormReader, pageSize: number): Views {
  const { store, moderation } = receiver

  async function visit(
    route: Route,
    user: string,
    done: string | null,
    shown: readonly Trackback[],
  ): Promise<Visit> {
    // A store that throws at once must leave no promise behind that nobody waits for: that would end the process.
    const count = async (state: TrackbackState): Promise<number> => store.count({ state })
    const [token, waiting, unverified, change, posts] = await Promise.all([
      forms.token(user),
      count('held'),
      count('unverified'),
      done ? forms.find(done, user) : null,
      findPosts(shown, receiver),
    ])
    const made = done && change ? { key: done, change } : null
    const { maxHeldDays } = receiver
    return {
      ...style,
      maxHeldDays,
      user,
      route,
      token,
      counts: { held: waiting, unverified },
      posts,
      change: made,
    }
  }

  return {
    async show(route, user, done) {
      if (route.page === 'trackback') {
        const trackback = await store.get(route.id)
        return trackback && trackbackPage(await visit(route, user, done, [trackback]), trackback)
      }
      if (route.page === 'blocks') {
        const blocks = [...(await moderation.blocks())]
        blocks.sort((a, b) => (nameOfBlock(a) < nameOfBlock(b) ? -1 : 1))
        return blocksPage(await visit(route, user, done, []), route, blocks, pageSize)
      }
      const page = await readList(route, pageSize, receiver)
      return listPage(await visit(route, user, done, page.items), route, page)
    },
  }
}

/** The trackbacks of a list. */
async function readList(
  { list, text, after }: Extract<Route, { page: 'list' }>,
  limit: number,
  { moderation }: Scope,
): Promise<Page<Trackback>> {
  if (list === 'search' && text === '') return { items: [] }
  const order = oldestFirst.includes(list) ? 'oldest' : 'newest'
  const filter = { state: lists[list], ...(text && { text }) }
  return moderation.list(filter, { limit, order, after })
}

/** The posts of some trackbacks; a post that cannot be found is shown by its id. */
async function findPosts(
  trackbacks: readonly Trackback[],
  receiver: Scope,
): Promise<Map<string, Post | null>> {
  const find = async (id: string): Promise<readonly [string, Post | null]> => {
    try {
      return [id, await receiver.findPost(id)]
    } catch (error) {
      receiver.report(error)
      return [id, null]
    }
  }
  const ids = new Set(trackbacks.map(({ postId }) => postId))
  return new Map(await Promise.all([...ids].map(find)))
}
