import type { RequestListener } from 'node:http'
import type { PingRequest, Post, Receiver, ReceiverResponse, Store } from '../../../index.js'
import type { Context } from '../terminal/command.js'
import type { ListenEvents, ListenReport } from './listen-report.js'

const pingPath = '/trackback/'
const postPath = '/post/'
/** Somebody waits for the result: a source is verified immediately, and tried again after a second, not ten minutes. */
const delays = { verifyAfter: 0, limits: { sourceSpacing: 1000 } }

/**
 * Makes a receiver for any post, whose URLs have this origin, and the listener that answers its ping URLs and the pages of
 * its posts. It verifies sources as that of a blog does, only sooner, and without spam checks.
 */
export async function createInbox(
  { library, client, warn }: Context,
  origin: string,
  store: Store,
  report: ListenReport,
): Promise<{ receiver: Receiver; answer: RequestListener }> {
  const { toNodeHandler } = await import('../../../node.js')
  const receiver = library.createReceiver({
    ...{ baseUrl: origin + pingPath, store, client, checks: [], onError: warn, ...delays },
    findPost: (id) => postOf(id, origin),
    onEvent({ type, trackback: { postId, url, state, verification } }) {
      if (type === 'verified') report('verification', { postId, url, state, ...verification })
    },
  })
  const handle = async (request: PingRequest): Promise<ReceiverResponse> => {
    const response = await receiver.handle(request)
    const { method, url } = request
    if (method === 'POST') report('ping', await pingEvent(request, response))
    else report('request', { method, url, status: response.status })
    return response
  }
  const answerPing = toNodeHandler({ ...receiver, handle })
  const answer: RequestListener = (request, response) =>
    answerPing(request, response, async () => {
      const { method = 'GET', url = '/' } = request
      try {
        const page = await pageOf(postOf(idIn(url, postPath), origin), receiver, library)
        response.statusCode = page === null ? 404 : 200
        response.setHeader('content-type', 'text/html; charset=utf-8')
        response.end(page ?? '<p>Each post has a page: <a href="/post/1">/post/1</a>')
      } catch (error) {
        warn(error)
        response.destroy()
      }
      report('request', { method, url, status: response.statusCode })
    })
  return { receiver, answer }
}

/** The post with an id: every id is one. */
export function postOf(id: string, origin: string): Post {
  const path = id.split('/').map(encodeURIComponent).join('/')
  return { id, url: origin + postPath + path, title: `Post ${id}` }
}

/** The id of the post whose ping URL or page is requested; empty if there is none. */
function idIn(url: string, path: string): string {
  try {
    const { pathname } = new URL(url, 'http://localhost')
    return pathname.startsWith(path) ? decodeURIComponent(pathname.slice(path.length)) : ''
  } catch {
    return ''
  }
}

/** The page of a post; `null` if no ping URL can carry its id. */
async function pageOf(post: Post, receiver: Receiver, library: Context['library']): Promise<string | null> {
  try {
    receiver.pingUrl(post.id)
  } catch {
    return null
  }
  const list = library.renderTrackbacks(await receiver.view(post))
  return `<!doctype html>
<meta charset="utf-8">
<title>Post</title>
<style>${library.trackbacksStyle}</style>
${receiver.autodiscovery(post)}
<h1>Post</h1>
${list}`
}

/** What a ping was, and how it was answered. */
async function pingEvent(
  { url, contentType, body, clientIp = null }: PingRequest,
  { status, body: answer }: ReceiverResponse,
): Promise<ListenEvents['ping']> {
  const { parsePing, parseResponse } = await import('../../../protocol.js')
  const received = parsePing(body ?? new Uint8Array(), { contentType, query: url.split('?')[1] })
  return {
    ...{ at: Date.now(), postId: idIn(url, pingPath), clientIp, ...received },
    answer: { status, ...(parseResponse(answer) ?? { error: 1 }) },
  }
}
