import type { Page } from '../../base/types.js'
import { closable } from '../closable.js'
import { cursorOf, pageLimit, placeAfter, rowId, toPage, valuesOf } from '../page.js'
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
import { createMemoryJobs, insert, placeOf } from './jobs.js'
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
  /** By their ids, which begin with 1. */
  const byId: (Row | undefined)[] = []
  let all: Row[] = []
  const posts = new Map<string, PostRows>()
  const jobs = createMemoryJobs()

  function rowsOf(postId: string): PostRows {
    const kept = posts.get(postId)
    if (kept) return kept
    const fresh: PostRows = { rows: [], bySource: new Map() }
    posts.set(postId, fresh)
    return fresh
  }

  /** Takes rows away, each with its post's. */
  function forget(gone: ReadonlySet<Row>): void {
    if (gone.size === 0) return
    all = all.filter((row) => !gone.has(row))
    for (const { id, received } of gone) {
      const post = rowsOf(received.postId)
      post.bySource.delete(received.sourceKey)
      byId[Number(id) - 1] = undefined
    }
    for (const postId of new Set(Array.from(gone, ({ received }) => received.postId))) {
      const post = rowsOf(postId)
      post.rows = post.rows.filter((row) => !gone.has(row))
    }
  }

  function candidates({ postId }: TrackbackFilter): readonly Row[] {
    if (postId === undefined) return all
    if (typeof postId === 'string') return posts.get(postId)?.rows ?? []
    return [...new Set(postId)].flatMap((id) => posts.get(id)?.rows ?? []).sort(byReceipt)
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
    const id = String(byId.length + 1)
    const { state, verification = null, checks = none, history = none } = received
    const row: Row = { id, received, state, verification, checks, history, revision: 1 }
    const isLater = (other: Row): boolean => other.received.receivedAt > received.receivedAt
    insert(all, row, isLater)
    insert(post.rows, row, isLater)
    byId.push(row)
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
      const row = byId[rowId(id) - 1]
      return row ? toTrackback(row) : null
    },
    async find(postId, sourceKey) {
      const row = posts.get(postId)?.bySource.get(sourceKey)
      return row ? toTrackback(row) : null
    },
    async update(id, revision, change) {
      const row = byId[rowId(id) - 1]
      if (!row || row.revision !== revision) return false
      const { state, verification, checks, history } = change
      Object.assign(row, { state, verification, checks, history, revision: revision + 1 })
      return true
    },
    async remove(id, revision) {
      const row = byId[rowId(id) - 1]
      if (!row || row.revision !== revision) return false
      forget(new Set([row]))
      return true
    },
    async list(filter, request) {
      return pageOf(candidates(filter), filter, request)
    },
    async count(filter, { atMost = Number.POSITIVE_INFINITY } = {}) {
      return Math.min(atMost, candidates(filter).filter((row) => matches(row, filter)).length)
    },
    async counts(filter) {
      const counts = new Map<string, number>()
      for (const row of candidates(filter)) {
        const { postId } = row.received
        if (matches(row, filter)) counts.set(postId, (counts.get(postId) ?? 0) + 1)
      }
      return counts
    },
    async expire({ rejectedBefore = 0, clientIpsBefore = 0 }) {
      const isOver = ({ state, received }: Row): boolean =>
        state === 'rejected' && received.receivedAt < rejectedBefore
      const gone = new Set(all.filter(isOver))
      forget(gone)
      const known = all.filter(
        ({ received }) => received.clientIp !== null && received.receivedAt < clientIpsBefore,
      )
      for (const row of known) row.received = { ...row.received, clientIp: null }
      return gone.size + known.length
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
  return state === 'unverified'
}

function matches({ state, received }: Row, filter: TrackbackFilter): boolean {
  if (filter.state !== undefined && state !== filter.state) return false
  if (filter.blog !== undefined && !valuesOf(filter.blog).includes(received.blog)) return false
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
  const after = placeAfter(request)
  const isNewest = request.order === 'newest'
  const items: Trackback[] = []
  let index = isNewest ? rows.length - 1 : 0
  if (after) index = isNewest ? placeAmong(rows, [after[0], after[1] - 1]) - 1 : placeAmong(rows, after)
  for (; index >= 0 && index < rows.length && items.length <= limit; index += isNewest ? -1 : 1) {
    const row = rows[index]
    if (row && matches(row, filter)) items.push(toTrackback(row))
  }
  return toPage(items, limit, cursorOf)
}

function byReceipt(a: Row, b: Row): number {
  return a.received.receivedAt - b.received.receivedAt || Number(a.id) - Number(b.id)
}

/** The place behind all that were received no later, and of those of one moment have no greater id. */
function placeAmong(rows: readonly Row[], [receivedAt, lastId]: readonly [number, number]): number {
  return placeOf(
    rows,
    ({ id, received }) =>
      received.receivedAt > receivedAt || (received.receivedAt === receivedAt && Number(id) > lastId),
  )
}
