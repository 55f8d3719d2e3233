import { clientAddress } from '../../base/address.js'
import type { NewTrackback } from '../../store/store.js'
import type { ReceiverContext } from '../options/context.js'
import { type PingRequest, splitUrl } from '../options/request.js'
import { reopen } from '../policy/history.js'
import { addWithJob, verifyJob } from '../verify/verify-job.js'
import { type Admitted, admit, isOpen } from './admission.js'
import { accepted, listing, methods, type ReceiverResponse, redirectTo, refuse } from './answers.js'

/** Makes the algorithm of a receiver: a request in, a response out; it never rejects. */
export function createAnswer(context: ReceiverContext): (request: PingRequest) => Promise<ReceiverResponse> {
  return async function handle(request) {
    try {
      return await answer(request, context)
    } catch (error) {
      context.onError(error)
      return refuse(request.method === 'POST' ? 'failure' : 'visit-failure')
    }
  }
}

function answer(request: PingRequest, context: ReceiverContext) {
  const { path, query } = splitUrl(request.url)
  if (!context.urls.covers(path)) return refuse('no-ping-url')
  if (request.method === 'OPTIONS') return methods
  const isPing = request.method === 'POST'
  const id = context.urls.idOf(path, query, isPing ? request.body : null)
  if (id === null) return refuse('no-post')
  // A value that is not an IP address counts as none: in some hosts it is a header that a stranger can set.
  const clientIp = clientAddress(request.clientIp)
  if (isPing)
    return answerPing(clientIp === request.clientIp ? request : { ...request, clientIp }, id, query, context)
  if (request.method === 'GET' || request.method === 'HEAD') return answerVisit(id, query, context)
  return refuse('bad-method')
}

/** Resolves once the ping and its verification are durable: in one commit if the queue is the store's own. */
async function answerPing(request: PingRequest, id: string, query: string, context: ReceiverContext) {
  const found = await admit(request, id, query, context)
  if ('status' in found) return found
  const { store, events, verifyAfter } = context
  const trackback = trackbackOf(found, request, context)
  const isShown = trackback.state === 'published'
  const job = isShown ? undefined : verifyJob(trackback, found.ping.host, trackback.receivedAt + verifyAfter)
  let added = await addWithJob(trackback, job, context)
  if (job && added.id === undefined && (await reopen(store, trackback)))
    added = await addWithJob(trackback, job, context)
  if (added.id === undefined || !events.wanted) return accepted
  const fresh = { ...trackback, id: added.id, verification: null, checks: [], history: [], revision: 1 }
  events.received(added.outcome === 'added' ? fresh : ((await store.get(added.id)) ?? fresh))
  return accepted
}

/** Property by property: this runs for every ping, and copying objects whole costs as much as reading the form. */
function trackbackOf({ post, ping }: Admitted, request: PingRequest, context: ReceiverContext): NewTrackback {
  const { now, publish, clientIps } = context
  const { url, sourceKey, title, excerpt, blogName, charset, charsetSource } = ping
  return {
    postId: post.id,
    blog: post.blog ?? '',
    url,
    sourceKey,
    title,
    excerpt,
    blogName,
    charset,
    charsetSource,
    receivedAt: now(),
    clientIp: clientIps === 'none' ? null : (request.clientIp ?? null),
    state: publish === 'always' ? 'published' : 'unverified',
  }
}

/**
 * A browser that follows a ping URL wants the post, another server may want the list (PROTOCOL 32, 33), and a ping sent
 * with GET is refused (PROTOCOL 7, 8).
 */
async function answerVisit(id: string, query: string, context: ReceiverContext): Promise<ReceiverResponse> {
  if (/(^|&)url=/.test(query)) return refuse('get-ping')
  const post = await context.findPost(id)
  if (!post || !isOpen(post, context)) return refuse('no-post')
  if (!/(^|&)__mode=rss(&|$)/.test(query)) return redirectTo(post.url)
  const shown = { postId: post.id, state: 'published' } as const
  const { items } = await context.store.list(shown, { order: 'newest', limit: longestList })
  return listing(post, items)
}

const longestList = 100
