// Takes the pings of a static site, and gives its build the list as JSON.
import { createServer } from 'node:http'
import { createReceiver } from 'trackbacks'
import { toNodeHandler } from 'trackbacks/node'
import { openSqlite } from 'trackbacks/sqlite'
import { receiverUrl, site } from './settings.js'

/** The posts as the last build published them. */
const readPosts = async () => (await fetch(`${site}/posts.json`)).json()

const store = openSqlite('trackbacks.db')
const receiver = createReceiver({
  baseUrl: `${receiverUrl}/trackback/`,
  findPost: async (id) => (await readPosts()).find((post) => post.id === id) ?? null,
  store,
  onEvent({ type }) {
    // The list has changed: have CI build the site again.
    if (/published|held|rejected|removed/.test(type) && process.env.BUILD_HOOK)
      return fetch(process.env.BUILD_HOOK, { method: 'POST' })
  },
})

/** What the page of a post shows: nothing that is not public. */
async function listOf(post) {
  const { trackbacks, pingUrl } = await receiver.view(post, { limit: 500 })
  const shown = trackbacks.map(({ id, url, title, excerpt, blogName, receivedAt }) => {
    return { id, url, title, excerpt, blogName, receivedAt }
  })
  return [post.id, { pingUrl, autodiscovery: receiver.autodiscovery(post), trackbacks: shown }]
}

async function sendList(response) {
  const lists = await Promise.all((await readPosts()).map(listOf))
  response
    .setHeader('content-type', 'application/json')
    .end(JSON.stringify(Object.fromEntries(lists), null, 2))
}

const handlePing = toNodeHandler(receiver)
const server = createServer((request, response) => {
  handlePing(request, response, () => {
    if (request.url !== '/trackbacks.json') response.writeHead(404).end()
    else sendList(response).catch(() => response.writeHead(502).end())
  })
})
server.listen(process.env.PORT ?? 3000)
process.once('SIGTERM', () => server.close(() => void receiver.close().then(() => store.close())))
