import type { Job, Trackback } from './store.js'

/** A row of received pings, as the databases give it back; a driver may give 64-bit integers as text. */
export interface TrackbackRow {
  readonly id: number | string
  readonly post_id: string
  readonly source_key: string
  readonly url: string
  readonly title: string
  readonly excerpt: string
  readonly blog_name: string
  readonly charset: string
  readonly charset_reason: string
  readonly received_at: number | string
  readonly client_ip: string | null
  readonly state: Trackback['state']
  readonly verification: string | null
  readonly checks: string
  readonly history: string
  readonly revision: number
}

/** A row of jobs. */
export interface JobRow {
  readonly id: number | string
  readonly kind: string
  readonly key: string
  readonly group_name: string
  readonly payload: string
  readonly run_at: number | string
  readonly attempts: number
  readonly error: string | null
}

/** Text as every driver keeps it alike: without NUL (libsql cuts there, PostgreSQL has none) and lone surrogates. */
export function bindable(text: string): string {
  return (text.includes('\0') ? text.replaceAll('\0', '') : text).toWellFormed()
}

/** A fact as it is kept in a column: JSON, or NULL for nothing. */
export function toColumn(fact: unknown): string | null {
  return fact === null ? null : bindable(JSON.stringify(fact))
}

/** The trackback that a row holds. */
export function toTrackback(row: TrackbackRow): Trackback {
  return {
    id: String(row.id),
    postId: row.post_id,
    url: row.url,
    sourceKey: row.source_key,
    title: row.title,
    excerpt: row.excerpt,
    blogName: row.blog_name,
    charset: row.charset,
    charsetReason: row.charset_reason,
    receivedAt: Number(row.received_at),
    clientIp: row.client_ip,
    state: row.state,
    verification: row.verification === null ? null : JSON.parse(row.verification),
    checks: JSON.parse(row.checks),
    history: JSON.parse(row.history),
    revision: row.revision,
  }
}

/** The job that a row holds. */
export function toJob(row: JobRow): Job {
  const { id, kind, key, group_name: group, payload, run_at: runAt, attempts, error } = row
  return { id: String(id), kind, key, group, payload, runAt: Number(runAt), attempts, error }
}
