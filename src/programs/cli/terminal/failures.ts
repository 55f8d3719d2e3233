import type { Reason, TrackbackError } from '../../../index.js'
import { reasonText } from '../../reason-text.js'
import systemErrors from './troubles.json' with { type: 'json' }

/** How the library says which option allows a host, and how the command line does. */
const libraryHint = ' (to allow it, add it to allowHosts)'
const hostAdvice =
  '. Private addresses and unusual ports are blocked. For your own server, add --allow-host HOST:PORT.'

/** Why there was no answer, or a file cannot be read, by the code of the operating system. */
export const troubles: Readonly<Record<string, string>> = systemErrors

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
