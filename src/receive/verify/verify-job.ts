import { codeOf, type Reason } from '../../base/reason.js'
import type { Post } from '../../base/types.js'
import { canonicalHost } from '../../protocol/url.js'
import { isNoAttempt, type QueuedJob, RetryLater } from '../../queue/queue.js'
import type { Addition, NewJob, NewTrackback, Trackback } from '../../store/store.js'
import type { ReceiverContext } from '../options/context.js'
import { hostQuotas, loadDomains } from '../policy/flood-keys.js'
import { isDecidedByPolicy, recordJudgement } from '../policy/history.js'
import { refusalOf, type SourceRefusal } from '../policy/source-rule.js'
import { decide, factOf, type Look, type Subject } from './decision.js'
import { verifySource } from './verification.js'

/** The kind of the jobs that verify a source. */
export const verifyKind = 'verify'

const whileBusy = 5000
/** So many requests to one host are under way at once, also by way of redirects. */
const atOnce = 2

/** The job that verifies a trackback; one at a time for each (post, source), and few at a time for a host. */
export function verifyJob({ postId, sourceKey }: NewTrackback, host: string, runAt: number): NewJob {
  return { kind: verifyKind, key: `${verifyKind} ${postId}\n${sourceKey}`, group: host, payload: '', runAt }
}

/**
 * Goes on with a trackback that the author gives back to the receiver: its job may have ended meanwhile, as verification
 * has no say in what the author decided. What was shown without a look stays so.
 */
export async function verifyAgain(trackback: Trackback, context: ReceiverContext): Promise<void> {
  const isUnverified = trackback.state === 'published' && trackback.verification === null
  if (isUnverified || !wantsVerification(trackback)) return
  await context.queue.enqueue(verifyNow(trackback, context))
}

/** The job that verifies a trackback at once. */
export function verifyNow(trackback: NewTrackback, { now }: Pick<ReceiverContext, 'now'>): NewJob {
  return verifyJob(trackback, canonicalHost(new URL(trackback.url)), now())
}

/** Keeps a trackback and its job: in one commit if the queue is the store's own. What is known already gets no job. */
export async function addWithJob(
  trackback: NewTrackback,
  job: NewJob | undefined,
  { store, queue, wake }: ReceiverContext,
): Promise<Addition> {
  const addition = await store.add(trackback, wake && job)
  if (!job || addition.id === undefined) return addition
  if (wake) wake(job)
  else await queue.enqueue(job)
  return addition
}

function subjectOf(key: string): { postId: string; sourceKey: string } {
  const end = key.lastIndexOf('\n')
  return { postId: key.slice(verifyKind.length + 1, end), sourceKey: key.slice(end + 1) }
}

/**
 * Looks at the source of a trackback and records what was found. While another look may find more, the trackback stays
 * `unverified`; one that is shown is looked at again after days, and withdrawn when its link is gone for good.
 */
export async function runVerifyJob(job: QueuedJob, context: ReceiverContext): Promise<void> {
  const { store, events } = context
  const { postId, sourceKey } = subjectOf(job.key)
  const trackback = await store.find(postId, sourceKey)
  if (!trackback || !wantsVerification(trackback)) return
  const found = await findOut(trackback, context, job)
  const fact = factOf(found.verification, trackback, context.now())
  const subject = { trackback, ...found, fact, signal: job.signal }
  const { delay, ...judgement } = await decide(subject, context)
  const after = await recordJudgement(store, trackback, judgement)
  if (after) await events.verified(after, trackback)
  if (delay !== undefined) throw new RetryLater(delay, codeOf(found.verification.reason))
}

type Found = Pick<Subject, 'post' | 'verification'>

/** The post and a look at the source. What fails on our side, or has no post, found nothing out. */
async function findOut(trackback: Trackback, context: ReceiverContext, job: QueuedJob): Promise<Found> {
  let reason: Reason = { code: 'post-not-found' }
  try {
    const post = await context.findPost(trackback.postId)
    if (post) return { post, verification: await lookAt(trackback, post, context, job.signal) }
  } catch (error) {
    if (isNoAttempt(error, job)) throw error
    context.onError(error)
    reason = { code: 'own-failure' }
  }
  // Nothing is asked of the post where nothing was found out.
  return { post: { id: trackback.postId, url: '' }, verification: { outcome: 'unreachable', reason } }
}

const refusals: Readonly<Record<SourceRefusal, Reason>> = {
  'own-url': { code: 'own-post' },
  blocked: { code: 'blocked-source' },
}

async function lookAt(
  trackback: Trackback,
  post: Post,
  context: ReceiverContext,
  signal: AbortSignal,
): Promise<Look> {
  const { client, visits } = context
  const aliases = await context.aliases(post)
  // What this look has begun itself: it waits for nobody but others.
  const own = new Set<string>()
  const found: { refusal?: SourceRefusal | null } = {}
  const enter = async (url: URL): Promise<void> => {
    found.refusal = await refusalOf(url, post, trackback.clientIp, context, aliases)
    if (found.refusal) throw new Error(found.refusal)
    const host = canonicalHost(url)
    if (own.has(host)) return
    const count = visits.get(host) ?? 0
    if (count >= atOnce) throw new RetryLater(whileBusy, 'enough requests to this host are under way')
    visits.set(host, count + 1)
    own.add(host)
  }
  try {
    await enter(new URL(trackback.url))
    await waitForTurn(trackback, context)
    return await verifySource(trackback.url, post.url, {
      ...{ client, signal, aliases },
      async beforeRedirect(url) {
        await enter(url)
        await takeFetch(url, context)
      },
    })
  } catch (error) {
    if (!found.refusal) throw error
    return { outcome: 'blocked', reason: refusals[found.refusal], isRefused: true }
  } finally {
    for (const host of own) {
      const others = (visits.get(host) ?? 1) - 1
      if (others > 0) visits.set(host, others)
      else visits.delete(host)
    }
  }
}

function wantsVerification(trackback: Trackback): boolean {
  return trackback.state === 'unverified' || (trackback.state === 'published' && isDecidedByPolicy(trackback))
}

/** At most one fetch of a source in `sourceSpacing`, and an hour as many of a host and its domain as pings may name them. */
async function waitForTurn({ sourceKey }: Trackback, options: ReceiverContext): Promise<void> {
  const { store, now } = options
  const { sourceSpacing: rest } = options.limits
  const time = now()
  const last = await store.records.get('fetched', sourceKey)
  const since = time - Number(last?.value ?? 0)
  // A clock that was ahead left a time to come, which says nothing.
  if (last && since >= 0 && since < rest)
    throw new RetryLater(rest - since, 'the source was fetched a moment ago')
  await takeFetch(new URL(sourceKey), options)
  const isOurs = await store.records.put('fetched', sourceKey, String(time), last?.revision ?? 0, time + rest)
  if (!isOurs) throw new RetryLater(rest, 'the source is fetched by another job')
}

/** Counts a fetch from a host, also of one that a source leads to; throws `RetryLater` where there were enough. */
async function takeFetch(url: URL, { fetches, rateLimits }: ReceiverContext): Promise<void> {
  const wait = fetches.take(hostQuotas(canonicalHost(url), rateLimits, await loadDomains()))
  if (wait > 0) throw new RetryLater(wait, 'enough was fetched from this host for now')
}
