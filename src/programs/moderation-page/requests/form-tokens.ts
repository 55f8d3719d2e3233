import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import type { RecordStore } from '../../../store/store.js'

/** What a token turned out to be; only `good` lets anything be changed. */
type TokenVerdict = 'good' | 'forged' | 'expired' | 'used'

const usedKind = 'moderation-form'

/** The tokens of forms: each of one user, good for a while, and once. */
export type FormTokens = ReturnType<typeof createFormTokens>

/** Tokens are signed, so only those that were used are kept, until they would have expired anyway. */
export function createFormTokens(records: RecordStore, ttl: number, now: () => number) {
  const secret = createSharedSecret(records, 'moderation')

  async function signature(fact: string, user: string): Promise<string> {
    return createHmac('sha256', await secret())
      .update(`${fact}\n${user}`)
      .digest('base64url')
  }

  return {
    async issue(user: string): Promise<string> {
      const fact = `${(now() + ttl).toString(36)}.${randomBytes(12).toString('base64url')}`
      return `${fact}.${await signature(fact, user)}`
    },
    /** Uses a token up. Of many who do so at once, in whatever process, one finds it `good`. */
    async spend(token: string, user: string): Promise<TokenVerdict> {
      const [expiry = '', nonce = '', signed = ''] = token.split('.')
      const fact = `${expiry}.${nonce}`
      const [given, expected] = [Buffer.from(signed), Buffer.from(await signature(fact, user))]
      if (given.length !== expected.length || !timingSafeEqual(given, expected)) return 'forged'
      const expiresAt = Number.parseInt(expiry, 36)
      if (expiresAt <= now()) return 'expired'
      return (await records.put(usedKind, nonce, '', 0, expiresAt)) ? 'good' : 'used'
    },
  }
}

/** Gives a secret that is made once, stays in the store, and is one for all processes that share it. */
function createSharedSecret(records: RecordStore, name: string): () => Promise<string> {
  let secret: Promise<string> | undefined
  async function read(): Promise<string> {
    await records.put('secret', name, randomBytes(32).toString('hex'), 0)
    const kept = await records.get('secret', name)
    if (!kept) throw new Error(`the secret ${name} was not kept`)
    return kept.value
  }
  return () => {
    secret ??= read().catch((error: unknown) => {
      secret = undefined
      throw error
    })
    return secret
  }
}
