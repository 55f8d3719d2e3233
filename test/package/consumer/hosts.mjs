// Serves a receiver, and pages beside it, as each host does; resolves to the origin and a way to stop.
import { once } from 'node:events'
import { createServer } from 'node:http'
import { toNodeHandler } from 'trackbacks/node'

/** `late()` gives the receiver and the page for a path, which need the origin before they can be made. */
export const hosts = {
  async node(late) {
    const server = createServer((request, response) => {
      const { receiver, page } = late()
      toNodeHandler(receiver)(request, response, () => {
        response.setHeader('content-type', 'text/html; charset=utf-8').end(page(request.url))
      })
    }).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const stop = async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    }
    return { port: server.address().port, stop }
  },
  async bun(late) {
    const fetch = (request, server) => answer(late(), request, server.requestIP(request)?.address)
    const server = Bun.serve({ port: 0, hostname: '127.0.0.1', fetch })
    return { port: server.port, stop: () => server.stop(true) }
  },
  async deno(late) {
    const options = { port: 0, hostname: '127.0.0.1', onListen() {} }
    const server = Deno.serve(options, (request, { remoteAddr }) =>
      answer(late(), request, remoteAddr.hostname),
    )
    return { port: server.addr.port, stop: () => server.shutdown() }
  },
}

async function answer({ receiver, page }, request, clientIp) {
  const { pathname } = new URL(request.url)
  if (receiver.answers(pathname)) return receiver.fetch(request, { clientIp })
  return new Response(page(pathname), { headers: { 'content-type': 'text/html; charset=utf-8' } })
}
