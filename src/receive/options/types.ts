import type { TrackbackErrorCode } from '../../base/errors.js'
import type { Reason } from '../../base/reason.js'
import type { Post } from '../../base/types.js'
import type { HttpClient } from '../../http/client.js'
import type { AuthorAction, Passage, Store, Trackback } from '../../store/store.js'

/** When a trackback is shown by itself: once its source is seen to link here, never, or at once. */
export type PublishPolicy = 'verified' | 'held' | 'always'

/** What an author does with trackbacks. */
export type ModerationAction = Exclude<AuthorAction, 'undo'>

/**
 * Something that happened to a trackback; the trackback is as it is afterwards. `expired`: nobody decided on it in time, or
 * too many waited, and it was deleted. `erased`: the author deleted it for good; the trackback is as it was.
 */
export interface ReceiverEvent {
  readonly type:
    | 'received'
    | 'verified'
    | 'published'
    | 'held'
    | 'rejected'
    | 'removed'
    | 'expired'
    | 'erased'
  readonly trackback: Trackback
}

/** What a hook says: words to refuse a ping, nothing to let it pass. */
export type HookAnswer = string | null | undefined | PromiseLike<string | null | undefined>

/**
 * What a look at the source showed.
 *
 * - `linked`: the page links to the target.
 * - `not-linked`: the page was read and does not.
 * - `gone`: the page does not exist (404) or no longer (410).
 * - `unreachable`: no answer, or one that says nothing about the page (5xx, 401, …); worth another try.
 * - `blocked`: the source is at an address that is never asked; the author decides.
 */
export interface Verification {
  readonly outcome: 'linked' | 'not-linked' | 'gone' | 'unreachable' | 'blocked'
  /** Why. */
  readonly reason: Reason
  /** Where the source ended up after redirects; absent where nothing answered. */
  readonly finalUrl?: string
  /** What the page names as its own URL (`rel="canonical"`), if it is on the host of `finalUrl`. */
  readonly canonicalUrl?: string
  /** The HTTP status of the source. */
  readonly status?: number
  /** The source page's own title: plain text by strangers. */
  readonly title?: string
  /** The link that was found, resolved. */
  readonly link?: string
  /**
   * Every link to the target is one that others may have written: it stands in the page's comments or in its list of
   * trackbacks, or is marked so (`rel="ugc"`). A receiver leaves such a trackback to the author. @default absent
   */
  readonly isUserContent?: true
  /** The text around that link, so that nobody has to open the page to see what is said: plain text by strangers. */
  readonly passage?: Passage
  /** Why nothing answered. */
  readonly code?: TrackbackErrorCode
}

/** What a check looks at: only a source that links to the post is checked. */
export interface CheckSubject {
  readonly trackback: Trackback
  /** What the last look at the source showed. */
  readonly verification: Verification
  /** The post that was pinged. */
  readonly post: Post
}

/** What a check may use. */
export interface CheckContext {
  /** What is kept; a check of one's own keeps its facts in `store.records`, under a kind of its own. */
  readonly store: Store
  /** The HTTP client; all requests go through it. */
  readonly client: HttpClient
  /** The clock, in milliseconds since 1970. */
  readonly now: () => number
  /** Aborted when the receiver closes. */
  readonly signal?: AbortSignal | undefined
}

/** What a check says. */
export interface CheckVerdict {
  /** From -10 (surely spam) to 10 (surely wanted); what is beyond is cut, `NaN` is a failure. */
  readonly score: number
  /** Why, in a few words for the author; kept with the trackback. */
  readonly reason: Reason
}

/**
 * One question about a trackback whose source has been looked at. A check that throws is skipped.
 *
 * ```ts
 * const friends: Check = {
 *   name: 'friends',
 *   judge: ({ trackback }) => (isFriend(trackback.url) ? { score: 10, reason: 'a friend' } : null),
 * }
 * ```
 */
export interface Check {
  /** What the log of checks calls it. */
  readonly name: string
  /** How long it may take, in milliseconds; one that takes longer has failed. @default 15_000 */
  readonly timeout?: number | undefined
  /** The verdict, or `null` where there is nothing to say. */
  judge(subject: CheckSubject, context: CheckContext): CheckVerdict | null | PromiseLike<CheckVerdict | null>
  /** Called when the author marks a trackback as spam or not spam. */
  learn?(trackback: Trackback, post: Post, isSpam: boolean): void | PromiseLike<void>
}
