import type { NewTrackback, Store } from '../store/store.js'

/** What a test runner gives: `test` of vitest, `it` of mocha, `test` of `node:test` all fit. */
export type TestFunction = (name: string, body: () => Promise<void>) => unknown

/** A new, empty store for each test. */
export type CreateStore = () => Store | Promise<Store>

/** A trackback as it may come, for the tests of stores. */
export function sampleTrackback(changes: Partial<NewTrackback> = {}): NewTrackback {
  const url = changes.url ?? 'https://blog.example/entry'
  return {
    postId: '18521/60408081',
    blog: '18521',
    url,
    sourceKey: url,
    title: 'JALの対応を評価する',
    excerpt: 'An excerpt',
    blogName: '日記',
    charset: 'euc-jp',
    charsetSource: 'content-type',
    receivedAt: 1_700_000_000_123,
    clientIp: '192.0.2.1',
    state: 'unverified',
    ...changes,
  }
}

/** Declares a test that gets a store of its own. */
export type StoreTest = (name: string, body: (store: Store) => Promise<void>) => unknown
