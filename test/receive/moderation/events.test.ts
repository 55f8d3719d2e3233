import { channel } from 'node:diagnostics_channel'
import { describe, expect, it } from 'vitest'
import type { ReceiverEvent } from '../../../src/receive/options/options.js'
import { receiverWith, send } from '../support.js'

describe('events', () => {
  it('are published on the diagnostics channel too', async () => {
    const seen: string[] = []
    const listener = (event: unknown): void => {
      seen.push((event as ReceiverEvent).type)
    }
    channel('trackbacks:receiver').subscribe(listener)
    const receiver = receiverWith({ publish: 'always' })
    await send(receiver, undefined)
    channel('trackbacks:receiver').unsubscribe(listener)
    expect(seen).toEqual(['received', 'published'])
  })
})

describe('a listener that is async', () => {
  it('and fails harms nothing: onError is told', async () => {
    const errors: unknown[] = []
    const receiver = receiverWith({
      publish: 'always',
      onEvent: async () => {
        throw new Error('mail')
      },
      onError: (error) => errors.push(error),
    })
    expect((await send(receiver)).status).toBe(200)
    await expect.poll(() => errors.length).toBe(2)
  })
})
