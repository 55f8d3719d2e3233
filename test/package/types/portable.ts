// A consumer's program by its types: every door that says nothing of Node, the main verbs, and what they give back.
import {
  type Check,
  createHttpClient,
  createMemoryStore,
  createReceiver,
  createSender,
  type Discovery,
  defaultChecks,
  discover,
  discoverPingUrl,
  type Page,
  type PingResult,
  type Receiver,
  renderTrackbacks,
  type Store,
  sendPing,
  type Trackback,
  TrackbackError,
  type TrackbackErrorCode,
  type Verification,
  verifySource,
} from 'trackbacks'
import * as pgBoss from 'trackbacks/pg-boss'
import { createPostgresStore, type PostgresClient } from 'trackbacks/postgres'
import type { PingResponse, parseResponse } from 'trackbacks/protocol'
import { createSqliteStore, openSqlite, type SqliteDatabase } from 'trackbacks/sqlite'
import { type Queue, testQueue, testStore } from 'trackbacks/testing'

type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false

/** Compiles only where both types are one. */
function same<A, B>(..._proof: Same<A, B> extends true ? [] : [never]): void {}

declare const postgres: PostgresClient
declare const database: SqliteDatabase
declare const queue: Queue

export const stores: Store[] = [
  createMemoryStore(),
  openSqlite('trackbacks.db'),
  createSqliteStore(database, { tablePrefix: undefined }),
  createPostgresStore(postgres),
]

const slow: Check = { name: 'slow', judge: async () => ({ score: -1, reason: 'never sure' }) }

export const receiver: Receiver = createReceiver({
  baseUrl: new URL('https://my.blog/trackback/'),
  findPost: async (id) => (id === '7' ? { id, url: 'https://my.blog/7', title: undefined } : null),
  store: createMemoryStore(),
  queue: undefined,
  limits: { maxBodySize: undefined },
  rateLimits: { total: 10 },
  checks: [...defaultChecks(), slow],
  client: createHttpClient({
    lookup: (_name, options, callback) =>
      options.all ? callback(null, [{ address: '192.0.2.1', family: 4 }]) : callback(null, '192.0.2.1', 4),
  }),
  onEvent: ({ type, trackback }) => {
    same<
      typeof type,
      'received' | 'verified' | 'published' | 'held' | 'rejected' | 'removed' | 'expired' | 'erased'
    >()
    same<typeof trackback, Trackback>()
  },
})
same<ReturnType<Receiver['list']>, Promise<Page<Trackback>>>()
same<ReturnType<Receiver['fetch']>, Promise<Response>>()
same<Parameters<Receiver['fetch']>[0], Request>()

export const sender = createSender({
  store: createMemoryStore(),
  queue,
  blogName: 'My blog',
  onEvent: undefined,
})

export async function use(signal: AbortSignal): Promise<string> {
  const client = createHttpClient({ allowHosts: ['intranet.example:8080'] })
  const found = await discover('https://other.example/post', { client, signal })
  same<typeof found, Discovery>()
  const pingUrl = await discoverPingUrl(new URL('https://other.example/post'))
  same<typeof pingUrl, string | null>()
  const result = await sendPing(pingUrl ?? '', { url: 'https://my.blog/7', title: undefined }, { signal })
  same<PingResult['outcome'], 'accepted' | 'refused' | 'throttled' | 'unrecognised'>()
  if (result.outcome === 'refused') same<typeof result.code, number>()
  if (result.outcome === 'throttled') same<typeof result.retryAfter, number | undefined>()
  // @ts-expect-error: what was accepted has no code
  if (result.outcome === 'accepted') console.log(result.code)
  const { outcome } = await verifySource('https://other.example/', 'https://my.blog/7')
  same<typeof outcome, Verification['outcome']>()
  const { items, next } = await receiver.list('7', { limit: 10, after: undefined })
  same<typeof next, string | undefined>()
  return renderTrackbacks(
    { post: { title: 'My post' }, pingUrl: receiver.pingUrl('7'), trackbacks: items },
    { lang: 'ja' },
  )
}

export function codeOf(error: unknown): TrackbackErrorCode | null {
  return error instanceof TrackbackError ? error.code : null
}

same<ReturnType<typeof parseResponse>, PingResponse | null>()
// @ts-expect-error: the ping's URL is required
sendPing('https://other.example/tb/1', { title: 'no URL' })
// @ts-expect-error: a receiver needs its store
createReceiver({ baseUrl: 'https://my.blog/trackback/', findPost: () => null })
// @ts-expect-error: there is no such limit
createReceiver({ baseUrl: '', findPost: () => null, store: createMemoryStore(), limits: { maxPing: 1 } })

export const contracts = [testStore, testQueue, pgBoss.createPgBossQueue]
