// Takes pings for all blogs, and leaves what comes after to the workers.
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { toNodeHandler } from 'trackbacks/node'
import { openPart } from './platform.js'
import { serve, told } from './processes.js'

let received = 0
const part = await openPart(told(), {
  worker: false,
  onEvent(event) {
    if (event.type === 'received') received += 1
  },
})
const server = createServer(toNodeHandler(part.receiver)).listen(0, '127.0.0.1')
await once(server, 'listening')
const { port } = server.address() as AddressInfo

serve(
  `http://127.0.0.1:${port}/trackback/`,
  () => received,
  async () => {
    server.close()
    server.closeAllConnections()
    await part.close()
  },
)
