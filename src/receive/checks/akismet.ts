import { plainAddress } from '../../base/address.js'
import { TrackbackError } from '../../base/errors.js'
import type { Post } from '../../base/types.js'
import { type HttpClient, type HttpRequest, sharedClient } from '../../http/client.js'
import type { Trackback } from '../../store/store.js'
import type { Check } from './check.js'

/**
 * Options of the check by Akismet. Everything a trackback says is sent to the service: title, excerpt, blog name,
 * source URL, the client's address, the time, and the post's URL.
 */
export interface AkismetOptions {
  /** The key the service gave you. */
  readonly key: string
  /** The front page of the blog. */
  readonly blog: string | URL
  /** The languages of the blog, as `ja` or `en, fr_ca`. @default not sent */
  readonly lang?: string | undefined
  /**
   * Where the service is, for one that speaks the same protocol; the older form with the key in the name is
   * `https://KEY.rest.akismet.com/1.1/`.
   * @default 'https://rest.akismet.com/1.1/'
   */
  readonly endpoint?: string | URL | undefined
  /** Carries what the author decides to the service; questions go by the receiver's. @default one shared by all */
  readonly client?: HttpClient | undefined
}

/**
 * Asks Akismet, or a service that speaks its protocol, whether a trackback is spam: -8, or -10 where it may be dropped
 * unseen; 2 where it is none. It is not asked about a client whose address is not known, for it requires one. What the
 * author marks as spam or not is submitted to it (`learn`), which throws a `TrackbackError` where it is not taken.
 * Throws `TypeError` for an empty key and for an invalid URL.
 *
 * ```ts
 * const checks = defaultChecks({ akismet: { key: '0123456789ab', blog: 'https://my.blog/', lang: 'ja' } })
 * ```
 */
export function akismet(options: AkismetOptions): Check {
  const { key, lang = '', endpoint = 'https://rest.akismet.com/1.1/' } = options
  if (typeof key !== 'string' || key === '') throw new TypeError('key must be the key of the service')
  const blog = { api_key: key, blog: new URL(options.blog).href, blog_lang: lang, blog_charset: 'UTF-8' }
  const base = new URL(endpoint)

  function requestOf(method: string, trackback: Trackback, post: Post): HttpRequest {
    const { title, excerpt, blogName, url, clientIp, receivedAt } = trackback
    const fields = {
      ...blog,
      user_ip: plainAddress(clientIp) ?? '',
      permalink: post.url,
      comment_type: 'trackback',
      comment_author: blogName,
      comment_author_url: url,
      comment_content: `${title}\n\n${excerpt}`,
      comment_date_gmt: new Date(receivedAt).toISOString(),
    }
    const given = Object.entries(fields).filter(([, value]) => value !== '')
    return { url: new URL(method, base), body: new URLSearchParams(given).toString() }
  }

  return {
    name: 'akismet',
    async judge({ trackback, post }, { client, signal }) {
      if (plainAddress(trackback.clientIp) === null) return null
      const question = { ...requestOf('comment-check', trackback, post), signal }
      const { said, proTip } = await ask(client, question, /^(?:true|false)$/)
      if (said === 'false') return { score: 2, reason: { code: 'not-spam' } }
      return proTip === 'discard'
        ? { score: -10, reason: { code: 'blatant-spam' } }
        : { score: -8, reason: { code: 'spam' } }
    },
    async learn(trackback, post, isSpam) {
      const request = requestOf(isSpam ? 'submit-spam' : 'submit-ham', trackback, post)
      await ask(options.client ?? sharedClient(), request, /^thanks/i)
    },
  }
}

async function ask(client: HttpClient, question: HttpRequest, expected: RegExp) {
  const headers = { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' }
  const response = await client.request({ ...question, method: 'POST', headers, maxSize: 4096 })
  const said = Buffer.from(await response.bytes())
    .toString()
    .trim()
  if (response.status === 200 && expected.test(said)) {
    return { said, proTip: response.header('x-akismet-pro-tip') }
  }
  const help = response.header('x-akismet-debug-help') ?? `status ${response.status}`
  throw new TrackbackError('INVALID_RESPONSE', `the service gives no answer: ${help}`)
}
