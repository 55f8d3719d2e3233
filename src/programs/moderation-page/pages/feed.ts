import type { Post } from '../../../base/types.js'
import { renderAtom } from '../../../feeds/atom.js'
import { webUrl } from '../../../protocol/url.js'
import { titleOf } from '../../../render/item.js'
import type { Trackback } from '../../../store/store.js'
import { linkTo, listTitle, type Style } from './context.js'

/** Trackbacks that wait as Atom; each entry leads to the page where it is decided on. */
export function feedOf(
  style: Style,
  token: string,
  items: readonly Trackback[],
  posts: ReadonlyMap<string, Post | null>,
): string {
  const { messages, origin, site, tag, path } = style
  return renderAtom({
    title: `${listTitle('held', style)} - ${messages.name}, ${site}`,
    url: origin + path,
    feedUrl: feedUrl(style, token),
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

/** The URL of the feed that has a token. */
export function feedUrl({ origin, path }: Style, token: string): string {
  return `${origin}${path}feed?token=${token}`
}
