import type { IncomingMessage, ServerResponse } from 'node:http'
import { type PingReply, refuse } from './answers.js'
import type { Receiver } from './receiver.js'
import { createTurn } from './turn.js'

/** Options of `toNodeHandler`. */
export interface NodeHandlerOptions {
  /**
   * Where the client's address comes from. Give it only behind a proxy of your own, and read only the header that the
   * proxy sets. @default the address of the socket; no forwarded header is read
   */
  readonly clientIp?: ((request: IncomingMessage) => string | undefined) | undefined
}

/** A handler as `node:http`, Express, Connect and Koa call it. */
export type NodeHandler = (
  request: IncomingMessage & { originalUrl?: string | undefined; rawBody?: unknown; body?: unknown },
  response: ServerResponse,
  next?: (error?: unknown) => void,
) => void

/** What a stranger sent as a body: all of it, or `null` where something read it before us. */
type Body = Uint8Array | null

/**
 * Mounts a receiver in `node:http`, Express, Connect or Koa. It answers the paths under the receiver's `baseUrl`; others
 * go to `next` where there is one, and are answered with 404 where there is none.
 *
 * The bytes of a ping must reach it as they came, since a body parser destroys Shift_JIS and EUC-JP: mount it before
 * `express.urlencoded()`, or let the parser keep `request.rawBody`. Where neither was done, the ping is answered with 500
 * and `onError` is told what to do.
 *
 * ```ts
 * createServer(toNodeHandler(receiver)).listen(8080)
 * app.use(toNodeHandler(receiver))          // Express, before the body parsers
 * ```
 */
export function toNodeHandler(receiver: Receiver, options: NodeHandlerOptions = {}): NodeHandler {
  if (typeof receiver?.handle !== 'function') throw new TypeError('toNodeHandler takes a receiver')
  const { clientIp = (request) => request.socket.remoteAddress } = options
  const addressOf = (request: IncomingMessage): string | undefined => {
    try {
      return clientIp(request)
    } catch (error) {
      receiver.report(error)
      return undefined
    }
  }
  const inTurn = createTurn()
  return (request, response, next) => {
    const url = request.originalUrl ?? request.url ?? '/'
    if (next && !receiver.answers(pathOf(url))) {
      next()
      return
    }
    readBody(request, receiver.maxBodySize, (body) => {
      if (body === null) {
        receiver.report(new Error(consumedMessage))
        write(response, refuse('body-consumed'), request.method)
        return
      }
      const { method = 'GET' } = request
      const contentType = request.headers['content-type']
      const ping = { method, url, contentType, body, clientIp: addressOf(request) }
      inTurn(() => {
        receiver
          .handle(ping)
          .then((reply) => write(response, reply, method))
          .catch((error: unknown) => {
            receiver.report(error)
            response.destroy()
          })
      })
    })
  }
}

const consumedMessage =
  'A body parser read the ping before the TrackBack handler. Mount toNodeHandler(receiver) before the parser, ' +
  'or keep the bytes: express.urlencoded({ verify: (request, response, bytes) => { request.rawBody = bytes } }), ' +
  'though Express then still refuses declared character sets other than UTF-8 and Latin-1.'

function pathOf(url: string): string {
  const mark = url.indexOf('?')
  return mark < 0 ? url : url.slice(0, mark)
}

function write(
  response: ServerResponse,
  { status, headers, body }: PingReply,
  method: string | undefined,
): void {
  if (response.destroyed || response.headersSent) return
  if (!response.req.complete) response.setHeader('connection', 'close')
  response.writeHead(status, headers)
  response.end(method === 'HEAD' ? undefined : body)
}

const empty = new Uint8Array()

function readBody(request: Parameters<NodeHandler>[0], maxSize: number, done: (body: Body) => void): void {
  const known = knownBody(request)
  if (known === undefined) collect(request, maxSize, done)
  else done(known)
}

/** The body where the host has read it already or there is none; `undefined` where the stream still holds it. */
function knownBody(request: Parameters<NodeHandler>[0]): Body | undefined {
  if (request.rawBody instanceof Uint8Array) return request.rawBody
  if (!hasBody(request)) return empty
  return request.readableEnded || request.readableDidRead ? null : undefined
}

function hasBody({ headers, httpVersionMajor }: IncomingMessage): boolean {
  // HTTP/2 ends a body without saying its length before.
  return (
    httpVersionMajor >= 2 ||
    headers['transfer-encoding'] !== undefined ||
    Number(headers['content-length'] ?? 0) > 0
  )
}

/** How much beyond the limit is still taken in and thrown away, so that the client can read its refusal. */
const patience = 16

/** Collects up to the first byte beyond the limit, and is done there: that is enough to refuse the ping. */
function collect(request: IncomingMessage, maxSize: number, done: (body: Body) => void): void {
  const chunks: Buffer[] = []
  let size = 0
  request.on('data', (chunk: Buffer) => {
    const before = size
    size += chunk.length
    if (before <= maxSize) chunks.push(chunk)
    if (before <= maxSize && size > maxSize) done(Buffer.concat(chunks))
    if (size > patience * maxSize) request.destroy()
  })
  request.on('end', () => {
    if (size <= maxSize) done(chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks))
  })
  // A client that goes away in the middle of its ping gets no answer, and is no error of ours.
  request.on('error', () => {})
}
