import { channel } from 'node:diagnostics_channel'
import { createTeller } from '../../base/waiting.js'
import type { Trackback } from '../../store/store.js'
import type { Events } from '../options/context.js'
import type { ReceiverSettings } from '../options/options.js'
import type { ReceiverEvent } from '../options/types.js'

const diagnostics = channel('trackbacks:receiver')

/** Events that reach the listener after what they tell of is durable; a listener that throws harms nothing. */
export function createEvents({ onEvent, hookTimeout, onError }: ReceiverSettings): Events {
  const { tell, settled } = createTeller(hookTimeout, onError)

  function happened(type: ReceiverEvent['type'], trackback: Trackback): void {
    const event: ReceiverEvent = { type, trackback }
    if (diagnostics.hasSubscribers) diagnostics.publish(event)
    tell(onEvent, event)
  }

  function stateChanged(trackback: Trackback): void {
    if (trackback.state !== 'unverified') happened(trackback.state, trackback)
  }

  return {
    get wanted() {
      return onEvent !== undefined || diagnostics.hasSubscribers
    },
    stateChanged,
    expired: (trackback) => happened('expired', trackback),
    erased: (trackback) => happened('erased', trackback),
    settled,
    received(trackback) {
      happened('received', trackback)
      stateChanged(trackback)
    },
    verified(trackback, before) {
      happened('verified', trackback)
      if (trackback.state !== before.state) stateChanged(trackback)
    },
  }
}
