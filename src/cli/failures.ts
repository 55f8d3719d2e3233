import { TrackbackError, type TrackbackErrorCode } from '../errors.js'
import { exceptionHint } from '../http/guard.js'

/** The command was used wrongly; the message ends with where to read more. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

/** The command has no answer, for a reason that one line tells. */
export class CommandError extends Error {
  override readonly name = 'CommandError'
}

/** The reason of a signal that ends a command from outside, with the status that shells expect. */
export class Stopped extends Error {
  override readonly name = 'Stopped'
  readonly exitCode: number

  constructor(exitCode: number) {
    super(`stopped with ${exitCode}`)
    this.exitCode = exitCode
  }
}

/** What a person can do about a host that is not asked. */
const exceptionAdvice =
  '. Private addresses and unusual ports are never asked; for a server of your own, add --allow-host HOST:PORT.'

/** Why nobody answered, by the code of the operating system. */
const troubles: Readonly<Record<string, string>> = {
  ENOTFOUND: 'there is no host of this name',
  EAI_AGAIN: 'its name could not be looked up',
  ECONNREFUSED: 'nothing listens there',
  ECONNRESET: 'it closed the connection',
  CERT_HAS_EXPIRED: 'its certificate has expired',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'its certificate is signed by itself',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another name',
}

/** An error in a sentence or two, for a person: what happened, and what can be done about it. */
export function explain(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error)
  if (!(error instanceof TrackbackError)) return message
  const trouble = troubles[codeOf(error.cause)]
  return withAdvice(trouble === undefined ? message : `${message}: ${trouble}`, error.code)
}

/** What was said of an error, with what can be done about it: by options of the terminal, not of the library. */
export function withAdvice(message: string, code?: TrackbackErrorCode): string {
  if (code === 'TIMEOUT') return `${message}. With --timeout SECONDS it has more time.`
  return message.replace(exceptionHint, exceptionAdvice)
}

function codeOf(cause: unknown): string {
  return cause instanceof Error && 'code' in cause ? String(cause.code) : ''
}

/** What is wrong with an argument; the library's `TypeError` becomes a `UsageError`. */
export function asUsage<T>(work: () => T): T {
  try {
    return work()
  } catch (error) {
    if (error instanceof TypeError) throw new UsageError(error.message)
    throw error
  }
}
