import type { Addition, Job, NewJob, NewTrackback, Trackback } from '../store/store.js'
import type { Columns, SqlValue } from './sql.js'

/** The columns of a trackback, by the names that it has in code. */
export const trackbackColumns = `id, post_id AS "postId", source_key AS "sourceKey", url, title, excerpt,
  blog_name AS "blogName", charset, charset_reason AS "charsetReason", received_at AS "receivedAt",
  client_ip AS "clientIp", state, verification, checks, history, revision`

/** The columns of a job, by the names that it has in code. */
export const jobColumns = 'id, kind, key, group_name AS "group", payload, run_at AS "runAt", attempts, error'

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

/** A new trackback as the columns of its row, without those that begin with their defaults. */
export function fromTrackback({ charset, charsetReason, clientIp, state, ...rest }: NewTrackback): Columns {
  return {
    post_id: bindable(rest.postId),
    source_key: bindable(rest.sourceKey),
    url: bindable(rest.url),
    title: bindable(rest.title),
    excerpt: bindable(rest.excerpt),
    blog_name: bindable(rest.blogName),
    charset,
    charset_reason: charsetReason,
    client_ip: clientIp,
    received_at: Math.round(rest.receivedAt),
    state,
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

/** The trackback in a row of `trackbackColumns`. A driver may give 64-bit integers as text; NULL is also JSON for nothing. */
export function toTrackback(row: unknown): Trackback {
  const { id, receivedAt, verification, checks, history, ...rest } = row as TrackbackRow
  return {
    ...rest,
    id: String(id),
    receivedAt: Number(receivedAt),
    verification: JSON.parse(verification),
    checks: JSON.parse(checks),
    history: JSON.parse(history),
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
