import { once } from 'node:events'
import type { RequestListener } from 'node:http'
import { connect } from 'node:net'
import { Readable } from 'node:stream'
import { Worker } from 'node:worker_threads'
import express from 'express'
import express4 from 'express4'
import fastify from 'fastify'
import { Hono } from 'hono'
import Koa from 'koa'
import { describe, expect, it, onTestFinished } from 'vitest'
import { patience } from '../../src/receive/hosts/body.js'
import { toFastifyPlugin } from '../../src/receive/hosts/fastify-plugin.js'
import { toNodeHandler } from '../../src/receive/hosts/node-handler.js'
import { createReceiver, type Receiver } from '../../src/receive/receiver.js'
import { createMemoryStore } from '../../src/store/memory/store.js'
import { serve } from '../support/servers.js'
import { strength } from '../support/strength.js'

/** A host with a receiver in it: resolves to its port. */
type Host = (receiver: Receiver) => Promise<number>

const overNode =
  (listenerOf: (receiver: Receiver) => RequestListener): Host =>
  async (receiver) =>
    Number(new URL((await serve(listenerOf(receiver))).origin).port)

/** `node:http` with a fetch handler, as the servers of Hono, srvx and others bridge it. */
const overFetch = (
  answerOf: (receiver: Receiver) => (request: Request) => Response | Promise<Response>,
): Host =>
  overNode((receiver) => async (incoming, outgoing) => {
    const body = incoming.method === 'POST' ? Readable.toWeb(incoming) : null
    const { method = 'GET', headers, url } = incoming
    const init = { method, headers: headers as Record<string, string>, body, duplex: 'half' } as RequestInit
    const response = await answerOf(receiver)(new Request(new URL(url ?? '', 'http://127.0.0.1'), init))
    outgoing.writeHead(response.status, Object.fromEntries(response.headers))
    outgoing.end(await response.text())
  })

const hosts: Readonly<Record<string, Host>> = {
  'node:http': overNode((receiver) => toNodeHandler(receiver)),
  'Express 5': overNode((receiver) => express().use(toNodeHandler(receiver))),
  'Express 4': overNode((receiver) => express4().use(toNodeHandler(receiver))),
  Koa: overNode((receiver) => {
    const handle = toNodeHandler(receiver)
    return new Koa()
      .use((context) => {
        context.respond = false
        handle(context.req, context.res)
      })
      .callback()
  }),
  'Fastify 5': async (receiver) => {
    const app = fastify()
    app.register(toFastifyPlugin(receiver))
    onTestFinished(() => app.close())
    return Number(new URL(await app.listen({ host: '127.0.0.1', port: 0 })).port)
  },
  'a fetch handler': overFetch((receiver) => (request) => receiver.fetch(request)),
  Hono: overFetch((receiver) => {
    const app = new Hono()
    app.all('/tb/*', (context) => receiver.fetch(context.req.raw))
    return (request) => app.fetch(request)
  }),
}

function newReceiver(): Receiver {
  const receiver = createReceiver({
    baseUrl: 'http://127.0.0.1/tb/',
    findPost: (id) => ({ id, url: 'http://my.example/post' }),
    store: createMemoryStore(),
    publish: 'always',
    idParameters: ['tb_id'],
    worker: false,
  })
  onTestFinished(() => receiver.close())
  return receiver
}

const refusal =
  /^HTTP\/1\.1 413 .*<response>\n<error>1<\/error>\n<message>The ping is too large\.<\/message>\n<\/response>/s
/** How often each body is sent: 60 times in the full run. */
const tries = Math.max(10, Math.ceil(60 * strength))

const bodies: readonly [name: string, body: { size: number; pieceSize: number; chunked: boolean }][] = [
  ['in chunks of 37 bytes', { size: 70_000, pieceSize: 37, chunked: true }],
  ['in chunks of 4096 bytes', { size: 70_000, pieceSize: 4096, chunked: true }],
  ['in pieces of 37 bytes', { size: 70_000, pieceSize: 37, chunked: false }],
  ['as long as is read on', { size: patience * 65_536, pieceSize: 65_536, chunked: false }],
]

describe.each(Object.entries(hosts))('%s', (_, host) => {
  it.each(bodies)('lets the client read its refusal of a body over the limit: %s', async (_, body) => {
    const workerData = { port: await host(newReceiver()), ...body, tries }
    const worker = new Worker(new URL('wire.worker.mjs', import.meta.url), { workerData })
    const [answers] = (await once(worker, 'message')) as [string[]]
    expect(answers.filter((answer) => refusal.test(answer))).toHaveLength(tries)
  })

  it.each(['http://my.example', 'HTTP://my.example:80', 'https://my.example'])(
    'RFC 9112, 3.2.2 (PROTOCOL 135): answers an absolute request line: %s',
    async (origin) => {
      const receiver = newReceiver()
      const port = await host(receiver)
      expect(await post(port, `${origin}/tb/7?x=1`, 'url=http://other.example/1')).toMatch(accepted)
      expect(await receiver.count('7')).toBe(1)
    },
  )

  it.each([
    `${form} charset=euc-jp`,
    `${form}, charset=euc-jp`,
    `${form};charset=euc-jp, ${form};charset=euc-jp`,
    `${form} charset=euc-jp\r\nContent-Type: ${form} charset=euc-jp`,
    `${form}\tcharset="euc-jp"`,
    '; charset=euc-jp',
  ])('PROTOCOL 122, 144: reads the type %j', async (type) => {
    const receiver = newReceiver()
    const port = await host(receiver)
    expect(await post(port, '/tb/7', 'url=http://other.example/1&title=%C6%FC%CB%DC', type)).toMatch(accepted)
    const { items } = await receiver.list('7')
    expect(items).toMatchObject([{ title: '日本', charset: 'euc-jp', charsetSource: 'content-type' }])
  })

  it('PROTOCOL 134: takes the id from the body where the ping URL has no query', async () => {
    const receiver = newReceiver()
    const port = await host(receiver)
    expect(await post(port, '/tb/', 'url=http://other.example/1&tb_id=7')).toMatch(accepted)
    expect(await receiver.count('7')).toBe(1)
  })
})

const form = 'application/x-www-form-urlencoded'
const accepted = /^HTTP\/1\.1 200 .*<error>0<\/error>/s

/** Sends a POST as it is written here; resolves to all that comes back. */
async function post(port: number, target: string, body: string, type = form): Promise<string> {
  const socket = connect(port, '127.0.0.1')
  const header = `Host: my.example\r\nConnection: close\r\nContent-Type: ${type}\r\nContent-Length: ${body.length}\r\n`
  socket.write(`POST ${target} HTTP/1.1\r\n${header}\r\n${body}`)
  return (await socket.setEncoding('utf8').toArray()).join('')
}
