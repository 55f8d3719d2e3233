import type { Reason } from '../base/reason.js'
import type { Page, PageRequest } from '../base/types.js'

/**
 * Where moderation has put a trackback:
 * - `unverified`: received, not verified yet
 * - `held`: waits for the author
 * - `published`: shown under the post
 * - `rejected`: not shown; the policy or the author refused it
 * - `removed`: taken away by the author; stays away when it is sent again
 */
export type TrackbackState = (typeof trackbackStates)[number]

/** Every state. */
export const trackbackStates = ['unverified', 'held', 'published', 'rejected', 'removed'] as const

/** The text around a link, and that of the link: plain text by strangers, each cut to a hundred graphemes. */
export interface Passage {
  /** What stands before the link; the space between them is part of it. Begins with `…` where it was cut. */
  readonly before: string
  /** The link's own text; of a quotation with a `cite`, what is quoted. */
  readonly link: string
  /** What follows the link; the space between them is part of it. Ends with `…` where it was cut. */
  readonly after: string
}

/** What verification found at the source, and when. */
export interface VerificationFact {
  /** `linked`, `not-linked`, `gone`, `unreachable` or `blocked`. */
  readonly outcome: string
  readonly reason: Reason
  /** When the source was last asked, in milliseconds since 1970, and how often in all. */
  readonly checkedAt: number
  readonly attempts: number
  /** How many attempts since then found nothing out, because the source did not answer. @default 0 */
  readonly unanswered?: number
  /** Where the source ended up after redirects. */
  readonly finalUrl?: string
  /** The source page's own title. */
  readonly title?: string
  /** Every link to the post is one that others may have written: a comment, a trackback, or marked as theirs. */
  readonly isUserContent?: true
  /** The passage of the source that links to the post. */
  readonly passage?: Passage
}

/** What an author does with a trackback. */
export type AuthorAction = 'publish' | 'hold' | 'reject' | 'remove' | 'spam' | 'notSpam' | 'undo'

/** One change of state. */
export interface HistoryEntry {
  /** When, in milliseconds since 1970. */
  readonly at: number
  readonly state: TrackbackState
  /** `policy` for what the receiver decided by itself, `author` for what a person decided. */
  readonly by: 'policy' | 'author'
  /** Why; empty where an author gave no words. */
  readonly reason: Reason
  /** What the author did; absent for what the receiver decided. */
  readonly action?: AuthorAction
  /** Who it was that decided, where the blog engine said so. */
  readonly user?: string
  /** The state that a decision of the author ended, for `undo` to go back to. */
  readonly before?: TrackbackState
}

/** What one check said of a trackback. */
export interface CheckResult {
  /** The check's name. */
  readonly check: string
  /** From -10 (surely spam) to 10 (surely wanted); `null` where the check had nothing to say or failed. */
  readonly score: number | null
  /** Why. */
  readonly reason: Reason
}

/** A ping as it was received: plain text, cleaned and cut, with the facts of how it came. */
export interface NewTrackback {
  readonly postId: string
  /** The blog that the post belongs to, as `findPost` gave it; empty where there is one blog only. */
  readonly blog: string
  /** The source: an absolute http or https URL. */
  readonly url: string
  /** The form of `url` by which (post, source) is unique. */
  readonly sourceKey: string
  readonly title: string
  readonly excerpt: string
  readonly blogName: string
  /** The character set the ping was read in, as the Encoding Standard names it. */
  readonly charset: string
  /** How that character set was found: `content-type`, `field`, `bom`, `utf-8`, `escape`, `detected`. */
  readonly charsetSource: string
  /** When it came, in milliseconds since 1970. */
  readonly receivedAt: number
  /** The client's address, where the host gave one. */
  readonly clientIp: string | null
  readonly state: TrackbackState
  /** What another store or engine knew of it already. @default null */
  readonly verification?: VerificationFact | null | undefined
  /** @default [] */
  readonly checks?: readonly CheckResult[] | undefined
  /** @default [] */
  readonly history?: readonly HistoryEntry[] | undefined
}

/** A trackback as it is kept: what was received, what verification found, where moderation put it, and how. */
export interface Trackback extends NewTrackback {
  readonly id: string
  readonly verification: VerificationFact | null
  readonly checks: readonly CheckResult[]
  readonly history: readonly HistoryEntry[]
  /** Grows by one with each change; `update` compares it. */
  readonly revision: number
}

/** What may change about a kept trackback. */
export type TrackbackChange = Pick<Trackback, 'state' | 'verification' | 'checks' | 'history'>

/**
 * What became of an addition. `added`: new. `replaced`: the same source pinged this post before and is not shown
 * yet, so its text was replaced. `known`: it is shown, rejected or removed already, and nothing was changed.
 */
export interface Addition {
  readonly outcome: 'added' | 'replaced' | 'known'
  /** The trackback's id; absent where it was known before. */
  readonly id?: string
}

/** Which trackbacks are meant; another name, or a state that there is none of, is a `TypeError`. */
export interface TrackbackFilter {
  /** Those of one post, or of several. */
  readonly postId?: string | readonly string[] | undefined
  /** Those of one blog, or of several, where posts say which they belong to. */
  readonly blog?: string | readonly string[] | undefined
  readonly state?: TrackbackState | undefined
  /**
   * Text that the source's URL, the title, the excerpt or the blog name holds, letter by letter: nothing in it is a
   * pattern. Upper and lower case are the same for ASCII at the least.
   */
  readonly text?: string | undefined
}

/** A page request with the direction of the list. */
export interface TrackbackPageRequest extends PageRequest {
  /** `oldest` first or `newest` first, by the time at which they were received. Default `oldest`. */
  readonly order?: 'oldest' | 'newest' | undefined
}

/** Something to be done later. */
export interface NewJob {
  /** Which listener it is for: `verify`, … */
  readonly kind: string
  /** While a job with this key waits, a second one is not added. */
  readonly key: string
  /** Jobs of one group (a host) never run more than a few at a time. */
  readonly group: string
  /** What the listener gets: text, usually JSON. */
  readonly payload: string
  /** When it may run, in milliseconds since 1970. */
  readonly runAt: number
}

/** A claimed job. The caller owns it until the lease expires; then it can be claimed again. */
export interface Job extends NewJob {
  readonly id: string
  /** How often it was claimed, this time included. */
  readonly attempts: number
  /**
   * How many claims in a row before this one came to no end: their process died, or took longer than the lease.
   * @default 0
   */
  readonly lost?: number | undefined
  /** The error that ended the last attempt, where there was one. */
  readonly error: string | null
}

/** One claim of a job: a later claim has more attempts. */
export type Claim = Pick<Job, 'id' | 'attempts'>

/** Which jobs to claim. */
export interface ClaimRequest {
  readonly kind: string
  /** The time it is, in milliseconds since 1970. */
  readonly now: number
  /** For how long the jobs are ours, in milliseconds. */
  readonly lease: number
  /** How many at the most. */
  readonly limit: number
  /** How many of this kind and of one group may run at once. */
  readonly perGroup: number
}

/** The durable list of jobs inside a store. Every method is atomic. */
export interface JobStore {
  /**
   * Adds a job unless one with its key waits. Where one runs, that one runs once more when its lease is over, with the new
   * payload, whatever its run comes to: it may have begun before what the new job is about. A queue gives it back earlier
   * where its own process ran it.
   */
  add(job: NewJob): Promise<void>
  /** Takes the jobs that are due, oldest first; no two callers get the same one within its lease. */
  claim(request: ClaimRequest): Promise<Job[]>
  /** Removes a job that was done. Like `postpone` and `bury` it does nothing where the claim is no longer the last. */
  finish(job: Claim): Promise<void>
  /** Gives a job back, to run again at `runAt`. */
  postpone(job: Claim, runAt: number, error: string): Promise<void>
  /** Puts a job aside that has failed for good; its key is free again. */
  bury(job: Claim, error: string): Promise<void>
  /**
   * Has the jobs of a kind that wait, or whose lease ends, later than `latest` run at `runAt`: a clock that was far ahead
   * gave them their time.
   */
  hasten(kind: string, latest: number, runAt: number): Promise<void>
  /** The jobs put aside, oldest first. */
  buried(kind: string, page?: PageRequest): Promise<Page<Job>>
  /** Lets a job that was put aside run again at `runAt`. Resolves to `false` where there is none. */
  revive(id: string, runAt: number): Promise<boolean>
}

/** A small fact under a name: a block, a delivery, … */
export interface StoredRecord {
  readonly key: string
  readonly value: string
  /** Grows by one with each `put`; `put` compares it. */
  readonly revision: number
}

/** `amount` more under this key. */
export interface Count {
  readonly key: string
  readonly amount: number
}

/**
 * Small facts by kind and key, for all that is neither a trackback nor a job. Every method is atomic. A record that has
 * expired is as if it were not there; `sweep` takes it away.
 */
export interface RecordStore {
  get(kind: string, key: string): Promise<StoredRecord | null>
  /**
   * Writes a record if it still has this revision: 0 where there must be none, `null` whatever there is. Resolves to
   * whether it was written. `expiresAt` is in milliseconds since 1970; without it the record stays.
   */
  put(kind: string, key: string, value: string, revision: number | null, expiresAt?: number): Promise<boolean>
  /** Resolves to whether there was one. */
  remove(kind: string, key: string): Promise<boolean>
  /** The records whose keys begin with `prefix`, in the order of their keys' bytes in UTF-8; `next` is the last key. */
  list(kind: string, prefix: string, page?: PageRequest): Promise<Page<StoredRecord>>
  /** Adds to counters, which begin at 0 and expire at `expiresAt`; resolves to their new values, in order. */
  count(kind: string, counts: readonly Count[], expiresAt: number): Promise<number[]>
  /** Takes away what has expired; resolves to how many it was. */
  sweep(now: number): Promise<number>
}

/**
 * What is kept. An own adapter must pass `testStore` (`trackbacks/testing`). Errors of the driver pass through
 * unchanged, but for `CLOSED` after `close`: the receiver turns them into an answer that is never a success.
 */
export interface Store {
  /**
   * Keeps a ping, and resolves only after it is durable. (post, source) is unique, decided in one statement:
   * a repeat replaces the text while the trackback is `unverified`, and changes nothing otherwise: what an author reads is
   * what an author decides on. `job` is added in the same transaction, unless the trackback was known.
   */
  add(trackback: NewTrackback, job?: NewJob): Promise<Addition>
  get(id: string): Promise<Trackback | null>
  find(postId: string, sourceKey: string): Promise<Trackback | null>
  /** Writes a change if the trackback still has this revision; resolves to whether it had. */
  update(id: string, revision: number, change: TrackbackChange): Promise<boolean>
  /** Deletes a trackback if it still has this revision; resolves to whether it had. */
  remove(id: string, revision: number): Promise<boolean>
  /** A text in `after` that is not a cursor, such as a stranger's, means the first page. */
  list(filter: TrackbackFilter, page?: TrackbackPageRequest): Promise<Page<Trackback>>
  /** How many there are. With `atMost` it stops counting there, so that a count costs no more than that many rows. */
  count(filter: TrackbackFilter, options?: { readonly atMost?: number | undefined }): Promise<number>
  /** How many there are of each post that has any, in one query. */
  counts(filter: TrackbackFilter): Promise<ReadonlyMap<string, number>>
  /**
   * Forgets the client's address of trackbacks that came before a time (milliseconds since 1970), of a few thousand per call
   * at most; resolves to of how many.
   */
  forgetClientIps(before: number): Promise<number>
  readonly jobs: JobStore
  readonly records: RecordStore
  /**
   * Ends what the store started. What was added before is durable; every other method rejects with `CLOSED` from now on.
   * Closing again does nothing.
   */
  close(): Promise<void>
}
