import { describe, expect, it } from 'vitest'
import { createMemoryStore } from '../../src/store/memory/store.js'
import { form, formType, serve } from '../support/servers.js'
import { post, receiverWith, send, type TestReceiverOptions } from './support.js'

async function source() {
  const { origin } = await serve((_, response) => {
    response.setHeader('content-type', 'text/html')
    response.end(`<title>JAL</title><p>I read <a href="${post.url}">this</a>.`)
  })
  return { origin, allowHosts: [new URL(origin).host] }
}

function called(options: TestReceiverOptions) {
  return receiverWith({ worker: false, ...options })
}

describe('runDue of a receiver', () => {
  it('verifies what is due, and nothing else in the process does', async () => {
    const { origin, allowHosts } = await source()
    const receiver = called({ allowHosts })
    await send(receiver, undefined, `url=${origin}/1`)
    await new Promise((resolve) => setTimeout(resolve, 300))
    expect(await receiver.count(post.id)).toBe(0)
    expect(await receiver.runDue()).toEqual({ done: 0, later: 1, failed: 0 })
    expect(await receiver.count(post.id)).toBe(1)
    expect(await receiver.runDue()).toEqual({ done: 0, later: 0, failed: 0 })
  })

  it('waits for the listeners that it led to', async () => {
    const { origin, allowHosts } = await source()
    let ended = false
    const onEvent = async ({ type }: { type: string }) => {
      if (type !== 'verified') return
      await new Promise((resolve) => setTimeout(resolve, 100))
      ended = true
    }
    const receiver = called({ allowHosts, onEvent })
    await send(receiver, undefined, `url=${origin}/1`)
    await receiver.runDue()
    expect(ended).toBe(true)
  })

  it('ends early by its signal: what runs is given back', async () => {
    const controller = new AbortController()
    const { origin } = await serve(() => controller.abort(new Error('time is up')))
    const receiver = called({ allowHosts: [new URL(origin).host] })
    for (const name of [1, 2, 3]) await send(receiver, undefined, `url=${origin}/${name}`)
    const { done, failed } = await receiver.runDue({ signal: controller.signal })
    expect([done, failed]).toEqual([0, 0])
    expect(await receiver.runDue({ signal: AbortSignal.abort() })).toEqual({ done: 0, later: 0, failed: 0 })
  })

  it('tidies once its hour has come, as a worker does', async () => {
    let time = Date.now()
    const store = createMemoryStore()
    const receiver = called({ store, now: () => time })
    await store.records.put('note', 'old', '', 0, Date.now() + 50)
    await receiver.runDue()
    time += 3_600_000
    expect(await receiver.runDue()).toEqual({ done: 1, later: 0, failed: 0 })
  })

  it('rejects where the queue has workers of its own, and for an option that there is none of', async () => {
    const queue = { async enqueue() {}, listen: () => expect.fail('listens'), async close() {} }
    await expect(called({ queue }).runDue()).rejects.toThrow('this queue has no runDue')
    await expect(called({}).runDue({ until: 'idle' } as never)).rejects.toThrow(
      "unknown name 'until'; use signal",
    )
  })
})

describe('waitUntil of fetch', () => {
  const request = (body: string, method = 'POST') =>
    new Request(`http://my.example/t/trackback/${post.id}`, {
      method,
      ...(method === 'POST' && { body: form({ url: body }), headers: { 'content-type': formType } }),
    })

  it('is given the verification of a ping that was accepted', async () => {
    const { origin, allowHosts } = await source()
    const receiver = called({ allowHosts })
    const work: Promise<unknown>[] = []
    const waitUntil = (each: Promise<unknown>) => void work.push(each)
    expect((await receiver.fetch(request(`${origin}/1`), { waitUntil })).status).toBe(200)
    await Promise.all(work)
    expect([work.length, await receiver.count(post.id)]).toEqual([1, 1])
    await receiver.fetch(request('', 'GET'), { waitUntil })
    expect(work.length).toBe(1)
  })

  it('is given nothing that rejects: errors go to onError', async () => {
    const errors: unknown[] = []
    const store = createMemoryStore()
    const receiver = called({ store, onError: (error) => errors.push(error) })
    const work: Promise<unknown>[] = []
    await receiver.fetch(request('http://a.example/'), { waitUntil: (each) => void work.push(each) })
    await store.close()
    await Promise.all(work)
    expect(errors).toMatchObject([{ code: 'CLOSED' }])
  })
})
