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
  const refusal = refusalOf(status, contentType)
  if (refusal !== null) {
    response.cancel()
    throw new CommandError(`${response.url} ${refusal}`)
  }
  const { text } = decodeDocument(await response.bytes(), { kind: 'html', contentType })
  const page = readPostPage(text, response.url)
  return {
    ...page,
    excerpt: page.excerpt ?? makeExcerpt(page.html),
    blogName: page.blogName ?? new URL(page.url).host,
  }
}

/** Why an answer is no page, in words that follow its URL. */
function refusalOf(status: number, contentType: string | null): string | null {
  if (status < 200 || status > 299) return `answers with HTTP ${status}`
  const isPage =
    contentType === null || /^\s*(?:text\/html|application\/xhtml\+xml)\s*(?:;|$)/i.test(contentType)
  return isPage ? null : `is ${contentType}, not a page`
}
