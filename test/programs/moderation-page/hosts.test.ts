import type { IncomingMessage, RequestListener } from 'node:http'
import express from 'express'
import fastify, { type FastifyRequest } from 'fastify'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { Authorization } from '../../../src/programs/moderation-page/authorize.js'
import { createModerationHandler } from '../../../src/programs/moderation-page/handler.js'
import { toFastifyPlugin } from '../../../src/receive/hosts/fastify-plugin.js'
import { toNodeHandler } from '../../../src/receive/hosts/node-handler.js'
import type { Receiver } from '../../../src/receive/receiver.js'
import { receiverWith } from '../../receive/support.js'
import { serve } from '../../support/servers.js'
import { moderationWith, origin, receiverHolding, textIn, textsOf, titlesOf, visit } from './support.js'

type Send = (request: Request) => Promise<Response>
/** Mounts the page, with an `authorize` that is given the name in the session of the host. */
type Mount = (receiver: Receiver, authorize: (user: string | undefined) => Authorization) => Promise<Send>

const baseUrl = `${origin}/moderation/`

/** Sends requests over a real socket, as they came from the browser's point of view. */
function over(address: string): Send {
  return async (request) => {
    const { pathname, search } = new URL(request.url)
    const { method, headers } = request
    const body = method === 'POST' ? await request.arrayBuffer() : null
    return fetch(`${address}${pathname}${search}`, { method, headers, redirect: 'manual', body })
  }
}

async function overHttp(listener: RequestListener): Promise<Send> {
  return over((await serve(listener)).origin)
}

/** A request with a session, as a session middleware leaves it. */
type WithSession = { session?: { user?: string } }

const mounts: Record<string, Mount> = {
  'node:http': (receiver, authorize) => {
    const byHeader = (request: IncomingMessage) => authorize(request.headers['x-user']?.toString())
    return overHttp(toNodeHandler(createModerationHandler(receiver, { baseUrl, authorize: byHeader })))
  },
  'Express, after a session and before the parsers': (receiver, authorize) => {
    const bySession = (request: express.Request & WithSession) => authorize(request.session?.user)
    const app = express()
    app.use((request: express.Request & WithSession, _, next) => {
      request.session = { user: request.get('x-user') ?? '' }
      next()
    })
    app.use(toNodeHandler(receiver))
    app.use(toNodeHandler(createModerationHandler(receiver, { baseUrl, authorize: bySession })))
    app.use(express.urlencoded())
    app.get('/other', (_, response) => void response.send('the blog'))
    return overHttp(app)
  },
  'Fastify, with a decorated request': async (receiver, authorize) => {
    const bySession = (request: FastifyRequest & WithSession) => authorize(request.session?.user)
    const app = fastify()
    app.decorateRequest('session', undefined)
    app.addHook('onRequest', async (request) => {
      Object.assign(request, { session: { user: request.headers['x-user'] } })
    })
    app.register(toFastifyPlugin(receiver))
    app.register(toFastifyPlugin(createModerationHandler(receiver, { baseUrl, authorize: bySession })))
    onTestFinished(() => app.close())
    return over(await app.listen({ host: '127.0.0.1', port: 0 }))
  },
  fetch: async (receiver, authorize) =>
    moderationWith(receiver, {
      authorize: (request) => authorize(request.headers.get('x-user') ?? undefined),
    }).fetch,
}

describe.each(Object.entries(mounts))('the page of moderation in %s', (_, mount) => {
  const letIn = (user: string | undefined) => user || null

  it('shows what waits, and takes what a form asks for', async () => {
    const { receiver, store, ids } = await receiverHolding({ title: 'JALの対応を評価する' }, { title: 'two' })
    const browser = visit(await mount(receiver, letIn))
    expect(titlesOf(await browser.open(''))).toEqual(['JALの対応を評価する', 'two'])
    const after = await browser.press(
      'publish',
      ids.map((id) => ['id', id] as const),
    )
    expect(textsOf(after, 'status')).toEqual([expect.stringContaining('2 trackbacks published.')])
    expect(await store.count({ state: 'published' })).toBe(2)
    expect((await store.get(ids[0] ?? ''))?.history).toMatchObject([{ user: 'hanako', action: 'publish' }])
  })

  it('serves nothing unless authorize says so', async () => {
    const { receiver } = await receiverHolding({ title: 'a secret title' })
    const send = await mount(receiver, letIn)
    for (const path of [
      '',
      'held',
      'published',
      'blocks',
      'search?q=secret',
      'trackback/1',
      'nothing',
      '../moderation',
    ]) {
      const seen = await visit(send, '').open(path)
      expect([path, seen.status]).toEqual([path, 403])
      expect(seen.html).not.toContain('secret')
    }
    const seen = await visit(send, '').post('do=publish:1')
    expect([seen.status, await receiver.store.count({ state: 'published' })]).toEqual([403, 0])
  })

  it('leads to the page that authorize names, or gives the answer that it gives', async () => {
    const { receiver } = await receiverHolding()
    const login = await mount(receiver, () => ({ redirectTo: '/ログイン?from=/moderation/' }))
    const redirect = await login(new Request(baseUrl, { redirect: 'manual' }))
    expect([redirect.status, redirect.headers.get('location')]).toEqual([
      303,
      '/%E3%83%AD%E3%82%B0%E3%82%A4%E3%83%B3?from=/moderation/',
    ])
    const headers = { 'WWW-Authenticate': 'Basic realm="blog"' }
    const basic = await mount(receiver, () => ({ status: 401, headers, body: 'who are you?' }))
    const challenge = await basic(new Request(baseUrl))
    expect([challenge.status, challenge.headers.get('www-authenticate'), await challenge.text()]).toEqual([
      401,
      'Basic realm="blog"',
      'who are you?',
    ])
  })

  it('says that nothing was changed where a session ended before the form was sent, and leads back to the login', async () => {
    const { receiver, ids } = await receiverHolding({})
    const send = await mount(receiver, (user) => user || { redirectTo: 'https://login.example/' })
    const browser = visit(send)
    await browser.open('')
    const seen = await browser.post(`token=${browser.token()}&do=publish:${ids[0]}`, { 'x-user': '' })
    expect([seen.status, textIn(seen, 'h1')]).toEqual([403, 'You are no longer signed in.'])
    expect(seen.html).toContain('<a href="/moderation/">')
    expect(await receiver.store.count({ state: 'published' })).toBe(0)
  })

  it('answers HEAD as GET without a body, 405 to other methods, 413 to too much', async () => {
    const { receiver } = await receiverHolding({ title: 'one' })
    const send = await mount(receiver, letIn)
    const ask = (method: string, body?: string) =>
      send(
        new Request(baseUrl, {
          method,
          headers: { 'x-user': 'hanako', 'content-type': 'application/x-www-form-urlencoded' },
          ...(body !== undefined && { body }),
        }),
      )
    const head = await ask('HEAD')
    expect([head.status, await head.text()]).toEqual([200, ''])
    for (const method of ['PUT', 'DELETE', 'PATCH', 'OPTIONS']) {
      const response = await ask(method)
      expect([response.status, response.headers.get('allow')]).toEqual([405, 'GET, HEAD, POST'])
    }
    expect((await ask('POST', 'x'.repeat(70_000))).status).toBe(413)
  })
})

describe('the page of moderation', () => {
  it('passes on what is not its own, and stands beside the receiver', async () => {
    const { receiver } = await receiverHolding()
    const send = await (mounts['Express, after a session and before the parsers'] as Mount)(
      receiver,
      (user) => user ?? null,
    )
    expect(await (await send(new Request(`${origin}/other`))).text()).toBe('the blog')
    const ping = new Request(receiver.pingUrl('18521/60408081'), {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: 'url=http://other.example/1',
    })
    expect(await (await send(ping)).text()).toContain('<error>0</error>')
  })

  it('says to onError what to do where a body parser has read its form', async () => {
    const errors: Error[] = []
    const { receiver } = await receiverHolding()
    const reporting = { ...receiver, report: (error: unknown) => void errors.push(error as Error) }
    const moderation = createModerationHandler(reporting, { baseUrl, authorize: () => 'hanako' })
    const send = await overHttp(express().use(express.urlencoded()).use(toNodeHandler(moderation)))
    expect((await visit(send).post('do=publish:1')).status).toBe(500)
    expect(errors[0]?.message).toContain('before the parser')
  })

  it.each<[string, () => Authorization]>([
    [
      'throws',
      () => {
        throw new Error('the database of users is at 10.0.0.7')
      },
    ],
    ['rejects', () => Promise.reject(new Error('the database of users is at 10.0.0.7')) as never],
    ['gives what is no answer', () => ({ name: 'hanako' }) as never],
    ['gives true', () => true as never],
    ['gives an answer that would be a success', () => ({ status: 200 })],
  ])('lets nobody in where authorize %s, and tells the error to onError only', async (_, authorize) => {
    const errors: Error[] = []
    const { receiver } = await receiverHolding({ title: 'secret' })
    const reporting = { ...receiver, report: (error: unknown) => void errors.push(error as Error) }
    const moderation = createModerationHandler(reporting, { baseUrl, authorize })
    const response = await moderation.fetch(new Request(baseUrl) as never)
    const html = await response.text()
    expect([response.status, html.includes('secret'), html.includes('10.0.0.7'), errors.length]).toEqual([
      500,
      false,
      false,
      1,
    ])
  })

  it.each<[string, object]>([
    ['baseUrl', { baseUrl: '/moderation' }],
    ['baseUrl', { baseUrl: 'ftp://my.example/' }],
    ['baseUrl', { baseUrl: `${baseUrl}?a=1` }],
    ['authorize', { authorize: 'hanako' }],
    ['pageSize', { pageSize: 0 }],
    ['pageSize', { pageSize: 101 }],
    ['formTtl', { formTtl: -1 }],
  ])('refuses a %s that is none', async (name, options) => {
    const { receiver } = await receiverHolding()
    expect(() => moderationWith(receiver, options)).toThrow(new RegExp(name))
    expect(() => moderationWith(receiver, options)).toThrow(TypeError)
  })

  it.each([{}, { status: 200 }, { status: 1000 }, true])(
    'lets nobody in where authorize says %j, and says so to onError',
    async (said) => {
      const errors: unknown[] = []
      const receiver = receiverWith({ worker: false, onError: (error) => errors.push(error) })
      const page = moderationWith(receiver, { authorize: () => said as never })
      expect((await page.fetch(new Request(baseUrl))).status).toBe(500)
      expect(errors).toMatchObject([{ name: 'TypeError', message: /^authorize must give/ }])
    },
  )

  it('types its request by what authorize takes, so that it fits only where such a request comes', async () => {
    const { receiver } = await receiverHolding()
    const byRequest = createModerationHandler(receiver, { baseUrl, authorize: (_: Request) => 'hanako' })
    const byNode = createModerationHandler(receiver, {
      baseUrl,
      authorize: (request) => request.socket.remoteAddress,
    })
    // @ts-expect-error: node:http gives no `Request`
    toNodeHandler(byRequest)
    // @ts-expect-error: Fastify gives its own request
    toFastifyPlugin(byNode)
    // @ts-expect-error: a `Request` has no socket
    const fetchByNode = () => byNode.fetch(new Request(baseUrl))
    expect(fetchByNode).toBeTypeOf('function')
    expect((await byRequest.fetch(new Request(baseUrl))).status).toBe(200)
  })
})
