import type { HttpClient } from '../http/client.js'
import { type Queue, type QueuedJob, RetryLater } from '../jobs/queue.js'
import type { NewJob, NewTrackback, Trackback, VerificationFact } from '../store/store.js'
import type { Post } from '../types.js'
import { runChecks } from './checks/check.js'
import type { Events } from './events.js'
import type { Flood } from './flood.js'
import { registeredDomain } from './flood-keys.js'
import { isDecidedByPolicy } from './history.js'
import type { Learning } from './learning.js'
import type { ResolvedLimits } from './limits.js'
import { type Judgement, recordJudgement } from './moderation.js'
import type { ReceiverSettings } from './options.js'
import { type Verification, verifySource } from './verification.js'

/** The kind of the jobs that verify a source. */
export const verifyKind = 'verify'

/** What the job needs of the receiver. */
export interface VerifyJobOptions extends ReceiverSettings {
  readonly client: HttpClient
  readonly limits: ResolvedLimits
  /** Counts what is fetched, so that nobody is made to fetch more from a host than it should. */
  readonly fetches: Flood
  readonly events: Events
  readonly learning: Learning
}

const day = 86_400_000

/**
 * When a source is verified again, in multiples of `sourceSpacing`: senders often ping before the page is public, and
 * networks have bad days.
 */
const retries: Readonly<Record<Verification['outcome'], readonly number[]>> = {
  linked: [],
  blocked: [],
  'not-linked': [1, 6],
  gone: [1, 6],
  unreachable: [1, 6, 36, 144],
}

/** The job that verifies a trackback; one at a time for each (post, source), and few at a time for a host. */
export function verifyJob({ postId, sourceKey }: NewTrackback, host: string, runAt: number): NewJob {
  return { kind: verifyKind, key: `${verifyKind} ${postId}\n${sourceKey}`, group: host, payload: '', runAt }
}

/**
 * Goes on with a trackback of which the author took a decision back, where something is left to verify: its job may have
 * ended meanwhile, as verification has no say in what the author decided.
 */
export async function verifyAgain(trackback: Trackback, runAt: number, queue: Queue): Promise<void> {
  const isUnverified = trackback.state === 'published' && trackback.verification === null
  if (isUnverified || !wantsVerification(trackback)) return
  await queue.enqueue(verifyJob(trackback, new URL(trackback.url).hostname, runAt))
}

function subjectOf(key: string): { postId: string; sourceKey: string } {
  const end = key.lastIndexOf('\n')
  return { postId: key.slice(verifyKind.length + 1, end), sourceKey: key.slice(end + 1) }
}

/**
 * Looks at the source of a trackback and records what was found. While another look may find more, the trackback stays
 * `pending`; one that is shown is looked at again after days, and withdrawn when its link is gone for good.
 */
export async function runVerifyJob(job: QueuedJob, options: VerifyJobOptions): Promise<void> {
  const { store, findPost, now, events, learning } = options
  const { postId, sourceKey } = subjectOf(job.key)
  const trackback = await store.find(postId, sourceKey)
  if (!trackback || !wantsVerification(trackback)) return
  const post = await findPost(postId)
  if (!post) return waitForPost(trackback, options)
  await waitForTurn(trackback, options)
  const { client, aliases } = options
  const verification = await verifySource(trackback.url, post.url, {
    ...{ client, signal: job.signal, aliases: await aliases(post) },
    beforeRedirect: (url) => takeFetch(url, options),
  })
  const fact = factOf(verification, trackback, now())
  const { delay, ...judgement } = await judge(trackback, post, verification, fact, {
    ...options,
    signal: job.signal,
  })
  const after = await recordJudgement(store, trackback, judgement)
  if (after) events.verified(after, trackback)
  if (after?.state === 'published') await learning.verified(after)
  if (delay !== undefined) throw new RetryLater(delay, verification.reason)
}

function wantsVerification(trackback: Trackback): boolean {
  return trackback.state === 'pending' || (trackback.state === 'published' && isDecidedByPolicy(trackback))
}

/** A post may be hidden for a while, or known to another process only; after a day the author is asked. */
async function waitForPost(
  trackback: Trackback,
  { store, now, events, limits }: VerifyJobOptions,
): Promise<void> {
  const time = now()
  const reason = 'its post was not found'
  if (trackback.state !== 'pending') return
  if (time - trackback.receivedAt < day) throw new RetryLater(limits.sourceSpacing, reason)
  const looks = trackback.verification?.looks ?? 0
  const verification = { outcome: 'unreachable', reason, checkedAt: time, looks }
  const after = await recordJudgement(store, trackback, { state: 'held', reason, verification, checks: [] })
  if (after) events.verified(after, trackback)
}

/** At most one fetch of a source in `sourceSpacing`, and an hour as many of a host and its domain as pings may name them. */
async function waitForTurn({ sourceKey }: Trackback, options: VerifyJobOptions): Promise<void> {
  const { store, now } = options
  const { sourceSpacing: rest } = options.limits
  const time = now()
  const last = await store.records.get('fetched', sourceKey)
  const since = time - Number(last?.value ?? 0)
  // A clock that was ahead left a time to come, which says nothing.
  if (last && since >= 0 && since < rest)
    throw new RetryLater(rest - since, 'the source was fetched a moment ago')
  takeFetch(new URL(sourceKey), options)
  const isOurs = await store.records.put('fetched', sourceKey, String(time), last?.revision ?? 0, time + rest)
  if (!isOurs) throw new RetryLater(rest, 'the source is fetched by another job')
}

/** Counts a fetch from a host, also of one that a source leads to; throws `RetryLater` where there were enough. */
function takeFetch({ hostname }: URL, { fetches, limits }: VerifyJobOptions): void {
  const wait = fetches.take([
    { key: `host ${hostname}`, limit: limits.maxPingsPerHost },
    { key: `domain ${registeredDomain(hostname)}`, limit: limits.maxPingsPerDomain },
  ])
  if (wait > 0) throw new RetryLater(wait, 'enough was fetched from this host for now')
}

/** What is kept of a look at a source. */
export function factOf(
  { outcome, reason, finalUrl, title, isByOthers, passage }: Verification,
  { verification }: Trackback,
  checkedAt: number,
): VerificationFact {
  const looks = (verification?.looks ?? 0) + 1
  const found = { ...(finalUrl && { finalUrl }), ...(title && { title }), ...(passage && { passage }) }
  return { outcome, reason, checkedAt, looks, ...found, ...(isByOthers && { isByOthers }) }
}

interface JudgeOptions extends VerifyJobOptions {
  readonly signal: AbortSignal
}

type Decision = Judgement & { readonly delay?: number | undefined }

async function judge(
  trackback: Trackback,
  post: Post,
  verification: Verification,
  fact: VerificationFact,
  options: JudgeOptions,
): Promise<Decision> {
  if (trackback.state === 'published') return judgeAgain(trackback, fact, options)
  const waits = retries[verification.outcome][fact.looks - 1]
  const { checks } = trackback
  const { reason } = verification
  if (waits !== undefined) {
    const delay = waits * options.limits.sourceSpacing
    return { state: 'pending', reason, verification: fact, checks, delay }
  }
  if (verification.outcome === 'unreachable') return { state: 'held', reason, verification: fact, checks }
  if (verification.outcome !== 'linked') return { state: 'rejected', reason, verification: fact, checks }
  return judgeLinked(trackback, post, verification, fact, options)
}

/**
 * The checks speak only where the link is there; a sum against the trackback leaves the decision to the author, and so does
 * a link that the sender of the ping may have put there.
 */
async function judgeLinked(
  trackback: Trackback,
  post: Post,
  verification: Verification,
  fact: VerificationFact,
  options: JudgeOptions,
): Promise<Decision> {
  const { store, client, now, signal, checks, publish, onError } = options
  const subject = { trackback, verification, post }
  const { results, score } = await runChecks(checks, subject, { store, client, now, signal }, onError)
  const found = { verification: fact, checks: results }
  if (verification.isByOthers) return { state: 'held', reason: verification.reason, ...found }
  if (score !== null && score < 0) return { state: 'held', reason: 'the checks speak against it', ...found }
  if (publish === 'held') return { state: 'held', reason: 'the author decides', ...found }
  return {
    state: 'published',
    reason: verification.reason,
    ...found,
    delay: untilRecheck(trackback, options),
  }
}

/** One look without the link may be a bad day of the other server; two in a row are a withdrawal. */
function judgeAgain(trackback: Trackback, fact: VerificationFact, options: VerifyJobOptions): Decision {
  const { checks, verification: before } = trackback
  const found = { reason: fact.reason, verification: fact, checks }
  if (fact.outcome === 'linked' || fact.outcome === 'unreachable') {
    return { state: 'published', ...found, delay: untilRecheck(trackback, options) }
  }
  if (before?.outcome === 'linked' || before?.outcome === 'unreachable') {
    return { state: 'published', ...found, delay: options.limits.sourceSpacing }
  }
  return { state: 'rejected', ...found }
}

function untilRecheck(
  { receivedAt }: Trackback,
  { recheckAfterDays, now }: VerifyJobOptions,
): number | undefined {
  const age = now() - receivedAt
  const next = recheckAfterDays.map((days) => days * day).find((time) => time > age)
  return next === undefined ? undefined : next - age
}
