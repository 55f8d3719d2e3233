// A sender on a SQLite file in a process of its own, to be killed. Arguments: file, own hosts, and the id and targets of
// a post to announce. Sends its parent `ready`, and the post's id once it is announced.
import { createHttpClient } from '../../src/http/client.js'
import { createStoreQueue } from '../../src/queue/store-queue.js'
import { createSender } from '../../src/send/outbox/sender.js'
import { openSqlite } from '../../src/sql/sqlite/open.js'

const [file = '', hosts = '', id = '', targets = ''] = process.argv.slice(2)
const store = openSqlite(file)
const sender = createSender({
  store,
  blogName: 'My blog',
  client: createHttpClient({ allowHosts: hosts.split(',') }),
  queue: createStoreQueue(store, { lease: 2000, pollInterval: 10 }),
  limits: { spacing: 1 },
})
setInterval(() => {}, 1000)
process.on('disconnect', () => process.exit())
process.send?.('ready')
if (id) {
  const html = targets
    .split(',')
    .map((target) => `<a href="${target}">${target}</a>`)
    .join(' ')
  await sender.announce({ id, url: `http://my.example/${id}`, title: 'A post', html })
  process.send?.(id)
}
