import type { Reason } from '../../base/reason.js'
import type { Trackback, VerificationFact } from '../../store/store.js'
import { type CheckSubject, runChecks, type Verification } from '../checks/check.js'
import type { Judgement } from '../moderation/history.js'
import type { ReceiverContext } from '../options/context.js'
import { isOwnSite } from '../policy/source-rule.js'
import { claimPage } from './same-page.js'

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
  const { sourceSpacing } = context.limits
  const found = { reason: verification.reason, verification: fact, checks: trackback.checks }
  if (verification.isRefused) return { state: 'rejected', ...found }
  if (fact.unanswered !== undefined) {
    const waits = patience[Math.min(fact.unanswered, patience.length) - 1] ?? 1
    return { state: trackback.state, ...found, delay: waits * sourceSpacing }
  }
  if (trackback.state === 'published') return decideAgain(subject, context)
  const waits = retries[verification.outcome][fact.attempts - 1]
  if (waits !== undefined) return { state: 'unverified', ...found, delay: waits * sourceSpacing }
  if (verification.outcome === 'linked') return decideLinked(subject, context)
  return { state: isCertain(fact) ? 'rejected' : 'held', ...found }
}

/** A score below 0 leaves the decision to the author, and so does a link that the sender of the ping may have put there. */
async function decideLinked(subject: Subject, context: ReceiverContext): Promise<Decision> {
  const { store, client, now, checks, publish, onError } = context
  const { trackback, verification, fact, signal } = subject
  const { results, score } = await runChecks(checks, subject, { store, client, now, signal }, onError)
  const found = { verification: fact, checks: results }
  const doubt = doubtOf(subject, context)
  if (doubt) return { state: 'held', reason: doubt, ...found }
  if (score !== null && score < 0) return { state: 'held', reason: { code: 'checks-object' }, ...found }
  if (publish === 'held') return { state: 'held', reason: { code: 'author-decides' }, ...found }
  const delay = untilRecheck(trackback, context)
  if (!(await claimPage(trackback, verification, context, delay))) return duplicate(found)
  return { state: 'published', reason: verification.reason, ...found, delay }
}

/**
 * A later look holds to the rules of the first one. One look without the link may be a bad day of the other server; two in
 * a row are a withdrawal.
 */
async function decideAgain(subject: Subject, context: ReceiverContext): Promise<Decision> {
  const { trackback, verification, fact } = subject
  const found = { reason: fact.reason, verification: fact, checks: trackback.checks }
  const delay = untilRecheck(trackback, context)
  if (fact.outcome === 'linked') {
    const doubt = doubtOf(subject, context)
    if (doubt) return { ...found, state: 'held', reason: doubt }
    if (!(await claimPage(trackback, verification, context, delay))) return duplicate(found)
  }
  if (fact.outcome === 'linked' || !isCertain(fact)) return { state: 'published', ...found, delay }
  const before = trackback.verification
  return before && (before.outcome === 'linked' || !isCertain(before))
    ? { state: 'published', ...found, delay: context.limits.sourceSpacing }
    : { state: 'rejected', ...found }
}

/** Why a source that links here is left to the author, at the first look and at every later one; `null` if it is not. */
function doubtOf({ trackback, post, verification }: Subject, context: ReceiverContext): Reason | null {
  const { url } = trackback
  const { isUserContent, reason, finalUrl = url } = verification
  if (isUserContent) return reason
  const isOurs = !context.selfPings && [url, finalUrl].some((each) => isOwnSite(new URL(each), post.url))
  return isOurs ? { code: 'own-site' } : null
}

function duplicate(found: Pick<Decision, 'verification' | 'checks'>): Decision {
  return { state: 'rejected', reason: { code: 'same-page' }, ...found }
}

function untilRecheck({ receivedAt }: Trackback, context: ReceiverContext): number | undefined {
  // What was received by a clock that was ahead is new.
  const age = Math.max(0, context.now() - receivedAt)
  const next = context.recheckAfterDays.map((days) => days * day).find((time) => time > age)
  return next === undefined ? undefined : next - age
}
