import { createHmac, timingSafeEqual } from 'node:crypto'
import { positiveInteger } from '../../base/limits.js'

/** How ping URLs are signed: they expire, and nothing is kept for it. */
export interface SigningOptions {
  /** The secret; of several the first signs and all are accepted, so that one can be replaced. */
  readonly secret: string | readonly string[]
  /** How long a ping URL is good at the least, in milliseconds; at the most twice as long. */
  readonly ttl: number
}

/** Signs ids, and checks signatures. */
export type PingTokens = ReturnType<typeof createPingTokens>

const signatureLength = 22

/** Makes the tokens of a secret. Throws a `TypeError` for a secret under 16 characters or an invalid `ttl`. */
export function createPingTokens({ secret, ttl }: SigningOptions, now: () => number) {
  const secrets = typeof secret === 'string' ? [secret] : secret
  const [first] = secrets
  if (first === undefined || secrets.some((each) => each.length < 16)) {
    throw new TypeError('a signedPingUrls secret must be at least 16 characters long')
  }
  const lifetime = positiveInteger(ttl ?? Number.NaN, 1, 'signedPingUrls.ttl')
  return {
    /** The token of an id: a path segment. */
    sign(id: string): string {
      // All pages of one period carry the same URL, so that they can be cached.
      const expiry = ((Math.ceil(now() / lifetime) + 1) * lifetime).toString(36)
      return `${expiry}-${signature(first, id, expiry)}`
    },
    /** Whether a token is of this id and has not expired. */
    accepts(id: string, token: string): boolean {
      const [expiry = '', ...rest] = token.split('-')
      const given = Buffer.from(rest.join('-'))
      if (given.length !== signatureLength || !(Number.parseInt(expiry, 36) > now())) return false
      return secrets.some((each) => timingSafeEqual(given, Buffer.from(signature(each, id, expiry))))
    },
  }
}

function signature(secret: string, id: string, expiry: string): string {
  return createHmac('sha256', secret).update(`${expiry}\n${id}`).digest('base64url').slice(0, signatureLength)
}
