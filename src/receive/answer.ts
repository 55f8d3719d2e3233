import type { Queue } from '../jobs/queue.js'
import type { StoreQueue } from '../jobs/store-queue.js'
import type { Addition, NewJob, NewTrackback } from '../store/store.js'
import { type AdmissionOptions, type Arrival, admit, isOpen } from './admission.js'
import { accepted, listing, methods, type PingReply, redirectTo, refuse } from './answers.js'
import type { KeepClientIp } from './client-ip.js'
import type { Events } from './events.js'
import { reopen } from './moderation.js'
import type { PingUrls } from './ping-url.js'
import { type AdmittedPing, type PingRequest, splitUrl } from './request.js'
import { verifyJob, verifyKind } from './verify-job.js'

/** What answering needs of the receiver. */
export interface AnswerOptions extends AdmissionOptions {
  readonly urls: PingUrls
  readonly events: Events
  readonly queue: Queue | StoreQueue
  readonly keepClientIp: KeepClientIp
}

/** Makes the algorithm of a receiver: a request in, a reply out; it never rejects. */
export function createAnswer(options: AnswerOptions): (request: PingRequest) => Promise<PingReply> {
  return async function handle(request) {
    try {
      return await answer(request, options)
    } catch (error) {
      options.onError(error)
      return refuse(request.method === 'POST' ? 'failure' : 'visit-failure')
    }
  }
}

function answer(request: PingRequest, options: AnswerOptions): PingReply | Promise<PingReply> {
  const { path, query } = splitUrl(request.url)
  if (!options.urls.covers(path)) return refuse('no-ping-url')
  if (request.method === 'OPTIONS') return methods
  const id = options.urls.idOf(path, query)
  if (id === null) return refuse('no-post')
  const arrival: Arrival = { request, id, query }
  if (request.method === 'POST') return answerPing(arrival, options)
  if (request.method === 'GET' || request.method === 'HEAD') return answerVisit(arrival, options)
  return refuse('bad-method')
}

/** Resolves once the ping and its verification are durable: in one commit where the queue is the store's own. */
async function answerPing(arrival: Arrival, options: AnswerOptions): Promise<PingReply> {
  const said = admit(arrival, options)
  const refusal = said instanceof Promise ? await said : said
  if (refusal !== null) return refusal
  const { store, queue } = options
  const clientIp = options.keepClientIp(arrival.request.clientIp ?? null)
  const trackback = trackbackOf(arrival, clientIp, options)
  const job = jobOf(trackback, arrival, options)
  const isOwn = 'wake' in queue
  const addition = await store.add(trackback, isOwn ? job : undefined)
  if (addition.id === undefined) {
    if (job && (await reopen(store, trackback))) await queue.enqueue(job)
    return accepted
  }
  if (job && isOwn) queue.wake(verifyKind, job.runAt)
  else if (job) await queue.enqueue(job)
  if (options.events.wanted) await tellReceived(trackback, addition.id, addition.outcome, options)
  return accepted
}

/** Property by property: this runs for every ping, and copying objects whole costs as much as reading the form. */
function trackbackOf(
  { id, post, ping }: Arrival,
  clientIp: string | null,
  { now, publish }: AnswerOptions,
): NewTrackback {
  const { url, sourceKey, title, excerpt, blogName, charset, charsetReason } = ping as AdmittedPing
  return {
    postId: post?.id ?? id,
    url,
    sourceKey,
    title,
    excerpt,
    blogName,
    charset,
    charsetReason,
    receivedAt: now(),
    clientIp,
    state: publish === 'always' ? 'published' : 'pending',
  }
}

/**
 * A browser that follows a ping URL wants the post, another server may want the list (PROTOCOL 32, 33), and a ping sent
 * with GET is refused (PROTOCOL 7, 8).
 */
async function answerVisit({ id, query }: Arrival, options: AnswerOptions): Promise<PingReply> {
  if (/(^|&)url=/.test(query)) return refuse('get-ping')
  const post = await options.findPost(id)
  if (!post || !isOpen(post, options)) return refuse('no-post')
  if (!/(^|&)__mode=rss(&|$)/.test(query)) return redirectTo(post.url)
  const { items } = await options.store.list(
    { postId: post.id, state: 'published' },
    { order: 'newest', limit: longestList },
  )
  return listing(post, items)
}

const longestList = 100

/** Verification of what is not shown at once. */
function jobOf(
  trackback: NewTrackback,
  { ping }: Arrival,
  { verifyAfter }: AnswerOptions,
): NewJob | undefined {
  if (trackback.state === 'published') return undefined
  return verifyJob(trackback, ping?.host ?? '', trackback.receivedAt + verifyAfter)
}

async function tellReceived(
  trackback: NewTrackback,
  id: string,
  outcome: Addition['outcome'],
  { store, events }: AnswerOptions,
): Promise<void> {
  const fresh = { ...trackback, id, verification: null, checks: [], history: [], revision: 1 }
  events.received(outcome === 'added' ? fresh : ((await store.get(id)) ?? fresh))
}
