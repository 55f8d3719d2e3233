import type { HttpClient } from '../../http/client.js'
import type { Queue } from '../../queue/queue.js'
import type { StoreQueue } from '../../queue/store-queue.js'
import type { AuthorAction, Trackback } from '../../store/store.js'
import type { PingUrls } from '../urls/ping-url.js'
import type { ResolvedLimits, ResolvedRateLimits } from './limits.js'
import type { ReceiverSettings } from './options.js'
import type { ModerationAction } from './types.js'

/** What the parts of a receiver share: its options with their defaults, and what is made of them once. */
export interface ReceiverContext extends ReceiverSettings {
  readonly limits: ResolvedLimits
  readonly rateLimits: ResolvedRateLimits
  readonly urls: PingUrls
  readonly client: HttpClient
  readonly queue: Queue | StoreQueue
  readonly blocks: Blocks
  readonly erased: Erased
  /** Counts pings. */
  readonly flood: Flood
  /** Counts what is fetched, so that nobody is made to fetch more from a host than it should. */
  readonly fetches: Flood
  readonly visits: Visits
  readonly events: Events
  readonly learning: Learning
  readonly isAccepting: () => boolean
}

/** Something that is counted, and how often it may be an hour. */
export interface Quota {
  /** What is counted, with its kind: `host blog.example`. */
  readonly key: string
  readonly limit: number
}

/** Counts by the hour, shared through the store. */
export interface Flood {
  /**
   * Increments all counters and returns 0; if one is at its limit, increments none and returns the wait in milliseconds.
   */
  take(quotas: readonly Quota[]): number
  /** Tells the other processes what was counted, and stops doing so every second. */
  close(): Promise<void>
}

/** What an author blocks: one source, a host with all its sub-domains, or a client (IPv4 address or IPv6 /56). */
export interface BlockSubject {
  /** The blog to whose posts it may send no pings. @default all blogs */
  readonly blog?: string | undefined
  readonly kind: 'source' | 'host' | 'address'
  /** The URL of a source, the name of a host, or the address of a client. */
  readonly value: string
}

/** A block that is in force. */
export interface Block extends BlockSubject {
  readonly reason: string
  /** Who blocked it, where the blog engine said so. */
  readonly user?: string
  /** Since when, in milliseconds since 1970. */
  readonly at: number
}

/** The blocks of a receiver, kept in its store. */
export interface Blocks {
  add(subject: BlockSubject, reason: string, user?: string): Promise<Block>
  /** Resolves to whether there was one. */
  remove(subject: BlockSubject): Promise<boolean>
  /** Those of one blog; without it, those that hold for all blogs. */
  all(blog?: string): Promise<readonly Block[]>
  /** Whether a ping to a post of a blog comes from something that is blocked there, or everywhere. */
  has(sourceKey: string, host: string, clientIp: string | null, blog?: string): Promise<boolean>
}

/** What was erased: it does not come back for a while. */
export interface Erased {
  /** Remembers a source of a post by a digest, until a time. */
  add(trackback: Pick<Trackback, 'postId' | 'sourceKey'>, until: number): Promise<void>
  has(postId: string, sourceKey: string): Promise<boolean>
}

/** Tells the listener of a receiver what happened. */
export interface Events {
  /** Whether anybody listens. */
  readonly wanted: boolean
  received(trackback: Trackback): void
  verified(trackback: Trackback, before: Trackback): void
  stateChanged(trackback: Trackback): void
  expired(trackback: Trackback): void
  erased(trackback: Trackback): void
  /** Resolves once no listener runs. */
  settled(): Promise<void>
}

/** What the checks are told of decisions; errors go to `onError`, and the decision stands. */
export interface Learning {
  /** A trackback is shown because its source was verified. */
  verified(trackback: Trackback): Promise<void>
  /** The author decided. */
  decided(trackback: Trackback, action: ModerationAction): Promise<void>
  /** The author took a decision back; the trackback is as it is then. */
  undone(trackback: Trackback, action: AuthorAction | undefined): Promise<void>
}

/** The requests of this process that are under way, by the host that they ask. */
export interface Visits {
  /**
   * Begins a request to a host, also to one that a redirect leads to, unless there are as many as may be at once. What one
   * look has begun stands in `own`: it waits for nobody but others.
   */
  enter(host: string, own: Set<string>): boolean
  /** Ends what one look has begun. */
  leave(own: ReadonlySet<string>): void
}
