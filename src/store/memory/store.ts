import type { Page } from '../../base/types.js'
import { closable } from '../closable.js'
import { pageCursor, pageLimit, rowId } from '../page.js'
import type {
  Addition,
  NewTrackback,
  Store,
  Trackback,
  TrackbackChange,
  TrackbackFilter,
  TrackbackPageRequest,
  TrackbackState,
} from '../store.js'
import { createMemoryJobs } from './jobs.js'
import { createMemoryRecords } from './records.js'

/**
 * A store that forgets when the process ends: for tests, and for trying things out. It keeps the whole contract
 * but durability.
 *
 * ```ts
 * const receiver = createReceiver({ baseUrl, findPost, store: createMemoryStore() })
 * ```
 */
export function createMemoryStore(): Store {
  const rows: (Row | undefined)[] = []
  const posts = new Map<string, PostRows>()
  const jobs = createMemoryJobs()

  function rowsOf(postId: string): PostRows {
    const kept = posts.get(postId)
    if (kept) return kept
    const fresh: PostRows = { rows: [], bySource: new Map() }
    posts.set(postId, fresh)
    return fresh
  }

  function forget({ received }: Row): void {
    const post = rowsOf(received.postId)
    post.bySource.delete(received.sourceKey)
  }

  function candidates({ postId }: TrackbackFilter): readonly Row[] {
    return postId === undefined ? rows.filter((row) => row !== undefined) : (posts.get(postId)?.rows ?? [])
  }

  function keep(received: NewTrackback): Addition {
    const post = rowsOf(received.postId)
    const kept = post.bySource.get(received.sourceKey)
    if (kept && !isReplaceable(kept)) return { outcome: 'known' }
    if (kept) {
      kept.received = { ...received, state: kept.state, receivedAt: kept.received.receivedAt }
      kept.revision += 1
      return { outcome: 'replaced', id: kept.id }
    }
    const id = String(rows.length + 1)
    const { state } = received
    const row: Row = { id, received, state, verification: null, checks: none, history: none, revision: 1 }
    rows.push(row)
    post.rows.push(row)
    post.bySource.set(received.sourceKey, row)
    return { outcome: 'added', id }
  }

  return closable({
    jobs,
    records: createMemoryRecords(),
    async add(received, job) {
      const addition = keep(received)
      if (job && addition.outcome !== 'known') await jobs.add(job)
      return addition
    },
    async get(id) {
      const row = rows[rowId(id) - 1]
      return row ? toTrackback(row) : null
    },
    async find(postId, sourceKey) {
      const row = posts.get(postId)?.bySource.get(sourceKey)
      return row ? toTrackback(row) : null
    },
    async update(id, revision, change) {
      const row = rows[rowId(id) - 1]
      if (!row || row.revision !== revision) return false
      const { state, verification, checks, history } = change
      Object.assign(row, { state, verification, checks, history, revision: revision + 1 })
      return true
    },
    async remove(id, revision) {
      const row = rows[rowId(id) - 1]
      if (!row || row.revision !== revision) return false
      delete rows[rowId(id) - 1]
      forget(row)
      const post = rowsOf(row.received.postId)
      post.rows = post.rows.filter((each) => each !== row)
      return true
    },
    async list(filter, request) {
      return pageOf(candidates(filter), filter, request)
    },
    async count(filter) {
      return candidates(filter).filter((row) => matches(row, filter)).length
    },
    async expire({ rejectedBefore = 0, clientIpsBefore = 0 }) {
      let changed = 0
      const emptied = new Set<PostRows>()
      for (const [index, row] of rows.entries()) {
        if (!row) continue
        const { receivedAt, clientIp } = row.received
        if (row.state === 'rejected' && receivedAt < rejectedBefore) {
          delete rows[index]
          forget(row)
          emptied.add(rowsOf(row.received.postId))
        } else if (clientIp !== null && receivedAt < clientIpsBefore) {
          row.received = { ...row.received, clientIp: null }
        } else continue
        changed += 1
      }
      for (const post of emptied) post.rows = post.rows.filter((row) => rows[rowId(row.id) - 1] !== undefined)
      return changed
    },
    async close() {},
  })
}

/** What came, as it came, and what has been found and decided since. */
interface Row extends TrackbackChange {
  readonly id: string
  received: NewTrackback
  state: TrackbackState
  revision: number
}

/** One for all rows that nothing has happened to. */
const none: readonly [] = []

interface PostRows {
  rows: Row[]
  readonly bySource: Map<string, Row>
}

function toTrackback({ received, ...facts }: Row): Trackback {
  return { ...received, ...facts }
}

function isReplaceable({ state }: Row): boolean {
  return state === 'pending'
}

function matches({ state, received }: Row, filter: TrackbackFilter): boolean {
  if (filter.state !== undefined && state !== filter.state) return false
  if (filter.text === undefined) return true
  const { url, title, excerpt, blogName } = received
  return [url, title, excerpt, blogName].join('\n').toLowerCase().includes(filter.text.toLowerCase())
}

function pageOf(
  rows: readonly Row[],
  filter: TrackbackFilter,
  request: TrackbackPageRequest = {},
): Page<Trackback> {
  const limit = pageLimit(request)
  const after = pageCursor(request)
  const step = request.order === 'newest' ? -1 : 1
  const items: Trackback[] = []
  for (let index = firstIndex(rows, after, step); index >= 0 && index < rows.length; index += step) {
    const row = rows[index]
    if (!row || !matches(row, filter)) continue
    if (items.length === limit) return { items, next: items[limit - 1]?.id ?? '' }
    items.push(toTrackback(row))
  }
  return { items }
}

/** Where a page begins: rows stand in the order of their ids, so a cursor is found by halving. */
function firstIndex(rows: readonly Row[], after: number | undefined, step: 1 | -1): number {
  if (after === undefined) return step === 1 ? 0 : rows.length - 1
  let low = 0
  let high = rows.length
  while (low < high) {
    const middle = (low + high) >>> 1
    const id = Number(rows[middle]?.id)
    if (step === 1 ? id <= after : id < after) low = middle + 1
    else high = middle
  }
  return step === 1 ? low : low - 1
}
