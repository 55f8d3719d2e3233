/** The message one blog sends to another: "I wrote about your post". All text is plain text, never HTML. */
export interface Ping {
  /** The page that links to the post: an absolute http or https URL. */
  readonly url: string
  /** The page's title. */
  readonly title?: string | null | undefined
  /** A passage of the page. */
  readonly excerpt?: string | null | undefined
  /** The name of the blog the page belongs to (`blog_name` on the wire). */
  readonly blogName?: string | null | undefined
}

/** The blog engine's own entry, as far as TrackBack needs to know it. */
export interface Post {
  /** What stands in the ping URL after `baseUrl`: `'7'`, `'18521/60408081'`. */
  readonly id: string
  /** The post's permalink: an absolute http or https URL. */
  readonly url: string
  readonly title?: string | null | undefined
  readonly excerpt?: string | null | undefined
  /** The blog it belongs to, where one receiver serves many: its trackbacks can be listed and moderated by themselves. */
  readonly blog?: string | null | undefined
  /** `false` closes the post for pings. Default `true`. */
  readonly acceptsPings?: boolean | undefined
  readonly publishedAt?: Date | null | undefined
}

/** Which part of a list is wanted. */
export interface PageRequest {
  /** How many items at the most. Default 50, at most 500. */
  readonly limit?: number | undefined
  /** The `next` of the page before. */
  readonly after?: string | undefined
}

/** One part of a list. */
export interface Page<T> {
  readonly items: T[]
  /** The cursor of the page that follows; absent on the last page. */
  readonly next?: string
}
