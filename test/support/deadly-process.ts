// The worker of a receiver on a store, which the post `deadly` ends as an input that takes all memory would.
// Arguments: address of the store, host of the sources, kind of the queue. Sends its parent `ready`, and what `onError` is
// told.
import { createHttpClient } from '../../src/http/client.js'
import { createReceiver } from '../../src/receive/receiver.js'
import { openQueue } from './queues.js'
import { openStore } from './stores.js'

const [address = '', host = '', kind = ''] = process.argv.slice(2)
const store = openStore(address)
const onError = (error: unknown): void => void process.send?.(String(error))
const { queue } = await openQueue(kind, address, { lease: 1000, pollInterval: 20, maxLost: 3, onError })
createReceiver({
  baseUrl: 'http://my.example/trackback/',
  findPost(id) {
    if (id === 'deadly') process.kill(process.pid, 'SIGKILL')
    return { id, url: 'http://my.example/post' }
  },
  ...{ store, onError, checks: [], limits: { sourceSpacing: 1 } },
  client: createHttpClient({ allowHosts: [host] }),
  queue,
})
process.on('disconnect', () => process.exit())
process.send?.('ready')
