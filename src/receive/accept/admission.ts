import type { Post } from '../../base/types.js'
import { parsePing } from '../../protocol/ping.js'
import type { ReceiverContext } from '../options/context.js'
import { type AdmittedPing, type PingRequest, toAdmitted } from '../options/request.js'
import { clientKey, hostQuotas, loadDomains } from '../policy/flood-keys.js'
import { refusalOf } from '../policy/source-rule.js'
import { type ReceiverResponse, refuse, refuseInWords } from './answers.js'

/** A ping that may be kept, and the post that it is for. */
export interface Admitted {
  readonly post: Post
  readonly ping: AdmittedPing
}

/**
 * Takes a POST through the rules in their order: resolves to the first refusal, or to the ping and its post. It waits only
 * for what is not there yet: an `await` costs as much as a rule.
 */
export async function admit(
  request: PingRequest,
  id: string,
  query: string,
  context: ReceiverContext,
): Promise<Admitted | ReceiverResponse> {
  if (!context.isAccepting) return refuse('not-accepting')
  const objection = context.beforeAdmission && (await context.beforeAdmission(request))
  if (objection) return refuseInWords(objection)
  // Absent, draft and closed posts get one and the same answer.
  const given = context.findPost(id)
  const post = given instanceof Promise ? await given : given
  if (!post || !isOpen(post, context)) return refuse('no-post')
  const read = readPing(request, query, context)
  if (typeof read === 'string') return refuse(read)
  const { ping, source } = read
  const { clientIp = null } = request
  const answer = refusalOf(source, post, clientIp, context)
  const refusal = answer instanceof Promise ? await answer : answer
  if (refusal) return refuse(refusal)
  const lateObjection = context.afterAdmission && (await context.afterAdmission(ping, post))
  if (lateObjection) return refuseInWords(lateObjection)
  // Last, so that only pings that would be kept are counted.
  const { flood, rateLimits: limits } = context
  const domains = loadDomains()
  const quotas = hostQuotas(ping.host, limits, domains instanceof Promise ? await domains : domains)
  quotas.push({ key: 'all', limit: limits.total }, { key: `post ${post.id}`, limit: limits.perPost })
  if (post.blog) quotas.push({ key: `blog ${post.blog}`, limit: limits.perBlog })
  if (clientIp) quotas.push({ key: `client ${clientKey(clientIp)}`, limit: limits.perClient })
  const wait = flood.take(quotas)
  return wait === 0 ? { post, ping } : refuse('flood', { 'retry-after': String(Math.ceil(wait / 1000)) })
}

/** Whether a post takes pings: it is open, and not older than the age at which posts close. */
export function isOpen({ acceptsPings, publishedAt }: Post, context: ReceiverContext): boolean {
  const { now, closeAfterDays } = context
  if (acceptsPings === false) return false
  if (closeAfterDays === undefined || !publishedAt) return true
  if (!(publishedAt instanceof Date) || Number.isNaN(publishedAt.getTime())) {
    throw new TypeError("a post's publishedAt must be a valid Date")
  }
  return now() - publishedAt.getTime() < closeAfterDays * 86_400_000
}

function readPing({ body, contentType }: PingRequest, query: string, { limits, lang }: ReceiverContext) {
  const { maxBodySize: maxBytes, maxPairs } = limits
  const received = parsePing(body ?? new Uint8Array(), { contentType, query, maxBytes, maxPairs, lang })
  if (received.ping === null) return received.reason === 'type' ? 'bad-type' : 'too-large'
  if (received.ping.url.trim() === '') return 'no-url'
  return toAdmitted(received, limits) ?? 'bad-url'
}
