import { once } from 'node:events'
import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { HttpClient, Store } from '../../../index.js'
import { addNetworkOptions, type NetworkValues, wholeNumber, withNetwork } from '../terminal/arguments.js'
import type { CommandDefinition, Context } from '../terminal/command.js'
import { CommandError, codeOf, explain, isTrackbackError } from '../terminal/failures.js'
import { createInbox, postOf } from './inbox.js'
import { createListenReport, type ListenEvent } from './listen-report.js'

interface ListenValues extends NetworkValues {
  readonly port: number
  readonly host: string
  readonly db?: string
}

const usualHost = '127.0.0.1'

/** `trackbacks listen`: a receiver for trying things out. */
export const listen: CommandDefinition<[], ListenValues> = {
  name: 'listen',
  summary: 'receive pings here and print them, for trying things out',
  about: [
    'Starts a receiver that accepts pings for any post id, and prints what arrives: the fields, the character set and why it was chosen, the response, and whether the source links to the post. A source that cannot be verified is tried again within seconds. Each post has a page here that announces its ping URL and lists its trackbacks, so that discover and announce can be tried on it. Ctrl-C ends it.',
    'To verify sources on this machine, add --allow-host.',
  ],
  json: [
    'One line for each event:',
    "{ type: 'listening', pingUrl, postUrl, db }",
    "{ type: 'request', method, url, status }",
    "{ type: 'ping', at, postId, clientIp, fields, charset, charsetSource, answer: { status, error, message? } }",
    "{ type: 'verification', postId, url, state, outcome, reason, … }",
    "{ type: 'closed', pings }",
  ],
  examples: [
    'trackbacks listen',
    'trackbacks discover http://127.0.0.1:4080/post/1 --allow-host 127.0.0.1:4080',
    'trackbacks listen --port 0 --db try.db --allow-host 127.0.0.1:3000',
  ],
  declare(command) {
    command.option('--port <n>', 'the port; 0 for any free one', wholeNumber(0, 65_535), 4080)
    command.option('--host <address>', 'the address to listen on', usualHost)
    command.option('--db <file>', 'store the trackbacks in this SQLite file (default: in memory)')
    addNetworkOptions(command)
  },
  run(context, _, options) {
    return withNetwork(options, (client) =>
      withStore(options.db, (store) => receive(client, store, context, options)),
    )
  },
}

async function withStore<T>(path: string | undefined, work: (store: Store) => Promise<T>): Promise<T> {
  const store = await openStore(path)
  try {
    return await work(store)
  } finally {
    await store.close()
  }
}

async function openStore(path: string | undefined): Promise<Store> {
  if (path === undefined) return (await import('../../../index.js')).createMemoryStore()
  const { openSqlite } = await import('../../../sqlite.js')
  try {
    return openSqlite(path)
  } catch (error) {
    if (isTrackbackError(error)) throw error
    throw new CommandError(`cannot store trackbacks in ${path}: ${explain(error)}`)
  }
}

async function receive(
  client: HttpClient,
  store: Store,
  context: Context,
  { port, host, db }: ListenValues,
): Promise<boolean> {
  const { signal } = context
  const write = createListenReport(context)
  let pings = 0
  const report = (event: ListenEvent): void => {
    if (event.type === 'ping') pings += 1
    write(event)
  }
  let answer: RequestListener = (_, response) => void response.writeHead(503).end()
  const server = createServer((request, response) => answer(request, response))
  await open(server, port, host)
  const onError = (error: unknown): void => {
    if (!signal.aborted) context.err.text(`trackbacks listen: ${explain(error)}`)
  }
  const origin = originOf(server, host)
  const { receiver, ...inbox } = await createInbox({ origin, store, client, report, onError })
  answer = inbox.answer
  const [pingUrl, postUrl] = [receiver.pingUrl('1'), postOf('1', origin).url]
  report({ type: 'listening', pingUrl, postUrl, db: db ?? null })
  if (!signal.aborted) await once(signal, 'abort')
  server.close()
  server.closeAllConnections()
  await receiver.close()
  report({ type: 'closed', pings })
  return true
}

async function open(server: Server, port: number, host: string): Promise<void> {
  try {
    server.listen(port, host)
    await once(server, 'listening')
  } catch (error) {
    const code = codeOf(error)
    if (code === 'EADDRINUSE') throw new CommandError(`port ${port} is in use; choose another with --port`)
    if (code === 'EACCES') throw new CommandError(`port ${port} is not permitted; choose another with --port`)
    throw new CommandError(`cannot listen on ${host}: ${explain(error)}`)
  }
}

function originOf(server: Server, host: string): string {
  const { port, family } = server.address() as AddressInfo
  const isAny = host === '0.0.0.0' || host === '::'
  const name = isAny ? usualHost : family === 'IPv6' && host.includes(':') ? `[${host}]` : host
  return `http://${name}:${port}`
}
