/** A post of the blog. */
export interface BlogPost {
  readonly id: string
  readonly url: string
  readonly title: string
  readonly html: string
}

/** The address of the blog, as readers see it. */
export const site = process.env['SITE'] ?? 'http://localhost:3000'

const hello: BlogPost = {
  id: '7',
  url: `${site}/post/7`,
  title: 'Hello',
  html: '<h1>Hello</h1><p>I read <a href="https://other.example/their-post">a good post</a> today.</p>',
}

/** The posts by their id. */
export const posts = new Map([[hello.id, hello]])
