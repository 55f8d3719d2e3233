// A receiver in a process of its own, to be killed. It says 'ready', waits for the address of its store, opens it, and
// then sends its parent { port }: that way one can stand ready while another is at work. Each address is a receiver.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { toNodeHandler } from '../../src/receive/hosts/node-handler.js'
import { createReceiver } from '../../src/receive/receiver.js'
import { openRates } from './open-rates.js'
import { openStore } from './stores.js'

process.on('message', (address: string) => {
  const receiver = createReceiver({
    baseUrl: 'http://127.0.0.1/trackback/',
    findPost: (id) => ({ id, url: 'http://my.example/post' }),
    store: openStore(address),
    verifyAfter: 3_600_000,
    rateLimits: openRates,
  })
  const server = createServer(toNodeHandler(receiver))
  server.listen(0, '127.0.0.1', () => process.send?.({ port: (server.address() as AddressInfo).port }))
})
process.on('disconnect', () => process.exit())
process.send?.('ready')
