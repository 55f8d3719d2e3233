import type { Trackback } from '../../../index.js'
import type { PingResponse, ReceivedPing, UnreadablePing } from '../../../protocol.js'
import type { Context } from '../terminal/command.js'
import { withAdvice } from '../terminal/failures.js'
import { bold, dim, green, type Printer, red } from '../terminal/printer.js'
import { charsetSources, stateStyled } from './trackback.js'

/** What happens at a listener; `--json` writes it as it is, with its type. Times are in milliseconds since 1970. */
export interface ListenEvents {
  readonly listening: { readonly pingUrl: string; readonly postUrl: string; readonly db: string | null }
  readonly request: { readonly method: string; readonly url: string; readonly status: number }
  readonly ping: PingEvent & (ReceivedPing | UnreadablePing)
  readonly verification: Pick<Trackback, 'postId' | 'url' | 'state'> &
    Partial<NonNullable<Trackback['verification']>>
  readonly closed: { readonly pings: number }
}

interface PingEvent {
  readonly at: number
  readonly postId: string
  readonly clientIp: string | null
  readonly answer: PingResponse & { readonly status: number }
}

/** Reports an event. */
export type ListenReport = <T extends keyof ListenEvents>(type: T, event: ListenEvents[T]) => void

/** Makes the report that was asked for: lines of JSON, or text. */
export function createListenReport({ out, isJson }: Context): ListenReport {
  if (isJson) return (type, event) => out.json({ type, ...event }, 'line')
  return (type, event) => {
    if (type !== 'listening') out.line()
    printers[type](out, event)
  }
}

const printers: { readonly [T in keyof ListenEvents]: (out: Printer, event: ListenEvents[T]) => void } = {
  listening(out, { pingUrl, postUrl, db }) {
    out.line(bold('Listening'), ' for pings to any post; Ctrl-C ends it.')
    out.line()
    const post = `${postUrl} (announces the ping URL; sources must link to it)`
    out.rows({ 'ping URL': pingUrl, post, 'stored in': db ?? 'memory' })
  },
  request(out, { method, url, status }) {
    out.line(dim(clock()), `  ${method} ${url}  `, dim(`HTTP ${status}`))
  },
  ping(out, { at, postId, clientIp, answer, ...received }) {
    out.line(dim(clock(at)), '  ', bold(`Ping for post ${postId}`), dim(clientIp ? ` from ${clientIp}` : ''))
    out.rows(received.ping === null ? { unreadable: unreadable[received.reason] } : rowsOf(received))
    const { status, error, message = '' } = answer
    const outcome = error === 0 ? green('accepted') : red('refused')
    out.rows({ response: [outcome, ` (HTTP ${status})${message && `: ${message}`}`] })
  },
  verification(out, { url, state, outcome, reason = '' }) {
    out.line(dim(clock()), '  ', outcome === 'linked' ? green('Linked') : red('Not verified'), `  ${url}`)
    out.rows({ reason: withAdvice(reason), trackback: [stateStyled(state)] })
  },
  closed(out, { pings }) {
    out.line(pings === 1 ? '1 ping received.' : `${pings} pings received.`)
  },
}

function rowsOf({ ping, charset, charsetSource }: ReceivedPing): Record<string, string> {
  const { url, title, excerpt, blogName } = ping
  const sent = Object.entries({ url, title, excerpt, blog_name: blogName })
  const rows = Object.fromEntries(sent.map(([label, text]) => [label, text || '(none)']))
  return { ...rows, charset: `${charset} (${charsetSources[charsetSource]})` }
}

const unreadable: Readonly<Record<UnreadablePing['reason'], string>> = {
  type: 'the Content-Type is not that of a form',
  size: 'the form is too large',
  pairs: 'the form has too many fields',
}

/** The time of day, to the second. */
function clock(at: number = Date.now()): string {
  return new Date(at).toTimeString().slice(0, 8)
}
