import type { Addition, Job, NewJob, NewTrackback, Trackback } from '../store/store.js'
import type { Columns, SqlValue } from './sql.js'

/** The columns of a trackback, by the names that it has in code. */
export const trackbackColumns = `id, post_id AS "postId", source_key AS "sourceKey", url, title, excerpt,
  blog_name AS "blogName", charset, charset_source AS "charsetSource", received_at AS "receivedAt",
  client_ip AS "clientIp", blog, state, verification, checks, history, revision`

/** The columns of a job, by the names that it has in code. */
export const jobColumns =
  'id, kind, key, group_name AS "group", payload, run_at AS "runAt", attempts, lost, error'

/** Text as every driver keeps it alike: without NUL (libsql cuts there, PostgreSQL has none) and lone surrogates. */
export function bindable(text: string): string {
  return (text.includes('\0') ? text.replaceAll('\0', '') : text).toWellFormed()
}

/** A value as every driver binds it alike; times are whole milliseconds. */
export function bound(value: SqlValue): SqlValue {
  if (typeof value === 'string') return bindable(value)
  return value === null ? null : Math.round(value)
}

/** A fact as it is kept in a column: JSON, or NULL for nothing. */
export function toColumn(fact: unknown): string | null {
  return fact === null ? null : JSON.stringify(fact)
}

/** A new trackback as the columns of its row. */
export function fromTrackback(trackback: NewTrackback): Columns {
  return {
    post_id: bindable(trackback.postId),
    source_key: bindable(trackback.sourceKey),
    url: bindable(trackback.url),
    title: bindable(trackback.title),
    excerpt: bindable(trackback.excerpt),
    blog_name: bindable(trackback.blogName),
    charset: trackback.charset,
    charset_source: trackback.charsetSource,
    client_ip: trackback.clientIp,
    received_at: Math.round(trackback.receivedAt),
    blog: bindable(trackback.blog),
    state: trackback.state,
    verification: toColumn(trackback.verification ?? null),
    checks: trackback.checks ? JSON.stringify(trackback.checks) : '[]',
    history: trackback.history ? JSON.stringify(trackback.history) : '[]',
  }
}

/** A new job as the columns of its row, without those that begin with their defaults. */
export function fromJob({ kind, key, group, payload, runAt }: NewJob): Columns {
  return {
    kind,
    key: bindable(key),
    group_name: bindable(group),
    payload: bindable(payload),
    run_at: Math.round(runAt),
  }
}

type Fact = 'verification' | 'checks' | 'history'
type TrackbackRow = Omit<Trackback, Fact> & Record<Fact, string>

/**
 * The trackback in a row of `trackbackColumns`. A driver may give 64-bit integers as text; NULL is also JSON for
 * nothing.
 */
export function toTrackback(row: unknown): Trackback {
  // A spread of all is fast; one of the rest takes five times as long.
  const kept = row as TrackbackRow
  return {
    ...kept,
    id: String(kept.id),
    receivedAt: Number(kept.receivedAt),
    verification: JSON.parse(kept.verification),
    checks: JSON.parse(kept.checks),
    history: JSON.parse(kept.history),
  }
}

/** The job in a row of `jobColumns`. */
export function toJob(row: unknown): Job {
  const job = row as Job
  return { ...job, id: String(job.id), runAt: Number(job.runAt) }
}

/** What the row of an addition tells: a new one has revision 1, one that was replaced has more, one that was known none. */
export function toAddition(row: unknown): Addition {
  if (!row) return { outcome: 'known' }
  const { id, revision } = row as Trackback
  return { outcome: revision === 1 ? 'added' : 'replaced', id: String(id) }
}
