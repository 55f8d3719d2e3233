import type { Verification } from '../index.js'
import type { ReceivedPing, UnreadablePing } from '../protocol/ping.js'
import type { TrackbackState } from '../store/store.js'
import type { Context } from './command.js'
import { explain, withAdvice } from './failures.js'
import type { Printer } from './printer.js'
import { bold, dim, green, red } from './style.js'
import { charsetReasons, stateStyled } from './trackback.js'

/** A ping that came, and what it was answered. */
export interface ArrivedPing {
  /** In milliseconds since 1970. */
  readonly at: number
  readonly postId: string
  readonly clientIp: string | null
  readonly received: ReceivedPing | UnreadablePing
  readonly answer: { readonly status: number; readonly error: number; readonly message?: string }
}

/** What a look at a source showed, and the state that the trackback is in now. */
export interface VerifiedPing {
  readonly postId: string
  readonly url: string
  readonly verification: Verification
  readonly state: TrackbackState | null
}

/** Tells of what a listener gets. */
export interface ListenReport {
  listening(place: { pingUrl: string; postUrl: string; db: string | undefined }): void
  request(method: string, url: string, status: number): void
  ping(ping: ArrivedPing): void
  verified(ping: VerifiedPing): void
  failed(error: unknown): void
  closed(): void
}

/** The report that was asked for: lines of JSON, or text. */
export function createListenReport(context: Context): ListenReport {
  return context.given.has('json') ? jsonReport(context) : textReport(context)
}

function jsonReport(context: Context): ListenReport {
  const { out } = context
  let pings = 0
  return {
    listening: ({ pingUrl, postUrl }) => out.json({ type: 'listening', pingUrl, postUrl }, 'line'),
    request: (method, url, status) => out.json({ type: 'request', method, url, status }, 'line'),
    ping({ received, ...ping }) {
      pings += 1
      const { ping: fields, charset, charsetReason } = { charset: null, charsetReason: null, ...received }
      out.json({ type: 'ping', ...ping, fields, charset, charsetReason }, 'line')
    },
    verified: ({ verification, ...ping }) =>
      out.json({ type: 'verification', ...ping, ...verification }, 'line'),
    failed: failedIn(context),
    closed: () => out.json({ type: 'closed', pings }, 'line'),
  }
}

function textReport(context: Context): ListenReport {
  const { out } = context
  let pings = 0
  return {
    listening({ pingUrl, postUrl, db }) {
      out.line(bold('Listening'), ' for pings to any post; Ctrl-C ends it.')
      out.line()
      out.text(pingUrl, { indent: 2, label: 'ping URL' })
      out.text(`${postUrl} (announces the ping URL; sources must link to it)`, { indent: 2, label: 'post' })
      out.text(db ?? 'memory', { indent: 2, label: 'kept in' })
    },
    request(method, url, status) {
      out.line()
      out.line(dim(clock()), `  ${method} ${url}  `, dim(`HTTP ${status}`))
    },
    ping({ at, postId, clientIp, received, answer }) {
      pings += 1
      out.line()
      out.line(
        dim(clock(at)),
        '  ',
        bold(`Ping for post ${postId}`),
        dim(clientIp ? ` from ${clientIp}` : ''),
      )
      printReceived(out, received)
      const { status, error, message = '' } = answer
      const head = error === 0 ? green('accepted') : red('refused')
      out.text(` (HTTP ${status})${message && `: ${message}`}`, { indent: 2, label: 'answer', head })
    },
    verified({ url, verification, state }) {
      const { outcome, reason, code } = verification
      out.line()
      out.line(dim(clock()), '  ', outcome === 'linked' ? green('Linked') : red('Not verified'), `  ${url}`)
      out.text(withAdvice(reason, code), { indent: 2, label: 'because' })
      if (state !== null) out.line('  ', dim('trackback   '), stateStyled(state))
    },
    failed: failedIn(context),
    closed() {
      out.line()
      out.line(pings === 1 ? '1 ping received.' : `${pings} pings received.`)
    },
  }
}

/** The fields as they were sent, and how they were read. */
function printReceived(out: Printer, received: ArrivedPing['received']): void {
  if (received.ping === null) {
    out.text(unreadable[received.reason], { indent: 2, label: 'unread' })
    return
  }
  const { ping, charset, charsetReason } = received
  const { url, title, excerpt, blogName } = ping
  for (const [label, text] of Object.entries({ url, title, excerpt, blog_name: blogName })) {
    out.text(text || '(none)', { indent: 2, label })
  }
  out.text(`${charset} (${charsetReasons[charsetReason] ?? charsetReason})`, {
    indent: 2,
    label: 'charset',
  })
}

const unreadable: Readonly<Record<UnreadablePing['reason'], string>> = {
  type: 'the Content-Type is not that of a form',
  size: 'the form is too large',
  pairs: 'the form has too many fields',
}

function failedIn({ err, signal }: Context): ListenReport['failed'] {
  return (error) => {
    if (!signal.aborted) err.text(`trackbacks listen: ${explain(error)}`)
  }
}

/** The time of day, to the second. */
function clock(at: number = Date.now()): string {
  return new Date(at).toTimeString().slice(0, 8)
}
