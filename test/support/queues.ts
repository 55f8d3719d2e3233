import { createPgBossQueue } from '../../src/pg-boss/pg-boss.js'
import type { Queue } from '../../src/queue/queue.js'
import { createStoreQueue, type StoreQueueOptions } from '../../src/queue/store-queue.js'
import { pgBossVersions, startPgBoss } from './pg-boss.js'
import { openStore } from './stores.js'

/** A queue as a process of its own opens it, with a lease of a second. */
export interface OpenQueue {
  readonly queue: Queue
  close(): Promise<void>
}

const usual = { lease: 1000, pollInterval: 50 }

/** Opens the queue in the store behind an address, or that of a version of pg-boss there, by its name: `pg-boss 12`. */
export async function openQueue(
  kind: string,
  address: string,
  options: StoreQueueOptions = usual,
): Promise<OpenQueue> {
  const [version] = pgBossVersions.find(([each]) => kind === `pg-boss ${each}`) ?? []
  if (!version) {
    const store = openStore(address)
    const queue = createStoreQueue(store, options)
    return { queue, close: () => queue.close().then(() => store.close()) }
  }
  const boss = await startPgBoss(version, address)
  const queue = createPgBossQueue(boss, options)
  return { queue, close: () => queue.close().then(() => boss.stop({ graceful: false })) }
}
