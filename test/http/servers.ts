import { createServer, type RequestListener } from 'node:http'
import {
  type AddressInfo,
  createServer as createTcpServer,
  type LookupFunction,
  type Server,
  type Socket,
} from 'node:net'
import { inspect } from 'node:util'

/** A server on loopback that counts what reaches it. */
export interface TestServer {
  readonly port: number
  /** `http://127.0.0.1:port` */
  readonly origin: string
  /** `127.0.0.1:port`, as `allowHosts` takes it. */
  readonly host: string
  connections: number
  bytes: number
  requests: string[]
  readonly sockets: Set<Socket>
  close(): Promise<void>
}

/** An HTTP server that answers by `handler`. */
export function serve(handler: RequestListener, address = '127.0.0.1'): Promise<TestServer> {
  const server = createServer((request, response) => {
    watched.requests.push(`${request.method} ${request.url}`)
    handler(request, response)
  })
  const watched = watch(server, address)
  return listen(server, watched, address)
}

/** A TCP server that is given each socket; what is thrown at it is counted. */
export function serveTcp(
  onSocket: (socket: Socket) => void,
  address = '127.0.0.1',
  port = 0,
): Promise<TestServer> {
  const server = createTcpServer(onSocket)
  return listen(server, watch(server, address), address, port)
}

/** A server that nothing may reach, on every address of this machine and both families. */
export function serveCanary(): Promise<TestServer> {
  const server = createServer((_, response) =>
    response.end('<html><a href="https://blog.example/">secret</a>'),
  )
  return listen(server, watch(server, '127.0.0.1'), '::')
}

/** A resolver that answers by script: the n-th question is given `answer(name, n)`. */
export function scriptedLookup(
  answer: (name: string, n: number) => string[] | Error,
): LookupFunction & { asked: number } {
  const lookup = (name: string, options: { all?: boolean }, callback: (...result: unknown[]) => void) => {
    lookup.asked += 1
    const found = answer(name, lookup.asked)
    queueMicrotask(() => {
      if (found instanceof Error) return callback(found)
      const answers = found.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }))
      if (options.all) callback(null, answers)
      else callback(null, answers[0]?.address, answers[0]?.family)
    })
  }
  lookup.asked = 0
  return lookup as unknown as LookupFunction & { asked: number }
}

/** What a promise is rejected with; an error where it is fulfilled. */
export async function rejectionOf(promise: Promise<unknown>): Promise<Error & { code?: string }> {
  const value = await promise.then(
    (fulfilled) => new Error(`fulfilled with ${inspect(fulfilled, { maxArrayLength: 3 })}`),
    (reason) => reason,
  )
  return value as Error
}

/** Waits until `condition` holds, some two seconds at the most. */
export async function until(condition: () => boolean): Promise<boolean> {
  for (let turn = 0; turn < 200 && !condition(); turn += 1)
    await new Promise((resolve) => setTimeout(resolve, 10))
  return condition()
}

function watch(server: Server, address: string): TestServer {
  const sockets = new Set<Socket>()
  const portOf = () => (server.address() as AddressInfo).port
  const watched: TestServer = {
    get port() {
      return portOf()
    },
    get origin() {
      return `http://${address}:${portOf()}`
    },
    get host() {
      return `${address}:${portOf()}`
    },
    connections: 0,
    bytes: 0,
    requests: [],
    sockets,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        for (const socket of sockets) socket.destroy()
      }),
  }
  server.on('connection', (socket: Socket) => {
    watched.connections += 1
    sockets.add(socket)
    socket.on('data', (data) => {
      watched.bytes += data.length
    })
    socket.on('error', () => {})
    socket.on('close', () => sockets.delete(socket))
  })
  return watched
}

function listen(server: Server, watched: TestServer, address: string, port = 0): Promise<TestServer> {
  return new Promise((resolve, reject) => {
    server.on('error', reject)
    server.listen(port, address, () => resolve(watched))
  })
}
