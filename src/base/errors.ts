/**
 * Why there was no answer. The set is closed and public:
 *
 * - `BLOCKED_URL`: the URL is none, or it or the address it leads to is one we never ask (scheme, port, private address).
 * - `TIMEOUT`: a time limit ran out.
 * - `NETWORK`: the name did not resolve, the connection failed or broke.
 * - `TOO_LARGE`: the answer is larger than the limit, decoded or in its headers.
 * - `TOO_MANY_REDIRECTS`: the chain is longer than the limit, or comes back to a URL it has visited.
 * - `INVALID_RESPONSE`: what came is not HTTP that can be read (content coding, redirect target).
 * - `UNSUPPORTED_TYPE`: the document is of a kind we do not read.
 * - `NO_SQLITE`: no SQLite driver is installed.
 * - `CLOSED`: the object was closed before.
 */
export type TrackbackErrorCode =
  | 'BLOCKED_URL'
  | 'TIMEOUT'
  | 'NETWORK'
  | 'TOO_LARGE'
  | 'TOO_MANY_REDIRECTS'
  | 'INVALID_RESPONSE'
  | 'UNSUPPORTED_TYPE'
  | 'NO_SQLITE'
  | 'CLOSED'

/**
 * What is thrown when there is no answer to give back. Not thrown for anything the other side can say: a refusal
 * is a value (`PingResult`), a page without a ping URL is `null`. A caller's own abort is thrown as it is.
 */
export class TrackbackError extends Error {
  override readonly name = 'TrackbackError'
  /** One of a closed set; safe to switch on. */
  readonly code: TrackbackErrorCode

  constructor(code: TrackbackErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}

/** An `onError` that never throws itself. */
export function harmless(onError: (error: unknown) => void = console.error): (error: unknown) => void {
  return (error) => {
    try {
      onError(error)
    } catch {
      // There is nobody left to tell.
    }
  }
}
