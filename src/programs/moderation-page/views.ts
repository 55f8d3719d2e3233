import { renderAtom } from '../../feeds/atom.js'
import { webUrl } from '../../protocol/url.js'
import { titleOf } from '../../render/item.js'
import { blocksPage } from './pages/blocks-page.js'
import { linkTo, listTitle, type Style, type Visit } from './pages/context.js'
import type { Html } from './pages/html.js'
import { listPage } from './pages/list-page.js'
import { sentPage } from './pages/sent-page.js'
import { trackbackPage } from './pages/trackback-page.js'
import { findChange } from './requests/changes.js'
import { listNames, lists, type Route } from './requests/routes.js'
import type { Scope } from './requests/scope.js'
import type { FormTokens } from './requests/tokens.js'

/** How many trackbacks the feed has. */
const mostEntries = 50

/** What shows a route, `null` where there is nothing; all other routes are lists. */
const pages: Readonly<Partial<Record<Route['page'], (visit: Visit) => Promise<Html | null>>>> = {
  ...{ trackback: trackbackPage, sent: sentPage, blocks: blocksPage },
}

/**
 * Makes what shows what a route means to a user, `null` where there is nothing; it reads, and changes nothing. `troubled`:
 * how many pings that were sent need attention.
 */
export function createViews(style: Style, tokens: FormTokens, troubled: () => Promise<number | undefined>) {
  return async (asked: Route, scope: Scope): Promise<Html | null> => {
    const { done, ...query } = asked.query
    const [token, sent, counted, change] = await Promise.all([
      tokens.issue(scope.user),
      scope.sender && asked.page !== 'sent' ? troubled() : undefined,
      Promise.all(listNames.map(async (name) => [name, await scope.count({ state: lists[name] })])),
      done === undefined ? null : findChange(done, scope),
    ])
    const counts = { ...Object.fromEntries(counted), sent }
    const about = { route: { ...asked, query }, token, counts, change, posts: new Map() }
    return (pages[asked.page] ?? listPage)({ ...style, ...scope, ...about })
  }
}

/** Trackbacks that wait as Atom, the newest first; each entry leads to the page where it is decided on. */
export async function renderFeed(token: string, scope: Scope, style: Style): Promise<string> {
  const { messages, origin, site, tag, path } = style
  const { items } = await scope.list({ state: 'held' }, { limit: mostEntries, order: 'newest' })
  const posts = await scope.findPosts(items)
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
