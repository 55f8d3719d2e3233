import { renderAtom } from '../../feeds/atom.js'
import { webUrl } from '../../protocol/url.js'
import { titleOf } from '../../render/item.js'
import { deliveryStates } from '../../send/outbox/delivery.js'
import type { Trackback } from '../../store/store.js'
import { blocksPage } from './pages/blocks-page.js'
import { linkTo, listTitle, type Style, type Visit } from './pages/context.js'
import type { Html } from './pages/html.js'
import { listPage } from './pages/list-page.js'
import { sentPage } from './pages/sent-page.js'
import { trackbackPage } from './pages/trackback-page.js'
import { findChange } from './requests/changes.js'
import type { FormTokens } from './requests/form-tokens.js'
import { followerOf, readListing } from './requests/listing.js'
import { listNames, listOf, lists, type Route, routeUrl } from './requests/routes.js'
import type { Scope } from './requests/scope.js'

/** How many trackbacks the feed has. */
const mostEntries = 50

/** Makes what shows what a route means to a user, `null` where there is nothing; it reads, and changes nothing. */
export function createViews(style: Style, tokens: FormTokens, pageSize: number) {
  return async (asked: Route, scope: Scope): Promise<Html | null> => {
    const { done, ...query } = asked.query
    const route = { ...asked, query }

    async function visit(items: readonly OfPost[], at: Route = route): Promise<Visit> {
      const [token, counts, change, posts] = await Promise.all([
        tokens.issue(scope.user),
        countLists(scope),
        done === undefined ? null : findChange(done, scope),
        findPosts(items, scope),
      ])
      return { ...style, ...scope, route: at, token, counts, change, posts }
    }

    if (route.page === 'trackback') {
      const trackback = await scope.get(route.id)
      if (!trackback) return null
      const page = listNames.find((name) => lists[name] === trackback.state) ?? 'held'
      const list = listOf(route) ?? { page, query: {} }
      const next = await followerOf(trackback, list, scope)
      const at = { ...route, query: { from: routeUrl(list) } }
      return trackbackPage(await visit([trackback], at), trackback, list, next?.id)
    }
    if (route.page === 'sent') {
      const state = deliveryStates.find((each) => each === query.state)
      const sent = await scope.sender?.list({ state }, { limit: pageSize, after: query.after })
      return sent ? sentPage(await visit(sent.items), sent) : null
    }
    if (route.page === 'blocks') return blocksPage(await visit([]), pageSize)
    const list = listOf(route)
    if (!list) return null
    const listing = await readListing(list, pageSize, scope)
    const items = query.post === undefined ? listing.items : [{ postId: query.post }, ...listing.items]
    return listPage(await visit(items), list, listing)
  }
}

/** Trackbacks that wait as Atom, the newest first; each entry leads to the page where it is decided on. */
export async function renderFeed(token: string, scope: Scope, style: Style): Promise<string> {
  const { messages, origin, site, tag, path } = style
  const { items } = await scope.list({ state: 'held' }, { limit: mostEntries, order: 'newest' })
  const posts = await findPosts(items, scope)
  return renderAtom({
    title: `${listTitle('held', style)} - ${messages.name}, ${site}`,
    url: origin + path,
    feedUrl: origin + linkTo(style, { page: 'feed', query: { token } }),
    lang: tag,
    trackbacks: items.map((trackback) => {
      const { id, url, blogName, postId } = trackback
      const post = posts.get(postId)
      return {
        ...trackback,
        title: titleOf(trackback),
        url: origin + linkTo(style, { page: 'trackback', id, query: {} }),
        blogName: blogName || (webUrl(url)?.host ?? ''),
        post: post ? { url: post.url, title: post.title ?? '' } : undefined,
      }
    }),
  })
}

async function countLists({ count }: Scope): Promise<Visit['counts']> {
  const counts = listNames.map(async (name) => [name, await count({ state: lists[name] })])
  return Object.fromEntries(await Promise.all(counts))
}

/** What is of a post: a trackback, or a ping that was sent. */
type OfPost = Pick<Trackback, 'postId'>

/** The posts of some trackbacks; a post that cannot be found is shown by its id. */
async function findPosts(items: readonly OfPost[], { findPost }: Scope): Promise<Visit['posts']> {
  const ids = new Set(items.map(({ postId }) => postId))
  return new Map(await Promise.all([...ids].map(async (id) => [id, await findPost(id)] as const)))
}
