import { describe, expect, it } from 'vitest'
import { optionCheck } from '../../src/base/options.js'
import { type DiscoverOptions, discover } from '../../src/discover/discover.js'
import { createHttpClient, type NetworkOptions } from '../../src/http/client.js'
import { createPgBossQueue, type PgBossQueueOptions } from '../../src/pg-boss/pg-boss.js'
import { createModerationHandler } from '../../src/programs/moderation-page/handler.js'
import type { ModerationHandlerOptions } from '../../src/programs/moderation-page/options.js'
import { type ChecksOptions, defaultChecks } from '../../src/receive/checks/default-checks.js'
import { type NodeHandlerOptions, toNodeHandler } from '../../src/receive/hosts/node-handler.js'
import type { ReceiverOptions } from '../../src/receive/options/options.js'
import { createReceiver } from '../../src/receive/receiver.js'
import { type VerifyOptions, verifySource } from '../../src/receive/verify/verification.js'
import { type RenderOptions, renderTrackbacks } from '../../src/render/trackbacks.js'
import type { SenderOptions } from '../../src/send/outbox/options.js'
import { createSender } from '../../src/send/outbox/sender.js'
import { type SendPingOptions, sendPing } from '../../src/send/send-ping.js'
import { createPostgresStore, type PostgresStoreOptions } from '../../src/sql/postgres/store.js'
import { type AsyncSqliteStoreOptions, createAsyncSqliteStore } from '../../src/sql/sqlite/async-store.js'
import { openSqlite } from '../../src/sql/sqlite/open.js'
import type { SqliteStoreOptions } from '../../src/sql/sqlite/store.js'
import { createMemoryStore } from '../../src/store/memory/store.js'
import { type ExcerptOptions, makeExcerpt } from '../../src/text/excerpt.js'
import { receiverWith } from '../receive/support.js'

const store = createMemoryStore()
const receiving = { baseUrl: 'http://my.example/t/', findPost: () => null, store, worker: false }
const sending = { store, blogName: 'x', worker: false }
const moderating = { baseUrl: 'http://my.example/m/', authorize: () => null }
const nowhere = 'http://127.0.0.1:1/'

/** One of every name; the compiler knows when one is missing. */
type AllOf<T> = { readonly [name in keyof Required<T>]: true }
const names = <T>(all: AllOf<T>): string[] => Object.keys(all)
type Door = readonly [name: string, names: readonly string[], open: (options: object) => unknown]

const doors: readonly Door[] = [
  [
    'createReceiver',
    names<ReceiverOptions>({
      ...{ baseUrl: true, mountPath: true, findPost: true, store: true, publish: true, verifyAfter: true },
      ...{ recheckAfterDays: true, checks: true, queue: true, worker: true, client: true, lang: true },
      ...{ limits: true, rateLimits: true, closeAfterDays: true, idParameters: true, signedPingUrls: true },
      ...{ clientIps: true, selfPings: true, aliases: true, beforeAdmission: true, afterAdmission: true },
      ...{ onEvent: true, onError: true, hookTimeout: true, closeTimeout: true, now: true },
    }),
    (options) => createReceiver({ ...options, ...receiving }).close(),
  ],
  [
    'createSender',
    names<SenderOptions>({
      ...{
        store: true,
        blogName: true,
        site: true,
        selfPings: true,
        queue: true,
        client: true,
        limits: true,
      },
      ...{ worker: true, onEvent: true, onError: true, hookTimeout: true, closeTimeout: true, now: true },
      ...{ charset: true, charsetFor: true },
    }),
    (options) => createSender({ ...options, ...sending }).close(),
  ],
  [
    'createModerationHandler',
    names<ModerationHandlerOptions>({
      ...{
        baseUrl: true,
        mountPath: true,
        authorize: true,
        lang: true,
        sender: true,
        timeZone: true,
        pageSize: true,
      },
      ...{ formTtl: true, hookTimeout: true, now: true },
    }),
    (options) => createModerationHandler(receiverWith(), { ...options, ...moderating }),
  ],
  [
    'createHttpClient',
    names<NetworkOptions>({
      ...{ allowHosts: true, allowPorts: true, lookup: true, proxy: true, userAgent: true, site: true },
      ...{ maxRedirects: true, maxResponseSize: true, maxHeaderSize: true },
      ...{ connectTimeout: true, headersTimeout: true, idleTimeout: true, totalTimeout: true },
      ...{ maxConnectionsPerHost: true, maxConnections: true },
    }),
    (options) => createHttpClient(options).close(),
  ],
  [
    'sendPing',
    names<SendPingOptions>({
      client: true,
      charset: true,
      charsetFor: true,
      maxAnswerSize: true,
      signal: true,
    }),
    (options) => sendPing(nowhere, { url: nowhere }, options),
  ],
  [
    'discover',
    names<DiscoverOptions>({
      ...{ maxPageSize: true, followFeed: true, client: true, signal: true },
      ...{ maxUrlLength: true, maxCandidates: true },
    }),
    (options) => discover(nowhere, options),
  ],
  [
    'verifySource',
    names<VerifyOptions>({
      ...{ client: true, aliases: true, maxUrlLength: true, beforeRedirect: true, signal: true },
    }),
    (options) => verifySource(nowhere, nowhere, options),
  ],
  [
    'renderTrackbacks',
    names<RenderOptions>({
      ...{
        lang: true,
        messages: true,
        parts: true,
        headingLevel: true,
        timeZone: true,
        id: true,
        quote: true,
      },
    }),
    (options) => renderTrackbacks({ post: {}, trackbacks: [] }, options),
  ],
  ['makeExcerpt', names<ExcerptOptions>({ maxGraphemes: true }), (options) => makeExcerpt('', options)],
  [
    'defaultChecks',
    names<ChecksOptions>({
      ...{ blocked: true, urls: true, repeated: true, known: true, dnsLists: true, akismet: true },
    }),
    (options) => defaultChecks(options),
  ],
  [
    'toNodeHandler',
    names<NodeHandlerOptions>({ clientIp: true }),
    (options) => toNodeHandler(receiverWith(), options),
  ],
  [
    'openSqlite',
    names<SqliteStoreOptions>({ tablePrefix: true, busyTimeout: true }),
    (options) => openSqlite(':memory:', options).close(),
  ],
  [
    'createAsyncSqliteStore',
    names<AsyncSqliteStoreOptions>({ tablePrefix: true }),
    (options) => createAsyncSqliteStore({ batch: async () => [] }, options),
  ],
  [
    'createPostgresStore',
    names<PostgresStoreOptions>({ tablePrefix: true }),
    (options) => createPostgresStore({ query: async () => ({ rows: [] }) }, options),
  ],
  [
    'createPgBossQueue',
    names<PgBossQueueOptions>({
      ...{
        prefix: true,
        lease: true,
        pollInterval: true,
        maxLost: true,
        closeTimeout: true,
        onError: true,
        now: true,
      },
    }),
    (options) => createPgBossQueue({} as never, options),
  ],
]

/** What a door says of options; nothing where it takes them, whatever comes of them later. */
async function complaintOf(open: Door[2], options: object): Promise<string | null> {
  try {
    await open(options)
    return null
  } catch (error) {
    return error instanceof TypeError ? error.message : null
  }
}

describe.each(doors)('%s', (_, all, open) => {
  it('takes every option that it documents, and undefined for each', async () => {
    const options = Object.fromEntries(all.map((name) => [name, undefined]))
    expect(await complaintOf(open, options)).toBeNull()
  })

  it('names a mistaken option, and those that there are', async () => {
    const complaint = await complaintOf(open, { onEvents: () => {} })
    expect(complaint).toMatch(/unknown name 'onEvents'; use /)
    for (const name of all) expect(complaint).toContain(name)
  })

  it.each([null, 7, 'text', []].map((value) => [value]))('takes no %j for options', async (value) => {
    const opened = open as (options: unknown) => unknown
    // Those of the first four are spread over what they need.
    if (all.length > 8) return
    expect(await complaintOf(opened as never, value as never)).toContain('must be an object')
  })
})

describe('a mistaken value', () => {
  it.each<[string, () => unknown, string]>([
    ['no options', () => createReceiver(undefined as never), 'createReceiver must be an object'],
    ['no options of a sender', () => createSender(undefined as never), 'createSender must be an object'],
    [
      'no options of a page',
      () => createModerationHandler(receiverWith(), undefined as never),
      'must be an object',
    ],
    [
      'no findPost',
      () => createReceiver({ ...receiving, findPost: undefined } as never),
      'findPost must be a function',
    ],
    [
      'no baseUrl',
      () => createReceiver({ ...receiving, baseUrl: undefined } as never),
      'baseUrl must be given',
    ],
    [
      'a store that is none',
      () => createReceiver({ ...receiving, store: {} } as never),
      "such as openSqlite('trackbacks.db')",
    ],
    [
      'a promise of a store',
      () => createSender({ ...sending, store: Promise.resolve(store) } as never),
      'such as openSqlite',
    ],
    [
      'a listener that is none',
      () => createReceiver({ ...receiving, onEvent: 'log' } as never),
      'onEvent must be a function',
    ],
    [
      'a worker that is none',
      () => createReceiver({ ...receiving, worker: 'no' } as never),
      'worker must be true or false',
    ],
    [
      'checks that are no list',
      () => createReceiver({ ...receiving, checks: {} } as never),
      'checks must be a list',
    ],
    [
      'a policy that is none',
      () => createReceiver({ ...receiving, publish: 'all' } as never),
      "unknown publish 'all'; use verified, held, always",
    ],
    [
      'a limit that is none',
      () => createReceiver({ ...receiving, limits: { maxPosts: 1 } } as never),
      'unknown limit maxPosts; use maxBodySize',
    ],
    [
      'a password',
      () => createReceiver({ ...receiving, baseUrl: 'http://a:b@my.example/t/' }),
      'no user and no password',
    ],
    [
      'no path',
      () => createReceiver({ ...receiving, baseUrl: 'http://my.example' }),
      "such as 'http://my.example/trackback/'",
    ],
    [
      'no path of a page',
      () => createModerationHandler(receiverWith(), { ...moderating, baseUrl: 'http://my.example/' }),
      'needs a path of its own',
    ],
    ['no path of a file', () => openSqlite(undefined as never), "openSqlite needs a path: 'trackbacks.db'"],
    ['an empty path of a file', () => openSqlite(''), 'openSqlite needs a path'],
    [
      'words of a check',
      () => defaultChecks({ blocked: { word: ['x'] } } as never),
      "unknown name 'word'; use words, hosts, addresses",
    ],
    ['no blog name', () => createSender({ store } as never), 'blogName must be a string'],
  ])('%s is a TypeError that says what would be right', (_, open, message) => {
    expect(open).toThrow(TypeError)
    expect(open).toThrow(message)
  })

  it('is none where a host serves nothing else, and that is said', () => {
    expect(createReceiver({ ...receiving, baseUrl: 'http://tb.example/', mountPath: '/' }).path).toBe('/')
  })

  it('of an id or a cursor rejects, or means the first page, and ends no process', async () => {
    const receiver = receiverWith()
    for (const call of [
      receiver.list(7 as never),
      receiver.count(undefined as never),
      receiver.view(undefined as never),
      receiver.moderation.publish(7 as never),
      receiver.moderation.list({ status: 'published' } as never),
      receiver.list('x', { order: 'desc' } as never),
    ])
      await expect(call).rejects.toThrow(TypeError)
    const post = { id: 'x', url: 'http://my.example/x' }
    for (const after of ['garbage', '', ['1.1'], {}, null])
      expect((await receiver.view(post, { after: after as never })).trackbacks).toEqual([])
    expect(() => receiver.pingUrl(7 as never)).toThrow('a post id must be a string')
  })
})

describe('optionCheck', () => {
  const check = optionCheck('door', { function: 'go!', string: 'name', any: 'size' })
  it('asks for what must be given, and for nothing else', () => {
    expect(() => check({ go() {}, name: undefined, size: null })).not.toThrow()
    expect(() => check({ name: 'x' })).toThrow('door: go must be a function')
    expect(() => check({ go() {}, name: null })).toThrow('door: name must be a string')
    expect(() => check({ go() {}, Name: 'x' })).toThrow("door: unknown name 'Name'; use go, name, size")
    expect(() => check(undefined)).toThrow('door must be an object')
    expect(() => optionCheck('door', { any: 'size' })(undefined)).not.toThrow()
  })
})
