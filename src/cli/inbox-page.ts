import type { ServerResponse } from 'node:http'
import { type Receiver, renderTrackbacks, trackbacksStyle } from '../index.js'
import { escapeHtml } from '../text/escape.js'
import type { Post } from '../types.js'

/** The page of a post, which announces its ping URL and lists its trackbacks. */
export async function answerPage(
  post: Post | null,
  receiver: Receiver,
  response: ServerResponse,
): Promise<void> {
  response.setHeader('content-type', 'text/html; charset=utf-8')
  if (!post) return void response.writeHead(404).end('<p>Each post has a page: <a href="/post/1">/post/1</a>')
  const heading = escapeHtml(post.title ?? '')
  const list = renderTrackbacks(await receiver.view(post))
  response.end(`<!doctype html>
<meta charset="utf-8">
<title>${heading}</title>
<style>${trackbacksStyle}</style>
${receiver.announcement(post)}
<h1>${heading}</h1>
${list}`)
}
