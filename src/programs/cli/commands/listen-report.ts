import type { PingRequest, ReceiverResponse, Trackback } from '../../../index.js'
import type { ReceivedPing, UnreadablePing } from '../../../protocol.js'
import type { Show } from '../terminal/command.js'
import { withAdvice } from '../terminal/failures.js'
import { bold, dim, green, red } from '../terminal/printer.js'
import { charsetSources, stateStyled } from './trackback.js'

/** Tells of a request that is no ping. */
export function tellRequest(tell: Show, { method, url }: PingRequest, { status }: ReceiverResponse): void {
  tell({ type: 'request', method, url, status }, (out) => {
    out.line()
    out.line(dim(clock()), `  ${method} ${url}  `, dim(`HTTP ${status}`))
  })
}

/** Tells what a ping was, and how it was answered. */
export async function tellPing(
  tell: Show,
  postId: string,
  { url, contentType, body, clientIp = null }: PingRequest,
  response: ReceiverResponse,
): Promise<void> {
  const { parsePing, parseResponse } = await import('../../../protocol.js')
  const received = parsePing(body ?? new Uint8Array(), { contentType, query: url.split('?')[1] })
  const answer = { status: response.status, ...(parseResponse(response.body) ?? { error: 1 }) }
  tell({ type: 'ping', at: Date.now(), postId, clientIp, ...received, answer }, (out, { at }) => {
    out.line()
    out.line(dim(clock(at)), '  ', bold(`Ping for post ${postId}`), dim(clientIp ? ` from ${clientIp}` : ''))
    out.rows(received.ping === null ? { unreadable: unreadable[received.reason] } : rowsOf(received))
    const { status, error, message = '' } = answer
    const outcome = error === 0 ? green('accepted') : red('refused')
    out.rows({ response: [outcome, ` (HTTP ${status})${message && `: ${message}`}`] })
  })
}

/** Tells what verification found out about a trackback. */
export function tellVerification(tell: Show, { postId, url, state, verification }: Trackback): void {
  tell({ type: 'verification', postId, url, state, ...verification }, (out, { outcome, reason = '' }) => {
    out.line()
    out.line(dim(clock()), '  ', outcome === 'linked' ? green('Linked') : red('Not verified'), `  ${url}`)
    out.rows({ reason: withAdvice(reason), trackback: [stateStyled(state)] })
  })
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
