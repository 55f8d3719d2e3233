// After the site is published: pings the pages that its posts link to. What was announced before is not pinged again.
import { readFile } from 'node:fs/promises'
import { createSender, readPostPage } from 'trackbacks'
import { openSqlite } from 'trackbacks/sqlite'
import { site } from './settings.js'

const store = openSqlite('sent.db') // keep it from run to run
const sender = createSender({ store, blogName: 'My blog', site })

for (const { id, url } of JSON.parse(await readFile('_site/posts.json', 'utf8'))) {
  const page = readPostPage(await readFile(`_site${new URL(url).pathname}index.html`), { url })
  const { announced } = await sender.announce({ ...page, id, blogName: 'My blog' })
  if (!announced) continue
  const { deliveries } = await sender.settled(id) // a target that does not answer is tried again in the next run
  for (const { target, state, reason } of deliveries) console.log(`${url}: ${state} ${target}`, reason)
}
await sender.close()
await store.close()
