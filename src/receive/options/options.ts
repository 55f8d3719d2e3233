import { positiveInteger } from '../../base/limits.js'
import { checkChoice, optionCheck } from '../../base/options.js'
import type { Post } from '../../base/types.js'
import { isThenable, limited } from '../../base/waiting.js'
import { type BackgroundOptions, createBackground } from '../../queue/background.js'
import type { AuthorAction, Trackback, TrackbackState } from '../../store/store.js'
import type { Check } from '../checks/check.js'
import { defaultChecks } from '../checks/default-checks.js'
import { parseBaseUrl } from '../urls/base-url.js'
import type { SigningOptions } from '../urls/ping-token.js'
import { type RateLimits, type ReceiverLimits, resolveRateLimits, resolveReceiverLimits } from './limits.js'
import type { AdmittedPing, PingRequest } from './request.js'

/** When a trackback is shown by itself: once its source is seen to link here, never, or at once. */
export type PublishPolicy = 'verified' | 'held' | 'always'

/** What an author does with trackbacks. */
export type ModerationAction = Exclude<AuthorAction, 'undo'>

/**
 * Something that happened to a trackback; the trackback is as it is afterwards. `expired`: nobody decided on it in time, or
 * too many waited, and it was deleted. `erased`: the author deleted it for good; the trackback is as it was.
 */
export interface ReceiverEvent {
  readonly type: 'received' | 'verified' | Exclude<TrackbackState, 'unverified'> | 'expired' | 'erased'
  readonly trackback: Trackback
}

/** What a hook says: words to refuse a ping, nothing to let it pass. */
export type HookAnswer = string | null | undefined | PromiseLike<string | null | undefined>

/** Options of `createReceiver`. */
export interface ReceiverOptions extends BackgroundOptions<ReceiverEvent> {
  /** Where the handler is mounted, as senders name it: the ping URL of a post is this and the post's id. */
  readonly baseUrl: string | URL
  /**
   * The path at which requests arrive, where a proxy in front takes a part of it away: `/trackback/` for what senders
   * name `https://my.blog/blog/trackback/`. @default the path of `baseUrl`
   */
  readonly mountPath?: string | undefined
  /**
   * Gives the post with an id, or `null` where there is none or it is not public. A post without a string for its `id` or
   * an absolute `url` is an error, which `onError` is told.
   */
  readonly findPost: (id: string) => Post | null | undefined | PromiseLike<Post | null | undefined>
  /**
   * When a trackback is published automatically. `verified`: once its source is seen to link to the post. `held`: never, the
   * author publishes each. `always`: at once, without a look at the source. @default 'verified'
   */
  readonly publish?: PublishPolicy | undefined
  /** How long after a ping its source is first looked at, in milliseconds. @default 1000 */
  readonly verifyAfter?: number | undefined
  /** After how many days a shown source is looked at again, and withdrawn if its link is gone. @default [1, 30] */
  readonly recheckAfterDays?: readonly number[] | undefined
  /** What else speaks for or against a trackback whose source links to the post. @default defaultChecks() */
  readonly checks?: readonly Check[] | undefined
  /** The language most pings are in (`ja`, `ko`, …): a hint where a ping does not say its character set. */
  readonly lang?: string | undefined
  readonly limits?: ReceiverLimits | undefined
  /** How many pings an hour are kept, in all and of each sender. */
  readonly rateLimits?: RateLimits | undefined
  /** After how many days a post closes for pings, by its `publishedAt`. @default never */
  readonly closeAfterDays?: number | undefined
  /**
   * Parameters that may hold a post's id, for the ping URLs of an older engine: `['tb_id', 'p']`; of the query, or of the
   * form of a ping where old senders put the query (PROTOCOL 134). @default none
   */
  readonly idParameters?: readonly string[] | undefined
  /** Makes ping URLs that expire, and accepts no others: nobody can ping a post whose page they have not read. */
  readonly signedPingUrls?: SigningOptions | undefined
  /**
   * Whether the addresses of clients are kept, until `limits.maxClientIpDays`, or not at all. @default 'address'
   */
  readonly clientIps?: 'address' | 'none' | undefined
  /**
   * Whether pages of the blog's own site are published like others. Otherwise they are held, because a stranger can name
   * an archive page of the blog as the source of any text. @default false
   */
  readonly selfPings?: boolean | undefined
  /** Other URLs of a post by which a source may link to it: former permalinks, short URLs. */
  readonly aliases?: ((post: Post) => readonly string[] | PromiseLike<readonly string[]>) | undefined
  /** Asked before anything is looked at; words refuse the ping, and the sender reads them. */
  readonly beforeAdmission?: ((request: PingRequest) => HookAnswer) | undefined
  /** Asked when a ping could be kept; words refuse it, and the sender reads them. */
  readonly afterAdmission?: ((ping: AdmittedPing, post: Post) => HookAnswer) | undefined
}

const checkOptions = optionCheck('createReceiver', {
  function: 'findPost! aliases beforeAdmission afterAdmission onEvent onError now',
  boolean: 'worker selfPings',
  list: 'recheckAfterDays checks idParameters',
  object: 'queue client limits rateLimits signedPingUrls',
  any: 'baseUrl! store mountPath publish verifyAfter lang closeAfterDays clientIps hookTimeout closeTimeout',
})

/** The options with their defaults, and what works in the background. */
export type ReceiverSettings = ReturnType<typeof resolveOptions>

/** Checks the options and fills in the defaults. Throws a `TypeError` that names what is wrong. */
export function resolveOptions(options: ReceiverOptions) {
  checkOptions(options)
  const { publish = 'verified', verifyAfter = 1000, clientIps = 'address' } = options
  const { recheckAfterDays = [1, 30], selfPings = false, checks = defaultChecks() } = options
  const { lang, closeAfterDays, findPost, aliases = () => [], beforeAdmission, afterAdmission } = options
  checkChoice('publish', publish, ['verified', 'held', 'always'])
  checkChoice('clientIps', clientIps, ['address', 'none'])
  if (!Number.isSafeInteger(verifyAfter) || verifyAfter < 0)
    throw new TypeError('verifyAfter must be a number of milliseconds')
  if (closeAfterDays !== undefined) positiveInteger(closeAfterDays, 1, 'closeAfterDays')
  for (const days of recheckAfterDays) positiveInteger(days, 1, 'recheckAfterDays')
  const background = createBackground(options, { site: parseBaseUrl(options.baseUrl).origin })
  const { hookTimeout } = background
  return {
    ...background,
    ...{ lang, closeAfterDays, publish, verifyAfter, clientIps, recheckAfterDays, selfPings, checks },
    limits: resolveReceiverLimits(options.limits),
    rateLimits: resolveRateLimits(options.rateLimits),
    findPost: checkedFindPost(limited(findPost, hookTimeout, 'findPost')),
    aliases: limited(aliases, hookTimeout, 'aliases'),
    beforeAdmission: beforeAdmission && limited(beforeAdmission, hookTimeout, 'beforeAdmission'),
    afterAdmission: afterAdmission && limited(afterAdmission, hookTimeout, 'afterAdmission'),
  }
}

type FindPost = (id: string) => Post | null | PromiseLike<Post | null>

/** `findPost` of the engine, with a look at its posts: a wrong one would fail only after the ping was answered. */
function checkedFindPost(find: ReceiverOptions['findPost']): FindPost {
  const checked = (post: Post | null | undefined, id: string): Post | null => {
    const problem = post && problemOf(post)
    if (problem) throw new TypeError(`findPost(${JSON.stringify(id)}) gave a post whose ${problem}`)
    return post ?? null
  }
  return (id) => {
    const found = find(id)
    return isThenable(found) ? found.then((post) => checked(post, id)) : checked(found, id)
  }
}

function problemOf({ id, url, blog }: Post): string | null {
  if (typeof id !== 'string') return 'id is no string'
  if (typeof (blog ?? '') !== 'string') return 'blog is no string'
  return typeof url === 'string' && /^https?:\/\//i.test(url) ? null : 'url is no absolute http or https URL'
}
