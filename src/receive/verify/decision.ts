import { createHash } from 'node:crypto'
import type { Reason } from '../../base/reason.js'
import { pageKey } from '../../discover/identifier.js'
import { RetryLater } from '../../queue/queue.js'
import type { Store, Trackback, VerificationFact } from '../../store/store.js'
import { type CheckSubject, runChecks, type Verification } from '../checks/check.js'
import type { ReceiverContext } from '../options/context.js'
import { isDecidedByPolicy, type Judgement } from '../policy/history.js'
import { isOwnSite } from '../policy/source-rule.js'

/** A day, in milliseconds. */
export const day = 86_400_000
const pageKind = 'page'
/** How long a page waits for a trackback that has it and is not decided on, in milliseconds. */
const whileUndecided = 60_000
/** How much later than planned the next look may come. */
const grace = 60 * day

/**
 * When a source is verified again, in multiples of `sourceSpacing`: senders often ping before the page is public, and
 * networks have bad days.
 */
const retries: Readonly<Record<Exclude<Verification['outcome'], 'linked'>, readonly number[]>> = {
  blocked: [],
  'not-linked': [1, 6],
  gone: [1, 6],
  unreachable: [1, 6, 36, 144],
}

/** When the source of a trackback that is shown is looked at again after looks that found nothing out; the last one repeats. */
const patience = [...retries.unreachable, 1008, 4320]

/** How long a source waits for its next look at the most, in milliseconds. */
export function longestWait({ limits, recheckAfterDays }: ReceiverContext): number {
  const rechecks = recheckAfterDays.map((days) => days * day)
  return Math.max((patience.at(-1) ?? 0) * limits.sourceSpacing, ...rechecks)
}

/** What a look ends with that found nothing out: no answer, or an address that is never asked (PROTOCOL 142). */
const nothingFound: ReadonlySet<string> = new Set(['unreachable', 'blocked'])

/** Whether a look found out what the source says. */
export function isCertain(fact: VerificationFact | null): fact is VerificationFact {
  return fact !== null && !nothingFound.has(fact.outcome)
}

/** What is kept of a look at a source: one that found nothing out changes nothing that was found out before. */
export function factOf(look: Look, { verification }: Trackback, checkedAt: number): VerificationFact {
  const { outcome, reason, finalUrl, title, isUserContent, passage, isRefused } = look
  const attempts = (verification?.attempts ?? 0) + 1
  if (nothingFound.has(outcome) && !isRefused && isCertain(verification)) {
    return { ...verification, checkedAt, attempts, unanswered: (verification.unanswered ?? 0) + 1 }
  }
  const found = { ...(finalUrl && { finalUrl }), ...(title && { title }), ...(passage && { passage }) }
  return { outcome, reason, checkedAt, attempts, ...found, ...(isUserContent && { isUserContent }) }
}

/** What a look showed; `isRefused`: the rule for sources refuses its URL, or one that it leads to. */
export type Look = Verification & { readonly isRefused?: true }

/** A trackback, its post, and what the look at its source showed. */
export interface Subject extends CheckSubject {
  readonly verification: Look
  readonly fact: VerificationFact
  /** Aborted when the receiver closes. */
  readonly signal: AbortSignal
}

/** What a look leads to, and the time in milliseconds until the next one. */
type Decision = Judgement & { readonly delay?: number | undefined }

/** Decides on the state of a trackback by what the look at its source showed. */
export async function decide(subject: Subject, context: ReceiverContext): Promise<Decision> {
  const { trackback, verification, fact } = subject
  const { state, checks, verification: before } = trackback
  const { sourceSpacing } = context.limits
  const found = { reason: verification.reason, verification: fact, checks }
  if (verification.isRefused) return { state: 'rejected', ...found }
  if (fact.unanswered !== undefined) {
    // What is shown stays so; what is not is left to the author in the end, as what was never reached is.
    if (state !== 'published' && fact.unanswered > retries.unreachable.length)
      return { state: 'held', ...found }
    const waits = patience[Math.min(fact.unanswered, patience.length) - 1] ?? 1
    return { state, ...found, delay: waits * sourceSpacing }
  }
  if (verification.outcome === 'linked') return decideLinked(subject, context)
  if (state === 'published') {
    if (!isCertain(fact)) return { state, ...found, delay: untilRecheck(trackback, context) }
    // One look without the link may be a bad day of the other server; two in a row are a withdrawal.
    const isFirst = before && (before.outcome === 'linked' || !isCertain(before))
    return isFirst ? { state, ...found, delay: sourceSpacing } : { state: 'rejected', ...found }
  }
  const waits = retries[verification.outcome][fact.attempts - 1]
  if (waits !== undefined) return { state: 'unverified', ...found, delay: waits * sourceSpacing }
  return { state: isCertain(fact) ? 'rejected' : 'held', ...found }
}

/** The checks are asked once, before it is shown; a later look holds to the other rules of the first one. */
async function decideLinked(subject: Subject, context: ReceiverContext): Promise<Decision> {
  const { store, client, now, onError } = context
  const { trackback, verification, fact, signal } = subject
  const isShown = trackback.state === 'published'
  const { results: checks, score } = isShown
    ? { results: trackback.checks, score: null }
    : await runChecks(context.checks, subject, { store, client, now, signal }, onError)
  const found = { verification: fact, checks }
  const doubt = doubtOf(subject, context) ?? (isShown ? null : objectionOf(score, context))
  if (doubt) return { state: 'held', reason: doubt, ...found }
  const delay = untilRecheck(trackback, context)
  if (!(await claimPage(trackback, verification, context, delay)))
    return { state: 'rejected', reason: { code: 'same-page' }, ...found }
  return { state: 'published', reason: verification.reason, ...found, delay }
}

/** Why a source that links here is left to the author, at the first look and at every later one; `null` if it is not. */
function doubtOf({ trackback, post, verification }: Subject, context: ReceiverContext): Reason | null {
  const { url } = trackback
  const { isUserContent, reason, finalUrl = url } = verification
  // The sender of the ping may have put the link there.
  if (isUserContent) return reason
  const isOurs = !context.selfPings && [url, finalUrl].some((each) => isOwnSite(new URL(each), post.url))
  return isOurs ? { code: 'own-site' } : null
}

/** Why it is left to the author before it is shown. */
function objectionOf(score: number | null, { publish }: ReceiverContext): Reason | null {
  if (score !== null && score < 0) return { code: 'checks-object' }
  return publish === 'held' ? { code: 'author-decides' } : null
}

function untilRecheck({ receivedAt }: Trackback, context: ReceiverContext): number | undefined {
  // What was received by a clock that was ahead is new.
  const age = Math.max(0, context.now() - receivedAt)
  const next = context.recheckAfterDays.map((days) => days * day).find((time) => time > age)
  return next === undefined ? undefined : next - age
}

/**
 * Claims the page that a source turned out to be, by its final URL and its canonical one, for this trackback: a page under
 * several spellings is shown once below a post (PROTOCOL 129, 139). The store decides races, in one statement. Resolves to
 * `false` if another trackback has the page: one that is shown, or that the author decided on. Throws `RetryLater` while
 * that other one is not decided on. The claim lasts for some time after the next look, and for good if there is none.
 */
export async function claimPage(
  trackback: Trackback,
  { finalUrl = trackback.url, canonicalUrl }: Verification,
  { store, now }: Pick<ReceiverContext, 'store' | 'now'>,
  untilNextLook: number | undefined,
): Promise<boolean> {
  const expiresAt = untilNextLook === undefined ? undefined : now() + untilNextLook + grace
  const pages = new Set([finalUrl, canonicalUrl ?? finalUrl].map(pageKey).sort())
  // In one order, so that no two trackbacks wait for each other.
  for (const page of pages) {
    const key = createHash('sha256').update(`${trackback.postId}\n${page}`).digest('base64url')
    if (!(await claim(key, trackback.id, store, expiresAt))) return false
  }
  return true
}

async function claim(key: string, id: string, store: Store, expiresAt?: number): Promise<boolean> {
  const { records } = store
  const claimed = await records.get(pageKind, key)
  const holder = claimed && claimed.value !== id ? await store.get(claimed.value) : null
  const isOpen = holder?.state === 'unverified'
  if (holder && !isOpen && (holder.state === 'published' || !isDecidedByPolicy(holder))) return false
  // Written even if it is ours already, so that nobody takes it over who read it before.
  if (!isOpen && (await records.put(pageKind, key, id, claimed?.revision ?? 0, expiresAt))) return true
  throw new RetryLater(whileUndecided, 'another ping of this page is verified')
}
