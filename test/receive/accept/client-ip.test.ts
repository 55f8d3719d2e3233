import { describe, expect, it } from 'vitest'
import { createMemoryStore } from '../../../src/store/memory/store.js'
import { day, post, receiverWith, send } from '../support.js'

describe('clientIps', () => {
  const kept = async (clientIps: 'address' | 'none') => {
    const receiver = receiverWith({ publish: 'always', onError: () => {}, clientIps })
    await send(receiver, undefined, 'url=http://a.example/', '192.0.2.1')
    await send(receiver, undefined, 'url=http://b.example/', '192.0.2.1')
    await send(receiver, undefined, 'url=http://c.example/', '192.0.2.2')
    return (await receiver.list(post.id)).items.map(({ clientIp }) => clientIp)
  }

  it('are kept as they are, or not at all', async () => {
    expect(await kept('address')).toEqual(['192.0.2.1', '192.0.2.1', '192.0.2.2'])
    expect(await kept('none')).toEqual([null, null, null])
  })

  it.each([
    ['192.0.2.1', '192.0.2.1'],
    ['::ffff:192.0.2.1', '192.0.2.1'],
    ['::FFFF:c000:201', '192.0.2.1'],
    ['192.0.2.1:5678', '192.0.2.1'],
    ['2001:DB8:0:0::1', '2001:db8::1'],
    ['[2001:db8::1]:443', '2001:db8::1'],
    ['unix:', null],
    ['unknown', null],
    ['192.0.2.1, 192.0.2.2', null],
    ['"><b>', null],
    ['x'.repeat(500), null],
    ['', null],
  ])('keeps %j as %j: a value that is not an address counts as none', async (given, kept) => {
    const seen: (string | null | undefined)[] = []
    const receiver = receiverWith({
      publish: 'always',
      beforeAdmission: ({ clientIp }) => void seen.push(clientIp),
      rateLimits: { perClient: 1 },
    })
    await send(receiver, undefined, 'url=http://a.example/', given)
    await send(receiver, undefined, 'url=http://b.example/', given)
    const addresses = (await receiver.list(post.id)).items.map(({ clientIp }) => clientIp)
    expect([addresses, seen]).toEqual([kept === null ? [null, null] : [kept], [kept, kept]])
  })

  it('are forgotten, and rejected trackbacks deleted, when their days are over', async () => {
    let time = Date.now()
    const store = createMemoryStore()
    const receiver = receiverWith({ publish: 'always', onError: () => {}, store, now: () => time })
    await send(receiver, undefined, 'url=http://a.example/')
    await send(receiver, undefined, 'url=http://b.example/')
    await receiver.moderation.reject((await store.list({})).items[0]?.id ?? '')
    time += 31 * day
    // Hour by hour: the first run after a leap of the clock judges by the hour that it was named after.
    const nextHour = () => {
      time += day / 24
      return store.count({})
    }
    await expect.poll(nextHour, { timeout: 5000 }).toBe(1)
    expect((await store.list({})).items).toMatchObject([{ url: 'http://b.example/', clientIp: null }])
  })
})
