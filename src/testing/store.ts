import { deepStrictEqual as equal, ok, rejects } from 'node:assert'
import { testJobs } from './jobs.js'
import { testLists, testSearch } from './lists.js'
import { testRecords } from './records.js'
import type { CreateStore, StoreTest, TestFunction } from './sample.js'
import { add, atOnce, fill, pathsOf, sampleTrackback } from './sample.js'

/**
 * The contract of a store, as tests. Run it against an own adapter:
 *
 * ```ts
 * describe('my store', () => testStore(it, () => createMyStore(':memory:')))
 * ```
 *
 * Each test makes a store by `create` and closes it at its end.
 */
export function testStore(test: TestFunction, create: CreateStore): void {
  const using: StoreTest = (name, body) =>
    test(name, async () => {
      const store = await create()
      try {
        await body(store)
      } finally {
        await store.close()
      }
    })
  for (const part of [testAdditions, testTexts, testUpdates, testLists, testSearch, testJobs, testRecords])
    part(using)
}

const verifying = { kind: 'verify', key: 'k', group: 'blog.example', payload: '["p"]', runAt: 5 }

function testAdditions(test: StoreTest): void {
  test('what was added is read back as it was received', async (store) => {
    const { outcome, id = '' } = await store.add(sampleTrackback())
    equal(outcome, 'added')
    const expected = { ...sampleTrackback(), id, verification: null, checks: [], history: [], revision: 1 }
    equal(await store.get(id), expected)
    equal(await store.find('18521/60408081', 'https://blog.example/entry'), expected)
  })

  test('a repeat replaces the text until the trackback is decided on, and keeps id, time and state', async (store) => {
    const id = await add(store)
    const repeat = await store.add(sampleTrackback({ title: 'New title', receivedAt: 1_700_000_999_999 }))
    equal(repeat, { outcome: 'replaced', id })
    const kept = await store.get(id)
    equal([kept?.title, kept?.state, kept?.receivedAt], ['New title', 'unverified', 1_700_000_000_123])
  })

  for (const state of ['held', 'published', 'rejected', 'removed'] as const) {
    test(`a repeat changes nothing of a trackback that is ${state}`, async (store) => {
      const id = await add(store, { state })
      equal(await store.add(sampleTrackback({ title: 'Forged' })), { outcome: 'known' })
      const kept = await store.get(id)
      equal([kept?.title, kept?.state], ['JALの対応を評価する', state])
    })
  }

  test('of many additions of one source at once exactly one is new', async (store) => {
    for (const [postId, job] of Object.entries({ without: undefined, 'with a job': verifying })) {
      const additions = await atOnce(40, () => store.add(sampleTrackback({ postId }), job))
      equal(additions.filter(({ outcome }) => outcome === 'added').length, 1)
      equal(await store.count({ postId }), 1)
    }
  })

  test('additions that come at once get each the id of what was kept', async (store) => {
    await add(store, { url: 'https://blog.example/7' })
    const urlOf = (index: number): string => `https://blog.example/${index % 70}`
    const additions = await atOnce(75, (index) => store.add(sampleTrackback({ url: urlOf(index) })))
    for (const [index, { id = '' }] of additions.entries()) equal((await store.get(id))?.url, urlOf(index))
    equal(additions.filter(({ outcome }) => outcome === 'added').length, 69)
  })

  test('one source may be kept under several posts', async (store) => {
    await add(store, { postId: 'a' })
    await add(store, { postId: 'b' })
    equal([await store.count({ postId: 'a' }), await store.count({})], [1, 2])
    equal([await store.count({}, { atMost: 1 }), await store.count({}, { atMost: 3 })], [1, 2])
  })

  test('a job given with an addition is added with it, and not for what was known', async (store) => {
    await store.add(sampleTrackback(), verifying)
    const url = 'https://other.example/'
    await add(store, { url, state: 'published' })
    await store.add(sampleTrackback({ url }), { ...verifying, key: 'other' })
    const claimed = await store.jobs.claim({ kind: 'verify', now: 10, lease: 100, limit: 10, perGroup: 10 })
    equal([claimed.length, claimed[0]?.key, claimed[0]?.payload], [1, 'k', '["p"]'])
  })
}

const difficultTexts = {
  'beyond the basic plane': '𠮷野家 👨‍👩‍👧‍👦',
  'of ten thousand characters': '字'.repeat(10_000),
  'that looks like SQL': `'; DROP TABLE x; -- " ? $1 :a`,
  'that is empty': '',
}

function testTexts(test: StoreTest): void {
  for (const [name, text] of Object.entries(difficultTexts)) {
    test(`text ${name} is kept as it is`, async (store) => {
      const postId = `p${text}`
      const kept = await store.get(await add(store, { postId, title: text, excerpt: text, blogName: text }))
      equal([kept?.postId, kept?.title, kept?.excerpt, kept?.blogName], [postId, text, text, text])
      equal((await store.list({ postId })).items.length, 1)
    })
  }

  test('NUL and lone surrogates harm nothing', async (store) => {
    const kept = await store.get(await add(store, { title: 'a\0b\ud800c', excerpt: 'intact' }))
    ok(kept?.title.startsWith('a') && kept.title.endsWith('c') && kept.title.includes('b'))
    equal(kept?.excerpt, 'intact')
  })
}

const decision = { action: 'remove', user: '花子', before: 'published' } as const
const change = {
  state: 'published',
  verification: {
    outcome: 'linked',
    reason: { code: 'linked' },
    checkedAt: 7,
    attempts: 1,
    finalUrl: 'https://b.example/',
    passage: { before: '…昨日の ', link: '“JAL”', after: '' },
  },
  checks: [{ check: 'links', score: -3.5, reason: '日本 “reason”' }],
  history: [
    { at: 7, state: 'published', by: 'policy', reason: { code: 'linked' } },
    { at: 8, state: 'removed', by: 'author', reason: '', ...decision },
  ],
} as const

function testUpdates(test: StoreTest): void {
  test('an update is read back, and of two that know the same revision one is refused', async (store) => {
    const id = await add(store)
    const results = await atOnce(2, () => store.update(id, 1, change))
    equal(results.sort(), [false, true])
    equal(await store.get(id), { ...sampleTrackback(), ...change, id, revision: 2 })
  })

  test('the addresses of clients are forgotten that came before a time, and nothing else', async (store) => {
    const rejected = { state: 'rejected', receivedAt: 100 } as const
    await fill(store, rejected, { ...rejected, receivedAt: 300 }, { ...rejected, state: 'published' })
    equal([await store.forgetClientIps(200), await store.forgetClientIps(200)], [2, 0])
    const { items } = await store.list({})
    const clients = items.map(({ clientIp }) => clientIp)
    equal(pathsOf(items), ['0', '2', '1'])
    equal(clients, [null, null, '192.0.2.1'])
  })

  test('what is added with its facts keeps them, and a repeat does not replace them', async (store) => {
    const id = await add(store, { ...change, state: 'unverified' })
    await add(store, { title: 'New title', history: [] })
    const kept = { ...sampleTrackback(), ...change, id, state: 'unverified', title: 'New title', revision: 2 }
    equal(await store.get(id), kept)
  })

  test('an id that no row has is nothing', async (store) => {
    for (const id of ['999999', 'x', '', '1; DROP', '0x1']) {
      equal(await store.get(id), null)
      equal(await store.update(id, 1, change), false)
    }
    equal(await store.find('nothing', 'https://nothing.example/'), null)
  })

  test('a trackback is removed in the revision that is asked for, and its source is new then', async (store) => {
    const id = await add(store)
    await add(store, { url: 'https://b.example/' })
    equal(await store.update(id, 1, { ...change, state: 'held' }), true)
    const removals: boolean[] = []
    for (const revision of [1, 2, 2]) removals.push(await store.remove(id, revision))
    equal(removals, [false, true, false])
    equal([await store.remove('999', 1), await store.get(id), await store.count({})], [false, null, 1])
    equal((await store.list({ postId: '18521/60408081' })).items.length, 1)
    const again = await store.add(sampleTrackback())
    equal([again.outcome, again.id === id], ['added', false])
  })

  test('once it is closed, every method rejects with CLOSED', async (store) => {
    const adding = store.add(sampleTrackback())
    await store.close()
    equal((await adding).outcome, 'added')
    const { jobs, records } = store
    const added = store.add(sampleTrackback())
    const calls = [added, store.list({}), jobs.buried('verify'), records.get('block', 'x')]
    await Promise.all(calls.map((call) => rejects(call, { name: 'TrackbackError', code: 'CLOSED' })))
  })
}
