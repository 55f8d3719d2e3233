import { deepStrictEqual as equal, ok, rejects } from 'node:assert'
import type { NewTrackback, Store, TrackbackFilter } from '../store/store.js'
import { add, fill, pathsOf, type StoreTest } from './sample.js'

const orders = ['oldest', 'newest'] as const
type Order = (typeof orders)[number]

/**
 * What the lists are made of, and which paths each filter lets pass, the oldest first: what came last was received first, the
 * last three at once.
 */
const kept: readonly Partial<NewTrackback>[] = [
  { postId: 'a', blog: 'x', state: 'held', receivedAt: 104 },
  { postId: 'b', blog: 'y', state: 'published', receivedAt: 103 },
  { postId: '', blog: '', state: 'unverified', receivedAt: 102 },
  { postId: '__proto__', blog: 'z', state: 'published', receivedAt: 101 },
  { postId: 'a', blog: 'x', state: 'published', receivedAt: 100 },
  { postId: 'a', blog: 'x', state: 'published', receivedAt: 100 },
  { postId: 'a', blog: 'x', state: 'published', receivedAt: 100 },
]
const found: readonly (readonly [what: string, filter: TrackbackFilter, paths: string])[] = [
  ['everything', {}, '4563210'],
  ['a state', { state: 'published' }, '45631'],
  ['a state that nothing has', { state: 'rejected' }, ''],
  ['a post', { postId: 'a' }, '4560'],
  ['a post and a state', { postId: 'a', state: 'held' }, '0'],
  ['a post without trackbacks', { postId: 'none' }, ''],
  ['several posts', { postId: ['a', '', 'a'] }, '45620'],
  ['no post', { postId: [] }, ''],
  ['a blog', { blog: 'x' }, '4560'],
  ['the blog without a name', { blog: '' }, '2'],
  ['a blog and a state', { blog: 'x', state: 'published' }, '456'],
  ['a blog without trackbacks', { blog: 'a' }, ''],
  ['several blogs', { blog: ['x', 'z', 'none'] }, '45630'],
  ['no blog', { blog: [] }, ''],
  ['a text and a state', { text: 'BLOG.example/', state: 'published' }, '45631'],
]

/** The paths of a list that is read in pages of two. */
async function pagedPaths(store: Store, filter: TrackbackFilter, order: Order): Promise<string[]> {
  const paths: string[] = []
  let after: string | undefined
  do {
    const { items, next } = await store.list(filter, { limit: 2, order, after })
    ok(items.length <= 2)
    paths.push(...pathsOf(items))
    after = next
  } while (after !== undefined)
  return paths
}

/** Lists and counts: their order, their pages, and what they hold. */
export function testLists(test: StoreTest): void {
  for (const [what, filter, paths] of found) {
    test(`a list of ${what} holds that alone, in the order of receipt and without a gap, and so do the counts`, async (store) => {
      await fill(store, ...kept)
      for (const order of orders) {
        const { items, next } = await store.list(filter, { order })
        const expected = order === 'oldest' ? [...paths] : [...paths].reverse()
        equal([pathsOf(items), next], [expected, undefined])
        equal(await pagedPaths(store, filter, order), expected)
      }
      equal(await store.count(filter), paths.length)
      const counts = await store.counts(filter)
      for (const { postId = '' } of kept) {
        const count = [...paths].filter((path) => kept[Number(path)]?.postId === postId).length
        equal(counts.get(postId) ?? 0, count)
      }
      equal([...counts.values()].includes(0), false)
    })
  }

  test('a limit, an order or a name that is none is an argument mistake', async (store) => {
    const pages = [{ limit: 0 }, { limit: Number.NaN }, { order: 'desc' }, { before: '1' }]
    for (const page of pages) await rejects(store.list({}, page as object), TypeError)
    const filters = [undefined, null, 'a', { status: 'published' }, { state: 'pending' }, { state: null }]
    for (const filter of [...filters, { postId: 7 }, { blog: 7 }, { blog: [7] }, { text: 7 }]) {
      for (const method of ['list', 'count', 'counts'] as const)
        await rejects(store[method](filter as object), TypeError)
    }
    await rejects(store.get(7 as never), TypeError)
    await rejects(store.find(7 as never, 'https://blog.example/'), TypeError)
  })

  test('a cursor that no page gave out is the first page', async (store) => {
    await fill(store, ...kept)
    const first = await store.list({}, { limit: 2 })
    for (const after of ['', "1' OR 1", '7', '1.1.1', '-1.1', '9'.repeat(40), ['1.1', '2.1'], null, {}, 5])
      equal(await store.list({}, { limit: 2, after: after as never }), first)
  })
}

const searched = {
  url: 'https://shop.example/100%_off',
  title: 'Cheap WATCHES \\ "now"',
  excerpt: '時計の話',
  blogName: 'Ann’s notes',
}
const findable: Readonly<Record<string, readonly string[]>> = {
  'its URL': ['shop.example/100%_off', 'SHOP.Example'],
  'its title': ['watches', 'cheap w', '\\ "now"'],
  'its excerpt': ['計の'],
  'its blog name': ['ann’s'],
  everything: [''],
}

/** The contract of the search in a store. */
export function testSearch(test: StoreTest): void {
  for (const [name, texts] of Object.entries(findable)) {
    test(`a trackback is found by text that is part of ${name}`, async (store) => {
      const id = await add(store, searched)
      for (const text of texts) {
        equal([text, (await store.list({ text })).items.map((item) => item.id)], [text, [id]])
        equal(await store.count({ text, state: 'unverified', postId: '18521/60408081' }), 1)
      }
    })
  }

  test('nothing in the text that is looked for is a pattern, and no text goes from one part into the next', async (store) => {
    await add(store, searched)
    for (const text of ['shop%off', 'w_tches', '.*', "' OR 1 --", 'offcheap', 'off cheap', '%%'])
      equal([text, await store.count({ text })], [text, 0])
    await add(store, { url: 'https://plain.example/', blogName: 'plain' })
    equal([await store.count({ text: '%' }), await store.count({ text: '_' })], [1, 1])
    equal(await store.count({ text: 'plain', state: 'held' }), 0)
  })
}
