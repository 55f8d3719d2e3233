import { describe, expect, it } from 'vitest'
import type { ReceiverContext } from '../../../src/receive/options/context.js'
import { type ReceiverLimits, resolveReceiverLimits } from '../../../src/receive/options/limits.js'
import { endWaiting } from '../../../src/receive/verify/tidy-job.js'
import { openSqlite } from '../../../src/sql/sqlite/open.js'
import { createMemoryStore } from '../../../src/store/memory/store.js'
import type { HistoryEntry, NewTrackback, Store, Trackback } from '../../../src/store/store.js'
import { sampleTrackback } from '../../../src/testing/sample.js'
import { day, receiverWith } from '../support.js'

const now = 200 * day

const stores = [
  ['memory', createMemoryStore],
  ['SQLite', () => openSqlite(':memory:')],
] as const

describe.each(stores)('trackbacks that nobody decided on, in %s', (_, create) => {
  async function add(
    store: Store,
    name: string,
    given: Partial<NewTrackback>,
    outcome?: string,
    by?: 'author',
  ) {
    const { id = '' } = await store.add(
      sampleTrackback({ url: `http://a.example/${name}`, receivedAt: now, ...given }),
    )
    const state = given.state ?? 'unverified'
    const verification = outcome
      ? { outcome, reason: '', checkedAt: given.receivedAt ?? now, attempts: 1 }
      : null
    const history: HistoryEntry[] = by ? [{ at: now, by, state, reason: '' }] : []
    await store.update(id, 1, { state, verification, checks: [], history })
    return id
  }

  async function end(store: Store, limits: ReceiverLimits = {}) {
    const told: string[] = []
    const happened = (type: string, { url }: NewTrackback) => {
      expect(type).toBe('expired')
      told.push(url.slice(17))
    }
    const context = { store, limits: resolveReceiverLimits(limits), events: { happened } }
    await endWaiting(context as unknown as ReceiverContext, now)
    const { items } = await store.list({})
    return { told, left: items.map(({ url }) => url.slice(17)) }
  }

  it.each([
    [undefined, 90],
    [{ maxHeldDays: 3 }, 3],
  ])('are deleted when their days are over, and an event tells of each (%o)', async (limits, days) => {
    const store = create()
    const old = { receivedAt: now - days * day - 1 }
    const young = { receivedAt: now - days * day + 1 }
    await add(store, 'held', { ...old, state: 'held' }, 'linked')
    await add(store, 'unreachable', { ...old, state: 'held' }, 'unreachable')
    await add(store, 'unverified', old)
    await add(store, 'young', { ...young, state: 'held' })
    await add(store, 'put on hold by the author', { ...old, state: 'held' }, 'linked', 'author')
    await add(store, 'published', { ...old, state: 'published' })
    await add(store, 'removed', { ...old, state: 'removed' })
    const { told, left } = await end(store, limits)
    expect(told.sort()).toEqual(['held', 'unreachable', 'unverified'])
    expect(left).toEqual(['put on hold by the author', 'published', 'removed', 'young'])
  })

  it('wait from when the author gave them back: what is old is not gone as soon as a decision is undone', async () => {
    const store = create()
    const old = { receivedAt: now - 91 * day, state: 'held' } as const
    const decided = { state: 'published', by: 'author', reason: '' } as const
    const undone = { at: now - day, state: 'held', by: 'author', action: 'undo', reason: '' } as const
    for (const [name, history] of [
      ['never decided on', []],
      ['given back', [{ ...decided, at: now - 2 * day }, undone]],
    ] as const) {
      const id = await add(store, name, old, 'linked')
      await store.update(id, 2, { ...((await store.get(id)) as Trackback), history })
    }
    expect((await end(store)).left).toEqual(['given back'])
  })

  it.each([
    ['in all', { maxWaiting: 3 }],
    ['for one post', { maxWaitingPerPost: 3 }],
  ])('are deleted beyond their number %s, the oldest that were never reached first', async (_, limits) => {
    const store = create()
    for (const [index, outcome] of [
      'linked',
      'unreachable',
      'linked',
      undefined,
      'unreachable',
      undefined,
    ].entries()) {
      await add(
        store,
        `${index}`,
        { receivedAt: now + index, state: index % 2 ? 'held' : 'unverified' },
        outcome,
      )
    }
    await add(store, 'shown', { state: 'published' })
    const { told, left } = await end(store, limits)
    expect(told.sort()).toEqual(['1', '3', '4'])
    expect(left).toEqual(['0', 'shown', '2', '5'])
  })

  it('of one post leave those of another alone', async () => {
    const store = create()
    for (let index = 0; index < 8; index += 1) {
      await add(store, `${index}`, { postId: index < 6 ? 'flooded' : 'quiet', receivedAt: now + index })
    }
    expect((await end(store, { maxWaitingPerPost: 2 })).left).toEqual(['4', '5', '6', '7'])
  })

  it('of one blog leave those of another alone, and those of no blog are no blog', async () => {
    const store = create()
    for (let index = 0; index < 9; index += 1) {
      const blog = index < 5 ? 'flooded' : index < 7 ? 'quiet' : ''
      await add(store, `${index}`, { postId: `${index}`, blog, receivedAt: now + index })
    }
    expect((await end(store, { maxWaitingPerBlog: 1 })).left).toEqual(['4', '6', '7', '8'])
  })

  it('end within a page, and over many pages', async () => {
    const store = create()
    for (let index = 0; index < 1100; index += 1) await add(store, `${index}`, { receivedAt: now + index })
    const { left, told } = await end(store, { maxWaiting: 30 })
    expect([told.length, left.length, left[0]]).toEqual([1070, 30, '1070'])
  })
})

describe('a receiver', () => {
  it.each(['maxHeldDays', 'maxWaiting', 'maxWaitingPerPost'])(
    'refuses a %s that is no positive integer',
    (name) => {
      for (const value of [0, -1, 0.5, Number.NaN, '9']) {
        expect(() => receiverWith({ limits: { [name]: value } })).toThrow(
          `${name} must be a positive integer`,
        )
      }
    },
  )
})
