import { createMemoryStore, createReceiver, type Store } from 'trackbacks'
import { toNodeHandler } from 'trackbacks/node'
import { openRates } from '../support/open-rates.js'
import { goal } from './goals.js'
import { type Contender, inTurn, ratioOf } from './harness.js'
import { acceptedPerSecond, bareListener } from './receive-load.js'

const path = '/trackback/18521/60408081'

/** The yardstick: a server that reads the same bodies and answers the same bytes. */
export const bare: Contender = { name: 'bare node:http', round: () => acceptedPerSecond(bareListener, path) }

/** A receiver doing its whole job up to the answer; sources are looked at later, outside what is measured. */
export function receiving(name: string, openStore: () => Store, hosts?: 'apart'): Contender {
  return {
    name,
    async round() {
      const store = openStore()
      const receiver = createReceiver({
        baseUrl: 'http://127.0.0.1/trackback/',
        findPost: (id) => ({ id, url: 'https://my.example/2010/01/jal.html' }),
        store,
        verifyAfter: 3_600_000,
        rateLimits: openRates,
      })
      const rate = await acceptedPerSecond(toNodeHandler(receiver), path, hosts)
      await receiver.close()
      await store.close()
      return rate
    },
  }
}

export default async function run(): Promise<void> {
  const outcomes = await inTurn('receive: pings accepted, memory store, 64 connections', [
    bare,
    receiving('toNodeHandler, memory store', createMemoryStore),
  ])
  goal('receive, of bare node:http', ratioOf(outcomes, 1), { least: 0.6 })
}
