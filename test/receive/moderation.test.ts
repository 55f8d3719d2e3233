import { describe, expect, it } from 'vitest'
import { RetryLater } from '../../src/jobs/queue.js'
import { recordJudgement } from '../../src/receive/moderation.js'
import { createMemoryStore } from '../../src/store/memory.js'
import { servePages } from '../support/servers.js'
import { isAccepted, post, receiverWith, send } from './support.js'

describe('moderation', () => {
  it('blocks a source, a host or a client, and takes the block back', async () => {
    const receiver = receiverWith({ publish: 'always' })
    await receiver.moderation.block({ host: 'other.example' }, 'spam')
    const reply = await send(receiver, undefined, 'url=http://www.other.example/2')
    expect(reply.body).toContain('Pings from this source are not accepted.')
    expect(await receiver.moderation.blocks()).toMatchObject([
      { kind: 'host', value: 'other.example', reason: 'spam' },
    ])
    expect(await receiver.moderation.unblock({ host: 'other.example' })).toBe(true)
    expect(isAccepted(await send(receiver, undefined))).toBe(true)
    await receiver.moderation.block({ address: '192.0.2.1' })
    expect(isAccepted(await send(receiver, undefined, 'url=http://c.example/'))).toBe(false)
  })

  it('does one thing to many, and keeps when and why', async () => {
    const receiver = receiverWith({ publish: 'always', onError: () => {}, now: () => 1_800_000_000_000 })
    for (const name of ['a', 'b', 'c']) await send(receiver, undefined, `url=http://${name}.example/`)
    const { items } = await receiver.list(post.id)
    const ids = [...items.map(({ id }) => id), 'absent']
    expect(await receiver.moderation.each('remove', ids, 'off topic')).toBe(3)
    const [removed] = (await receiver.moderation.list({ state: 'removed' })).items
    expect(removed?.history).toEqual([
      { at: 1_800_000_000_000, state: 'removed', by: 'author', reason: 'off topic' },
    ])
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
    const looks = async () => (await store.list({})).items[0]?.verification?.looks ?? 0
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

describe('recordJudgement', () => {
  const verification = { outcome: 'linked', reason: 'the page links', checkedAt: 1, looks: 1 }
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
    expect((await store.list({})).items[0]?.state).toBe('pending')
  })
})
