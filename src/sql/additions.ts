import { turnOfOthers } from '../base/waiting.js'
import type { Addition, NewJob, NewTrackback, Store } from '../store/store.js'
import { bindable } from './row.js'

/** A trackback that waits to be written. */
export interface Waiting {
  /** What it is unique by. */
  readonly key: string
  readonly trackback: NewTrackback
  readonly job: NewJob | undefined
  resolve(addition: Addition): void
  reject(error: unknown): void
}

/** How a database writes what comes. */
export interface Writing {
  /** Writes some, all of them or none, no two with one key; resolves after the commit to what became of each, in order. */
  write(rows: readonly Waiting[]): Promise<Addition[]>
  /** How many are written together at the most. */
  readonly maxRows: number
  /** How many calls of `write` are under way at the most. */
  readonly maxWrites: number
}

/** For how long additions are gathered while more come, in milliseconds: a commit costs about half of one. */
const longestGathering = 2

/**
 * Combines the additions that come at once: one that comes alone does not wait for others. While as many writes are under
 * way as may, the others gather, so the more comes, the more each write carries.
 */
export function createAdditions({ write, maxRows, maxWrites }: Writing): Pick<Store, 'add' | 'close'> {
  const running = new Map<ReadonlyMap<string, Waiting>, Promise<void>>()
  let waiting: Waiting[] = []

  /** Starts after a turn of the event loop that brought nothing more. */
  function startSoon(latest: number): void {
    const known = waiting.length
    const look = (): void => {
      if (waiting.length > known && performance.now() < latest) startSoon(latest)
      else start()
    }
    // Twice: pings that a turn brings are handled together at its end, which may come after the first of these.
    setImmediate(() => setImmediate(look))
  }

  function start(): void {
    while (running.size < maxWrites) {
      const batch = takeBatch()
      if (batch.size === 0) return
      const run = settle([...batch.values()]).finally(() => {
        running.delete(batch)
        start()
      })
      running.set(batch, run)
    }
  }

  /** A repeat waits until the write that has the first is done: it comes after it, and a statement writes a row once. */
  function takeBatch(): Map<string, Waiting> {
    const batch = new Map<string, Waiting>()
    const all = [batch, ...running.keys()]
    for (const each of waiting) {
      if (batch.size < maxRows && !all.some((one) => one.has(each.key))) batch.set(each.key, each)
    }
    waiting = waiting.filter((each) => batch.get(each.key) !== each)
    return batch
  }

  async function settle(rows: readonly Waiting[]): Promise<void> {
    try {
      const additions = await write(rows)
      for (const [index, { resolve }] of rows.entries()) resolve(additions[index] as Addition)
    } catch (error) {
      for (const { reject } of rows) reject(error)
    }
  }

  return {
    add(trackback, job) {
      if (waiting.length === 0) startSoon(performance.now() + longestGathering)
      return new Promise((resolve, reject) => {
        const key = `${bindable(trackback.postId)}\n${bindable(trackback.sourceKey)}`
        waiting.push({ key, trackback, job, resolve, reject })
      })
    },
    /** Resolves once nothing waits any more, be it for its turn. */
    async close() {
      await turnOfOthers()
      start()
      while (running.size > 0) await Promise.all(running.values())
    },
  }
}
