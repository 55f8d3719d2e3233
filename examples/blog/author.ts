import { createHash, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage } from 'node:http'

/** What a browser gets that has not said the password: it asks for it, and comes again. */
export const challenge = {
  status: 401,
  headers: { 'www-authenticate': 'Basic realm="blog", charset="UTF-8"' },
}

/**
 * The name of the author, where a request says the password; `null` for everybody else. Enough for a demo on one's own
 * machine, where nobody can listen: a blog engine asks its own session, `(request) => request.session.user`.
 */
export function authorOf({ headers }: IncomingMessage, password: string): string | null {
  const [scheme, credentials = ''] = (headers.authorization ?? '').split(' ')
  const [name = '', ...given] = Buffer.from(credentials, 'base64').toString().split(':')
  const isRight = scheme === 'Basic' && timingSafeEqual(digest(given.join(':')), digest(password))
  return isRight && name !== '' ? name : null
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}
