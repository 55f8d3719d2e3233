import { positiveInteger } from '../base/limits.js'
import { optionCheck } from '../base/options.js'
import type { Ping } from '../base/types.js'
import { readBeginning } from '../http/body.js'
import { type HttpClient, sharedClient } from '../http/client.js'
import { generatePing } from '../protocol/ping.js'
import { wholeAnswerIn } from '../protocol/response.js'
import { type PingResult, readAnswer } from './result.js'

/** Options of `sendPing`. */
export interface SendPingOptions {
  /**
   * A client to send through, made by `createHttpClient`; it stays open.
   * @default one that all calls of the process share
   */
  readonly client?: HttpClient | undefined
  /** The character set to send in, for receivers that understand only another. @default 'utf-8' */
  readonly charset?: string | undefined
  /** The character set for a ping URL, asked where `charset` is not given. @default utf-8 for all */
  readonly charsetFor?:
    | ((pingUrl: string) => string | undefined | PromiseLike<string | undefined>)
    | undefined
  /** How much of an answer is read, in bytes; what follows is not looked at (PROTOCOL 141). @default 65536 */
  readonly maxAnswerSize?: number | undefined
  /** Ends the sending; its reason is thrown as it is. */
  readonly signal?: AbortSignal | undefined
}

const checkOptions = optionCheck('sendPing', {
  function: 'charsetFor',
  object: 'client signal',
  any: 'charset maxAnswerSize',
})

/**
 * Sends one ping (PROTOCOL 2 to 6) and gives back what the other side answered, whatever it was. All four fields are
 * always sent: the title falls back to the URL, the blog name to its host, the excerpt to the title (PROTOCOL 10).
 * A redirect has the POST sent again, each hop checked (PROTOCOL 98).
 *
 * Throws a `TrackbackError` where there was no answer (`BLOCKED_URL`, `TIMEOUT`, `NETWORK`, `TOO_LARGE` (headers alone),
 * `TOO_MANY_REDIRECTS`, `INVALID_RESPONSE`), and a `TypeError` for a ping without an http(s) URL.
 *
 * ```ts
 * const result = await sendPing('https://blog.example/trackback/5', {
 *   url: 'https://my.blog/2026/hello',
 *   title: 'Hello',
 *   excerpt: 'I read your post and …',
 *   blogName: 'My blog',
 * })
 * if (result.outcome === 'refused') console.log(result.message)
 * ```
 */
export async function sendPing(
  pingUrl: string | URL,
  ping: Ping,
  options: SendPingOptions = {},
): Promise<PingResult> {
  checkOptions(options)
  const url = String(pingUrl)
  const charset = options.charset ?? (await options.charsetFor?.(url)) ?? 'utf-8'
  const { body, contentType } = generatePing(ping, { charset, pingUrl: url })
  const maxSize = positiveInteger(options.maxAnswerSize, 65_536, 'maxAnswerSize')
  const { client = sharedClient(), signal } = options
  const headers = { 'content-type': contentType, accept: 'text/xml, application/xml, */*;q=0.1' }
  const response = await client.request({ method: 'POST', url, headers, body, maxSize, signal })
  // A long answer is judged by its beginning, and a whole one whatever the connection does after it.
  return readAnswer(response, await readBeginning(response.body, (bytes) => wholeAnswerIn(bytes) !== null))
}
