import type { Post } from '../types.js'
import { inTime, isThenable } from '../waiting.js'

type Found = Post | null | undefined

/** `findPost` of the engine, whose posts are looked at: a wrong one would only fail later, after the ping was answered. */
export function checkedFindPost(
  findPost: (id: string) => Found | PromiseLike<Found>,
  limit: number,
): (id: string) => Post | null | Promise<Post | null> {
  return (id) => {
    const found = findPost(id)
    if (!isThenable(found)) return checked(found, id)
    return inTime(found, limit, 'findPost').then((post) => checked(post, id))
  }
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
