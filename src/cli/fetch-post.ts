import type { HttpClient } from '../http/client.js'
import { decodeDocument } from '../text/charset.js'
import { makeExcerpt } from '../text/excerpt.js'
import { CommandError } from './failures.js'
import { type PostPage, readPostPage } from './post-page.js'

/** A post as its page shows it. */
export interface FetchedPost extends PostPage {
  /** What the page says of itself, else the beginning of its main text. */
  readonly excerpt: string
  readonly blogName: string
}

/** Fetches the page of a post and reads it. Throws a `CommandError` for what is no page. */
export async function fetchPost(client: HttpClient, url: string, signal: AbortSignal): Promise<FetchedPost> {
  const response = await client.request({
    url,
    headers: { accept: 'text/html, application/xhtml+xml' },
    signal,
  })
  const { status } = response
  const contentType = response.header('content-type')
  if (status < 200 || status > 299 || !isPage(contentType)) {
    response.cancel()
    const what =
      status < 200 || status > 299 ? `answers with HTTP ${status}` : `is ${contentType}, not a page`
    throw new CommandError(`${response.url} ${what}`)
  }
  const { text } = decodeDocument(await response.bytes(), { kind: 'html', contentType })
  const page = readPostPage(text, response.url)
  return {
    ...page,
    excerpt: page.excerpt ?? makeExcerpt(page.html),
    blogName: page.blogName ?? new URL(page.url).host,
  }
}

function isPage(contentType: string | null): boolean {
  return contentType === null || /^\s*(?:text\/html|application\/xhtml\+xml)\s*(?:;|$)/i.test(contentType)
}
