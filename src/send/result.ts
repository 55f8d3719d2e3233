import type { HttpResponse } from '../http/client.js'
import { parseResponse, parseWordPressError } from '../protocol/response.js'
import { decodeDocument } from '../text/charset/document.js'
import { cutText } from '../text/excerpt.js'
import { toPlainText } from '../text/plain.js'

/**
 * What the other side answered to a ping.
 *
 * - `accepted`: it took the ping (or had it already and says so).
 * - `refused`: it said no, with its own words and code; final.
 * - `throttled`: not now; `retryAfter` in seconds where it said when.
 * - `unrecognised`: what came is no TrackBack answer; `snippet` is the beginning of its text.
 *
 * `message` and `snippet` are plain text by strangers: escape them where they are shown. `pingUrl` is the URL that
 * answered, after redirects.
 */
export type PingResult =
  | { outcome: 'accepted'; message?: string; status: number; pingUrl: string }
  | { outcome: 'refused'; message: string; code: number; status: number; pingUrl: string }
  | { outcome: 'throttled'; message?: string; retryAfter?: number; status: number; pingUrl: string }
  | { outcome: 'unrecognised'; snippet: string; contentType: string | null; status: number; pingUrl: string }

const longestMessage = 500
const longestSnippet = 200
const longestRetryAfter = 24 * 3600

/**
 * Reads an answer by status and body together, because real servers let them disagree (PROTOCOL 25, 100): error 0
 * is a success with 2xx and with WordPress' 404, a refusal with Movable Type's 403, and nothing with a 5xx.
 */
export function readAnswer(
  response: Pick<HttpResponse, 'url' | 'status' | 'header'>,
  body: Uint8Array,
  now: number = Date.now(),
): PingResult {
  const answered = { status: response.status, pingUrl: response.url }
  const { status } = answered
  const contentType = response.header('content-type')
  // WordPress answers floods and repeated text with a document of its own kind.
  const said = parseResponse(body, { contentType }) ?? parseWordPressError(body, { contentType, status })
  const message = said?.message ? cutText(toPlainText(said.message), longestMessage) : ''
  const pause = said !== null && said.error !== 0 ? pauseIn(message) : null
  const spoken = message && { message }
  if (pause !== null || isThrottled(status, said !== null, message)) {
    const seconds = parseRetryAfter(response.header('retry-after'), now) ?? pause
    const retryAfter = seconds === null ? {} : { retryAfter: Math.min(seconds, longestRetryAfter) }
    return { outcome: 'throttled', ...spoken, ...retryAfter, ...answered }
  }
  const hundreds = Math.floor(status / 100)
  const isAnswer = said !== null && hundreds !== 3
  if (isAnswer && said.error !== 0) return { outcome: 'refused', message, code: said.error, ...answered }
  if (isAnswer && (hundreds === 2 || status === 404)) return { outcome: 'accepted', ...spoken, ...answered }
  if (isAnswer && hundreds === 4) return { outcome: 'refused', message, code: 0, ...answered }
  const { text } = decodeDocument(body, { kind: 'html', contentType })
  const snippet = cutText(toPlainText(text), longestSnippet)
  return { outcome: 'unrecognised', snippet, contentType, ...answered }
}

/** Movable Type throttles with 403 and a sentence (PROTOCOL 109); a plain 503 is a server that wants a pause. */
function isThrottled(status: number, isAnswer: boolean, message: string): boolean {
  if (status === 429) return true
  if (status === 503) return !isAnswer || message === ''
  return status === 403 && /too quickly|throttled/i.test(message)
}

const units: readonly [unit: string, seconds: number][] = [
  ['sec(?:ond[eio]?)?[sn]?|sekunden?|segundos?|secondi|秒|초', 1],
  ['min(?:ut[eio]?)?[sn]?|minuten?|minutos?|minuti|分|분', 60],
  ['hours?|heures?|stunden?|horas?|ore|時間|小时|시간', 3600],
]
const duration = new RegExp(
  `(\\d{1,6})\\s*(?:${units.map(([unit]) => `(${unit})`).join('|')})(?![a-z])`,
  'gi',
)

/**
 * The seconds to wait that a refusal speaks of, as Geeklog's: "… was 75 seconds ago. … at least 300 seconds between …"
 * (PROTOCOL 116), or "please wait 20 seconds"; `null` where it speaks of none.
 */
function pauseIn(message: string): number | null {
  const [first, second] = [...message.matchAll(duration)].map(
    ([, number, ...found]) => Number(number) * (units[found.findIndex(Boolean)]?.[1] ?? 1),
  )
  if (first === undefined) return null
  if (second !== undefined) return second > first ? second - first : null
  return /\b(?:wait|again|too (?:quickly|fast|soon|many|often)|slow down)\b/i.test(message) ? first : null
}

/** Seconds from a `Retry-After` header (RFC 9110, 10.2.3); `null` where it says nothing. */
function parseRetryAfter(value: string | null, now: number): number | null {
  if (value === null) return null
  const seconds = /^\s*\d{1,9}\s*$/.test(value) ? Number(value) : Math.ceil((Date.parse(value) - now) / 1000)
  return Number.isFinite(seconds) ? Math.max(0, seconds) : null
}
