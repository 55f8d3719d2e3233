// What a consumer on Node writes besides: hosts, resolvers and drivers by the types of Node itself.
import { lookup } from 'node:dns'
import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { LookupFunction } from 'node:net'
import { createHttpClient } from 'trackbacks'
import { type FastifyHost, toFastifyPlugin } from 'trackbacks/fastify'
import { createModerationHandler, type ModerationHandler } from 'trackbacks/moderation'
import { type NodeHandler, toNodeHandler } from 'trackbacks/node'
import { receiver } from './portable.js'

const clientIp = (request: IncomingMessage) => request.headers['x-real-ip']?.toString()

export const handler: NodeHandler = toNodeHandler(receiver, { clientIp })
export const server: Server = createServer(handler)
export const plugin: (fastify: FastifyHost) => Promise<void> = toFastifyPlugin(receiver)

/** Requests as Express and Fastify type them, with more than those of Node. */
type ExpressRequest = IncomingMessage & { readonly ip: string | undefined }
type FastifyRequest = { id: string; raw: IncomingMessage; headers: IncomingMessage['headers']; ip: string }
export const byHost = [
  toNodeHandler(receiver, { clientIp: (request: ExpressRequest) => request.ip }),
  toNodeHandler(receiver, { clientIp: (request) => request.headers['x-real-ip']?.toString() ?? null }),
]
export const plugins = [
  toFastifyPlugin(receiver, { clientIp: (request: FastifyRequest) => request.ip }),
  toFastifyPlugin(receiver, { clientIp: ({ headers }) => headers['x-real-ip']?.toString() }),
]
// @ts-expect-error: Fastify gives a request of its own
toFastifyPlugin(receiver, { clientIp: (request: IncomingMessage) => request.url })

export const moderation: ModerationHandler = createModerationHandler(receiver, {
  baseUrl: 'https://my.blog/moderation/',
  authorize: ({ headers }) => headers.authorization === 'Basic bWU6c2VjcmV0' && 'me',
})
export const page: NodeHandler = toNodeHandler(moderation)

declare const own: LookupFunction
export const clients = [createHttpClient({ lookup }), createHttpClient({ lookup: own })]

// @ts-expect-error: it takes a receiver
toNodeHandler({})
