import { parsePing, type ReceivedPing } from '../protocol/ping.js'
import { canonicalHost } from '../protocol/url.js'
import { cutText } from '../text/excerpt.js'
import { toPlainText } from '../text/plain.js'
import type { Post } from '../types.js'
import { type PingReply, refuse, refuseInWords } from './answers.js'
import type { Flood } from './flood.js'
import { clientKey, registeredDomain } from './flood-keys.js'
import type { ResolvedLimits } from './limits.js'
import type { HookAnswer, ReceiverSettings } from './options.js'
import type { AdmittedPing, PingRequest } from './request.js'
import { parseSource, sourceKeyOf } from './source.js'
import { refusalOf, type SourceRefusal, type SourceRuleOptions } from './source-rule.js'

/** What a step looks at: the request, and what the steps before it found. */
export interface Arrival {
  readonly request: PingRequest
  readonly id: string
  readonly query: string
  post?: Post
  ping?: AdmittedPing
}

/** What the steps need of the receiver. */
export interface AdmissionOptions extends ReceiverSettings, SourceRuleOptions {
  readonly limits: ResolvedLimits
  readonly flood: Flood
  readonly isAccepting: () => boolean
}

type Step = (arrival: Arrival, options: AdmissionOptions) => PingReply | null | Promise<PingReply | null>

/** The steps in their order: each may refuse, and adds to the arrival what it found. */
const steps: readonly Step[] = [
  checkSwitch,
  askBefore,
  findOpenPost,
  readFields,
  checkSource,
  askAfter,
  checkFlood,
]

/**
 * Takes a POST through the steps: the first refusal, or `null` where the ping is admitted. A promise only where a step
 * had to wait, as most pings need not.
 */
export function admit(
  arrival: Arrival,
  options: AdmissionOptions,
  first = 0,
): PingReply | null | Promise<PingReply | null> {
  for (let index = first; index < steps.length; index += 1) {
    const said = steps[index]?.(arrival, options) ?? null
    if (said instanceof Promise) return said.then((refusal) => refusal ?? admit(arrival, options, index + 1))
    if (said !== null) return said
  }
  return null
}

/** Whether a post takes pings: it is open, and not older than the age at which posts close. */
export function isOpen(
  { acceptsPings, publishedAt }: Post,
  { now, closeAfterDays }: ReceiverSettings,
): boolean {
  if (acceptsPings === false) return false
  if (closeAfterDays === undefined || !publishedAt) return true
  if (!(publishedAt instanceof Date) || Number.isNaN(publishedAt.getTime())) {
    throw new TypeError("a post's publishedAt must be a valid Date")
  }
  return now() - publishedAt.getTime() < closeAfterDays * 86_400_000
}

function checkSwitch(_: Arrival, { isAccepting }: AdmissionOptions): PingReply | null {
  return isAccepting() ? null : refuse('not-accepting')
}

function askBefore(
  { request }: Arrival,
  { beforeAdmission }: AdmissionOptions,
): PingReply | null | Promise<PingReply | null> {
  return beforeAdmission ? inWords(beforeAdmission(request)) : null
}

function askAfter(
  { ping, post }: Arrival,
  { afterAdmission }: AdmissionOptions,
): PingReply | null | Promise<PingReply | null> {
  return afterAdmission && ping && post ? inWords(afterAdmission(ping, post)) : null
}

async function inWords(said: HookAnswer): Promise<PingReply | null> {
  const words = await said
  return words ? refuseInWords(words) : null
}

/** Absent, draft and closed posts get one and the same answer. */
function findOpenPost(
  arrival: Arrival,
  options: AdmissionOptions,
): PingReply | null | Promise<PingReply | null> {
  const found = options.findPost(arrival.id)
  if (!(found instanceof Promise)) return keepOpenPost(arrival, found, options)
  return found.then((post) => keepOpenPost(arrival, post, options))
}

function keepOpenPost(
  arrival: Arrival,
  post: Post | null | undefined,
  options: AdmissionOptions,
): PingReply | null {
  if (!post || !isOpen(post, options)) return refuse('no-post')
  arrival.post = post
  return null
}

function readFields(arrival: Arrival, { limits, lang }: AdmissionOptions): PingReply | null {
  const { request, query } = arrival
  const { maxBodySize: maxBytes, maxPairs } = limits
  const contentType = request.contentType ?? null
  const received = parsePing(request.body ?? new Uint8Array(), {
    contentType,
    query,
    maxBytes,
    maxPairs,
    lang,
  })
  if (received.ping === null) return refuse(received.reason === 'type' ? 'bad-type' : 'too-large')
  if (received.ping.url.trim() === '') return refuse('no-url')
  const ping = toAdmitted(received, limits)
  if (ping === null) return refuse('bad-url')
  arrival.ping = ping
  return null
}

/** What is kept of a ping: plain text, cut to the limits, its URL in one form; `null` for a URL that is not taken. */
export function toAdmitted(
  { ping, charset, charsetReason }: Pick<ReceivedPing, 'ping' | 'charset' | 'charsetReason'>,
  limits: ResolvedLimits,
): AdmittedPing | null {
  const source = ping.url.trim()
  const url = source.length > limits.maxUrlLength ? null : parseSource(source)
  if (url === null || url.href.length > limits.maxUrlLength) return null
  return {
    url: url.href,
    sourceKey: sourceKeyOf(url),
    host: canonicalHost(url),
    title: cutText(toPlainText(ping.title), limits.maxTitleLength),
    excerpt: cutText(toPlainText(ping.excerpt), limits.maxExcerptLength),
    blogName: cutText(toPlainText(ping.blogName), limits.maxBlogNameLength),
    charset,
    charsetReason,
  }
}

/** The post itself cannot be its own source, nor can what is blocked. */
function checkSource(
  { request, post, ping }: Arrival,
  options: AdmissionOptions,
): PingReply | null | Promise<PingReply | null> {
  if (!ping || !post) return null
  const found = refusalOf(new URL(ping.url), post, request.clientIp ?? null, options)
  const reply = (refusal: SourceRefusal | null): PingReply | null => refusal && refuse(refusal)
  return found instanceof Promise ? found.then(reply) : reply(found)
}

/** Last, so that only pings that would be kept are counted. */
function checkFlood({ request, post, ping }: Arrival, { limits, flood }: AdmissionOptions): PingReply | null {
  const host = ping?.host ?? ''
  const quotas = [
    { key: 'all', limit: limits.maxPings },
    { key: `post ${post?.id}`, limit: limits.maxPingsPerPost },
    { key: `host ${host}`, limit: limits.maxPingsPerHost },
    { key: `domain ${registeredDomain(host)}`, limit: limits.maxPingsPerDomain },
  ]
  if (request.clientIp) {
    quotas.push({ key: `client ${clientKey(request.clientIp)}`, limit: limits.maxPingsPerClient })
  }
  const wait = flood.take(quotas)
  return wait === 0 ? null : refuse('flood', { 'retry-after': String(Math.ceil(wait / 1000)) })
}
