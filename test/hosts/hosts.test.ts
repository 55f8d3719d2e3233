import type { RequestListener } from 'node:http'
import express from 'express'
import express4 from 'express4'
import fastify, { type FastifyRequest } from 'fastify'
import { Hono } from 'hono'
import Koa from 'koa'
import { describe, expect, it, onTestFinished } from 'vitest'
import { toFastifyPlugin } from '../../src/receive/hosts/fastify-plugin.js'
import { toNodeHandler } from '../../src/receive/hosts/node-handler.js'
import { createReceiver, type Receiver } from '../../src/receive/receiver.js'
import { createMemoryStore } from '../../src/store/memory/store.js'
import { serve } from '../support/servers.js'
import { addHandlerTests, type Mount } from './handler-tests.js'

/** Sends requests to a listener over a real socket. */
function overHttp(listenerOf: (receiver: Receiver) => RequestListener): Mount {
  return async (receiver) => sendTo((await serve(listenerOf(receiver))).origin)
}

function sendTo(origin: string): (request: Request) => Promise<Response> {
  return async (request) => {
    const { pathname, search } = new URL(request.url)
    const { method, headers, redirect } = request
    const hasBody = method === 'POST'
    const body = hasBody ? await request.arrayBuffer() : null
    return fetch(`${origin}${pathname}${search}`, { method, headers, redirect, body })
  }
}

const keepBytes = (request: unknown, _: unknown, bytes: Buffer): void => {
  Object.assign(request as object, { rawBody: bytes })
}

describe('node:http', () => addHandlerTests(overHttp(toNodeHandler)))

describe('Express 5, before the parsers', () =>
  addHandlerTests(overHttp((receiver) => express().use(toNodeHandler(receiver)).use(express.urlencoded()))))

describe('Express 4, before the parsers', () =>
  addHandlerTests(overHttp((receiver) => express4().use(toNodeHandler(receiver)).use(express4.urlencoded()))))

describe('Express 5, behind a parser that keeps the bytes', () =>
  addHandlerTests(
    overHttp((receiver) => {
      const parser = express.raw({ type: () => true, limit: '1mb', verify: keepBytes })
      return express().use(parser).use(toNodeHandler(receiver))
    }),
  ))

describe('Koa', () =>
  addHandlerTests(
    overHttp((receiver) => {
      const handle = toNodeHandler(receiver)
      const app = new Koa()
      app.use(async (context, next) => {
        if (!receiver.answers(context.path)) return next()
        context.respond = false
        handle(context.req, context.res)
      })
      return app.callback()
    }),
  ))

describe('Fastify 5', () => {
  addHandlerTests(async (receiver) => {
    const app = fastify()
    app.register(toFastifyPlugin(receiver))
    onTestFinished(() => app.close())
    return sendTo(await app.listen({ host: '127.0.0.1', port: 0 }))
  })

  it.each(['/トラックバック/', '/my blog/'])('answers below %s, however it is spelt', async (path) => {
    const receiver = createReceiver({
      baseUrl: `http://127.0.0.1${path}`,
      findPost: (id) => ({ id, url: 'http://127.0.0.1/post' }),
      store: createMemoryStore(),
    })
    onTestFinished(() => receiver.close())
    const app = fastify()
    app.register(toFastifyPlugin(receiver))
    onTestFinished(() => app.close())
    const origin = await app.listen({ host: '127.0.0.1', port: 0 })
    const { pathname } = new URL(receiver.pingUrl('7'))
    for (const asked of [pathname, receiver.path, receiver.path.slice(0, -1)]) {
      const response = await fetch(origin + asked, { redirect: 'manual' })
      // Fastify's own 404 is JSON.
      expect([asked, response.headers.get('content-type')]).not.toEqual([
        asked,
        expect.stringContaining('json'),
      ])
    }
  })

  it('asks for the client’s address by the request of Fastify', async () => {
    const receiver = createReceiver({
      baseUrl: 'http://127.0.0.1/tb/',
      findPost: (id) => ({ id, url: 'http://127.0.0.1/post' }),
      store: createMemoryStore(),
      publish: 'always',
    })
    onTestFinished(() => receiver.close())
    const app = fastify({ trustProxy: true })
    const clientIp = (request: FastifyRequest) => request.ip
    app.register(toFastifyPlugin(receiver, { clientIp }))
    onTestFinished(() => app.close())
    const origin = await app.listen({ host: '127.0.0.1', port: 0 })
    const body = new URLSearchParams({ url: 'http://other.example/1' })
    await fetch(`${origin}/tb/7`, { method: 'POST', body, headers: { 'x-forwarded-for': '198.51.100.7' } })
    expect((await receiver.list('7')).items).toMatchObject([{ clientIp: '198.51.100.7' }])
  })

  it('keeps its own parsers outside the plugin', async () => {
    const receiver = createReceiver({
      baseUrl: 'http://127.0.0.1/tb/',
      findPost: () => null,
      store: createMemoryStore(),
    })
    onTestFinished(() => receiver.close())
    const app = fastify()
    app.register(toFastifyPlugin(receiver))
    app.post('/other', async (request) => request.body)
    onTestFinished(() => app.close())
    const origin = await app.listen({ port: 0, host: '127.0.0.1' })
    const headers = { 'content-type': 'application/json' }
    const response = await fetch(`${origin}/other`, { method: 'POST', headers, body: '{"a":1}' })
    expect(await response.json()).toEqual({ a: 1 })
  })
})

describe('Hono', () =>
  addHandlerTests(async (receiver) => {
    const app = new Hono()
    app.all('/tb/*', (context) => receiver.fetch(context.req.raw))
    return async (request) => app.fetch(request)
  }))

describe('a bare fetch handler', () =>
  addHandlerTests(async (receiver) => (request) => receiver.fetch(request)))

describe.each([
  ['5', express],
  ['4', express4],
] as const)('Express %s, behind express.urlencoded()', (_, framework) => {
  it('answers 500 in XML and names the fix, where the parser has taken the bytes', async () => {
    const errors: Error[] = []
    const receiver = createReceiver({
      baseUrl: 'http://127.0.0.1/tb/',
      findPost: (id) => ({ id, url: 'http://my.example/' }),
      store: createMemoryStore(),
      onError: (error) => errors.push(error as Error),
    })
    onTestFinished(() => receiver.close())
    const app = framework()
    app.use(framework.urlencoded({ extended: false }))
    app.use(toNodeHandler(receiver))
    const { origin } = await serve(app)
    const response = await fetch(`${origin}/tb/1`, {
      method: 'POST',
      body: new URLSearchParams({ url: 'http://a.example/' }),
    })
    expect([response.status, await response.text()]).toEqual([
      500,
      expect.stringContaining('<error>1</error>'),
    ])
    expect(errors[0]?.message).toContain('before the parser')
  })

  it('works where the parser keeps the bytes by `verify`', async () => {
    const receiver = createReceiver({
      baseUrl: 'http://127.0.0.1/tb/',
      findPost: (id) => ({ id, url: 'http://my.example/' }),
      store: createMemoryStore(),
      publish: 'always',
    })
    onTestFinished(() => receiver.close())
    const app = framework()
    app.use(framework.urlencoded({ extended: false, verify: keepBytes }))
    app.use(toNodeHandler(receiver))
    const { origin } = await serve(app)
    const body = 'url=http://other.example/1&title=%93%FA%96%7B&charset=Shift_JIS'
    const headers = { 'content-type': 'application/x-www-form-urlencoded' }
    expect((await fetch(`${origin}/tb/1`, { method: 'POST', body, headers })).status).toBe(200)
    expect((await receiver.list('1')).items).toMatchObject([{ title: '日本' }])
  })
})
