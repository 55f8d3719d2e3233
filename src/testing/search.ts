import { deepStrictEqual as equal } from 'node:assert'
import { type StoreTest, sampleTrackback } from './sample.js'

/** The contract of the search in a store. */
export function testSearch(test: StoreTest): void {
  const searched = {
    url: 'https://shop.example/100%_off',
    title: 'Cheap WATCHES \\ "now"',
    excerpt: '時計の話',
    blogName: 'Ann’s notes',
  }
  const found: Readonly<Record<string, readonly string[]>> = {
    'its URL': ['shop.example/100%_off', 'SHOP.Example'],
    'its title': ['watches', 'cheap w', '\\ "now"'],
    'its excerpt': ['計の'],
    'its blog name': ['ann’s'],
    everything: [''],
  }
  for (const [name, texts] of Object.entries(found)) {
    test(`a trackback is found by text that is part of ${name}`, async (store) => {
      const { id } = await store.add(sampleTrackback(searched))
      for (const text of texts) {
        equal([text, (await store.list({ text })).items.map((item) => item.id)], [text, [id]])
        equal(await store.count({ text, state: 'unverified', postId: '18521/60408081' }), 1)
      }
    })
  }

  test('nothing in the text that is looked for is a pattern, and no text goes from one part into the next', async (store) => {
    await store.add(sampleTrackback(searched))
    for (const text of ['shop%off', 'w_tches', '.*', "' OR 1 --", 'offcheap', 'off cheap', '%%']) {
      equal([text, await store.count({ text })], [text, 0])
    }
    await store.add(sampleTrackback({ url: 'https://plain.example/', blogName: 'plain' }))
    equal([await store.count({ text: '%' }), await store.count({ text: '_' })], [1, 1])
    equal(await store.count({ text: 'plain', state: 'held' }), 0)
  })

  test('pages of what was found follow on each other', async (store) => {
    for (const name of ['0', '1', 'other', '2', '3']) {
      await store.add(
        sampleTrackback({ url: `https://blog.example/${name}`, state: name === '3' ? 'held' : 'published' }),
      )
    }
    const filter = { text: 'BLOG.example/', state: 'published' } as const
    const first = await store.list(filter, { limit: 3, order: 'newest' })
    const second = await store.list(filter, { limit: 3, order: 'newest', after: first.next })
    const names = [first, second].map(({ items }) => items.map(({ url }) => url.slice(21)))
    equal(names, [['2', 'other', '1'], ['0']])
    equal(second.next, undefined)
  })
}
