import { compareUrls } from '../discover/identifier.js'
import { parsePing, type ReceivedPing } from '../protocol/ping.js'
import { webUrl } from '../protocol/url.js'
import { cutText } from '../text/excerpt.js'
import { toPlainText } from '../text/plain.js'
import type { Post } from '../types.js'
import { type PingReply, refuse, refuseInWords } from './answers.js'
import type { Blocks } from './blocks.js'
import type { Flood } from './flood.js'
import { clientKey, registeredDomain } from './flood-keys.js'
import type { ResolvedLimits } from './limits.js'
import type { HookAnswer, ReceiverSettings } from './options.js'
import type { AdmittedPing, PingRequest } from './request.js'

/** What a step looks at: the request, and what the steps before it found. */
export interface Arrival {
  readonly request: PingRequest
  readonly id: string
  readonly query: string
  post?: Post
  ping?: AdmittedPing
}

/** What the steps need of the receiver. */
export interface AdmissionOptions extends ReceiverSettings {
  readonly limits: ResolvedLimits
  readonly blocks: Blocks
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
  checkOwnUrl,
  checkBlocks,
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
    host: url.hostname,
    title: cutText(toPlainText(ping.title), limits.maxTitleLength),
    excerpt: cutText(toPlainText(ping.excerpt), limits.maxExcerptLength),
    blogName: cutText(toPlainText(ping.blogName), limits.maxBlogNameLength),
    charset,
    charsetReason,
  }
}

/** The URL of a source as it is kept: http or https, without user, password and the final dot of its host; or `null`. */
export function parseSource(source: string): URL | null {
  const url = webUrl(source)
  if (url?.hostname.endsWith('.')) url.hostname = url.hostname.slice(0, -1)
  return url
}

/** A source is one page, whatever fragment of it was named. */
export function sourceKeyOf({ href }: URL): string {
  const end = href.indexOf('#')
  return end < 0 ? href : href.slice(0, end)
}

function checkOwnUrl({ post, ping }: Arrival): PingReply | null {
  if (!post || !ping || !mayBeSameSite(ping.host, post.url)) return null
  if (!isSameSite(ping.host, new URL(post.url).hostname)) return null
  const isOwn = compareUrls(ping.url, post.url) !== null || isPostWithMore(ping.url, post.url)
  return isOwn ? refuse('own-url') : null
}

/** The post's URL with parameters that the post's own lacks: the same page, which links to itself. */
function isPostWithMore(source: string, postUrl: string): boolean {
  const [url, own] = [new URL(source), new URL(postUrl)]
  for (const [name, value] of own.searchParams) if (url.searchParams.get(name) !== value) return false
  url.search = own.search
  return compareUrls(url.href, own.href) !== null
}

/** A look without taking the post's URL apart, which most pings do not need. */
function mayBeSameSite(host: string, postUrl: string): boolean {
  const name = host.startsWith('www.') ? host.slice(4) : host
  return postUrl.toLowerCase().includes(name) || !/^[!-~]*$/.test(postUrl)
}

function isSameSite(a: string, b: string): boolean {
  return a === b || a === `www.${b}` || b === `www.${a}`
}

function checkBlocks(
  { request, ping }: Arrival,
  { blocks }: AdmissionOptions,
): PingReply | null | Promise<PingReply | null> {
  if (!ping) return null
  const found = blocks.has(ping.sourceKey, ping.host, request.clientIp ?? null)
  const reply = (isBlocked: boolean): PingReply | null => (isBlocked ? refuse('blocked') : null)
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
