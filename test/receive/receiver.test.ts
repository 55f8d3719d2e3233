import { describe, expect, it } from 'vitest'
import type { ReceiverOptions } from '../../src/receive/options.js'
import { createReceiver } from '../../src/receive/receiver.js'
import { createMemoryStore } from '../../src/store/memory.js'
import { closed, mount, ping, post, receiverWith } from './support.js'

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
    const receiver = receiverWith()
    await ping(await mount(receiver), { url: 'http://other.example/' })
    await receiver.close()
    await receiver.close()
  })

  it('announces an open post and not a closed one', () => {
    const receiver = receiverWith()
    expect(receiver.announcement(post)).toContain('http://my.example/t/trackback/18521/60408081')
    expect(receiver.announcement(closed)).toBe('')
  })
})
