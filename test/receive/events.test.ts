import { channel } from 'node:diagnostics_channel'
import { describe, expect, it } from 'vitest'
import type { ReceiverEvent } from '../../src/receive/options.js'
import { receiverWith, send } from './support.js'

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
