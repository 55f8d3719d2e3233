import { deepStrictEqual as equal } from 'node:assert'
import { type StoreTest, sampleTrackback } from './sample.js'

/** The contract of the removal of one trackback. */
export function testRemoval(test: StoreTest): void {
  test('a trackback is removed in the revision that is asked for, and its source is new then', async (store) => {
    const { id = '' } = await store.add(sampleTrackback())
    await store.add(sampleTrackback({ url: 'https://b.example/' }))
    equal(await store.update(id, 1, { state: 'held', verification: null, checks: [], history: [] }), true)
    equal(
      [await store.remove(id, 1), await store.remove(id, 2), await store.remove(id, 2)],
      [false, true, false],
    )
    equal([await store.remove('999', 1), await store.get(id), await store.count({})], [false, null, 1])
    equal((await store.list({ postId: sampleTrackback().postId })).items.length, 1)
    const again = await store.add(sampleTrackback())
    equal([again.outcome, again.id === id], ['added', false])
  })
}
