import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import { type AddressInfo, isIPv6 } from 'node:net'
import { wholeNumber } from '../terminal/arguments.js'
import type { CommandDefinition } from '../terminal/command.js'
import { codeOf, explain } from '../terminal/failures.js'
import { bold } from '../terminal/printer.js'
import { openStore } from '../terminal/store.js'
import { createInbox } from './inbox.js'

const usualHost = '127.0.0.1'

/** `trackbacks listen`: a receiver for trying things out. */
export const listen: CommandDefinition<[], 'port' | 'host'> = {
  name: 'listen',
  declare(command) {
    command.option('--port <n>', 'the port; 0 for any free one', wholeNumber(0, 65_535), 4080)
    command.option('--host <address>', 'the address to listen on', usualHost)
    command.option('--db <file>', 'store the trackbacks in this SQLite file (default: in memory)')
  },
  async run(context, _, { port, host, db: path }) {
    const { signal, tell } = context
    const { toNodeHandler } = await import('../../../node.js')
    const store = await openStore(context, path)
    const server = createServer()
    const inbox = createInbox(context, await open(server, port, host), store)
    server.on('request', toNodeHandler(inbox))
    const urls = { pingUrl: inbox.pingUrl('1'), postUrl: inbox.postOf('1').url }
    tell({ type: 'listening', ...urls, db: path ?? null }, (out, { pingUrl, postUrl, db }) => {
      out.line(bold('Listening'), ' for pings to any post; Ctrl-C ends it.')
      out.line()
      const post = `${postUrl} (announces the ping URL; sources must link to it)`
      out.rows({ 'ping URL': pingUrl, post, 'stored in': db ?? 'memory' })
    })
    if (!signal.aborted) await once(signal, 'abort')
    server.close()
    server.closeAllConnections()
    await inbox.close()
    tell({ type: 'closed', pings: inbox.pings() }, (out, { pings }) => {
      out.line()
      out.line(pings === 1 ? '1 ping received.' : `${pings} pings received.`)
    })
    return true
  },
}

/** Opens the server, and resolves to its origin. */
async function open(server: Server, port: number, host: string): Promise<string> {
  try {
    server.listen(port, host)
    await once(server, 'listening')
  } catch (error) {
    const trouble = { EADDRINUSE: 'in use', EACCES: 'not permitted' }[codeOf(error)]
    if (trouble) throw new Error(`port ${port} is ${trouble}; choose another with --port`)
    throw new Error(`cannot listen on ${host}: ${explain(error)}`)
  }
  const name = host === '0.0.0.0' || host === '::' ? usualHost : host
  return `http://${isIPv6(name) ? `[${name}]` : name}:${(server.address() as AddressInfo).port}`
}
