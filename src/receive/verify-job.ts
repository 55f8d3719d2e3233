import type { HttpClient } from '../http/client.js'
import { type Queue, type QueuedJob, RetryLater } from '../jobs/queue.js'
import { canonicalHost } from '../protocol/url.js'
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
import { claimPage } from './same-page.js'
import { isOwnSite, refusalOf, type SourceRefusal, type SourceRuleOptions } from './source-rule.js'
import { type Verification, verifySource } from './verification.js'

/** The kind of the jobs that verify a source. */
export const verifyKind = 'verify'

/** What the job needs of the receiver. */
export interface VerifyJobOptions extends ReceiverSettings, SourceRuleOptions {
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

/** When a source that was read before is looked at again after looks that found nothing out; the last one repeats. */
const patience = [...retries.unreachable, 1008, 4320]

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
  await queue.enqueue(verifyJob(trackback, canonicalHost(new URL(trackback.url)), runAt))
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
  const { signal } = job
  const { postId, sourceKey } = subjectOf(job.key)
  const trackback = await store.find(postId, sourceKey)
  if (!trackback || !wantsVerification(trackback)) return
  const post = await findPost(postId)
  if (!post) return waitForPost(trackback, options)
  const verification = await lookAt(trackback, post, { ...options, signal })
  const fact = factOf(verification, trackback, now())
  const { delay, ...judgement } = await judge(trackback, post, verification, fact, { ...options, signal })
  const after = await recordJudgement(store, trackback, judgement)
  if (after) events.verified(after, trackback)
  if (after?.state === 'published') await learning.verified(after)
  if (delay !== undefined) throw new RetryLater(delay, verification.reason)
}

const refusals: Readonly<Record<SourceRefusal, string>> = {
  'own-url': 'the source is the post itself',
  blocked: 'the source is blocked',
}

/** A source that the rule for sources refuses, under its own URL or after a redirect. */
class RefusedSource extends Error {
  constructor(readonly refusal: SourceRefusal) {
    super(refusals[refusal])
  }
}

type Look = Verification & { readonly isRefused?: true }

async function lookAt(trackback: Trackback, post: Post, options: JudgeOptions): Promise<Look> {
  const { client, signal } = options
  const aliases = await options.aliases(post)
  const check = async (url: URL): Promise<void> => {
    const refusal = await refusalOf(url, post, trackback.clientIp, options, aliases)
    if (refusal) throw new RefusedSource(refusal)
  }
  try {
    await check(new URL(trackback.url))
    await waitForTurn(trackback, options)
    return await verifySource(trackback.url, post.url, {
      ...{ client, signal, aliases },
      async beforeRedirect(url) {
        await check(url)
        takeFetch(url, options)
      },
    })
  } catch (error) {
    if (!(error instanceof RefusedSource)) throw error
    return { outcome: 'blocked', reason: error.message, isRefused: true }
  }
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
  const before = trackback.verification
  const verification = isCertain(before) ? before : { outcome: 'unreachable', reason, checkedAt: time, looks }
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
function takeFetch(url: URL, { fetches, limits }: VerifyJobOptions): void {
  const host = canonicalHost(url)
  const wait = fetches.take([
    { key: `host ${host}`, limit: limits.maxPingsPerHost },
    { key: `domain ${registeredDomain(host)}`, limit: limits.maxPingsPerDomain },
  ])
  if (wait > 0) throw new RetryLater(wait, 'enough was fetched from this host for now')
}

/** Whether a look found out what the source says. */
function isCertain(fact: VerificationFact | null): fact is VerificationFact {
  return fact !== null && fact.outcome !== 'unreachable'
}

/** What is kept of a look at a source: one that found nothing out changes nothing that was found out before. */
export function factOf(
  { outcome, reason, finalUrl, title, isByOthers, passage }: Verification,
  { verification }: Trackback,
  checkedAt: number,
): VerificationFact {
  const looks = (verification?.looks ?? 0) + 1
  if (outcome === 'unreachable' && isCertain(verification)) {
    return { ...verification, checkedAt, looks, unanswered: (verification.unanswered ?? 0) + 1 }
  }
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
  verification: Look,
  fact: VerificationFact,
  options: JudgeOptions,
): Promise<Decision> {
  const { checks, state } = trackback
  const { reason } = verification
  const { sourceSpacing } = options.limits
  if (verification.isRefused) return { state: 'rejected', reason, verification: fact, checks }
  if (fact.unanswered !== undefined) {
    const waits = patience[Math.min(fact.unanswered, patience.length) - 1] ?? 1
    return { state, reason, verification: fact, checks, delay: waits * sourceSpacing }
  }
  if (state === 'published') return judgeAgain(trackback, post, verification, fact, options)
  const waits = retries[verification.outcome][fact.looks - 1]
  if (waits !== undefined) {
    return { state: 'pending', reason, verification: fact, checks, delay: waits * sourceSpacing }
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
  const doubt = doubtOf(trackback, post, verification, options)
  if (doubt) return { state: 'held', reason: doubt, ...found }
  if (score !== null && score < 0) return { state: 'held', reason: 'the checks speak against it', ...found }
  if (publish === 'held') return { state: 'held', reason: 'the author decides', ...found }
  if (!(await claimPage(trackback, verification, store))) return duplicate(found)
  return {
    state: 'published',
    reason: verification.reason,
    ...found,
    delay: untilRecheck(trackback, options),
  }
}

/** Why a source that links here is left to the author, at the first look and at every later one; `null` if it is not. */
function doubtOf(
  { url }: Trackback,
  post: Post,
  { isByOthers, reason, finalUrl = url }: Verification,
  { selfPings }: VerifyJobOptions,
): string | null {
  if (isByOthers) return reason
  const isOurs = !selfPings && [url, finalUrl].some((each) => isOwnSite(new URL(each), post.url))
  return isOurs ? "the source is on the blog's own site" : null
}

function duplicate(found: Pick<Decision, 'verification' | 'checks'>): Decision {
  return {
    state: 'rejected',
    reason: 'the same page is the source of another trackback of this post',
    ...found,
  }
}

/**
 * A later look holds to the rules of the first one. One look without the link may be a bad day of the other server; two in
 * a row are a withdrawal.
 */
async function judgeAgain(
  trackback: Trackback,
  post: Post,
  verification: Verification,
  fact: VerificationFact,
  options: VerifyJobOptions,
): Promise<Decision> {
  const { checks, verification: before } = trackback
  const found = { reason: fact.reason, verification: fact, checks }
  if (fact.outcome === 'linked') {
    const doubt = doubtOf(trackback, post, verification, options)
    if (doubt) return { ...found, state: 'held', reason: doubt }
    if (!(await claimPage(trackback, verification, options.store))) return duplicate(found)
  }
  if (fact.outcome === 'linked' || fact.outcome === 'unreachable') {
    return { state: 'published', ...found, delay: untilRecheck(trackback, options) }
  }
  const wasLinked = before?.outcome === 'linked' || before?.outcome === 'unreachable'
  const { sourceSpacing } = options.limits
  return wasLinked ? { state: 'published', ...found, delay: sourceSpacing } : { state: 'rejected', ...found }
}

function untilRecheck(
  { receivedAt }: Trackback,
  { recheckAfterDays, now }: VerifyJobOptions,
): number | undefined {
  const age = now() - receivedAt
  const next = recheckAfterDays.map((days) => days * day).find((time) => time > age)
  return next === undefined ? undefined : next - age
}
