// A server of pings in a process of its own, for peers.bench.ts. Arguments: which, and the folder for its data. Sends
// its parent { port }; every post that a path names is there.
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import formbody from '@fastify/formbody'
import express from 'express'
import fastify from 'fastify'
import { createMemoryStore, createReceiver, type Store } from 'trackbacks'
import { toNodeHandler } from 'trackbacks/node'
import { generateResponse } from 'trackbacks/protocol'
import { openSqlite } from 'trackbacks/sqlite'
import { openRates } from '../../support/open-rates.js'

const [which = '', folder = ''] = process.argv.slice(2)
const answers = [{ error: 0 }, { error: 1, message: 'No url' }].map((answer) =>
  String(generateResponse(answer)),
)
const answerTo = (form: { url?: string }) => answers[form.url ? 0 : 1]

/** Our receiver doing its whole job up to the answer; it looks at sources later. */
function receiving(store: Store): RequestListener {
  const receiver = createReceiver({
    baseUrl: 'http://127.0.0.1/trackback/',
    findPost: (id) => ({ id, url: 'https://my.example/2010/01/jal.html' }),
    store,
    verifyAfter: 3_600_000,
    rateLimits: openRates,
  })
  return toNodeHandler(receiver)
}

/** The handler that somebody writes in ten minutes: it parses the form, answers, and keeps nothing. */
function withExpress(): RequestListener {
  const app = express()
  app.use(express.urlencoded({ extended: false }))
  app.post('/trackback/:id', (request, response) => {
    response.type('text/xml').send(answerTo(request.body))
  })
  return app
}

/** The same in Fastify. */
async function withFastify(): Promise<RequestListener> {
  const app = fastify()
  app.register(formbody)
  app.post<{ Body: { url?: string } }>('/trackback/:id', (request, reply) => {
    reply.type('text/xml; charset=utf-8').send(answerTo(request.body))
  })
  await app.ready()
  return (request, response) => app.routing(request, response)
}

const listeners: Readonly<Record<string, () => RequestListener | Promise<RequestListener>>> = {
  memory: () => receiving(createMemoryStore()),
  sqlite: () => receiving(openSqlite(join(folder, 'peers.db'))),
  express: withExpress,
  fastify: withFastify,
}

const listener = await listeners[which]?.()
const server = createServer(listener)
server.listen(0, '127.0.0.1', () => process.send?.({ port: (server.address() as AddressInfo).port }))
process.on('disconnect', () => process.exit())
