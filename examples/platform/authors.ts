import type { Receiver } from 'trackbacks'
import { type BlogAuthor, createModerationHandler } from 'trackbacks/moderation'

/** Who writes which blog; in a platform of yours, the session says so. */
const authors: Readonly<Record<string, BlogAuthor>> = {
  hanako: { user: 'hanako', blog: 'blog7' },
  taro: { user: 'taro', blog: 'blog8' },
}

/** Has two authors open the one page of moderation, and says what each finds there, and what not. */
export async function visitAuthors(receiver: Receiver): Promise<void> {
  const page = createModerationHandler(receiver, {
    baseUrl: 'https://platform.example/moderation/',
    authorize: (request: Request) => authors[request.headers.get('x-author') ?? ''] ?? false,
  })
  const open = (author: string, url: string): Promise<Response> =>
    page.fetch(new Request(url, { headers: { 'x-author': author } }))

  for (const [author, { user }] of Object.entries(authors)) {
    const html = await (await open(author, 'https://platform.example/moderation/published')).text()
    console.log(
      `${user} sees: ${[...html.matchAll(/Post \d+/g)]
        .map(([title]) => title)
        .filter(once)
        .join(', ')}`,
    )
  }
  const [trackback] = (await receiver.list({ blog: 'blog8' })).items
  if (!trackback) return
  const url = page.urlOf(trackback.id)
  const statuses = [(await open('taro', url)).status, (await open('hanako', url)).status]
  console.log(`${url} is ${statuses[0]} for taro, and ${statuses[1]} for hanako`)
}

function once(title: string, index: number, all: readonly string[]): boolean {
  return all.indexOf(title) === index
}
