import type { RequestListener, ServerResponse } from 'node:http'
import type {
  HttpClient,
  PingRequest,
  Post,
  Receiver,
  ReceiverEvent,
  ReceiverResponse,
  Store,
} from '../../../index.js'
import type { ListenEvent, PingFields } from './listen-report.js'

/** What an inbox works with. */
export interface InboxOptions {
  /** The origin of its URLs. */
  readonly origin: string
  readonly store: Store
  readonly client: HttpClient
  readonly report: (event: ListenEvent) => void
  readonly onError: (error: unknown) => void
}

/** A receiver for any post, and the listener that answers its ping URLs and the pages of its posts. */
export interface Inbox {
  readonly receiver: Receiver
  readonly answer: RequestListener
}

const pingPath = '/trackback/'
const postPath = '/post/'
/** Somebody waits for the result: a source is verified immediately, and tried again after a second, not ten minutes. */
const delays = { verifyAfter: 0, limits: { sourceSpacing: 1000 } }

/** Makes an inbox. Its receiver verifies sources as that of a blog does, only sooner, and without spam checks. */
export async function createInbox(options: InboxOptions): Promise<Inbox> {
  const { origin, store, client, report, onError } = options
  const { createReceiver } = await import('../../../index.js')
  const { toNodeHandler } = await import('../../../node.js')
  const receiver = createReceiver({
    ...{ baseUrl: origin + pingPath, store, client, checks: [], onError, ...delays },
    findPost: (id) => postOf(id, origin),
    onEvent: (event) => event.type === 'verified' && report(verificationEvent(event)),
  })
  const handle = async (request: PingRequest): Promise<ReceiverResponse> => {
    const reply = await receiver.handle(request)
    report(await replyEvent(request, reply))
    return reply
  }
  const answerPing = toNodeHandler({ ...receiver, handle })
  const answer: RequestListener = (request, response) =>
    answerPing(request, response, () => {
      const { method = 'GET', url = '/' } = request
      answerPage(idIn(url, postPath), response, receiver, origin)
        .catch((error: unknown) => {
          onError(error)
          response.destroy()
        })
        .finally(() => report({ type: 'request', method, url, status: response.statusCode }))
    })
  return { receiver, answer }
}

/** The post with an id: every id is one. */
export function postOf(id: string, origin: string): Post {
  return {
    id,
    url: origin + postPath + id.split('/').map(encodeURIComponent).join('/'),
    title: `Post ${id}`,
  }
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

async function answerPage(
  id: string,
  response: ServerResponse,
  receiver: Receiver,
  origin: string,
): Promise<void> {
  const { renderTrackbacks, trackbacksStyle } = await import('../../../index.js')
  response.setHeader('content-type', 'text/html; charset=utf-8')
  if (!isPostId(id, receiver)) {
    response.writeHead(404).end('<p>Each post has a page: <a href="/post/1">/post/1</a>')
    return
  }
  const post = postOf(id, origin)
  const list = renderTrackbacks(await receiver.view(post))
  response.end(`<!doctype html>
<meta charset="utf-8">
<title>Post</title>
<style>${trackbacksStyle}</style>
${receiver.autodiscovery(post)}
<h1>Post</h1>
${list}`)
}

function isPostId(id: string, receiver: Receiver): boolean {
  try {
    return receiver.pingUrl(id) !== ''
  } catch {
    return false
  }
}

/** What a request to a ping URL was, and how it was answered. */
async function replyEvent(request: PingRequest, { status, body }: ReceiverResponse): Promise<ListenEvent> {
  const { parsePing, parseResponse } = await import('../../../protocol.js')
  const { method, url, contentType, clientIp = null } = request
  if (method !== 'POST') return { type: 'request', method, url, status }
  const query = url.split('?')[1]
  const received = parsePing(request.body ?? new Uint8Array(), { contentType, query })
  const answer = { status, ...(parseResponse(body) ?? { error: 1 }) }
  const postId = idIn(url, pingPath)
  return { type: 'ping', at: Date.now(), postId, clientIp, ...fieldsOf(received), answer }
}

function fieldsOf(received: ReturnType<typeof import('../../../protocol.js')['parsePing']>): PingFields {
  if (received.ping === null)
    return { fields: null, charset: null, charsetSource: null, unreadable: received.reason }
  const { ping: fields, charset, charsetSource } = received
  return { fields, charset, charsetSource }
}

function verificationEvent({ trackback }: ReceiverEvent): ListenEvent {
  const { postId, url, state, verification } = trackback
  const { outcome = '', reason = '', ...facts } = verification ?? {}
  return { type: 'verification', postId, url, state, outcome, reason, ...facts }
}
