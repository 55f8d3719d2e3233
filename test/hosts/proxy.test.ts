import type { IncomingMessage } from 'node:http'
import fastify, { type FastifyRequest } from 'fastify'
import { describe, expect, it, onTestFinished } from 'vitest'
import { createModerationHandler } from '../../src/programs/moderation-page/handler.js'
import { toFastifyPlugin } from '../../src/receive/hosts/fastify-plugin.js'
import { toNodeHandler } from '../../src/receive/hosts/node-handler.js'
import { createReceiver, type Receiver } from '../../src/receive/receiver.js'
import { createMemoryStore } from '../../src/store/memory/store.js'
import { form, formType, serve, serveProxy } from '../support/servers.js'

const site = 'https://my.example/blog'
const post = { id: '7', url: `${site}/7`, title: 'Post' }
const user = (headers: IncomingMessage['headers']) => headers['x-user']?.toString()

function newReceiver(mountPath = '/trackback/'): Receiver {
  const receiver = createReceiver({
    ...{ baseUrl: `${site}/trackback/`, mountPath, store: createMemoryStore(), worker: false },
    findPost: (id) => (id === post.id ? post : null),
    publish: 'held',
  })
  onTestFinished(() => receiver.close())
  return receiver
}

/** Mounts receiver and page at the paths that the proxy leaves; resolves to the origin that it asks. */
const hosts: Record<string, (receiver: Receiver) => Promise<string>> = {
  async 'node:http'(receiver) {
    const authorize = ({ headers }: IncomingMessage) => user(headers)
    const page = toNodeHandler(createModerationHandler(receiver, { ...pageOptions, authorize }))
    const trackbacks = toNodeHandler(receiver)
    return (await serve((request, response) => trackbacks(request, response, () => page(request, response))))
      .origin
  },
  async Fastify(receiver) {
    const authorize = ({ headers }: FastifyRequest) => user(headers)
    const app = fastify()
    app.register(toFastifyPlugin(receiver))
    app.register(toFastifyPlugin(createModerationHandler(receiver, { ...pageOptions, authorize })))
    onTestFinished(() => app.close())
    return app.listen({ host: '127.0.0.1', port: 0 })
  },
}

const pageOptions = { baseUrl: `${site}/moderation/`, mountPath: '/moderation/' }

describe.each(Object.entries(hosts))('%s behind a proxy that takes a part of the path away', (_, listen) => {
  async function behindProxy() {
    const receiver = newReceiver()
    const { origin } = await serveProxy('/blog', await listen(receiver))
    const ask = (url: string, options: RequestInit = {}) =>
      fetch(origin + url.slice(new URL(url).origin.length), { redirect: 'manual', ...options })
    return { receiver, ask }
  }

  it('takes a ping at the ping URL that it announces', async () => {
    const { receiver, ask } = await behindProxy()
    const pingUrl = receiver.pingUrl(post.id)
    expect([pingUrl, receiver.autodiscovery(post).includes(pingUrl)]).toEqual([`${site}/trackback/7`, true])
    const headers = { 'content-type': formType }
    const body = form({ url: 'http://other.example/1', title: '日本' })
    expect(await (await ask(pingUrl, { method: 'POST', headers, body })).text()).toContain('<error>0</error>')
    const visit = await ask(pingUrl)
    expect([visit.status, visit.headers.get('location')]).toEqual([302, post.url])
    expect((await receiver.store.list({})).items).toMatchObject([{ postId: post.id, title: '日本' }])
  })

  it('serves the page of moderation, whose links, forms and redirects name the whole path', async () => {
    const { receiver, ask } = await behindProxy()
    const base = `${site}/moderation/`
    const page = await (
      await ask(`${base}blocks?value=spam.example`, { headers: { 'x-user': 'hanako' } })
    ).text()
    expect(page).toContain('action="/blog/moderation/search"')
    expect(page).not.toMatch(/(href|action)="\/moderation/)
    const token = /name="token" value="([^"]+)"/.exec(page)?.[1] ?? ''
    const headers = { 'x-user': 'hanako', origin: 'https://my.example', 'content-type': formType }
    const body = form({ token, do: 'add-block:host:spam.example' })
    const taken = await ask(base, { method: 'POST', headers, body })
    expect([taken.status, taken.headers.get('location')]).toEqual([
      303,
      expect.stringMatching(/^\/blog\/moderation\/held\?done=/),
    ])
    expect(await receiver.moderation.blocks()).toMatchObject([{ value: 'spam.example' }])
    const route = await ask(`${base}blocks`, { headers: { 'x-user': 'hanako' } })
    expect([route.status, (await route.text()).includes('spam.example')]).toEqual([200, true])
  })
})

describe('mountPath', () => {
  it('is where fetch answers, too', async () => {
    const receiver = newReceiver('/')
    const ask = async (url: string) => (await receiver.fetch(new Request(url))).status
    expect([await ask('http://app.internal/7'), await ask(receiver.pingUrl('7'))]).toEqual([302, 404])
    expect([receiver.path, receiver.answers('/7')]).toEqual(['/', true])
  })

  it('that is no path is a mistake at once', () => {
    for (const mountPath of ['trackback/', 'https://my.example/', '/?a'])
      expect(() => newReceiver(mountPath)).toThrow(/^mountPath must be a path/)
  })
})
