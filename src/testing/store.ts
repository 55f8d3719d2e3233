import { deepStrictEqual as equal, ok, rejects } from 'node:assert'
import type { Store } from '../store/store.js'
import { testJobs } from './jobs.js'
import { testLists } from './lists.js'
import { testRecords } from './records.js'
import { testRemoval } from './removal.js'
import { type CreateStore, type StoreTest, sampleTrackback, type TestFunction } from './sample.js'
import { testSearch } from './search.js'

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
  const using = (name: string, body: (store: Store) => Promise<void>): unknown =>
    test(name, async () => {
      const store = await create()
      try {
        await body(store)
      } finally {
        await store.close()
      }
    })
  testAdditions(using)
  testTexts(using)
  testUpdates(using)
  testLists(using)
  testSearch(using)
  testRemoval(using)
  testJobs(using)
  testRecords(using)
}

function testAdditions(test: StoreTest): void {
  test('what was added is read back as it was received', async (store) => {
    const addition = await store.add(sampleTrackback())
    equal(addition.outcome, 'added')
    const kept = await store.get(addition.id ?? '')
    const expected = {
      ...sampleTrackback(),
      id: addition.id,
      verification: null,
      checks: [],
      history: [],
      revision: 1,
    }
    equal(kept, expected)
    equal(await store.find('18521/60408081', 'https://blog.example/entry'), expected)
  })

  test('a repeat replaces the text until the trackback is decided on, and keeps id, time and state', async (store) => {
    const { id } = await store.add(sampleTrackback())
    const repeat = await store.add(sampleTrackback({ title: 'New title', receivedAt: 1_700_000_999_999 }))
    equal(repeat, { outcome: 'replaced', id })
    const kept = await store.get(id ?? '')
    equal([kept?.title, kept?.state, kept?.receivedAt], ['New title', 'unverified', 1_700_000_000_123])
  })

  for (const state of ['held', 'published', 'rejected', 'removed'] as const) {
    test(`a repeat changes nothing of a trackback that is ${state}`, async (store) => {
      const { id } = await store.add(sampleTrackback({ state }))
      equal(await store.add(sampleTrackback({ title: 'Forged' })), { outcome: 'known' })
      const kept = await store.get(id ?? '')
      equal([kept?.title, kept?.state], ['JALの対応を評価する', state])
    })
  }

  test('of many additions of one source at once exactly one is new', async (store) => {
    for (const job of [
      undefined,
      { kind: 'verify', key: 'k', group: 'blog.example', payload: '', runAt: 5 },
    ]) {
      const postId = job ? 'with a job' : 'without'
      const additions = await Promise.all(
        Array.from({ length: 40 }, () => store.add(sampleTrackback({ postId }), job)),
      )
      equal(additions.filter(({ outcome }) => outcome === 'added').length, 1)
      equal(await store.count({ postId }), 1)
    }
  })

  test('additions that come at once get each the id of what was kept', async (store) => {
    await store.add(sampleTrackback({ url: 'https://blog.example/7' }))
    const urls = Array.from({ length: 75 }, (_, index) => `https://blog.example/${index % 70}`)
    const additions = await Promise.all(urls.map((url) => store.add(sampleTrackback({ url }))))
    const kept = await Promise.all(additions.map(({ id }) => store.get(id ?? '')))
    equal(
      kept.map((trackback) => trackback?.url),
      urls,
    )
    equal(additions.filter(({ outcome }) => outcome === 'added').length, 69)
  })

  test('one source may be kept under several posts', async (store) => {
    await store.add(sampleTrackback({ postId: 'a' }))
    await store.add(sampleTrackback({ postId: 'b' }))
    equal([await store.count({ postId: 'a' }), await store.count({})], [1, 2])
    equal([await store.count({}, { atMost: 1 }), await store.count({}, { atMost: 3 })], [1, 2])
  })

  test('a job given with an addition is added with it, and not for what was known', async (store) => {
    const job = { kind: 'verify', key: 'k', group: 'blog.example', payload: '["p"]', runAt: 5 }
    await store.add(sampleTrackback(), job)
    await store.add(sampleTrackback({ url: 'https://other.example/', state: 'published' }))
    await store.add(sampleTrackback({ url: 'https://other.example/' }), { ...job, key: 'other' })
    const claimed = await store.jobs.claim({ kind: 'verify', now: 10, lease: 100, limit: 10, perGroup: 10 })
    equal(
      claimed.map(({ key, payload }) => [key, payload]),
      [['k', '["p"]']],
    )
  })
}

function testTexts(test: StoreTest): void {
  const texts = {
    'beyond the basic plane': '𠮷野家 👨‍👩‍👧‍👦',
    'of ten thousand characters': '字'.repeat(10_000),
    'that looks like SQL': `'; DROP TABLE x; -- " ? $1 :a`,
    'that is empty': '',
  }
  for (const [name, text] of Object.entries(texts)) {
    test(`text ${name} is kept as it is`, async (store) => {
      const { id } = await store.add(
        sampleTrackback({ postId: `p${text}`, title: text, excerpt: text, blogName: text }),
      )
      const kept = await store.get(id ?? '')
      equal([kept?.postId, kept?.title, kept?.excerpt, kept?.blogName], [`p${text}`, text, text, text])
      equal((await store.list({ postId: `p${text}` })).items.length, 1)
    })
  }

  test('NUL and lone surrogates harm nothing', async (store) => {
    const { id } = await store.add(sampleTrackback({ title: 'a\0b\ud800c', excerpt: 'intact' }))
    const kept = await store.get(id ?? '')
    ok(kept?.title.startsWith('a') && kept.title.endsWith('c') && kept.title.includes('b'))
    equal(kept?.excerpt, 'intact')
  })
}

function testUpdates(test: StoreTest): void {
  const verification = {
    outcome: 'linked',
    reason: { code: 'linked' } as const,
    checkedAt: 7,
    attempts: 1,
    finalUrl: 'https://b.example/',
    passage: { before: '…昨日の ', link: '“JAL”', after: '' },
  }
  const history = [
    { at: 7, state: 'published', by: 'policy', reason: { code: 'linked' } },
    {
      at: 8,
      state: 'removed',
      by: 'author',
      reason: '',
      action: 'remove',
      user: '花子',
      before: 'published',
    },
  ] as const
  const checks = [{ check: 'links', score: -3.5, reason: '日本 “reason”' }]
  const change = { state: 'published', verification, checks, history } as const

  test('an update is read back', async (store) => {
    const { id = '' } = await store.add(sampleTrackback())
    equal(await store.update(id, 1, change), true)
    equal(await store.get(id), { ...sampleTrackback(), ...change, id, revision: 2 })
  })

  test('what is past its time expires, and nothing else', async (store) => {
    await store.add(sampleTrackback({ url: 'https://a.example/', state: 'rejected', receivedAt: 100 }))
    await store.add(sampleTrackback({ url: 'https://b.example/', state: 'rejected', receivedAt: 300 }))
    await store.add(sampleTrackback({ url: 'https://c.example/', state: 'published', receivedAt: 100 }))
    equal(await store.expire({ rejectedBefore: 200 }), 1)
    equal(await store.expire({ clientIpsBefore: 200 }), 1)
    equal(await store.expire({ rejectedBefore: 200, clientIpsBefore: 200 }), 0)
    const { items } = await store.list({})
    equal(
      items.map(({ url, clientIp }) => [url, clientIp]),
      [
        ['https://c.example/', null],
        ['https://b.example/', '192.0.2.1'],
      ],
    )
    equal((await store.add(sampleTrackback({ url: 'https://a.example/' }))).outcome, 'added')
  })

  test('what is added with its facts keeps them, and a repeat does not replace them', async (store) => {
    const { id = '' } = await store.add(sampleTrackback({ ...change, state: 'unverified' }))
    await store.add(sampleTrackback({ title: 'New title', history: [] }))
    const kept = { ...sampleTrackback(), ...change, id, state: 'unverified', title: 'New title', revision: 2 }
    equal(await store.get(id), kept)
  })

  test('an update of an older revision is refused', async (store) => {
    const { id = '' } = await store.add(sampleTrackback())
    const results = await Promise.all([store.update(id, 1, change), store.update(id, 1, change)])
    equal(results.sort(), [false, true])
  })

  test('an id that no row has is nothing', async (store) => {
    for (const id of ['999999', 'x', '', '1; DROP', '0x1']) {
      equal(await store.get(id), null)
      equal(await store.update(id, 1, change), false)
    }
    equal(await store.find('nothing', 'https://nothing.example/'), null)
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
