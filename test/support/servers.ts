import { createServer, type IncomingMessage, type RequestListener, request as sendRequest } from 'node:http'
import type { AddressInfo } from 'node:net'
import { onTestFinished } from 'vitest'
import { createHttpClient, type HttpClient, type NetworkOptions } from '../../src/http/client.js'

/** A server on a free loopback port that ends with the test. */
export interface TestServer {
  /** `http://127.0.0.1:PORT` */
  readonly origin: string
  /** `127.0.0.1:PORT`, as `allowHosts` takes it. */
  readonly host: string
}

/** Serves `listener` until the running test ends. */
export async function serve(listener: RequestListener): Promise<TestServer> {
  const server = createServer(listener)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  })
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`
  return { origin: `http://${host}`, host }
}

/** A client that may ask these servers of the test. */
export function clientFor(hosts: string | readonly string[], options: NetworkOptions = {}): HttpClient {
  return createHttpClient({ ...options, allowHosts: [hosts].flat() })
}

/** Serves pages by their path; a page may change between two requests. */
export async function servePages(pages: Record<string, string | undefined>): Promise<TestServer> {
  return serve((request, response) => {
    const page = pages[request.url ?? '/']
    response.writeHead(page === undefined ? 404 : 200, { 'content-type': 'text/html; charset=utf-8' })
    response.end(page ?? 'no such page')
  })
}

/** A proxy that takes a prefix away, as nginx does by `location /blog/ { proxy_pass http://app/; }`. */
export function serveProxy(prefix: string, target: string): Promise<TestServer> {
  return serve((request, response) => {
    const { method, headers, url = '/' } = request
    if (!url.startsWith(`${prefix}/`)) return void response.writeHead(404).end()
    const passed = sendRequest(target + url.slice(prefix.length), { method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers)
      answer.pipe(response)
    })
    passed.on('error', () => response.destroy())
    request.pipe(passed)
  })
}

/** The body of a request, whole. */
export async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks)
}

/** A ping as a form body in UTF-8. */
export function form(fields: Record<string, string>): string {
  return new URLSearchParams(fields).toString()
}

/** The content type of a ping. */
export const formType = 'application/x-www-form-urlencoded; charset=utf-8'
