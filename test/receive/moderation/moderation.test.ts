import { describe, expect, it } from 'vitest'
import { RetryLater } from '../../../src/queue/queue.js'
import { recordJudgement } from '../../../src/receive/policy/history.js'
import { createMemoryStore } from '../../../src/store/memory/store.js'
import { servePages } from '../../support/servers.js'
import { isAccepted, post, receiverWith, send } from '../support.js'

describe('moderation', () => {
  it('blocks a source, a host or a client, and takes the block back', async () => {
    const receiver = receiverWith({ publish: 'always' })
    await receiver.moderation.block({ kind: 'host', value: 'other.example' }, 'spam')
    const reply = await send(receiver, undefined, 'url=http://www.other.example/2')
    expect(reply.body).toContain('Pings from this source are not accepted.')
    expect(await receiver.moderation.blocks()).toMatchObject([
      { kind: 'host', value: 'other.example', reason: 'spam' },
    ])
    expect(await receiver.moderation.unblock({ kind: 'host', value: 'other.example' })).toBe(true)
    expect(isAccepted(await send(receiver, undefined))).toBe(true)
    await receiver.moderation.block({ kind: 'address', value: '192.0.2.1' })
    expect(isAccepted(await send(receiver, undefined, 'url=http://c.example/'))).toBe(false)
  })

  it('does one thing to many, and keeps when and why', async () => {
    const receiver = receiverWith({ publish: 'always', onError: () => {}, now: () => 1_800_000_000_000 })
    for (const name of ['a', 'b', 'c']) await send(receiver, undefined, `url=http://${name}.example/`)
    const { items } = await receiver.list(post.id)
    const ids = [...items.map(({ id }) => id), 'absent']
    expect(await receiver.moderation.bulk('remove', ids, 'off topic', 'hanako')).toBe(3)
    const [removed] = (await receiver.moderation.list({ state: 'removed' })).items
    const entry = { at: 1_800_000_000_000, state: 'removed', by: 'author', action: 'remove' }
    expect(removed?.history).toEqual([{ ...entry, reason: 'off topic', user: 'hanako', before: 'published' }])
  })

  it('lists by state, and refuses one that there is none of', async () => {
    const { moderation } = receiverWith()
    expect(await moderation.list({ state: 'held' })).toEqual({ items: [] })
    await expect(moderation.list({ state: 'spam' as never })).rejects.toThrow(
      new TypeError("unknown state 'spam'; use unverified, held, published, rejected, removed"),
    )
  })

  it('gives null for an id there is not', async () => {
    expect(await receiverWith({ publish: 'always' }).moderation.publish('12345')).toBeNull()
  })

  it('removed stays removed; what the receiver rejected by itself is verified anew when it is sent again', async () => {
    let time = Date.now()
    const pages: Record<string, string | undefined> = { '/entry': 'no link' }
    const source = await servePages(pages)
    const store = createMemoryStore()
    const options = { publish: 'verified', verifyAfter: 0, allowHosts: [source.host], store } as const
    const receiver = receiverWith({ onError: () => {}, ...options, now: () => time })
    const state = async () => (await store.list({})).items[0]?.state
    const looks = async () => (await store.list({})).items[0]?.verification?.attempts ?? 0
    await send(receiver, undefined, `url=${source.origin}/entry`)
    for (let look = 1; look <= 3; look += 1) {
      await expect.poll(looks, { timeout: 5000 }).toBe(look)
      time += 61 * 60_000
    }
    expect(await state()).toBe('rejected')
    pages['/entry'] = `<a href="${post.url}">x</a>`
    await send(receiver, undefined, `url=${source.origin}/entry`)
    await expect.poll(state, { timeout: 5000 }).toBe('published')
    await receiver.moderation.remove((await store.list({})).items[0]?.id ?? '')
    await send(receiver, undefined, `url=${source.origin}/entry`)
    await new Promise((resolve) => setTimeout(resolve, 200))
    expect(await state()).toBe('removed')
  }, 20_000)
})

describe('a decision that stands already', () => {
  it.each(['publish', 'hold', 'reject', 'remove', 'spam', 'notSpam'] as const)(
    'changes nothing and tells nobody when it is made again: %s',
    async (action) => {
      const told: string[] = []
      const learn = (_: unknown, __: unknown, isSpam: boolean) => void told.push(`spam: ${isSpam}`)
      const receiver = receiverWith({
        publish: 'always',
        onEvent: ({ type }) => told.push(type),
        checks: [{ name: 'learns', judge: () => null, learn }],
      })
      await send(receiver)
      const id = (await receiver.list(post.id)).items[0]?.id ?? ''
      const first = await receiver.moderation[action](id, 'why', 'hanako')
      const before = [...told]
      expect(await receiver.moderation[action](id, 'again', 'taro')).toEqual(first)
      expect(told).toEqual(before)
      expect(await receiver.moderation.undo(id)).toMatchObject({ state: 'published' })
      expect(await receiver.moderation.undo(id)).toBeNull()
    },
  )

  it('by the receiver alone is made by the author then, and no second event tells of the same state', async () => {
    const told: string[] = []
    const receiver = receiverWith({ publish: 'always', onEvent: ({ type }) => told.push(type) })
    await send(receiver)
    const id = (await receiver.list(post.id)).items[0]?.id ?? ''
    expect((await receiver.moderation.publish(id))?.history).toMatchObject([
      { by: 'author', action: 'publish' },
    ])
    await receiver.moderation.undo(id)
    expect(told).toEqual(['received', 'published'])
  })
})

describe('a ping that is sent again', () => {
  const linked = { outcome: 'linked', reason: '', checkedAt: 1, attempts: 1 } as const
  const unreached = { ...linked, outcome: 'unreachable' } as const
  const decided = [{ at: 1, state: 'held', by: 'author', action: 'hold', reason: '' }] as const
  it.each([
    ['the receiver rejected', 'rejected', { ...linked, outcome: 'not-linked' }, [], true],
    ['is held as its source gave no answer', 'held', unreached, [], true],
    ['is held for what it says', 'held', linked, [], false],
    ['is held and was never looked at', 'held', null, [], false],
    ['the author put on hold', 'held', unreached, decided, false],
    ['the author rejected', 'rejected', unreached, decided, false],
  ] as const)(
    'that %s is verified anew with its new text: %s',
    async (_, state, verification, history, isAnew) => {
      const store = createMemoryStore()
      const receiver = receiverWith({ store, worker: false })
      await send(receiver)
      const [first] = (await store.list({})).items
      await store.update(first?.id ?? '', 1, { state, verification, checks: [], history })
      const [job] = await store.jobs.claim({ kind: 'verify', now: 1e15, lease: 1, limit: 1, perGroup: 1 })
      if (job) await store.jobs.finish(job)
      expect(isAccepted(await send(receiver, undefined, 'url=http://other.example/1&title=New'))).toBe(true)
      const jobs = await store.jobs.claim({ kind: 'verify', now: 1e15, lease: 1, limit: 9, perGroup: 9 })
      const [second] = (await store.list({})).items
      const expected = isAnew ? ['unverified', 'New', null, 1] : [state, 'T', verification, 0]
      expect([second?.state, second?.title, second?.verification, jobs.length]).toEqual(expected)
    },
  )
})

describe('undo', () => {
  async function held(now = () => 1000) {
    const events: string[] = []
    const store = createMemoryStore()
    const onEvent = ({ type }: { type: string }) => void events.push(type)
    const receiver = receiverWith({ publish: 'always', store, onEvent, now })
    await send(receiver)
    const id = (await store.list({})).items[0]?.id ?? ''
    return { ...receiver, store, id, events, state: async () => (await store.get(id))?.state }
  }

  it.each(['publish', 'hold', 'reject', 'remove', 'spam', 'notSpam'] as const)(
    'takes back %s: the state before is there again, and the history has both',
    async (action) => {
      const { moderation, id, store, events } = await held()
      const first = action === 'hold' ? 'reject' : 'hold'
      const before = action === 'hold' ? 'rejected' : 'held'
      await moderation[first](id)
      await moderation[action](id, undefined, 'hanako')
      expect(await moderation.undo(id, undefined, 'hanako')).toMatchObject({ state: before })
      expect((await store.get(id))?.history).toMatchObject([
        { action: first, before: 'published' },
        { action, before, user: 'hanako' },
        { action: 'undo', state: before, by: 'author', reason: '', user: 'hanako' },
      ])
      expect(events.at(-1)).toBe(before)
    },
  )

  it('goes back decision by decision, and no further than the author has decided', async () => {
    const { moderation, id, state } = await held()
    for (const action of ['hold', 'remove'] as const) await moderation[action](id)
    const states = []
    for (let times = 0; times < 2; times += 1) states.push((await moderation.undo(id))?.state)
    expect([...states, await moderation.undo(id), await state()]).toEqual([
      'held',
      'published',
      null,
      'published',
    ])
    expect(await moderation.undo('12345')).toBeNull()
  })

  it('gives the decision back to the receiver: a trackback that was not verified yet is verified', async () => {
    const source = await servePages({ '/entry': `<a href="${post.url}">x</a>` })
    const store = createMemoryStore()
    const idle = receiverWith({ store, worker: false })
    await send(idle, undefined, `url=${source.origin}/entry`)
    const id = (await store.list({})).items[0]?.id ?? ''
    await idle.moderation.remove(id)
    const [job] = await store.jobs.claim({ kind: 'verify', now: 1e15, lease: 1, limit: 1, perGroup: 1 })
    if (job) await store.jobs.finish(job)
    await receiverWith({ allowHosts: [source.host], store }).moderation.undo(id)
    await expect.poll(async () => (await store.get(id))?.state, { timeout: 5000 }).toBe('published')
    expect((await store.get(id))?.history.at(-1)).toMatchObject({ by: 'policy', state: 'published' })
  })

  it('leaves what was published unverified unverified', async () => {
    const { moderation, id, store } = await held()
    await moderation.remove(id)
    await moderation.undo(id)
    const jobs = await store.jobs.claim({ kind: 'verify', now: 1e15, lease: 1, limit: 9, perGroup: 9 })
    expect(jobs).toEqual([])
  })

  it('goes from what an earlier release wrote, which does not say what was before, back to waiting', async () => {
    const { moderation, id, store } = await held()
    const history = [{ at: 1, state: 'removed', by: 'author', reason: '' }] as const
    await store.update(id, 1, { state: 'removed', verification: null, checks: [], history })
    expect(await moderation.undo(id)).toMatchObject({ state: 'held' })
  })

  it('of one decision leaves what somebody decides at that moment', async () => {
    let time = 0
    const { moderation, id, store } = await held(() => (time += 1))
    const at = (await moderation.spam(id))?.history.at(-1)?.at
    const get = store.get
    store.get = async (asked) => {
      store.get = get
      const before = await get(asked)
      await moderation.remove(id, 'off topic', 'taro')
      return before
    }
    expect(await moderation.undo(id, undefined, 'hanako', at)).toBeNull()
    expect(await store.get(id)).toMatchObject({ state: 'removed' })
    expect(await moderation.undo(id)).toMatchObject({ state: 'rejected' })
    expect(await moderation.undo(id, undefined, 'hanako', at)).toMatchObject({ state: 'published' })
  })

  it('keeps the last hundred entries of a history', async () => {
    const { moderation, id, store } = await held()
    for (let times = 0; times < 60; times += 1) {
      await moderation.hold(id)
      await moderation.publish(id)
    }
    expect((await store.get(id))?.history).toHaveLength(100)
    expect(await moderation.undo(id)).toMatchObject({ state: 'held' })
  })
})

describe('recordJudgement', () => {
  const verification = { outcome: 'linked', reason: 'the page links', checkedAt: 1, attempts: 1 }
  const judgement = { state: 'rejected', reason: 'gone', verification, checks: [] } as const

  it('leaves what the author decided while the receiver was looking', async () => {
    const store = createMemoryStore()
    const receiver = receiverWith({ publish: 'always', store })
    await send(receiver)
    const [judged] = (await store.list({})).items
    await receiver.moderation.publish(judged?.id ?? '')
    const after = judged && (await recordJudgement(store, judged, judgement))
    expect(after).toMatchObject({ state: 'published', verification: { outcome: 'linked' } })
  })

  it('asks for another look where the ping was sent again meanwhile: the checks judged another text', async () => {
    const store = createMemoryStore()
    const receiver = receiverWith({ store, verifyAfter: 60_000 })
    await send(receiver)
    const [judged] = (await store.list({})).items
    await send(receiver, undefined, 'url=http://other.example/1&title=casino')
    if (!judged) throw new Error('nothing was kept')
    await expect(recordJudgement(store, judged, { ...judgement, state: 'published' })).rejects.toThrow(
      RetryLater,
    )
    expect((await store.list({})).items[0]?.state).toBe('unverified')
  })
})
