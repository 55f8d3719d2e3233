import type { Trackback, TrackbackState } from '../index.js'
import type { Printer } from './terminal/printer.js'
import { bold, dim, green, red, type Styled, yellow } from './terminal/style.js'

const stateStyles: Readonly<Record<TrackbackState, (text: string) => Styled>> = {
  held: yellow,
  pending: dim,
  published: green,
  rejected: red,
  removed: red,
}

/** Every state; held ones first, because they wait for a decision. */
export const states: readonly TrackbackState[] = Object.keys(stateStyles) as TrackbackState[]

/** Why a character set was chosen, in words. */
export const charsetReasons: Readonly<Record<string, string>> = {
  'content-type': 'the Content-Type says so',
  field: 'the charset field says so',
  bom: 'a byte order mark says so',
  'utf-8': 'the bytes are valid UTF-8',
  escape: 'it has the escape sequences of ISO-2022-JP',
  detected: 'detected from the bytes',
}

/** A state in its colour. */
export function stateStyled(state: TrackbackState): Styled {
  return stateStyles[state](state)
}

/** A point in local time: `2026-03-04 12:01`. */
export function timeOf(milliseconds: number): string {
  const date = new Date(milliseconds)
  const two = (number: number): string => String(number).padStart(2, '0')
  const day = [date.getFullYear(), two(date.getMonth() + 1), two(date.getDate())].join('-')
  return `${day} ${two(date.getHours())}:${two(date.getMinutes())}`
}

/** Prints a trackback of a list. */
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

/** Prints everything that is known about a trackback. */
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
  printFindings(trackback, row)
}

function printFindings(
  { verification, checks, history }: Trackback,
  row: (label: string, text: string | null | undefined) => void,
): void {
  if (verification) {
    const { checkedAt, outcome, reason, finalUrl, title, passage } = verification
    row('verified', `${timeOf(checkedAt)} ${outcome}: ${reason}`)
    row('redirects to', finalUrl)
    row('page title', title)
    row('passage', passage && `${passage.before}[${passage.link}]${passage.after}`)
  }
  for (const { check, score, note } of checks) row('check', `${check} ${scoreOf(score)}: ${note}`)
  for (const { at, state, by, user, reason } of history)
    row('history', `${timeOf(at)} ${state} by ${user ?? by}: ${reason}`)
}

function scoreOf(score: number | null): string {
  if (score === null) return '-'
  return score > 0 ? `+${score}` : `${score}`
}
