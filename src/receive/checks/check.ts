import { TrackbackError } from '../../base/errors.js'
import { positiveInteger } from '../../base/limits.js'
import { inTime } from '../../base/waiting.js'
import type { CheckResult } from '../../store/store.js'
import { cutText } from '../../text/excerpt.js'
import { cleanText } from '../../text/plain.js'
import type { Check, CheckContext, CheckSubject, CheckVerdict } from '../options/types.js'

/** What all checks said. */
export interface CheckSummary {
  /** One result for each check, in their order; the score is `null` where a check had nothing to say or failed. */
  readonly results: CheckResult[]
  /** The average of the scores; `null` where no check had anything to say. */
  readonly score: number | null
}

const longestReason = 200

/**
 * Asks all checks at once, and averages the scores of those that had something to say, as Movable Type does. A check
 * that throws, takes too long or gives no number is reported to `onError` and skipped; its reason says no more than the
 * error's code, for messages may hold secrets. Throws only the reason of an aborted `context.signal`, and `CLOSED`: then the
 * trackback is judged when there is a client again.
 */
export async function runChecks(
  checks: readonly Check[],
  subject: CheckSubject,
  context: CheckContext,
  onError: (error: unknown) => void,
): Promise<CheckSummary> {
  context.signal?.throwIfAborted()
  const run = async (check: Check): Promise<CheckResult> => {
    try {
      return toResult(check, await judgeInTime(check, subject, context))
    } catch (error) {
      context.signal?.throwIfAborted()
      if (error instanceof TrackbackError && error.code === 'CLOSED') throw error
      onError(new Error(`the check '${check.name}' failed`, { cause: error }))
      const failure = error instanceof TrackbackError ? { error: error.code } : {}
      return { check: check.name, score: null, reason: { code: 'check-failed', ...failure } }
    }
  }
  const results = await Promise.all(checks.map(run))
  return { results, score: averageOf(results) }
}

/** The average by which the checks decide; `null` where none had anything to say. */
export function averageOf(results: readonly CheckResult[]): number | null {
  const scores = results.flatMap(({ score }) => score ?? [])
  const sum = scores.reduce((total, score) => total + score, 0)
  return scores.length === 0 ? null : sum / scores.length
}

async function judgeInTime(
  check: Check,
  subject: CheckSubject,
  context: CheckContext,
): Promise<CheckVerdict | null> {
  const timeout = positiveInteger(check.timeout, 15_000, 'timeout')
  // Asked in a function of its own, so that one that throws at once is waited for like the others, and nothing is left.
  const judge = async () => check.judge(subject, context)
  return inTime(judge(), timeout, `the check '${check.name}'`, { signal: context.signal, unref: true })
}

function toResult({ name }: Check, verdict: CheckVerdict | null): CheckResult {
  if (!verdict) return { check: name, score: null, reason: { code: 'no-result' } }
  const { score, reason } = verdict
  if (typeof score !== 'number' || Number.isNaN(score)) throw new TypeError('a score must be a number')
  const kept = typeof reason === 'object' ? reason : cutText(cleanText(String(reason)), longestReason)
  return { check: name, score: Math.max(-10, Math.min(10, score)), reason: kept }
}
