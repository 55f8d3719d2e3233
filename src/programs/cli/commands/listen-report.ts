import type { Reason, TrackbackState } from '../../../index.js'
import type { PingResponse, ReceivedPing, UnreadablePing } from '../../../protocol.js'
import type { Context } from '../terminal/command.js'
import { withAdvice } from '../terminal/failures.js'
import type { Printer } from '../terminal/printer.js'
import { bold, dim, green, red } from '../terminal/style.js'
import { charsetSources, stateStyled } from './trackback.js'

/** The fields of a ping as they were sent, and how they were decoded; `null` if they could not be read. */
export interface PingFields {
  readonly fields: ReceivedPing['ping'] | null
  readonly charset: string | null
  readonly charsetSource: string | null
  readonly unreadable?: UnreadablePing['reason']
}

/** What happens at a listener; `--json` writes it as it is. Times are in milliseconds since 1970. */
export type ListenEvent =
  | { type: 'listening'; pingUrl: string; postUrl: string; db: string | null }
  | { type: 'request'; method: string; url: string; status: number }
  | ({ type: 'ping'; at: number; postId: string; clientIp: string | null; answer: Answer } & PingFields)
  | {
      type: 'verification'
      postId: string
      url: string
      state: TrackbackState
      outcome: string
      reason: Reason
    }
  | { type: 'closed'; pings: number }

type Answer = PingResponse & { readonly status: number }

type Printers = {
  readonly [T in ListenEvent['type']]: (out: Printer, event: Extract<ListenEvent, { type: T }>) => void
}

/** Makes the report that was asked for: lines of JSON, or text. */
export function createListenReport({ out, isJson }: Context): (event: ListenEvent) => void {
  if (isJson) return (event) => out.json(event, 'line')
  return (event) => {
    if (event.type !== 'listening') out.line()
    const print = printers[event.type] as (out: Printer, event: ListenEvent) => void
    print(out, event)
  }
}

const printers: Printers = {
  listening(out, { pingUrl, postUrl, db }) {
    out.line(bold('Listening'), ' for pings to any post; Ctrl-C ends it.')
    out.line()
    const post = `${postUrl} (announces the ping URL; sources must link to it)`
    out.rows({ 'ping URL': pingUrl, post, 'stored in': db ?? 'memory' })
  },
  request(out, { method, url, status }) {
    out.line(dim(clock()), `  ${method} ${url}  `, dim(`HTTP ${status}`))
  },
  ping(out, event) {
    const { at, postId, clientIp, answer } = event
    out.line(dim(clock(at)), '  ', bold(`Ping for post ${postId}`), dim(clientIp ? ` from ${clientIp}` : ''))
    printFields(out, event)
    const { status, error, message = '' } = answer
    const head = error === 0 ? green('accepted') : red('refused')
    out.text(` (HTTP ${status})${message && `: ${message}`}`, { indent: 2, label: 'response', head })
  },
  verification(out, { url, state, outcome, reason }) {
    out.line(dim(clock()), '  ', outcome === 'linked' ? green('Linked') : red('Not verified'), `  ${url}`)
    out.rows({ reason: withAdvice(reason) })
    out.line('  ', dim('trackback   '), stateStyled(state))
  },
  closed(out, { pings }) {
    out.line(pings === 1 ? '1 ping received.' : `${pings} pings received.`)
  },
}

function printFields(out: Printer, { fields, charset, charsetSource, unreadable }: PingFields): void {
  if (fields === null) {
    out.rows({ unreadable: unreadable && unreadableReasons[unreadable] })
    return
  }
  const { url, title, excerpt, blogName } = fields
  const sent = Object.entries({ url, title, excerpt, blog_name: blogName })
  out.rows(Object.fromEntries(sent.map(([label, text]) => [label, text || '(none)'])))
  out.rows({ charset: `${charset} (${charsetSources[charsetSource ?? ''] ?? charsetSource})` })
}

const unreadableReasons: Readonly<Record<UnreadablePing['reason'], string>> = {
  type: 'the Content-Type is not that of a form',
  size: 'the form is too large',
  pairs: 'the form has too many fields',
}

/** The time of day, to the second. */
function clock(at: number = Date.now()): string {
  return new Date(at).toTimeString().slice(0, 8)
}
