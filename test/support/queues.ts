import PgBoss from 'pg-boss'
import { createPgBossQueue } from '../../src/jobs/pg-boss.js'
import type { Queue } from '../../src/jobs/queue.js'
import { createStoreQueue } from '../../src/jobs/store-queue.js'
import { openStore } from './stores.js'

/** A queue as a process of its own opens it, with a lease of a second. */
export interface OpenQueue {
  readonly queue: Queue
  close(): Promise<void>
}

const options = { lease: 1000, pollInterval: 50 }

/** Opens the queue in the store behind an address, or that of pg-boss there. */
export async function openQueue(kind: string, address: string): Promise<OpenQueue> {
  if (kind === 'pg-boss') return openPgBoss(address)
  const store = openStore(address)
  const queue = createStoreQueue(store, options)
  return { queue, close: () => queue.close().then(() => store.close()) }
}

async function openPgBoss(connectionString: string): Promise<OpenQueue> {
  const boss = new PgBoss({ connectionString, maintenanceIntervalSeconds: 1, max: 4 })
  await boss.on('error', () => {}).start()
  const queue = createPgBossQueue(boss, options)
  return { queue, close: () => queue.close().then(() => boss.stop({ graceful: false })) }
}
