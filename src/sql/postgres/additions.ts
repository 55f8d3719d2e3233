import type { Addition, NewJob, NewTrackback, Store } from '../../store/store.js'
import { bindable, fromTrackback, toAddition } from '../row.js'
import type { Columns } from '../sql.js'
import { digest, type PostgresClient } from './client.js'
import { fromHashedJob } from './dialect.js'
import type { PostgresTables } from './schema.js'

/** More rows make a statement no faster; a second one under way uses the time in which the first is committed. */
const maxRows = 500
const maxStatements = 2

interface Waiting {
  readonly hash: string
  readonly trackback: NewTrackback
  readonly job: NewJob | undefined
  resolve(addition: Addition): void
  reject(error: unknown): void
}

/**
 * Combines the additions that come at once into statements of many rows. While two statements are under way the others
 * gather, so the more comes, the more each statement carries.
 */
export function createPostgresAdditions(
  client: PostgresClient,
  tables: PostgresTables,
): Pick<Store, 'add' | 'close'> {
  const statement = `SELECT * FROM ${tables.add}($1)`
  const running = new Map<ReadonlyMap<string, Waiting>, Promise<void>>()
  let waiting: Waiting[] = []

  function start(): void {
    while (running.size < maxStatements) {
      const batch = takeBatch()
      if (batch.size === 0) return
      const run = write(batch).finally(() => {
        running.delete(batch)
        start()
      })
      running.set(batch, run)
    }
  }

  /** A repeat waits until the statement that has the first is done: it comes after it, and a statement writes a row once. */
  function takeBatch(): Map<string, Waiting> {
    const batch = new Map<string, Waiting>()
    const all = [batch, ...running.keys()]
    for (const each of waiting) {
      if (batch.size < maxRows && !all.some((one) => one.has(each.hash))) batch.set(each.hash, each)
    }
    waiting = waiting.filter((each) => batch.get(each.hash) !== each)
    return batch
  }

  async function write(batch: ReadonlyMap<string, Waiting>): Promise<void> {
    try {
      const { rows } = await client.query(statement, [JSON.stringify([...batch.values()].map(toColumns))])
      const written = new Map((rows as WrittenRow[]).map((row) => [row.source_hash, row]))
      for (const [hash, { resolve }] of batch) resolve(toAddition(written.get(hash)))
    } catch (error) {
      for (const { reject } of batch.values()) reject(error)
    }
  }

  return {
    add(trackback, job) {
      if (waiting.length === 0) setImmediate(start)
      return new Promise((resolve, reject) => {
        const hash = digest(bindable(trackback.postId), bindable(trackback.sourceKey))
        waiting.push({ hash, trackback, job, resolve, reject })
      })
    },
    /** Resolves once nothing waits any more. */
    async close() {
      start()
      while (running.size > 0) await Promise.all(running.values())
    },
  }
}

interface WrittenRow {
  readonly source_hash: string
}

function toColumns({ hash, trackback, job }: Waiting): Columns {
  return { source_hash: hash, ...fromTrackback(trackback), ...(job && fromHashedJob(job)) }
}
