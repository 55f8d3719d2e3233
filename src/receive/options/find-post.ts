import type { Post } from '../../base/types.js'
import { limited } from '../../base/waiting.js'

type Found = Post | null | undefined

/** `findPost` of the engine, with a look at its posts: a wrong one would fail only after the ping was answered. */
export function checkedFindPost(
  findPost: (id: string) => Found | PromiseLike<Found>,
  limit: number,
): (id: string) => Promise<Post | null> {
  const find = limited(findPost, limit, 'findPost')
  return async (id) => checked(await find(id), id)
}

function checked(post: Post | null | undefined, id: string): Post | null {
  if (post === null || post === undefined) return null
  if (typeof post.id !== 'string') {
    throw new TypeError(`findPost(${JSON.stringify(id)}) gave a post whose id is no string`)
  }
  if (typeof post.url !== 'string' || !/^https?:\/\//i.test(post.url)) {
    throw new TypeError(
      `findPost(${JSON.stringify(id)}) gave a post whose url is no absolute http or https URL`,
    )
  }
  return post
}
