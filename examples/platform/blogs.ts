import type { Post } from 'trackbacks'

/** What every process of the platform is told. */
export interface Settings {
  readonly connectionString: string
  readonly queue: 'store' | 'pg-boss'
  /** Where the blogs that write about ours are served. */
  readonly writersPort: number
  /** The ping URLs' beginnings, one for each receiver. */
  readonly receivers: readonly string[]
}

/** How many blogs the platform has. */
export const blogs = 1000

const writers = 300

/** The post with an id, of any of the blogs. */
export function findPost(id: string): Post | null {
  const number = Number(/^blog(\d{1,4})\/1$/.exec(id)?.[1] ?? blogs)
  return number < blogs
    ? {
        ...{ id, url: `https://blog${number}.example/1`, title: `The post of blog ${number}` },
        blog: `blog${number}`,
      }
    : null
}

/** The blog that writes the nth post about one of ours, as it stands in a URL. */
export function writerOf(nth: number, port: number): string {
  return `writer${nth % writers}.example:${port}`
}

/** All who write: hosts of the public net elsewhere, of this machine here. */
export function allWriters(port: number): string[] {
  return Array.from({ length: writers }, (_, nth) => writerOf(nth, port))
}

/** The page of the nth post about one of ours. */
export function writersPage(nth: number): string {
  return `<title>Post ${nth}</title><p>I read <a href="https://blog${nth % blogs}.example/1">this</a>.</p>`
}
