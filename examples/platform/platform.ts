import pg from 'pg'
import PgBoss from 'pg-boss'
import { createReceiver, type Receiver, type ReceiverOptions, type Store } from 'trackbacks'
import { createPgBossQueue } from 'trackbacks/pg-boss'
import { createPostgresStore } from 'trackbacks/postgres'
import { findPost, type Settings } from './blogs.js'

/** What a whole platform takes an hour; the defaults are for one blog. */
const rateLimits = {
  total: 10_000_000,
  perPost: 10_000,
  perHost: 100_000,
  perDomain: 100_000,
  perClient: 10_000_000,
}

/** The part of the platform that runs in this process. */
export interface Part {
  readonly receiver: Receiver
  readonly store: Store
  close(): Promise<void>
}

/** Opens the store and the queue that all processes share, and makes a receiver on them. */
export async function openPart(settings: Settings, options: Partial<ReceiverOptions>): Promise<Part> {
  const { connectionString } = settings
  const pool = new pg.Pool({ connectionString, max: 8 }).on('error', console.error)
  const store = createPostgresStore(pool)
  const boss = settings.queue === 'pg-boss' ? new PgBoss({ connectionString, max: 8 }) : undefined
  await boss?.on('error', console.error).start()
  const queue = boss && createPgBossQueue(boss)
  const baseUrl = 'https://platform.example/trackback/'
  const receiver = createReceiver({ baseUrl, findPost, store, queue, rateLimits, ...options })
  return {
    receiver,
    store,
    async close() {
      await queue?.close()
      await receiver.close()
      await boss?.stop({ graceful: false })
      await store.close()
      await pool.end()
    },
  }
}
