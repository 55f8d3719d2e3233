// A blog on a host and a store of one's choice: discovered, pinged in two character sets, verified, listed, shown.
import { deepEqual, equal, match } from 'node:assert/strict'
import { setTimeout as sleep } from 'node:timers/promises'
import {
  createHttpClient,
  createReceiver,
  createSender,
  discoverPingUrl,
  renderTrackbacks,
  sendPing,
  verifySource,
} from 'trackbacks'
import { hosts } from './hosts.mjs'
import { storesOf } from './stores.mjs'

const [host, kind] = process.argv.slice(2)
const { open, end } = await storesOf(kind)
const store = open()
let blog
const { port, stop } = await hosts[host](() => blog)
const origin = `http://127.0.0.1:${port}`
// Two names of one machine are two blogs: a blog sends nothing to itself.
const other = `http://localhost:${port}`
const client = createHttpClient({ allowHosts: [`127.0.0.1:${port}`, `localhost:${port}`] })
const post = { id: '7', url: `${origin}/7`, title: 'JALの対応を評価する' }
const errors = []
const receiver = createReceiver({
  baseUrl: `${origin}/trackback/`,
  findPost: (id) => (id === post.id ? post : null),
  store,
  client,
  verifyAfter: 0,
  onError: (error) => errors.push(error),
})
const link = `<p>良い話: <a href="${post.url}">JAL</a></p>`
const pages = { '/7': `${receiver.autodiscovery(post)}<h1>${post.title}</h1>` }
blog = { receiver, page: (path) => `<!doctype html><title>日記</title>${pages[path] ?? link}` }

async function listed(count) {
  for (let tries = 0; tries < 200; tries += 1) {
    const { items } = await receiver.list(post.id)
    if (items.length >= count) return items
    await sleep(50)
  }
  throw new Error(`the list did not get ${count} trackbacks in time`, { cause: errors[0] })
}

const pingUrl = await discoverPingUrl(post.url, { client })
equal(pingUrl, receiver.pingUrl(post.id))
for (const [index, charset] of ['utf-8', 'euc-jp'].entries()) {
  const ping = { url: `${other}/from/${index}`, title: '良い話', excerpt: '読みました', blogName: '日記' }
  equal((await sendPing(pingUrl, ping, { client, charset })).outcome, 'accepted')
}
await listed(2)
const sender = createSender({ store, client, blogName: '日記', limits: { spacing: 1 } })
await sender.announce({ id: '9', url: `${other}/from/2`, title: '良い話', html: link })
const trackbacks = await listed(3)
deepEqual(
  trackbacks.map(({ title, state }) => [title, state]),
  Array(3).fill(['良い話', 'published']),
)
match(renderTrackbacks({ post, pingUrl, trackbacks }, { lang: 'ja' }), /トラックバック.*良い話/s)
equal((await verifySource(`${other}/from/1`, post.url, { client })).outcome, 'linked')
deepEqual(errors, [])

await sender.close()
await receiver.close()
await store.close()
await end()
await client.close()
await stop()
console.log(`${host}, ${kind}: ${trackbacks.length} trackbacks`)
