import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** A post is a file: title, date and the link it is about, an empty line, its text as HTML. Its name is its number. */
export interface BlogPost {
  readonly number: string
  readonly title: string
  readonly date: Date
  /** What the post is about, `''` for nothing. */
  readonly link: string
  readonly html: string
}

/** All posts of some folders, newest first. */
export async function readPosts(folders: readonly string[]): Promise<BlogPost[]> {
  const posts: BlogPost[] = []
  for (const folder of folders) {
    await mkdir(folder, { recursive: true })
    for (const file of await readdir(folder)) {
      if (file.endsWith('.html')) posts.push(parsePost(file, await readFile(join(folder, file), 'utf8')))
    }
  }
  return posts.sort((a, b) => Number(b.date) - Number(a.date))
}

export async function writePost(folder: string, post: BlogPost): Promise<void> {
  const head = `Title: ${post.title}\nDate: ${post.date.toISOString()}\nLink: ${post.link}`
  await writeFile(join(folder, `${post.number}.html`), `${head}\n\n${post.html}\n`)
}

function parsePost(file: string, text: string): BlogPost {
  const [head = '', ...body] = text.split('\n\n')
  const field = (name: string) => new RegExp(`^${name}: (.*)$`, 'm').exec(head)?.[1] ?? ''
  return {
    number: file.slice(0, -'.html'.length),
    title: field('Title'),
    date: new Date(field('Date')),
    link: field('Link'),
    html: body.join('\n\n'),
  }
}
