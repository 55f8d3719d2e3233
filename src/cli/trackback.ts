import type { Trackback } from '../index.js'
import type { TrackbackState } from '../store/store.js'
import type { Printer } from './printer.js'
import { bold, dim, green, red, type Styled, yellow } from './style.js'

const stateStyles: Readonly<Record<TrackbackState, (text: string) => Styled>> = {
  pending: dim,
  held: yellow,
  published: green,
  rejected: red,
  removed: red,
}

/** What the choice of a character set rests on, in words. */
export const charsetReasons: Readonly<Record<string, string>> = {
  'content-type': 'the Content-Type says so',
  field: 'the charset field says so',
  bom: 'a byte order mark says so',
  'utf-8': 'the bytes are valid UTF-8',
  escape: 'it has the escapes of ISO-2022-JP',
  detected: 'a guess by the bytes',
}

/** A state in the colour that it has everywhere. */
export function stateStyled(state: TrackbackState): Styled {
  return stateStyles[state](state)
}

/** A point in time, local: `2026-03-04 12:01`. */
export function timeOf(milliseconds: number): string {
  const date = new Date(milliseconds)
  const two = (number: number): string => String(number).padStart(2, '0')
  const day = [date.getFullYear(), two(date.getMonth() + 1), two(date.getDate())].join('-')
  return `${day} ${two(date.getHours())}:${two(date.getMinutes())}`
}

/** A trackback in a list. */
export function printTrackback(out: Printer, trackback: Trackback): void {
  const { id, state, postId, receivedAt, title, blogName, url, excerpt } = trackback
  out.line()
  out.line(bold(id), '  ', stateStyled(state), dim(`  post ${postId}  ${timeOf(receivedAt)}`))
  if (title) out.text(title, { indent: 4, style: 'bold' })
  out.text(blogName ? `${url} (${blogName})` : url, { indent: 4 })
  if (excerpt && excerpt !== title) out.text(excerpt, { indent: 4 })
  const why = trackback.history.at(-1)?.reason ?? trackback.verification?.reason
  if (why !== undefined) out.text(why, { indent: 4, style: 'dim' })
}

/** Everything that is known of a trackback. */
export function printFacts(out: Printer, trackback: Trackback): void {
  const { id, state, postId, receivedAt, clientIp, charset, charsetReason } = trackback
  const row = (label: string, text: string | null | undefined): void => {
    if (text) out.text(text, { indent: 2, label })
  }
  out.line(bold(id), '  ', stateStyled(state))
  row('post', postId)
  row('url', trackback.url)
  row('title', trackback.title)
  row('excerpt', trackback.excerpt)
  row('blog name', trackback.blogName)
  row('charset', `${charset} (${charsetReasons[charsetReason] ?? charsetReason})`)
  row('received', `${timeOf(receivedAt)}${clientIp ? ` from ${clientIp}` : ''}`)
  printFindings(out, trackback, row)
}

function printFindings(
  out: Printer,
  { verification, checks, history }: Trackback,
  row: (label: string, text: string | null | undefined) => void,
): void {
  if (verification) {
    row('verified', `${timeOf(verification.checkedAt)} ${verification.outcome}: ${verification.reason}`)
    row('leads to', verification.finalUrl)
    row('page title', verification.title)
  }
  for (const { check, score, note } of checks)
    out.text(`${check} ${score ?? '-'}: ${note}`, { indent: 2, label: 'check' })
  for (const { at, state, by, reason } of history)
    row('history', `${timeOf(at)} ${state} by ${by}: ${reason}`)
}
