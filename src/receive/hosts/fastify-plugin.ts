import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Mountable } from './mountable.js'
import { createNodeAnswer, type NodeHandlerOptions } from './node-handler.js'

/** A Fastify instance, by the method that the plugin calls. */
export interface FastifyHost {
  readonly all: (...values: never[]) => unknown
}

/** A request of Fastify, by what the plugin and a `clientIp` read of it. */
export interface FastifyHostRequest {
  readonly raw: IncomingMessage
  readonly headers: IncomingMessage['headers']
  readonly ip: string
}

type OnRequest<HostRequest> = (
  request: HostRequest,
  reply: { readonly raw: ServerResponse; hijack(): unknown },
) => void

/** That method as it is called: of Fastify's overloads no other interface than its own can say so. */
interface Scope<HostRequest> {
  readonly prefix?: string
  all(path: string, hooks: { onRequest: OnRequest<HostRequest> }, handler: () => void): unknown
}

/**
 * Makes a Fastify plugin of a receiver, or of the page of moderation. Fastify's own parsers refuse form bodies and many
 * spellings of their type, and decode what they accept; the plugin answers before they run, after the `onRequest` hooks.
 * It answers the paths under the `baseUrl`, or the `mountPath`, so register it without a prefix.
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
    // Fastify compares its routes with decoded paths.
    const base = decodeURI(mounted.path)
    for (const path of [`${base}*`, base.slice(0, -1)].filter(Boolean)) {
      const onRequest: OnRequest<HostRequest> = (request, reply) => {
        reply.hijack()
        answer(request.raw, reply.raw, request)
      }
      scope.all(path, { onRequest }, () => {})
    }
  }
}
