import type { IncomingMessage, ServerResponse } from 'node:http'
import { clientAddress } from '../../base/address.js'
import { optionCheck } from '../../base/options.js'
import type { ReceiverResponse } from '../accept/answers.js'
import { type PingRequest, splitUrl } from '../options/request.js'
import { IncomingBody } from './body.js'
import type { Mountable } from './mountable.js'
import { createTurn } from './turn.js'

/** Options of `toNodeHandler` and `toFastifyPlugin`. */
export interface NodeHandlerOptions<HostRequest = IncomingMessage> {
  /**
   * Where the client's address comes from; it is given the request as the host has it. Give it only behind a proxy of
   * your own, and read only the header that the proxy sets. Where it gives no IP address, or throws, it is the socket's.
   * @default the address of the socket; no forwarded header is read
   */
  readonly clientIp?: ((request: HostRequest) => string | null | undefined) | undefined
}

/** A request of `node:http`, with what Express and body parsers add to it. */
type NodeRequest = IncomingMessage & {
  originalUrl?: string | undefined
  rawBody?: unknown
  body?: unknown
}

/** A handler as `node:http`, Express, Connect and Koa call it. */
export type NodeHandler = (
  request: NodeRequest,
  response: ServerResponse,
  next?: (error?: unknown) => void,
) => void

/**
 * Mounts a receiver, or the page of moderation, in `node:http`, Express, Connect or Koa. It answers the paths under the
 * `baseUrl`, or the `mountPath`; others go to `next` where there is one, and are answered with 404 where there is none.
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
export function toNodeHandler<HostRequest extends IncomingMessage>(
  mounted: Mountable<HostRequest>,
  options: NodeHandlerOptions<HostRequest> = {},
): NodeHandler {
  const answer = createNodeAnswer(mounted, options)
  return (request, response, next) => {
    if (next && !mounted.answers(splitUrl(request.originalUrl ?? request.url ?? '/').path)) next()
    else answer(request, response, request as unknown as HostRequest)
  }
}

const checkOptions = optionCheck('toNodeHandler', { function: 'clientIp' })

/** The bridge from `node:http` to what is mounted and back; `host` is the same request as the framework wraps it. */
export function createNodeAnswer<HostRequest>(
  mounted: Mountable<HostRequest>,
  options: NodeHandlerOptions<HostRequest>,
): (request: NodeRequest, response: ServerResponse, host: HostRequest) => void {
  checkOptions(options)
  const { clientIp } = options
  if (typeof mounted?.handle !== 'function') throw new TypeError('toNodeHandler takes a receiver')
  const addressOf = (request: IncomingMessage, host: HostRequest): string | undefined => {
    try {
      const told = clientIp && clientAddress(clientIp(host))
      if (told) return told
    } catch (error) {
      mounted.report(error)
    }
    return request.socket.remoteAddress
  }
  const inTurn = createTurn()
  /** Never throws, whatever is mounted: the others of the same turn are to be answered too. */
  async function answer(ping: PingRequest, host: HostRequest, response: ServerResponse): Promise<void> {
    try {
      write(response, await mounted.handle(ping, host), ping.method)
    } catch (error) {
      mounted.report(error)
      response.destroy()
    }
  }
  return (request, response, host) => {
    readBody(request, mounted.maxBodySize, (body) => {
      const { method = 'GET' } = request
      if (body === null) {
        mounted.report(new Error(consumedMessage))
        write(response, mounted.bodyConsumed, method)
        return
      }
      const url = request.originalUrl ?? request.url ?? '/'
      const contentType = request.headers['content-type']
      const ping = { method, url, contentType, body, clientIp: addressOf(request, host) }
      inTurn(() => void answer(ping, host, response))
    })
  }
}

const consumedMessage =
  'A body parser read the body before the TrackBack handler. Mount toNodeHandler(…) before the parser, ' +
  'or keep the bytes: express.urlencoded({ verify: (request, response, bytes) => { request.rawBody = bytes } }), ' +
  'though Express then still refuses declared character sets other than UTF-8 and Latin-1.'

function write(response: ServerResponse, { status, headers, body }: ReceiverResponse, method: string): void {
  if (response.destroyed || response.headersSent) return
  if (!response.req.complete) response.setHeader('connection', 'close')
  response.writeHead(status, headers)
  response.end(method === 'HEAD' ? undefined : body)
}

/** Gives the body as it came, or what the host kept of its bytes; `null` where something else took them. */
function readBody(request: NodeRequest, maxSize: number, done: (body: Uint8Array | null) => void): void {
  const { rawBody, headers, httpVersionMajor } = request
  const isStated = headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0
  if (rawBody instanceof Uint8Array) done(rawBody)
  // HTTP/2 ends a body without saying its length before.
  else if (!isStated && httpVersionMajor < 2) done(new Uint8Array())
  else if (request.readableEnded || request.readableDidRead) done(null)
  else readAll(request, maxSize, done)
}

function readAll(request: NodeRequest, maxSize: number, done: (body: Uint8Array) => void): void {
  const body = new IncomingBody(maxSize)
  let isDone = false
  const finish = (): void => {
    if (!isDone) done(body.bytes())
    isDone = true
  }
  request.on('data', (piece: Buffer) => void (body.add(piece) || finish())).on('end', finish)
  // A client that goes away in the middle of its ping gets no answer, and is no error of ours.
  request.on('error', () => {})
}
