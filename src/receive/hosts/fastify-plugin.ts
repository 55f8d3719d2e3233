import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Mountable } from './mountable.js'
import { createNodeAnswer, type NodeHandlerOptions } from './node-handler.js'

/** A Fastify instance, by the methods that the plugin calls. */
export interface FastifyHost {
  readonly removeAllContentTypeParsers: () => unknown
  readonly addContentTypeParser: (...values: never[]) => unknown
  readonly all: (...values: never[]) => unknown
}

/** A request of Fastify, by what the plugin and a `clientIp` read of it. */
export interface FastifyHostRequest {
  readonly raw: IncomingMessage
  readonly headers: IncomingMessage['headers']
  readonly ip: string
}

/** Those methods as they are called: of Fastify's overloads no other interface than its own can say so. */
interface Scope<HostRequest> {
  readonly prefix?: string
  removeAllContentTypeParsers(): unknown
  addContentTypeParser(
    type: string,
    parser: (request: unknown, payload: unknown, done: (error: null) => void) => void,
  ): unknown
  all(path: string, handler: (request: HostRequest, reply: Reply) => void): unknown
}

interface Reply {
  readonly raw: ServerResponse
  hijack(): unknown
}

/**
 * Makes a Fastify plugin of a receiver, or of the page of moderation. Fastify's own parsers refuse form bodies, and decode
 * what they accept; inside the plugin's scope they are taken away, and everywhere else they stay as they are. It answers
 * the paths under the `baseUrl`, or the `mountPath`, so register it without a prefix.
 *
 * ```ts
 * app.register(toFastifyPlugin(receiver))
 * ```
 */
export function toFastifyPlugin<HostRequest extends FastifyHostRequest>(
  mounted: Mountable<HostRequest>,
  options: NodeHandlerOptions<HostRequest> = {},
): (fastify: FastifyHost) => Promise<void> {
  const answer = createNodeAnswer(mounted, options)
  return async (fastify) => {
    const scope = fastify as unknown as Scope<HostRequest>
    if (scope.prefix)
      throw new TypeError(
        'register the TrackBack plugin without a prefix: its path is that of baseUrl, or mountPath',
      )
    scope.removeAllContentTypeParsers()
    // The body stays unread: the handler takes its bytes from the request itself.
    scope.addContentTypeParser('*', (_request, _payload, done) => done(null))
    // Fastify compares its routes with decoded paths.
    const base = decodeURI(mounted.path)
    for (const path of [`${base}*`, base.slice(0, -1)].filter(Boolean)) {
      scope.all(path, (request, reply) => {
        reply.hijack()
        answer(request.raw, reply.raw, request)
      })
    }
  }
}
