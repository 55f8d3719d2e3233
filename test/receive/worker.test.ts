import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, it, onTestFinished } from 'vitest'
import { createReceiver, type Receiver } from '../../src/receive/receiver.js'
import { createMemoryStore } from '../../src/store/memory/store.js'
import { clientFor, form, formType, servePages } from '../support/servers.js'

const post = { id: '7', url: 'http://my.example/post' }

it('leaves what comes after a ping to a worker, where it is none', async () => {
  const { origin, host } = await servePages({ '/source': `<a href="${post.url}">a post</a>` })
  const store = createMemoryStore()
  const open = (worker: boolean): Receiver => {
    const receiver = createReceiver({
      baseUrl: 'http://my.example/trackback/',
      findPost: (id) => (id === post.id ? post : null),
      ...{ store, worker, verifyAfter: 0, client: clientFor(host) },
    })
    onTestFinished(() => receiver.close())
    return receiver
  }
  const front = open(false)
  const body = Buffer.from(form({ url: `${origin}/source` }))
  await front.handle({ method: 'POST', url: '/trackback/7', contentType: formType, body })
  await new Promise((resolve) => setTimeout(resolve, 300))
  expect(await store.count({ state: 'unverified' })).toBe(1)
  open(true)
  await expect.poll(() => store.count({ state: 'published' }), { timeout: 5000 }).toBe(1)
  expect((await front.list(post.id)).items).toHaveLength(1)
})

it.each([1, 3])('looks at %i sources at once where that is its limit', async (concurrentSources) => {
  let [open, most] = [0, 0]
  const server = createServer((_request, response) => {
    open += 1
    most = Math.max(most, open)
    setTimeout(() => {
      open -= 1
      response.end('<p>nothing')
    }, 100)
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const { port } = server.address() as AddressInfo
  const hosts = ['a', 'b', 'c', 'd', 'e'].map((name) => `${name}.example:${port}`)
  const store = createMemoryStore()
  const receiver = createReceiver({
    baseUrl: 'http://my.example/trackback/',
    findPost: () => post,
    ...{ store, verifyAfter: 0, limits: { concurrentSources } },
    client: clientFor(hosts, {
      lookup: (_name, _options, callback) => callback(null, [{ address: '127.0.0.1', family: 4 }]),
    }),
  })
  onTestFinished(async () => {
    await receiver.close()
    server.close()
    server.closeAllConnections()
  })
  for (const host of hosts) {
    const body = Buffer.from(form({ url: `http://${host}/source` }))
    await receiver.handle({ method: 'POST', url: '/trackback/7', contentType: formType, body })
  }
  const looked = async (): Promise<number> =>
    (await store.list({})).items.filter(({ verification }) => verification !== null).length
  await expect.poll(looked, { timeout: 10_000 }).toBe(hosts.length)
  expect(most).toBe(concurrentSources)
})
