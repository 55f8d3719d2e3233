import { once } from 'node:events'
import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { TrackbackError } from '../errors.js'
import type { HttpClient, Store } from '../index.js'
import { type Command, type Context, networkOptions } from './command.js'
import { CommandError, explain } from './failures.js'
import { createListenReport } from './listen-report.js'
import { withNetwork } from './network.js'

const usualPort = 4080
const usualHost = '127.0.0.1'

/** `trackbacks listen`: a receiver for trying things out. */
export const listen: Command = {
  name: 'listen',
  positionals: [],
  summary: 'receive pings here and print them, for trying things out',
  about: [
    'Starts a receiver that takes pings for any post id, and prints what comes: the fields, the character set and why it was chosen, the answer, and whether the source links to the post. Each post has a page here that announces its ping URL and lists its trackbacks, so that discover and announce can be tried on it. Ctrl-C ends it.',
    'A source on this machine is only looked at with --allow-host.',
  ],
  options: {
    port: { value: 'N', about: `the port (default ${usualPort}); 0 for any that is free` },
    host: { value: 'ADDRESS', about: `the address to listen on (default ${usualHost})` },
    db: { value: 'FILE', about: 'keep the trackbacks in this SQLite file (default: in memory)' },
    ...networkOptions,
  },
  json: [
    'A line for each event:',
    "{ type: 'listening', pingUrl, postUrl }",
    "{ type: 'request', method, url, status }",
    "{ type: 'ping', at, postId, clientIp, fields, charset, charsetReason,",
    '  answer: { status, error, message? } }',
    "{ type: 'verification', postId, url, state, outcome, reason, … }",
    "{ type: 'closed', pings }",
  ],
  examples: [
    'trackbacks listen',
    'trackbacks discover http://127.0.0.1:4080/post/1 --allow-host 127.0.0.1:4080',
    'trackbacks listen --port 0 --db try.db --allow-host 127.0.0.1:3000',
  ],
  run(context: Context) {
    return withNetwork(context.given, (client) =>
      withStore(context, (store) => receive(client, store, context)),
    )
  },
}

async function withStore<T>({ given }: Context, work: (store: Store) => Promise<T>): Promise<T> {
  const path = given.text('db')
  const store =
    path === undefined
      ? (await import('../index.js')).createMemoryStore()
      : openFile(path, (await import('../store/open-sqlite.js')).openSqlite)
  try {
    return await work(store)
  } finally {
    await store.close()
  }
}

function openFile(path: string, openSqlite: (path: string) => Store): Store {
  try {
    return openSqlite(path)
  } catch (error) {
    if (error instanceof TrackbackError) throw error
    throw new CommandError(`cannot keep trackbacks in ${path}: ${explain(error)}`)
  }
}

async function receive(client: HttpClient, store: Store, context: Context): Promise<boolean> {
  const { given, signal } = context
  const port = given.integer('port', usualPort, { min: 0, max: 65_535 })
  const host = given.text('host') ?? usualHost
  const report = createListenReport(context)
  const { createInbox } = await import('./inbox.js')
  let answer: RequestListener = (_, response) => void response.writeHead(503).end()
  const server = createServer((request, response) => answer(request, response))
  await open(server, port, host)
  const inbox = createInbox({ origin: originOf(server, host), store, client, report, signal })
  answer = inbox.answer
  report.listening({ pingUrl: inbox.pingUrl('1'), postUrl: inbox.postUrl('1'), db: given.text('db') })
  if (!signal.aborted) await once(signal, 'abort')
  server.close()
  server.closeAllConnections()
  await inbox.close()
  report.closed()
  return true
}

async function open(server: Server, port: number, host: string): Promise<void> {
  try {
    server.listen(port, host)
    await once(server, 'listening')
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : ''
    if (code === 'EADDRINUSE') throw new CommandError(`port ${port} is in use; --port takes another`)
    if (code === 'EACCES') throw new CommandError(`port ${port} may not be used; --port takes another`)
    throw new CommandError(`cannot listen on ${host}: ${error instanceof Error ? error.message : error}`)
  }
}

function originOf(server: Server, host: string): string {
  const { port, family } = server.address() as AddressInfo
  const isAny = host === '0.0.0.0' || host === '::'
  const name = isAny ? usualHost : family === 'IPv6' && host.includes(':') ? `[${host}]` : host
  return `http://${name}:${port}`
}
