import type { Post } from '../types.js'

type FindPost<Found> = (id: string) => Found | Promise<Found>

/** `findPost` of the engine, whose posts are looked at: a wrong one would only fail later, after the ping was answered. */
export function checkedFindPost(findPost: FindPost<Post | null | undefined>): FindPost<Post | null> {
  return (id) => {
    const found = findPost(id)
    return found instanceof Promise ? found.then((post) => checked(post, id)) : checked(found, id)
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
