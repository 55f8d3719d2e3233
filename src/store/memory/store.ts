import { closable } from '../closable.js'
import { cursorOf, pageLimit, placeAfter, rowId, toPage, valuesOf } from '../page.js'
import type { NewTrackback, Store, Trackback, TrackbackChange, TrackbackFilter } from '../store.js'
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
  /** By id, the first of which is 1. */
  const rows: (Row | undefined)[] = []
  /** By post and source. */
  const posts = new Map<string, Map<string, Row>>()
  const jobs = createMemoryJobs()

  /** Puts a trackback in the place of the one with its id. */
  function keep(row: Row): void {
    rows[Number(row.id) - 1] = row
    const { postId, sourceKey } = row.received
    const sources = posts.get(postId)?.set(sourceKey, row)
    if (!sources) posts.set(postId, new Map([[sourceKey, row]]))
  }

  function forget({ id, received: { postId, sourceKey } }: Row): void {
    rows[Number(id) - 1] = undefined
    posts.get(postId)?.delete(sourceKey)
  }

  function inRevision(id: string, revision: number): Row | undefined {
    const row = rows[rowId(id) - 1]
    return row?.revision === revision ? row : undefined
  }

  function find(filter: TrackbackFilter): Row[] {
    return candidates(filter).filter((row) => matches(row, filter))
  }

  function candidates({ postId }: TrackbackFilter): Row[] {
    if (postId === undefined) return rows.filter((row) => row !== undefined)
    return [...new Set(valuesOf(postId))].flatMap((id) => [...(posts.get(id)?.values() ?? [])])
  }

  return closable({
    jobs,
    records: createMemoryRecords(),
    async add(received, job) {
      const known = posts.get(received.postId)?.get(received.sourceKey)
      if (known && known.state !== 'unverified') return { outcome: 'known' }
      const { state, verification = null, checks = none, history = none } = known ?? received
      const { id, revision } = known ?? { id: String(rows.length + 1), revision: 0 }
      const kept = known ? { ...received, receivedAt: known.received.receivedAt } : received
      keep({ id, received: kept, state, verification, checks, history, revision: revision + 1 })
      if (job) await jobs.add(job)
      return { outcome: known ? 'replaced' : 'added', id }
    },
    async get(id) {
      const row = rows[rowId(id) - 1]
      return row ? toTrackback(row) : null
    },
    async find(postId, sourceKey) {
      const row = posts.get(postId)?.get(sourceKey)
      return row ? toTrackback(row) : null
    },
    async update(id, revision, { state, verification, checks, history }) {
      const row = inRevision(id, revision)
      if (row) keep({ ...row, state, verification, checks, history, revision: revision + 1 })
      return row !== undefined
    },
    async remove(id, revision) {
      const row = inRevision(id, revision)
      if (row) forget(row)
      return row !== undefined
    },
    async list(filter, request) {
      const limit = pageLimit(request)
      const after = placeAfter(request)
      const sign = request?.order === 'newest' ? -1 : 1
      const compare = (a: Place, b: Place): number => sign * (a[0] - b[0] || a[1] - b[1])
      const following = find(filter).filter((row) => !after || compare(placeOf(row), after) > 0)
      following.sort((a, b) => compare(placeOf(a), placeOf(b)))
      const { items, ...page } = toPage(following, limit, ({ id, received }) => cursorOf({ ...received, id }))
      return { items: items.map(toTrackback), ...page }
    },
    async count(filter, { atMost = Number.POSITIVE_INFINITY } = {}) {
      return Math.min(atMost, find(filter).length)
    },
    async counts(filter) {
      const counts = new Map<string, number>()
      for (const { received } of find(filter))
        counts.set(received.postId, (counts.get(received.postId) ?? 0) + 1)
      return counts
    },
    async forgetClientIps(before) {
      const known = find({}).filter(
        ({ received }) => received.clientIp !== null && received.receivedAt < before,
      )
      for (const row of known) keep({ ...row, received: { ...row.received, clientIp: null } })
      return known.length
    },
    async close() {},
  })
}

/** What came, as it came, and what has been found and decided since. */
interface Row extends TrackbackChange, Pick<Trackback, 'id' | 'revision'> {
  readonly received: NewTrackback
}

type Place = readonly [receivedAt: number, id: number]

/** One for all rows that nothing has happened to. */
const none: readonly [] = []

function placeOf({ id, received }: Row): Place {
  return [received.receivedAt, Number(id)]
}

function toTrackback({ received, ...facts }: Row): Trackback {
  return { ...received, ...facts }
}

function matches({ state, received }: Row, filter: TrackbackFilter): boolean {
  if (filter.state !== undefined && state !== filter.state) return false
  if (filter.blog !== undefined && !valuesOf(filter.blog).includes(received.blog)) return false
  if (filter.text === undefined) return true
  const { url, title, excerpt, blogName } = received
  return [url, title, excerpt, blogName].join('\n').toLowerCase().includes(filter.text.toLowerCase())
}
