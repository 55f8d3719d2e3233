import { TrackbackError, type TrackbackErrorCode } from '../../base/errors.js'
import { positiveInteger } from '../../base/limits.js'
import type { Reason } from '../../base/reason.js'
import type { Post } from '../../base/types.js'
import { inTime } from '../../base/waiting.js'
import type { HttpClient } from '../../http/client.js'
import type { CheckResult, Passage, Store, Trackback } from '../../store/store.js'
import { cutText } from '../../text/excerpt.js'
import { cleanText } from '../../text/plain.js'

/**
 * What a look at the source showed.
 *
 * - `linked`: the page links to the target.
 * - `not-linked`: the page was read and does not.
 * - `gone`: the page does not exist (404) or no longer (410).
 * - `unreachable`: no answer, or one that says nothing about the page (5xx, 401, …); worth another try.
 * - `blocked`: the source is at an address that is never asked; the author decides.
 */
export interface Verification {
  readonly outcome: 'linked' | 'not-linked' | 'gone' | 'unreachable' | 'blocked'
  /** Why. */
  readonly reason: Reason
  /** Where the source ended up after redirects; absent where nothing answered. */
  readonly finalUrl?: string
  /** What the page names as its own URL (`rel="canonical"`), if it is on the host of `finalUrl`. */
  readonly canonicalUrl?: string
  /** The HTTP status of the source. */
  readonly status?: number
  /** The source page's own title: plain text by strangers. */
  readonly title?: string
  /** The link that was found, resolved. */
  readonly link?: string
  /**
   * Every link to the target is one that others may have written: it stands in the page's comments or in its list of
   * trackbacks, or is marked so (`rel="ugc"`). A receiver leaves such a trackback to the author. @default absent
   */
  readonly isUserContent?: true
  /** The text around that link, so that nobody has to open the page to see what is said: plain text by strangers. */
  readonly passage?: Passage
  /** Why nothing answered. */
  readonly code?: TrackbackErrorCode
}

/** What a check looks at: only a source that links to the post is checked. */
export interface CheckSubject {
  readonly trackback: Trackback
  /** What the last look at the source showed. */
  readonly verification: Verification
  /** The post that was pinged. */
  readonly post: Post
}

/** What a check may use. */
export interface CheckContext {
  /** What is kept; a check of one's own keeps its facts in `store.records`, under a kind of its own. */
  readonly store: Store
  /** The HTTP client; all requests go through it. */
  readonly client: HttpClient
  /** The clock, in milliseconds since 1970. */
  readonly now: () => number
  /** Aborted when the receiver closes. */
  readonly signal?: AbortSignal | undefined
}

/** What a check says. */
export interface CheckVerdict {
  /** From -10 (surely spam) to 10 (surely wanted); what is beyond is cut, `NaN` is a failure. */
  readonly score: number
  /** Why, in a few words for the author; kept with the trackback. */
  readonly reason: Reason
}

/**
 * One question about a trackback whose source has been looked at. A check that throws is skipped.
 *
 * ```ts
 * const friends: Check = {
 *   name: 'friends',
 *   judge: ({ trackback }) => (isFriend(trackback.url) ? { score: 10, reason: 'a friend' } : null),
 * }
 * ```
 */
export interface Check {
  /** What the log of checks calls it. */
  readonly name: string
  /** How long it may take, in milliseconds; one that takes longer has failed. @default 15_000 */
  readonly timeout?: number | undefined
  /** The verdict, or `null` where there is nothing to say. */
  judge(subject: CheckSubject, context: CheckContext): CheckVerdict | null | PromiseLike<CheckVerdict | null>
  /** Called when the author marks a trackback as spam or not spam. */
  learn?(trackback: Trackback, post: Post, isSpam: boolean): void | PromiseLike<void>
}

const longestReason = 200

/**
 * Asks all checks at once, and averages the scores of those that had something to say, as Movable Type does; `null` where
 * none had. There is one result for each check, in their order. A check
 * that throws, takes too long or gives no number is reported to `onError` and skipped; its reason says no more than the
 * error's code, for messages may hold secrets. Throws only the reason of an aborted `context.signal`, and `CLOSED`: then the
 * trackback is judged when there is a client again.
 */
export async function runChecks(
  checks: readonly Check[],
  subject: CheckSubject,
  context: CheckContext,
  onError: (error: unknown) => void,
): Promise<{ results: CheckResult[]; score: number | null }> {
  const { signal } = context
  signal?.throwIfAborted()
  const run = async (check: Check): Promise<CheckResult> => {
    // Asked in a function of its own, so that one that throws at once is waited for like the others, and nothing is left.
    const judge = async () => check.judge(subject, context)
    try {
      const timeout = positiveInteger(check.timeout, 15_000, 'timeout')
      const verdict = await inTime(judge(), timeout, `the check '${check.name}'`, { signal, unref: true })
      return toResult(check, verdict)
    } catch (error) {
      signal?.throwIfAborted()
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

function toResult({ name }: Check, verdict: CheckVerdict | null): CheckResult {
  if (!verdict) return { check: name, score: null, reason: { code: 'no-result' } }
  const { score, reason } = verdict
  if (typeof score !== 'number' || Number.isNaN(score)) throw new TypeError('a score must be a number')
  const kept = typeof reason === 'object' ? reason : cutText(cleanText(String(reason)), longestReason)
  return { check: name, score: Math.max(-10, Math.min(10, score)), reason: kept }
}
