// A platform with a thousand blogs on one PostgreSQL: 3 processes take pings, 3 look at what was taken. Two authors moderate,
// each their own blog.
//
//   npm run example:platform                        needs PostgreSQL installed as Debian does it, or DATABASE_URL
//   npm run example:platform -- --receivers 1 --workers 2 --senders 3 --pings 20000 --queue pg-boss
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import type { Store } from 'trackbacks'
import { visitAuthors } from './authors.js'
import { blogs, findPost, type Settings, writersPage } from './blogs.js'
import { type Database, startPostgres } from './database.js'
import { openPart } from './platform.js'
import { ask, start } from './processes.js'

const { values } = parseArgs({
  options: {
    receivers: { type: 'string', default: '3' },
    workers: { type: 'string', default: '3' },
    senders: { type: 'string', default: '2' },
    pings: { type: 'string', default: '5000' },
    queue: { type: 'string', default: 'store' },
  },
})
const pings = Number(values.pings)

function times<T>(count: string, make: (index: number) => T): Promise<Awaited<T>[]> {
  return Promise.all(Array.from({ length: Number(count) }, (_, index) => make(index)))
}

async function openDatabase(): Promise<Database> {
  const connectionString = process.env['DATABASE_URL']
  return connectionString ? { connectionString, stop: async () => {} } : startPostgres()
}

/** The blogs of others, which all write about ours. */
async function serveWriters(): Promise<{ port: number; close(): void }> {
  const server = createServer((request, response) => {
    response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' })
    response.end(writersPage(Number(request.url?.slice(1))))
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    close() {
      server.close()
      server.closeAllConnections()
    },
  }
}

/** Sends all pings, and says how many were accepted. */
async function sendAll(senders: readonly ChildProcess[]): Promise<number> {
  const share = Math.ceil(pings / senders.length)
  const start = performance.now()
  const counts = await Promise.all(
    senders.map((child, index) =>
      ask(child, { from: index * share, to: Math.min(pings, (index + 1) * share) }),
    ),
  )
  const accepted = counts.reduce((sum, count) => sum + count, 0)
  say(`${accepted} of ${pings} pings were accepted`, accepted, start)
  return accepted
}

/** Waits until what was accepted is shown: a source that links to the post is, after a look at it. */
async function waitUntilShown(store: Store, accepted: number): Promise<void> {
  const start = performance.now()
  let shown = 0
  for (let patience = 60; shown < accepted && patience > 0; patience -= 1) {
    await sleep(500)
    const now = await store.count({ state: 'published' })
    if (now > shown) patience = 60
    shown = now
  }
  say(`${shown} are verified and shown`, shown, start)
}

function say(what: string, count: number, start: number): void {
  const seconds = (performance.now() - start) / 1000
  console.log(`${what} after ${seconds.toFixed(1)} s: ${Math.round(count / seconds)} a second`)
}

async function run(settings: Settings): Promise<void> {
  const { receiver, store, close } = await openPart({ ...settings, queue: 'store' }, { worker: false })
  if ((await store.count({})) > 0) console.log('The database holds trackbacks already: they are counted too.')
  const receivers = await times(values.receivers, () => start('receiver.ts', settings))
  const workers = await times(values.workers, () => start('worker.ts', settings))
  const addresses = receivers.map(({ ready }) => ready)
  const senders = await times(values.senders, () => start('sender.ts', { ...settings, receivers: addresses }))
  console.log(`${blogs} blogs, ${receivers.length} receivers, ${workers.length} workers, one PostgreSQL`)

  const accepted = await sendAll(senders.map(({ child }) => child))
  if (workers.length > 0) await waitUntilShown(store, accepted)
  const { items } = await receiver.list('blog7/1', { limit: 3 })
  console.log(
    `${findPost('blog7/1')?.url} shows: ${items.map(({ title, url }) => `${title} (${url})`).join(', ')}`,
  )
  await visitAuthors(receiver)
  await close()
  const verified = await Promise.all(workers.map(({ child }) => ask(child, 'end')))
  const received = await Promise.all(receivers.map(({ child }) => ask(child, 'end')))
  console.log(
    `The receivers took ${received.join(', ')} pings; the workers looked at ${verified.join(', ')} sources.`,
  )
}

async function main(): Promise<void> {
  const database = await openDatabase()
  const writers = await serveWriters()
  try {
    const { connectionString } = database
    const queue = values.queue === 'pg-boss' ? 'pg-boss' : 'store'
    await run({ connectionString, queue, writersPort: writers.port, receivers: [] })
  } finally {
    writers.close()
    await database.stop()
  }
}

main().then(
  () => process.exit(),
  (error: Error) => {
    console.error(`failed: ${error.message}`)
    process.exit(1)
  },
)
