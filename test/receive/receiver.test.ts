import { describe, expect, it } from 'vitest'
import type { ReceiverOptions } from '../../src/receive/options/options.js'
import { createReceiver } from '../../src/receive/receiver.js'
import { createMemoryStore } from '../../src/store/memory/store.js'
import { sampleTrackback } from '../../src/testing/sample.js'
import { closed, isAccepted, post, receiverWith, send } from './support.js'

describe('createReceiver', () => {
  it('refuses options that cannot be meant', () => {
    const options = { baseUrl: 'http://my.example/', findPost: () => null, store: createMemoryStore() }
    for (const wrong of [
      { baseUrl: 'ftp://my.example/' },
      { baseUrl: 'http://my.example/?x' },
      { findPost: undefined },
      { store: {} },
      { publish: 'maybe' },
      { verifyAfter: -1 },
      { limits: { maxBodySize: 0 } },
      { limits: { maxPairs: Number.NaN } },
      { limits: { maxUrlLength: '100' } },
    ]) {
      expect(() => createReceiver({ ...options, ...wrong } as unknown as ReceiverOptions)).toThrow(TypeError)
    }
  })

  it('lets the process end: nothing it started holds it open', async () => {
    const timers = () => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length
    const before = timers()
    const receiver = receiverWith({ verifyAfter: 60_000 })
    expect(isAccepted(await send(receiver))).toBe(true)
    expect(timers()).toBe(before)
    await receiver.close()
    await receiver.close()
  })

  it('gives what stands under a post: the newest that are shown, how many there are, the ping URL', async () => {
    const store = createMemoryStore()
    const receiver = receiverWith({ store })
    const sources = Array.from({ length: 60 }, (_, index) => `http://other.example/${index}`)
    for (const url of sources) {
      await store.add(sampleTrackback({ postId: post.id, url, sourceKey: url, state: 'published' }))
    }
    await store.add(sampleTrackback({ postId: post.id, state: 'held' }))
    const view = await receiver.view(post)
    expect(view).toMatchObject({ post, pingUrl: receiver.pingUrl(post.id), count: 60 })
    expect(view.trackbacks.map(({ url }) => url)).toEqual(sources.toReversed().slice(0, 50))
    const { trackbacks, next } = await receiver.view(post, { after: view.next })
    expect([trackbacks.length, next]).toEqual([10, undefined])
    const oldest = await receiver.view(post, { order: 'oldest', limit: 1 })
    expect(oldest.trackbacks).toMatchObject([{ url: sources[0] }])
    expect(await receiver.count(post.id)).toBe(60)
  })

  it('gives no ping URL to show under a post that takes no pings', async () => {
    const receiver = receiverWith()
    expect((await receiver.view(closed)).pingUrl).toBeUndefined()
    receiver.accepting = false
    expect((await receiver.view(post)).pingUrl).toBeUndefined()
  })

  it('refuses to list, to count and to view a post whose id is no string', async () => {
    const receiver = receiverWith()
    const id = 7 as unknown as string
    await expect(receiver.list(id)).rejects.toThrow(TypeError)
    await expect(receiver.count(id)).rejects.toThrow(TypeError)
    await expect(receiver.view({ ...post, id })).rejects.toThrow(TypeError)
  })

  it('claims its jobs for longer than its requests may take', async () => {
    const store = createMemoryStore()
    const leases = new Set<number>()
    const claim: typeof store.jobs.claim = (request) => {
      leases.add(request.lease)
      return store.jobs.claim(request)
    }
    receiverWith({ store: { ...store, jobs: { ...store.jobs, claim } }, totalTimeout: 50_000 })
    await expect.poll(() => [...leases]).toEqual([150_000])
  })

  it('announces an open post and not a closed one', () => {
    const receiver = receiverWith()
    expect(receiver.autodiscovery(post)).toContain('http://my.example/t/trackback/18521/60408081')
    expect(receiver.autodiscovery(closed)).toBe('')
  })
})
