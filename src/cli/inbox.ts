import type { RequestListener } from 'node:http'
import {
  createReceiver,
  type HttpClient,
  type PingReply,
  type PingRequest,
  type Receiver,
  type Store,
  type Trackback,
  type Verification,
  verifySource,
} from '../index.js'
import { parsePing } from '../protocol/ping.js'
import { parseResponse } from '../protocol/response.js'
import { parseUrl } from '../protocol/url.js'
import { sourceKeyOf } from '../receive/admission.js'
import { type Judgement, recordJudgement } from '../receive/moderation.js'
import { toNodeHandler } from '../receive/node-handler.js'
import { splitUrl } from '../receive/request.js'
import { factOf } from '../receive/verify-job.js'
import type { Post } from '../types.js'
import { answerPage, postIdOf } from './inbox-page.js'
import type { ListenReport } from './listen-report.js'

/** What an inbox works with. */
export interface InboxOptions {
  /** The origin it is reached by. */
  readonly origin: string
  readonly store: Store
  readonly client: HttpClient
  readonly report: ListenReport
  readonly signal: AbortSignal
}

/** A receiver for any post, with a page for each. */
export interface Inbox {
  readonly answer: RequestListener
  pingUrl(postId: string): string
  postUrl(postId: string): string
  /** Waits for the looks at sources that are under way. */
  close(): Promise<void>
}

/**
 * Makes an inbox. A source is looked at as soon as its ping is accepted, each time: the receiver's own verification would
 * wait, and look at a source once in ten minutes.
 */
export function createInbox(options: InboxOptions): Inbox {
  const { origin, store, client, report } = options
  const postOf = (id: string): Post => ({ id, url: postUrlOf(origin, id), title: `Post ${id}` })
  const receiver = createReceiver({
    ...{ baseUrl: `${origin}/trackback/`, findPost: postOf, store, client, worker: false },
    onError: report.failed,
  })
  const looks = new Set<Promise<void>>()

  async function handle(request: PingRequest): Promise<PingReply> {
    const reply = await receiver.handle(request)
    const source = tell(request, reply, receiver, report)
    if (source !== null) {
      const look = verify(postIdOf(request.url, receiver.path), source, options).catch(report.failed)
      looks.add(look)
      look.finally(() => looks.delete(look))
    }
    return reply
  }

  const answerPing = toNodeHandler({ ...receiver, handle })
  return {
    answer: (request, response) =>
      answerPing(request, response, () => {
        const { method = 'GET', url = '/' } = request
        answerPage(url, receiver, postOf, response)
          .catch((error: unknown) => {
            report.failed(error)
            response.destroy()
          })
          .finally(() => report.request(method, url, response.statusCode))
      }),
    pingUrl: receiver.pingUrl,
    postUrl: (id) => postUrlOf(origin, id),
    async close() {
      await Promise.allSettled(looks)
      await receiver.close()
    },
  }
}

function postUrlOf(origin: string, id: string): string {
  return `${origin}/post/${id.split('/').map(encodeURIComponent).join('/')}`
}

/** Tells of a request to a ping URL, and gives the source of a ping that was accepted. */
function tell(
  request: PingRequest,
  reply: PingReply,
  receiver: Receiver,
  report: ListenReport,
): string | null {
  const { method, body, contentType, url, clientIp = null } = request
  if (method !== 'POST') {
    report.request(method, url, reply.status)
    return null
  }
  const { query } = splitUrl(url)
  const received = parsePing(body ?? new Uint8Array(), { contentType, query })
  const said = parseResponse(reply.body) ?? { error: 1 }
  const answer = { status: reply.status, ...said }
  report.ping({ at: Date.now(), postId: postIdOf(url, receiver.path), clientIp, received, answer })
  return said.error === 0 && received.ping !== null ? received.ping.url.trim() : null
}

/** Looks at a source, and has what was found decide whether the trackback is shown. */
async function verify(postId: string, url: string, options: InboxOptions): Promise<void> {
  const { origin, store, client, report, signal } = options
  const source = parseUrl(url)
  const verification = await verifySource(url, postUrlOf(origin, postId), { client, signal })
  const kept = source && (await store.find(postId, sourceKeyOf(source)))
  const after = kept && (await recordJudgement(store, kept, judge(verification, kept)))
  report.verified({ postId, url, verification, state: after?.state ?? null })
}

/** Nothing is checked here but the link. */
function judge(verification: Verification, kept: Trackback): Judgement {
  const { outcome, reason } = verification
  const state = outcome === 'linked' ? 'published' : 'held'
  return { state, reason, verification: factOf(verification, kept, Date.now()), checks: [] }
}
