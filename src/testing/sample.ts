import type { NewTrackback, Store, Trackback } from '../store/store.js'

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

const origin = 'https://blog.example/'

/** Adds the sample with changes; resolves to its id, which is empty for what was known. */
export async function add(store: Store, changes?: Partial<NewTrackback>): Promise<string> {
  return (await store.add(sampleTrackback(changes))).id ?? ''
}

/** Adds one sample for each; the paths of their URLs are `0`, `1`, …. */
export async function fill(store: Store, ...changes: readonly Partial<NewTrackback>[]): Promise<void> {
  for (const [index, each] of changes.entries()) await add(store, { url: origin + index, ...each })
}

/** The paths of the URLs of some trackbacks. */
export function pathsOf(trackbacks: readonly Trackback[]): string[] {
  return trackbacks.map(({ url }) => url.slice(origin.length))
}

/** Does the same many times at once. */
export function atOnce<T>(times: number, work: (index: number) => Promise<T>): Promise<T[]> {
  return Promise.all(Array.from({ length: times }, (_, index) => work(index)))
}

/** A text of 1,900 characters; no two in a row are the same, so that no database makes it short. */
export const longText: string = String.fromCodePoint(
  ...Array.from({ length: 1900 }, (_, index) => 0x4e00 + ((index * 7919) % 20_000)),
)
