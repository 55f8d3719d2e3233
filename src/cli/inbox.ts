import type { RequestListener } from 'node:http'
import {
  createReceiver,
  type HttpClient,
  type PingReply,
  type PingRequest,
  type Store,
  type Trackback,
  type Verification,
  verifySource,
} from '../index.js'
import { parsePing } from '../protocol/ping.js'
import { parseResponse } from '../protocol/response.js'
import { parseSource, sourceKeyOf } from '../receive/admission.js'
import { type Judgement, recordJudgement } from '../receive/moderation.js'
import { toNodeHandler } from '../receive/node-handler.js'
import { createPingUrls, type PingUrls } from '../receive/ping-url.js'
import { splitUrl } from '../receive/request.js'
import { factOf } from '../receive/verify-job.js'
import type { Post } from '../types.js'
import { answerPage } from './inbox-page.js'
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
  // Pages have URLs in the form of ping URLs.
  const pages = createPingUrls(`${origin}/post/`)
  const pings = createPingUrls(`${origin}/trackback/`)
  const postOf = (id: string): Post => ({ id, url: pages.urlOf(id), title: `Post ${id}` })
  const receiver = createReceiver({
    ...{ baseUrl: `${origin}/trackback/`, findPost: postOf, store, client, worker: false },
    onError: report.failed,
  })
  const looks = new Set<Promise<void>>()

  async function handle(request: PingRequest): Promise<PingReply> {
    const reply = await receiver.handle(request)
    const postId = idIn(request.url, pings)
    const source = tell(postId, request, reply, report)
    if (source !== null) {
      const look = verify(postOf(postId), source, options).catch(report.failed)
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
        const id = idIn(url, pages)
        answerPage(id === '' ? null : postOf(id), receiver, response)
          .catch((error: unknown) => {
            report.failed(error)
            response.destroy()
          })
          .finally(() => report.request(method, url, response.statusCode))
      }),
    pingUrl: receiver.pingUrl,
    postUrl: pages.urlOf,
    async close() {
      await Promise.allSettled(looks)
      await receiver.close()
    },
  }
}

/** The id of the post that a request is about; '' where it is about none. */
function idIn(url: string, urls: PingUrls): string {
  const { path, query } = splitUrl(url)
  return urls.idOf(path, query) ?? ''
}

/** Tells of a request to a ping URL, and gives the source of a ping that was accepted. */
function tell(postId: string, request: PingRequest, reply: PingReply, report: ListenReport): string | null {
  const { method, body, contentType, url, clientIp = null } = request
  if (method !== 'POST') {
    report.request(method, url, reply.status)
    return null
  }
  const { query } = splitUrl(url)
  const received = parsePing(body ?? new Uint8Array(), { contentType, query })
  const said = parseResponse(reply.body) ?? { error: 1 }
  const answer = { status: reply.status, ...said }
  report.ping({ at: Date.now(), postId, clientIp, received, answer })
  return said.error === 0 && received.ping !== null ? received.ping.url.trim() : null
}

/** Looks at a source, and has what was found decide whether the trackback is shown. */
async function verify(post: Post, url: string, options: InboxOptions): Promise<void> {
  const { store, client, report, signal } = options
  const source = parseSource(url)
  const verification = await verifySource(source ?? url, post.url, { client, signal })
  const kept = source && (await store.find(post.id, sourceKeyOf(source)))
  const after = kept && (await recordJudgement(store, kept, judge(verification, kept)))
  report.verified({ postId: post.id, url, verification, state: after?.state ?? null })
}

/** Nothing is checked here but the link. */
function judge(verification: Verification, kept: Trackback): Judgement {
  const { outcome, reason, isByOthers } = verification
  const state = outcome === 'linked' && !isByOthers ? 'published' : 'held'
  return { state, reason, verification: factOf(verification, kept, Date.now()), checks: [] }
}
