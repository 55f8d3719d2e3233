import { TrackbackError, type TrackbackErrorCode } from '../base/errors.js'

const codes: Readonly<Record<string, TrackbackErrorCode>> = {
  UND_ERR_HEADERS_OVERFLOW: 'TOO_LARGE',
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: 'INVALID_RESPONSE',
  UND_ERR_DESTROYED: 'CLOSED',
  UND_ERR_CLOSED: 'CLOSED',
}

const words: Partial<Readonly<Record<TrackbackErrorCode, string>>> = {
  TOO_LARGE: 'sent a header that is too large',
  INVALID_RESPONSE: 'did not answer in HTTP',
  CLOSED: 'was not requested: the client is closed',
}

/**
 * The error that stands for one of undici or of the socket: the host and the error's code, never the address that
 * was tried; the original is its `cause`. What is already ours passes through; a request that undici finds ill-formed
 * is the caller's mistake, a `TypeError`.
 */
export function failureOf(error: Error, host: string): Error {
  if (error instanceof TrackbackError) return error
  const detail = 'code' in error && typeof error.code === 'string' ? error.code : ''
  if (detail === 'UND_ERR_INVALID_ARG') return new TypeError(error.message, { cause: error })
  // An answer that ends too early has broken off.
  const isUnreadable = error.name === 'HTTPParserError' && !error.message.includes('EOF')
  const code = isUnreadable ? 'INVALID_RESPONSE' : (codes[detail] ?? 'NETWORK')
  const what = words[code] ?? `could not be reached, or closed the connection${detail && ` (${detail})`}`
  return new TrackbackError(code, `${host} ${what}`, { cause: error })
}
