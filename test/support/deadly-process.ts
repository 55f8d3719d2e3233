// The worker of a receiver on a SQLite file, which the post `deadly` ends as an input that takes all memory would.
// Arguments: file, host of the sources. Sends its parent `ready`, and what `onError` is told.
import { createHttpClient } from '../../src/http/client.js'
import { createStoreQueue } from '../../src/queue/store-queue.js'
import { createReceiver } from '../../src/receive/receiver.js'
import { openSqlite } from '../../src/sql/sqlite/open.js'

const [file = '', host = ''] = process.argv.slice(2)
const store = openSqlite(file)
const onError = (error: unknown): void => void process.send?.(String(error))
createReceiver({
  baseUrl: 'http://my.example/trackback/',
  findPost(id) {
    if (id === 'deadly') process.kill(process.pid, 'SIGKILL')
    return { id, url: 'http://my.example/post' }
  },
  ...{ store, onError, checks: [], limits: { sourceSpacing: 1 } },
  client: createHttpClient({ allowHosts: [host] }),
  queue: createStoreQueue(store, { lease: 1000, pollInterval: 20, maxLost: 3, onError }),
})
process.on('disconnect', () => process.exit())
process.send?.('ready')
