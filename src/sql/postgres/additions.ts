import type { Addition, NewJob, NewTrackback, Store } from '../../store/store.js'
import { bindable, fromTrackback, toAddition } from '../row.js'
import type { Columns } from '../sql.js'
import { digest, type PostgresClient } from './client.js'
import { fromHashedJob } from './dialect.js'
import type { PostgresTables } from './schema.js'

/** More rows make a statement no faster; a second one under way uses the time in which the first is committed. */
const maxRows = 500
const maxStatements = 2

interface Caller {
  resolve(addition: Addition): void
  reject(error: unknown): void
}

/** Additions of one (post, source): one row, and everybody who waits for it. */
interface Waiting {
  trackback: NewTrackback
  readonly job: NewJob | undefined
  readonly callers: Caller[]
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
  const running = new Set<Promise<void>>()
  let waiting = new Map<string, Waiting>()

  function start(): void {
    while (waiting.size > 0 && running.size < maxStatements) {
      const batch = takeBatch()
      const run = write(batch).finally(() => {
        running.delete(run)
        start()
      })
      running.add(run)
    }
  }

  function takeBatch(): Map<string, Waiting> {
    const all = [...waiting]
    waiting = new Map(all.slice(maxRows))
    return new Map(all.slice(0, maxRows))
  }

  async function write(batch: ReadonlyMap<string, Waiting>): Promise<void> {
    try {
      const rows = JSON.stringify(
        [...batch].map(([hash, { trackback, job }]) => toColumns(hash, trackback, job)),
      )
      const { rows: written } = await client.query(statement, [rows])
      const byHash = new Map((written as WrittenRow[]).map((row) => [row.source_hash, row]))
      for (const [hash, { trackback, callers }] of batch) tell(callers, trackback, byHash.get(hash))
    } catch (error) {
      for (const { callers } of batch.values()) for (const { reject } of callers) reject(error)
    }
  }

  return {
    add(trackback, job) {
      if (waiting.size === 0) setImmediate(start)
      return new Promise((resolve, reject) => {
        const hash = digest(bindable(trackback.postId), bindable(trackback.sourceKey))
        const found = waiting.get(hash)
        if (found) join(found, trackback, { resolve, reject })
        else waiting.set(hash, { trackback, job, callers: [{ resolve, reject }] })
      })
    },
    /** Resolves once nothing waits any more. */
    async close() {
      start()
      while (running.size > 0) await Promise.all(running)
    },
  }
}

interface WrittenRow {
  readonly source_hash: string
}

function isReplaceable({ state }: NewTrackback): boolean {
  return state === 'unverified'
}

/** A repeat that comes before the first is written does what it would do just after: its text counts, if any may. */
function join(found: Waiting, { state: _, receivedAt: __, ...repeat }: NewTrackback, caller: Caller): void {
  if (isReplaceable(found.trackback)) found.trackback = { ...found.trackback, ...repeat }
  found.callers.push(caller)
}

function tell(callers: readonly Caller[], trackback: NewTrackback, row: WrittenRow | undefined): void {
  const first = toAddition(row)
  const repeated: Addition = isReplaceable(trackback)
    ? { ...first, outcome: 'replaced' }
    : { outcome: 'known' }
  for (const [index, { resolve }] of callers.entries()) {
    resolve(index === 0 || first.outcome !== 'added' ? first : repeated)
  }
}

function toColumns(hash: string, trackback: NewTrackback, job: NewJob | undefined): Columns {
  return { source_hash: hash, ...fromTrackback(trackback), ...(job && fromHashedJob(job)) }
}
