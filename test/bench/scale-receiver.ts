// Forked by scale.bench.ts: a receiver on a PostgreSQL. Arguments: the connection string, the prefix of the tables. Sends its
// parent its port, and then, whenever asked, the seconds of processor time that it has taken.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import pg from 'pg'
import { createReceiver } from 'trackbacks'
import { toNodeHandler } from 'trackbacks/node'
import { createPostgresStore } from 'trackbacks/postgres'
import { openRates } from '../support/open-rates.js'
import { ownCpu } from './cpu.js'

const [connectionString, tablePrefix] = process.argv.slice(2)
const pool = new pg.Pool({ connectionString, max: 8, idleTimeoutMillis: 0 }).on('error', () => {})
const receiver = createReceiver({
  baseUrl: 'http://127.0.0.1/trackback/',
  findPost: (id) => ({ id, url: `https://my.example/${id}.html` }),
  store: createPostgresStore(pool, { tablePrefix }),
  ...{ worker: false, verifyAfter: 3_600_000, rateLimits: openRates },
})
process.on('message', () => process.send?.(ownCpu()))
process.on('disconnect', () => process.exit())
const server = createServer(toNodeHandler(receiver)).listen(0, '127.0.0.1', () =>
  process.send?.((server.address() as AddressInfo).port),
)
