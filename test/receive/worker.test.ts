import { expect, it, onTestFinished } from 'vitest'
import { createReceiver, type Receiver } from '../../src/receive/receiver.js'
import { createMemoryStore } from '../../src/store/memory.js'
import { form, formType, servePages } from '../support/servers.js'

const post = { id: '7', url: 'http://my.example/post' }

it('leaves what comes after a ping to a worker, where it is none', async () => {
  const { origin, host } = await servePages({ '/source': `<a href="${post.url}">a post</a>` })
  const store = createMemoryStore()
  const open = (worker: boolean): Receiver => {
    const receiver = createReceiver({
      baseUrl: 'http://my.example/trackback/',
      findPost: (id) => (id === post.id ? post : null),
      ...{ store, worker, verifyAfter: 0, allowHosts: [host] },
    })
    onTestFinished(() => receiver.close())
    return receiver
  }
  const front = open(false)
  const body = Buffer.from(form({ url: `${origin}/source` }))
  await front.handle({ method: 'POST', url: '/trackback/7', contentType: formType, body })
  await new Promise((resolve) => setTimeout(resolve, 300))
  expect(await store.count({ state: 'pending' })).toBe(1)
  open(true)
  await expect.poll(() => store.count({ state: 'published' }), { timeout: 5000 }).toBe(1)
  expect((await front.list(post.id)).items).toHaveLength(1)
})
