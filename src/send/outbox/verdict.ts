import { TrackbackError } from '../../base/errors.js'
import type { Reason } from '../../base/reason.js'
import type { Discovery } from '../../discover/page.js'
import type { PingResult } from '../result.js'
import type { DeliveryState, KeptDelivery } from './delivery.js'

/** What an attempt came to, and what that means for the delivery. */
export interface Verdict {
  readonly outcome: Exclude<DeliveryState, 'waiting'> | 'discovered' | 'retry'
  readonly reason: Reason
  readonly pingUrl?: string
  readonly answer?: PingResult
  /** How long the other side asks us to wait, in milliseconds. */
  readonly wait?: number
  /** Nothing was asked of the other side. @default true, but for `discovered` */
  readonly isAttempt?: false
}

const longestDetail = 300
const firstBackOff = 60_000
const longestBackOff = 24 * 3_600_000

/** What a target's page says: its ping URL, none, or that its server has trouble. */
export function judgeDiscovery({ pingUrl, candidates, page }: Discovery, maxUrlLength: number): Verdict {
  if (pingUrl !== null && pingUrl.length > maxUrlLength) {
    return { outcome: 'failed', reason: { code: 'ping-url-too-long', limit: maxUrlLength } }
  }
  if (pingUrl !== null) {
    const found = candidates.filter((candidate) => candidate.pingUrl === pingUrl)
    const best = found.find(({ match }) => match === 'exact' || match === 'equivalent') ?? found[0]
    const detail = best?.reason ?? 'found in the page'
    return { outcome: 'discovered', reason: { code: 'ping-url-found', detail }, pingUrl }
  }
  const { status = 200 } = page
  if (isTrouble(status)) return { outcome: 'retry', reason: { code: 'http-status', status } }
  if (status !== 200) return { outcome: 'no-ping-url', reason: { code: 'http-status', status } }
  const code = candidates.length > 0 ? 'other-posts-only' : 'no-ping-url'
  return { outcome: 'no-ping-url', reason: { code } }
}

/** What an answer to a ping means: a refusal is final, but for one that comes from a server in trouble. */
export function judgeAnswer(answer: PingResult): Verdict {
  const { outcome, status } = answer
  if (outcome === 'accepted') return { outcome, reason: { code: outcome }, answer }
  if (outcome === 'throttled') {
    const wait = (answer.retryAfter ?? 0) * 1000
    return { outcome: 'retry', reason: { code: 'pause' }, answer, wait }
  }
  const reason = { code: 'no-answer', status } as const
  if (isTrouble(status)) return { outcome: 'retry', reason, answer }
  if (outcome === 'refused') return { outcome, reason: { code: outcome }, answer }
  return { outcome: 'failed', reason, answer }
}

/** What it means that there was no answer: trouble with the network passes, everything else stays as it is. */
export function judgeError(error: unknown): Verdict {
  if (!(error instanceof TrackbackError)) return { outcome: 'failed', reason: { code: 'own-failure' } }
  const { code, message } = error
  const reason = { code, detail: message.slice(0, longestDetail) }
  if (code === 'NETWORK' || code === 'TIMEOUT') return { outcome: 'retry', reason }
  return { outcome: code === 'UNSUPPORTED_TYPE' ? 'no-ping-url' : 'failed', reason }
}

/**
 * The delivery after an attempt; a failed one is tried again after up to 1, 4, 16, … minutes, with full jitter. `isLast`:
 * the queue gives no further chance.
 */
export function applyVerdict(
  delivery: KeptDelivery,
  verdict: Verdict,
  { maxAttempts, now, isLast }: { maxAttempts: number; now: number; isLast: boolean },
): KeptDelivery {
  const { outcome, reason, answer = delivery.answer, pingUrl = delivery.pingUrl } = verdict
  const { isAttempt = outcome !== 'discovered' } = verdict
  const attempts = delivery.attempts + Number(isAttempt)
  const after = {
    ...delivery,
    reason,
    answer,
    pingUrl,
    attempts,
    changedAt: now,
    nextAt: null,
    hasTurn: false,
  }
  if (outcome === 'discovered') return after
  if (outcome !== 'retry') return { ...after, state: outcome }
  if (attempts >= maxAttempts || isLast) return { ...after, state: 'gave-up' }
  return { ...after, nextAt: now + Math.max(verdict.wait ?? 0, backOff(attempts)) }
}

function backOff(attempts: number): number {
  return Math.ceil(Math.random() * Math.min(longestBackOff, firstBackOff * 4 ** (attempts - 1)))
}

/** Whether a status says that another time may be better. */
function isTrouble(status: number): boolean {
  return status >= 500 || status === 408 || status === 429
}
