import type { PingRequest, Post, ReceiverResponse, Store } from '../../../index.js'
import type { Context } from '../terminal/command.js'
import { tellPing, tellRequest, tellVerification } from './listen-report.js'

const pingPath = '/trackback/'
const postPath = '/post/'
/** Somebody waits for the result: a source is verified immediately, and tried again after a second, not ten minutes. */
const delays = { verifyAfter: 0, limits: { sourceSpacing: 1000 } }

/**
 * Makes what answers at an origin: a receiver for any post, and a page for each post. It verifies sources as that of a blog
 * does, only sooner, and without spam checks. It tells everything that happens.
 */
export function createInbox({ library, client, warn, tell }: Context, origin: string, store: Store) {
  let pings = 0
  const receiver = library.createReceiver({
    ...{ baseUrl: origin + pingPath, store, client, checks: [], onError: warn, ...delays },
    findPost: postOf,
    onEvent({ type, trackback }) {
      if (type === 'verified') tellVerification(tell, trackback)
    },
  })

  /** The post with an id: every id is one. */
  function postOf(id: string): Post {
    const path = id.split('/').map(encodeURIComponent).join('/')
    return { id, url: origin + postPath + path, title: `Post ${id}` }
  }

  /** The id of the post whose ping URL or page is requested; empty if no ping URL can carry it. */
  function idIn(url: string, path: string): string {
    try {
      const { pathname } = new URL(url, origin)
      const id = decodeURIComponent(pathname.slice(path.length))
      return pathname.startsWith(path) && receiver.pingUrl(id) ? id : ''
    } catch {
      return ''
    }
  }

  async function pageAt(url: string): Promise<ReceiverResponse> {
    const headers = { 'content-type': 'text/html; charset=utf-8' }
    const post = postOf(idIn(url, postPath))
    const hint = '<p>Each post has a page: <a href="/post/1">/post/1</a>'
    if (post.id === '') return { status: 404, headers, body: hint }
    const list = library.renderTrackbacks(await receiver.view(post))
    const body = `<!doctype html>
<meta charset="utf-8">
<title>Post</title>
<style>${library.trackbacksStyle}</style>
${receiver.autodiscovery(post)}
<h1>Post</h1>
${list}`
    return { status: 200, headers, body }
  }

  async function handle(request: PingRequest): Promise<ReceiverResponse> {
    const { method, url } = request
    const isPingUrl = receiver.answers(url.split('?', 1)[0] ?? '')
    const response = await (isPingUrl ? receiver.handle(request) : pageAt(url))
    const isPing = isPingUrl && method === 'POST'
    if (isPing) pings += 1
    if (isPing) await tellPing(tell, idIn(url, pingPath), request, response)
    else tellRequest(tell, request, response)
    return response
  }

  return { ...receiver, answers: () => true, handle, postOf, pings: () => pings }
}
