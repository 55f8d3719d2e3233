import type { Post } from '../../base/types.js'
import { generatePingList } from '../../protocol/ping-list.js'
import { generateResponse } from '../../protocol/response.js'
import { type ShownTrackback, toItem } from '../../render/item.js'

/** A reply to a ping, before any transport: headers are in lower case, the body is UTF-8 text. */
export interface ReceiverResponse {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/**
 * Why a ping was refused. Status 200 stands for what the protocol itself decides, 4xx and 5xx for what HTTP decides
 * (PROTOCOL 19). Strangers see the message, and never anything else.
 */
const refusals = {
  'not-accepting': [200, 'This blog accepts no TrackBack pings.'],
  'no-url': [200, 'The source URL is missing (url).'],
  'bad-url': [200, 'The source URL must be an absolute http or https URL (url).'],
  'own-url': [200, 'The source is the post itself.'],
  blocked: [200, 'Pings from this source are not accepted.'],
  'get-ping': [405, 'TrackBack pings must use HTTP POST.'],
  'bad-method': [405, 'TrackBack pings must use HTTP POST.'],
  'no-ping-url': [404, 'This is not a ping URL of this blog.'],
  'no-post': [404, 'This ping URL belongs to no post, or its post does not accept pings.'],
  'too-large': [413, 'The ping is too large.'],
  'bad-type': [415, 'Send pings as application/x-www-form-urlencoded.'],
  flood: [429, 'Too many pings. Please try again later.'],
  'body-consumed': [500, 'The ping could not be read.'],
  failure: [500, 'The ping could not be saved. Please try again later.'],
  'visit-failure': [500, 'The post could not be shown. Please try again later.'],
} as const

/** The name of a refusal. */
export type Refusal = keyof typeof refusals

const allow = 'GET, HEAD, OPTIONS, POST'
const xmlHeaders = { 'content-type': 'text/xml; charset=utf-8', 'x-content-type-options': 'nosniff' }

/** The one answer to every ping that was kept, and to every repeat of it. */
export const accepted: ReceiverResponse = xmlReply(200, generateResponse({ error: 0 }))

/** What is answered to `OPTIONS`: the methods there are. */
export const methods: ReceiverResponse = { status: 204, headers: { allow }, body: '' }

/** The answer to a ping that was refused: the specification's failure form with the status of the table. */
export function refuse(refusal: Refusal, headers: Readonly<Record<string, string>> = {}): ReceiverResponse {
  const [status, message] = refusals[refusal]
  const reply = xmlReply(status, generateResponse({ error: 1, message }))
  return { ...reply, headers: { ...reply.headers, ...(status === 405 && { allow }), ...headers } }
}

/** The answer to a ping that one of the blog engine's own hooks refused, in its words. */
export function refuseInWords(message: string): ReceiverResponse {
  return xmlReply(200, generateResponse({ error: 1, message }))
}

/** Sends a browser that follows a ping URL to the post. */
export function redirectTo(url: string): ReceiverResponse {
  // A header is ASCII: a permalink in Japanese is percent-encoded.
  const location = new URL(url).href
  return {
    status: 302,
    headers: { location, 'content-type': 'text/plain; charset=utf-8' },
    body: `${location}\n`,
  }
}

/** The trackbacks of a post in the shape of Movable Type's `__mode=rss` (PROTOCOL 34). */
export function listing(post: Post, trackbacks: readonly ShownTrackback[]): ReceiverResponse {
  const { url, title, excerpt } = post
  const items = trackbacks.map(toItem).flatMap(({ url, ...item }) => (url === null ? [] : { ...item, url }))
  return xmlReply(200, generatePingList({ url, title: title ?? url, excerpt: excerpt ?? undefined }, items))
}

function xmlReply(status: number, body: string): ReceiverResponse {
  return { status, headers: { ...xmlHeaders, 'content-length': String(Buffer.byteLength(body)) }, body }
}
