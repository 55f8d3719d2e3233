import type { ServerResponse } from 'node:http'
import { type Receiver, renderTrackbacks, trackbacksStyle } from '../index.js'
import { escapeHtml } from '../text/escape.js'
import type { Post } from '../types.js'

/** The page of a post, which announces its ping URL and lists its trackbacks. */
export async function answerPage(
  url: string,
  receiver: Receiver,
  postOf: (id: string) => Post,
  response: ServerResponse,
): Promise<void> {
  const id = postIdOf(url, '/post/')
  response.setHeader('content-type', 'text/html; charset=utf-8')
  if (id === '')
    return void response.writeHead(404).end('<p>Each post has a page: <a href="/post/1">/post/1</a>')
  const post = postOf(id)
  const { items } = await receiver.list(id)
  const heading = escapeHtml(post.title ?? '')
  const list = renderTrackbacks({ post, pingUrl: receiver.pingUrl(id), trackbacks: items })
  response.end(`<!doctype html>
<meta charset="utf-8">
<title>${heading}</title>
<style>${trackbacksStyle}</style>
${receiver.announcement(post)}
<h1>${heading}</h1>
${list}`)
}

/** The id in a path below a prefix; '' where there is none. */
export function postIdOf(url: string, prefix: string): string {
  const path = url.split(/[?#]/, 1)[0] ?? ''
  if (!path.startsWith(prefix)) return ''
  try {
    return path.slice(prefix.length).replace(/\/$/, '').split('/').map(decodeURIComponent).join('/')
  } catch {
    return ''
  }
}
