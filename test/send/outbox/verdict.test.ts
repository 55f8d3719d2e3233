import { describe, expect, it } from 'vitest'
import { TrackbackError, type TrackbackErrorCode } from '../../../src/base/errors.js'
import { codeOf } from '../../../src/base/reason.js'
import { newDelivery } from '../../../src/send/outbox/delivery.js'
import {
  applyVerdict,
  judgeAnswer,
  judgeDiscovery,
  judgeError,
  type Verdict,
} from '../../../src/send/outbox/verdict.js'
import type { PingResult } from '../../../src/send/result.js'

const pingUrl = 'http://a.example/tb'

function answer(outcome: PingResult['outcome'], status: number): PingResult {
  const parts = { message: 'no', code: 1, snippet: '', contentType: null }
  return { outcome, status, pingUrl, ...parts } as PingResult
}

describe('judgeAnswer', () => {
  it.each([
    ['accepted', 200, 'accepted'],
    ['refused', 200, 'refused'],
    ['refused', 403, 'refused'],
    ['refused', 500, 'retry'],
    ['refused', 503, 'retry'],
    ['throttled', 429, 'retry'],
    ['throttled', 403, 'retry'],
    ['unrecognised', 200, 'failed'],
    ['unrecognised', 404, 'failed'],
    ['unrecognised', 408, 'retry'],
    ['unrecognised', 502, 'retry'],
  ] as const)('%s with HTTP %i: %s', (outcome, status, expected) => {
    const verdict = judgeAnswer(answer(outcome, status))
    expect(verdict).toMatchObject({ outcome: expected, answer: { outcome, status } })
    expect(codeOf(verdict.reason)).toMatch(/^(?:accepted|refused|pause|no-answer)$/)
  })

  it('waits as long as the other side asks for', () => {
    const throttled: PingResult = { outcome: 'throttled', retryAfter: 7200, status: 429, pingUrl }
    expect(judgeAnswer(throttled).wait).toBe(7_200_000)
  })
})

describe('judgeError', () => {
  it.each([
    ['NETWORK', 'retry'],
    ['TIMEOUT', 'retry'],
    ['BLOCKED_URL', 'failed'],
    ['TOO_LARGE', 'failed'],
    ['TOO_MANY_REDIRECTS', 'failed'],
    ['INVALID_RESPONSE', 'failed'],
    ['UNSUPPORTED_TYPE', 'no-ping-url'],
  ] as [TrackbackErrorCode, string][])('%s: %s', (code, expected) => {
    expect(judgeError(new TrackbackError(code, 'why'))).toEqual({
      outcome: expected,
      reason: { code, detail: 'why' },
    })
  })

  it('a mistake of ours is no reason to try again', () => {
    expect(judgeError(new TypeError('unknown charset'))).toMatchObject({ outcome: 'failed' })
    expect(judgeError('a string')).toEqual({ outcome: 'failed', reason: { code: 'own-failure' } })
  })
})

describe('judgeDiscovery', () => {
  const page = { url: 'http://a.example/', charset: 'utf-8' }

  it('says why the ping URL is the one', () => {
    const candidate = { pingUrl, source: 'rdf', match: 'exact', reason: 'the same URL' } as const
    const verdict = judgeDiscovery({ pingUrl, candidates: [candidate], page }, 2048)
    expect(verdict).toEqual({
      outcome: 'discovered',
      reason: { code: 'ping-url-found', detail: 'the same URL' },
      pingUrl,
    })
  })

  it.each([
    [200, 'no-ping-url'],
    [404, 'no-ping-url'],
    [410, 'no-ping-url'],
    [403, 'no-ping-url'],
    [429, 'retry'],
    [500, 'retry'],
    [503, 'retry'],
  ])('no ping URL in a page with HTTP %i: %s', (status, expected) => {
    expect(judgeDiscovery({ pingUrl: null, candidates: [], page: { ...page, status } }, 2048).outcome).toBe(
      expected,
    )
  })

  it('says where a page names ping URLs of other posts only', () => {
    const candidate = { pingUrl, source: 'rdf', match: 'other', reason: 'names another page' } as const
    expect(judgeDiscovery({ pingUrl: null, candidates: [candidate], page }, 2048).reason).toEqual({
      code: 'other-posts-only',
    })
  })
})

it('judgeDiscovery: a ping URL over the limit is not kept', () => {
  const page = { url: 'http://a.example/', charset: 'utf-8' }
  const verdict = judgeDiscovery({ pingUrl, candidates: [], page }, pingUrl.length - 1)
  expect(verdict).toMatchObject({
    outcome: 'failed',
    reason: { code: 'ping-url-too-long', limit: pingUrl.length - 1 },
  })
  expect(verdict.pingUrl).toBe(undefined)
})

describe('applyVerdict', () => {
  const delivery = newDelivery('7', { url: 'http://a.example/', isPingUrl: false }, 1000)
  const retry: Verdict = { outcome: 'retry', reason: 'no answer' }
  const persistence = { maxAttempts: 8, now: 5000, isLast: false }

  it('finds the ping URL without counting an attempt', () => {
    const after = applyVerdict(delivery, { outcome: 'discovered', reason: 'why', pingUrl }, persistence)
    expect(after).toEqual({ ...delivery, pingUrl, reason: 'why', changedAt: 5000 })
  })

  it('tries again after up to 1, 4, 16, 64, 256 minutes and then a day, with full jitter', () => {
    for (const [attempts, minutes] of [1, 4, 16, 64, 256, 1024, 1440].entries()) {
      const waits = Array.from({ length: 300 }, () => {
        const { nextAt, ...after } = applyVerdict({ ...delivery, attempts }, retry, persistence)
        expect(after).toMatchObject({ state: 'waiting', attempts: attempts + 1, hasTurn: false })
        return ((nextAt ?? 0) - 5000) / 60_000
      })
      expect(Math.min(...waits)).toBeLessThan(minutes * 0.1)
      expect(Math.max(...waits)).toBeLessThanOrEqual(minutes)
      expect(Math.max(...waits)).toBeGreaterThan(minutes * 0.9)
    }
  })

  it('never tries earlier than the other side asks for', () => {
    const after = applyVerdict(delivery, { ...retry, wait: 7_200_000 }, persistence)
    expect(after.nextAt).toBe(7_205_000)
  })

  it('gives up after the last attempt, or where the queue gives no other', () => {
    const last = applyVerdict({ ...delivery, attempts: 7 }, retry, persistence)
    expect(last).toMatchObject({ state: 'gave-up', attempts: 8, nextAt: null, reason: 'no answer' })
    expect(applyVerdict(delivery, retry, { ...persistence, isLast: true })).toMatchObject({
      state: 'gave-up',
    })
  })

  it('keeps the last answer where an attempt brought none', () => {
    const kept = { ...delivery, answer: answer('refused', 500) }
    expect(applyVerdict(kept, retry, persistence).answer).toEqual(kept.answer)
  })
})
