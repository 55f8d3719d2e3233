import type { RequestListener, ServerResponse } from 'node:http'
import type { HttpClient, PingReply, PingRequest, Post, ReceiverEvent, Store } from '../index.js'
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

/** A receiver for any post, with a page for each. */
export interface Inbox {
  readonly answer: RequestListener
  pingUrl(postId: string): string
  postUrl(postId: string): string
  /** The number of pings so far. */
  pings(): number
  close(): Promise<void>
}

const pingPath = '/trackback/'
const postPath = '/post/'
/** Somebody waits for the result: a source is verified immediately, and tried again after a second, not ten minutes. */
const delays = { verifyAfter: 0, limits: { sourceSpacing: 1000 } }

/** Makes an inbox. Its receiver verifies sources as that of a blog does, only sooner, and without spam checks. */
export async function createInbox(options: InboxOptions): Promise<Inbox> {
  const { origin, store, client, report, onError } = options
  const { createReceiver, renderTrackbacks, trackbacksStyle } = await import('../index.js')
  const { toNodeHandler } = await import('../node.js')
  const { parsePing, parseResponse } = await import('../protocol.js')
  const postUrl = (id: string): string => receiver.pingUrl(id).replace(pingPath, postPath)
  const postOf = (id: string): Post => ({ id, url: postUrl(id), title: `Post ${id}` })
  const receiver = createReceiver({
    ...{ baseUrl: origin + pingPath, findPost: postOf, store, client, checks: [], onError },
    ...delays,
    onEvent: (event) => event.type === 'verified' && report(verificationEvent(event)),
  })
  let pings = 0

  /** The post whose ping URL or page is requested; `null` if the URL has no id, or one that no ping URL can have. */
  function postIn(url: string, path: string): Post | null {
    const { pathname } = new URL(url, origin)
    try {
      return pathname.startsWith(path) ? postOf(decodeURIComponent(pathname.slice(path.length))) : null
    } catch {
      return null
    }
  }

  async function handle(request: PingRequest): Promise<PingReply> {
    const reply = await receiver.handle(request)
    const { method, url, clientIp = null } = request
    if (method !== 'POST') {
      report({ type: 'request', method, url, status: reply.status })
      return reply
    }
    pings += 1
    const ping = parsePing(request.body ?? new Uint8Array(), {
      contentType: request.contentType,
      query: url.split('?')[1],
    })
    const answer = { status: reply.status, ...(parseResponse(reply.body) ?? { error: 1 }) }
    report({
      ...{ type: 'ping', at: Date.now(), postId: postIn(url, pingPath)?.id ?? '', clientIp },
      ...fieldsOf(ping),
      answer,
    })
    return reply
  }

  async function answerPage(post: Post | null, response: ServerResponse): Promise<void> {
    response.setHeader('content-type', 'text/html; charset=utf-8')
    if (!post)
      return void response.writeHead(404).end('<p>Each post has a page: <a href="/post/1">/post/1</a>')
    const list = renderTrackbacks(await receiver.view(post))
    const head = `<style>${trackbacksStyle}</style>\n${receiver.announcement(post)}`
    response.end(
      `<!doctype html>\n<meta charset="utf-8">\n<title>Post</title>\n${head}\n<h1>Post</h1>\n${list}`,
    )
  }

  const answerPing = toNodeHandler({ ...receiver, handle })
  return {
    answer: (request, response) =>
      answerPing(request, response, () => {
        const { method = 'GET', url = '/' } = request
        answerPage(postIn(url, postPath), response)
          .catch((error: unknown) => {
            onError(error)
            response.destroy()
          })
          .finally(() => report({ type: 'request', method, url, status: response.statusCode }))
      }),
    pingUrl: receiver.pingUrl,
    postUrl,
    pings: () => pings,
    close: receiver.close,
  }
}

function fieldsOf(received: ReturnType<typeof import('../protocol.js')['parsePing']>): PingFields {
  if (received.ping === null)
    return { fields: null, charset: null, charsetReason: null, unreadable: received.reason }
  const { ping: fields, charset, charsetReason } = received
  return { fields, charset, charsetReason }
}

function verificationEvent({ trackback }: ReceiverEvent): ListenEvent {
  const { postId, url, state, verification } = trackback
  const { outcome = '', reason = '', ...facts } = verification ?? {}
  return { type: 'verification', postId, url, state, outcome, reason, ...facts }
}
