import type { Trackback, TrackbackState } from '../../../index.js'
import en from '../../moderation-page/messages/en.json' with { type: 'json' }
import { reasonText } from '../../reason-text.js'
import { bold, dim, green, type Printer, red, type Styled, yellow } from '../terminal/printer.js'

const stateStyles: Readonly<Record<TrackbackState, (text: string) => Styled>> = {
  held: yellow,
  unverified: dim,
  published: green,
  rejected: red,
  removed: red,
}

/** Every state; held ones first, because they wait for a decision. */
export const states: readonly TrackbackState[] = Object.keys(stateStyles) as TrackbackState[]

/** Why a character set was chosen, in words. */
export const charsetSources: Readonly<Record<string, string>> = en.charsetSources

const signed = new Intl.NumberFormat('en', { signDisplay: 'exceptZero' })

/** A state in its colour. */
export const stateStyled = (state: TrackbackState): Styled => stateStyles[state](state)

/** A point in local time, as Swedish writes it: `2026-03-04 12:01`. */
export function timeOf(milliseconds: number): string {
  return new Date(milliseconds).toLocaleString('sv-SE', { dateStyle: 'short', timeStyle: 'short' })
}

/** Prints a trackback of a list. */
export function printTrackback(out: Printer, trackback: Trackback): void {
  const { id, state, postId, receivedAt, title, blogName, url, excerpt } = trackback
  out.line()
  out.line(bold(id), '  ', stateStyled(state), dim(`  post ${postId}  ${timeOf(receivedAt)}`))
  if (title) out.line('    ', bold(title))
  out.line('    ', blogName ? `${url} (${blogName})` : url)
  if (excerpt && excerpt !== title) out.line('    ', excerpt)
  const why = trackback.history.at(-1)?.reason ?? trackback.verification?.reason
  if (why) out.line('    ', dim(reasonText(why)))
}

/** Prints everything that is known about a trackback. */
export function printFacts(out: Printer, trackback: Trackback): void {
  const { id, state, postId, url, title, excerpt, blogName, verification } = trackback
  const { charset, charsetSource, receivedAt, clientIp } = trackback
  const passage = verification?.passage
  out.line(bold(id), '  ', stateStyled(state))
  out.rows({
    ...{ post: postId, url, title, excerpt, 'blog name': blogName },
    charset: `${charset} (${charsetSources[charsetSource] ?? charsetSource})`,
    received: `${timeOf(receivedAt)}${clientIp ? ` from ${clientIp}` : ''}`,
    verified:
      verification &&
      `${timeOf(verification.checkedAt)} ${verification.outcome}: ${reasonText(verification.reason)}`,
    'final URL': verification?.finalUrl === url ? null : verification?.finalUrl,
    'page title': verification?.title,
    passage: passage && `${passage.before}[${passage.link}]${passage.after}`,
  })
  for (const { check, score, reason } of trackback.checks)
    out.rows({ check: `${check} ${score === null ? '-' : signed.format(score)}: ${reasonText(reason)}` })
  for (const { at, state, by, user, reason } of trackback.history)
    out.rows({ history: `${timeOf(at)} ${state} by ${user ?? by}${reason && `: ${reasonText(reason)}`}` })
}
