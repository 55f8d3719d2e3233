import { expect, it } from 'vitest'
import { createMemoryStore } from '../../../src/store/memory/store.js'
import { day, failure, post, receiverWith, send, success } from '../support.js'

const refused = failure('Pings from this source are not accepted.')

async function withOne(now: () => number = Date.now) {
  const events: string[] = []
  const store = createMemoryStore()
  const onEvent = ({ type }: { type: string }) => void events.push(type)
  const receiver = receiverWith({ publish: 'always', store, onEvent, now })
  await send(receiver)
  const id = (await store.list({})).items[0]?.id ?? ''
  return { receiver, store, events, id }
}

it('what is erased is gone with its history, and an event tells of it', async () => {
  const { receiver, store, events, id } = await withOne()
  await receiver.moderation.remove(id, 'private')
  expect(await receiver.moderation.erase(id)).toBe(true)
  expect([await store.get(id), await store.count({}), events.at(-1)]).toEqual([null, 0, 'erased'])
  expect(await receiver.moderation.erase(id)).toBe(false)
  await expect(receiver.moderation.erase(7 as never)).rejects.toThrow(TypeError)
})

it('what is erased does not come back by a ping or an import, but under other posts and after its days', async () => {
  let ahead = 0
  const { receiver, store, id } = await withOne(() => Date.now() + ahead)
  await receiver.moderation.erase(id)
  expect((await send(receiver)).body).toBe(refused)
  const old = { postId: post.id, url: 'http://other.example/1', receivedAt: '2005-01-02' }
  expect(await receiver.moderation.import([old])).toEqual([{ outcome: 'known' }])
  expect((await send(receiver, undefined, 'url=http://other.example/2')).body).toBe(success)
  const elsewhere = receiverWith({ store, findPost: () => ({ ...post, id: 'other' }) })
  expect((await send(elsewhere)).body).toBe(success)
  expect((await send(receiverWith({ store, publish: 'always' }))).body).toBe(refused)
  const [record] = (await store.records.list('erased', '')).items
  expect(JSON.stringify(record)).not.toMatch(/example|60408081/)
  // As the store sees it after a year.
  ahead = 366 * day
  await store.records.sweep(Date.now() + ahead)
  expect((await send(receiver)).body).toBe(success)
})

it('what is erased does not come back by a redirect to it either', async () => {
  const { receiver, store, id } = await withOne()
  await receiver.moderation.erase(id)
  const { erased, ...rest } = await import('../../../src/receive/policy/erased.js').then(
    ({ createErased }) => ({
      erased: createErased(store.records, Date.now, 1),
      blocks: { matcher: async () => () => false },
      urls: { isOf: () => false },
    }),
  )
  const { refusalOf } = await import('../../../src/receive/policy/source-rule.js')
  const refusal = refusalOf(new URL('http://other.example/1#x'), post, null, { ...rest, erased } as never)
  expect(await refusal).toBe('blocked')
})
