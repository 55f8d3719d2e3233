import type { Reason, TrackbackError } from '../../../index.js'
import { reasonText } from '../../reason-text.js'

/** How the library says which option allows a host, and how the command line does. */
const libraryHint = ' (to allow it, add it to allowHosts)'
const hostAdvice =
  '. Private addresses and unusual ports are blocked. For your own server, add --allow-host HOST:PORT.'

/** Why there was no answer, by the code of the operating system. */
const troubles: Readonly<Record<string, string>> = {
  ENOTFOUND: 'host not found',
  EAI_AGAIN: 'its name could not be looked up',
  ECONNREFUSED: 'connection refused',
  ECONNRESET: 'connection closed by the server',
  CERT_HAS_EXPIRED: 'its certificate has expired',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'its certificate is self-signed',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another name',
}

/** Whether an error is the library's own. By its name: importing the class would load the library for the help, too. */
export function isTrackbackError(error: unknown): error is TrackbackError {
  return error instanceof Error && error.name === 'TrackbackError'
}

/** An error in a sentence or two: what happened, and what to do about it. */
export function explain(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error)
  if (!isTrackbackError(error)) return message
  const trouble = troubles[codeOf(error.cause)]
  return withAdvice({ code: error.code, detail: trouble === undefined ? message : `${message}: ${trouble}` })
}

/** A reason in words, with what to do about it in options of the command line. */
export function withAdvice(reason: Reason): string {
  const text = reasonText(reason)
  const isTimeout = typeof reason === 'object' && reason.code === 'TIMEOUT'
  return isTimeout ? `${text}. To wait longer, use --timeout SECONDS.` : text.replace(libraryHint, hostAdvice)
}

/** The code of a system error; empty for other errors. */
export function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : ''
}
