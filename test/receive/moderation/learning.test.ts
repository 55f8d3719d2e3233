import { describe, expect, it } from 'vitest'
import type { Check } from '../../../src/receive/checks/check.js'
import { createMemoryStore } from '../../../src/store/memory/store.js'
import { servePages } from '../../support/servers.js'
import { post, receiverWith, send } from '../support.js'

describe('checks', () => {
  const judge = async (check: Check) => {
    const source = await servePages({ '/entry': `<a href="${post.url}">x</a>` })
    const store = createMemoryStore()
    const receiver = receiverWith({
      onError: () => {},
      ...{ store, publish: 'verified', verifyAfter: 0 },
      ...{ allowHosts: [source.host], checks: [check] },
    })
    await send(receiver, undefined, `url=${source.origin}/entry`)
    await expect.poll(async () => (await store.list({})).items[0]?.state).not.toBe('unverified')
    return { receiver, trackback: (await store.list({})).items[0] }
  }

  it('that speak against a trackback have it held, with the log of what they said', async () => {
    const { receiver, trackback } = await judge({
      name: 'taste',
      judge: () => ({ score: -1, reason: 'bad taste' }),
    })
    expect(trackback).toMatchObject({
      state: 'held',
      checks: [{ check: 'taste', score: -1, reason: 'bad taste' }],
    })
    expect((await receiver.moderation.held()).items).toHaveLength(1)
  })

  it('that abstain or speak for it let it be shown', async () => {
    expect((await judge({ name: 'none', judge: () => null })).trackback?.state).toBe('published')
    expect((await judge({ name: 'for', judge: () => ({ score: 1, reason: '' }) })).trackback?.state).toBe(
      'published',
    )
  })

  it('learn what the author marks', async () => {
    const learned: boolean[] = []
    const { receiver, trackback } = await judge({
      name: 'learning',
      judge: () => null,
      learn: async (_trackback, _post, isSpam) => {
        learned.push(isSpam)
      },
    })
    expect((await receiver.moderation.spam(trackback?.id ?? ''))?.state).toBe('rejected')
    expect((await receiver.moderation.notSpam(trackback?.id ?? ''))?.state).toBe('published')
    expect(learned).toEqual([true, false])
  })

  it('learn the contrary of what the author takes back', async () => {
    const learned: boolean[] = []
    const learn = async (_: unknown, __: unknown, isSpam: boolean) => void learned.push(isSpam)
    const { receiver, trackback } = await judge({ name: 'learning', judge: () => null, learn })
    const id = trackback?.id ?? ''
    for (const action of ['spam', 'notSpam', 'hold'] as const) await receiver.moderation[action](id)
    for (let times = 0; times < 3; times += 1) await receiver.moderation.undo(id)
    expect(learned).toEqual([true, false, true, false])
  })

  it('know a host no longer whose publishing was taken back, and again where its rejection was', async () => {
    const { receiver, trackback } = await judge({ name: 'against', judge: () => ({ score: -1, reason: '' }) })
    const id = trackback?.id ?? ''
    const isKnown = async () => (await receiver.store.records.get('known-host', '127.0.0.1')) !== null
    const seen: boolean[] = []
    await receiver.moderation.publish(id)
    seen.push(await isKnown())
    await receiver.moderation.reject(id)
    seen.push(await isKnown())
    await receiver.moderation.undo(id)
    seen.push(await isKnown())
    await receiver.moderation.undo(id)
    seen.push(await isKnown())
    expect(seen).toEqual([true, false, true, false])
  })
})
