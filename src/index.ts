export { TrackbackError, type TrackbackErrorCode } from './base/errors.js'
export type { Reason, ReasonCode, ReasonParameters } from './base/reason.js'
export type { Page, PageRequest, Ping, Post } from './base/types.js'
export type { Candidate } from './discover/candidates.js'
export { type DiscoverOptions, discover, discoverPingUrl } from './discover/discover.js'
export { discoverInFeed, type FeedDiscovery } from './discover/feed.js'
export { type Discovery, discoverInHtml } from './discover/page.js'
export { createHttpClient, type HttpClient, type NetworkOptions } from './http/client.js'
export { type MainText, type PostPage, readPostPage } from './programs/post-page.js'
export { reasonText } from './programs/reason-text.js'
export type { JobCounts, Queue, RunOptions } from './queue/queue.js'
export type { ReceiverResponse } from './receive/accept/answers.js'
export { type ChecksOptions, defaultChecks } from './receive/checks/default-checks.js'
export type { ImportedTrackback, ImportOptions, ImportResult } from './receive/moderation/import.js'
export type { Moderation } from './receive/moderation/moderation.js'
export type { Block, BlockSubject } from './receive/options/context.js'
export type { ReceiverOptions } from './receive/options/options.js'
export type { PingRequest } from './receive/options/request.js'
export type {
  Check,
  CheckContext,
  CheckSubject,
  CheckVerdict,
  ModerationAction,
  ReceiverEvent,
  Verification,
} from './receive/options/types.js'
export { createReceiver, type FetchInfo, type Receiver, type ReceiverView } from './receive/receiver.js'
export { type VerifyOptions, verifySource } from './receive/verify/verification.js'
export type { ShownTrackback, TrackbackItem } from './render/item.js'
export type { Messages } from './render/messages.js'
export type { ListData, Part, PartTools, RenderParts } from './render/parts.js'
export { trackbacksScript } from './render/script.js'
export { trackbacksStyle } from './render/style.js'
export { type RenderOptions, renderTrackbacks, type TrackbacksView } from './render/trackbacks.js'
export type {
  Delivery,
  DeliveryFilter,
  DeliveryPage,
  DeliveryState,
  SenderReport,
} from './send/outbox/delivery.js'
export type { AnnouncedPost, SenderEvent, SenderOptions } from './send/outbox/options.js'
export type { Preview } from './send/outbox/preview.js'
export { type AnnounceResult, createSender, type Sender } from './send/outbox/sender.js'
export type { PingResult } from './send/result.js'
export { type SendPingOptions, sendPing } from './send/send-ping.js'
export { createMemoryStore } from './store/memory/store.js'
export type { Store, Trackback, TrackbackFilter, TrackbackState } from './store/store.js'
export { makeExcerpt } from './text/excerpt.js'
