import { deepStrictEqual as equal, ok, rejects } from 'node:assert'
import type { Store, Trackback } from '../store/store.js'
import { type StoreTest, sampleTrackback } from './sample.js'

/** Lists and counts: their order, their pages, and what they hold. */
export function testLists(test: StoreTest): void {
  const fill = async (store: Store, count: number): Promise<void> => {
    for (let index = 0; index < count; index += 1) {
      const state = index % 3 === 0 ? 'held' : 'published'
      await store.add(sampleTrackback({ url: `https://blog.example/${index}`, state }))
    }
  }
  const pathsOf = (items: readonly Trackback[]): string[] => items.map(({ url }) => url.slice(21))

  test('a list has the oldest first, unless the newest are asked for', async (store) => {
    await fill(store, 5)
    equal(pathsOf((await store.list({ postId: '18521/60408081' })).items), ['0', '1', '2', '3', '4'])
    equal(pathsOf((await store.list({}, { order: 'newest' })).items), ['4', '3', '2', '1', '0'])
  })

  test('a list is in the order in which its trackbacks were received, whenever they were added', async (store) => {
    for (const receivedAt of [30, 10, 20, 10]) {
      await store.add(
        sampleTrackback({ url: `https://blog.example/${receivedAt}-${Math.random()}`, receivedAt }),
      )
    }
    for (const order of ['oldest', 'newest'] as const) {
      const first = await store.list({}, { order, limit: 2 })
      const second = await store.list({}, { order, limit: 2, after: first.next })
      const times = [...first.items, ...second.items].map(({ receivedAt }) => receivedAt)
      equal(times, order === 'oldest' ? [10, 10, 20, 30] : [30, 20, 10, 10])
      equal(second.next, undefined)
    }
  })

  test('a list and a count of a blog hold only what is of its posts', async (store) => {
    for (const [index, blog] of ['a', 'b', '', 'a'].entries()) {
      await store.add(sampleTrackback({ url: `https://blog.example/${index}`, blog }))
    }
    equal(pathsOf((await store.list({ blog: 'a' })).items), ['0', '3'])
    equal(pathsOf((await store.list({ blog: '', state: 'unverified' })).items), ['2'])
    equal(
      [await store.count({ blog: 'b' }), await store.count({ blog: 'c' }), await store.count({})],
      [1, 0, 4],
    )
  })

  test('a list and a count hold only the state that is asked for', async (store) => {
    await fill(store, 7)
    const filter = { postId: '18521/60408081', state: 'held' } as const
    equal(pathsOf((await store.list(filter)).items), ['0', '3', '6'])
    equal(await store.count(filter), 3)
    equal(await store.count({ state: 'rejected' }), 0)
  })

  for (const order of ['oldest', 'newest'] as const) {
    test(`pages follow on each other without a gap, ${order} first`, async (store) => {
      await fill(store, 10)
      const seen: string[] = []
      let after: string | undefined
      do {
        const page = await store.list({ state: 'published' }, { limit: 2, order, after })
        ok(page.items.length <= 2)
        seen.push(...pathsOf(page.items))
        after = page.next
      } while (after !== undefined)
      const all = ['1', '2', '4', '5', '7', '8']
      equal(seen, order === 'oldest' ? all : all.reverse())
    })
  }

  test('a post without trackbacks has an empty list', async (store) => {
    equal(await store.list({ postId: 'none' }), { items: [] })
  })

  test('a limit, an order or a name that is none is an argument mistake', async (store) => {
    const pages = [{ limit: 0 }, { limit: Number.NaN }, { order: 'desc' }, { before: '1' }]
    for (const page of pages) await rejects(store.list({}, page as object), TypeError)
    const filters = [undefined, null, 'a', { status: 'published' }, { state: 'pending' }, { state: null }]
    for (const filter of [...filters, { postId: 7 }, { blog: 7 }, { blog: [7] }, { text: 7 }]) {
      await rejects(store.list(filter as object), TypeError)
      await rejects(store.count(filter as object), TypeError)
      await rejects(store.counts(filter as object), TypeError)
    }
    await rejects(store.get(7 as never), TypeError)
    await rejects(store.find(7 as never, 'https://blog.example/'), TypeError)
  })

  test('a cursor that no page gave out is the first page', async (store) => {
    await fill(store, 3)
    const first = await store.list({}, { limit: 2 })
    for (const after of ['', "1' OR 1", '7', '1.1.1', '-1.1', '9'.repeat(40), ['1.1', '2.1'], null, {}, 5]) {
      equal(await store.list({}, { limit: 2, after: after as never }), first)
    }
  })

  test('a filter may name several posts or blogs', async (store) => {
    for (const [index, blog] of ['a', 'b', '', 'c', 'a'].entries()) {
      const receivedAt = 100 - index
      await store.add(
        sampleTrackback({ url: `https://blog.example/${index}`, postId: blog, blog, receivedAt }),
      )
    }
    equal(pathsOf((await store.list({ blog: ['a', 'c', 'x'] })).items), ['4', '3', '0'])
    equal(pathsOf((await store.list({ postId: ['a', '', 'a'] }, { order: 'newest' })).items), ['0', '2', '4'])
    equal(
      [
        await store.count({ blog: ['a', ''] }),
        await store.count({ blog: [] }),
        await store.count({ postId: [] }),
      ],
      [3, 0, 0],
    )
  })

  test('counts has one for each post that has any', async (store) => {
    for (const [index, postId] of ['a', 'b', 'a', '__proto__'].entries()) {
      await store.add(sampleTrackback({ url: `https://blog.example/${index}`, postId, state: 'published' }))
    }
    await store.add(sampleTrackback({ url: 'https://blog.example/held', postId: 'a', state: 'held' }))
    const counts = await store.counts({ postId: ['a', '__proto__', 'none'], state: 'published' })
    equal([...counts].sort(), [
      ['__proto__', 1],
      ['a', 2],
    ])
  })
}
