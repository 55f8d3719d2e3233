import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import { once } from '../../../base/waiting.js'
import { createJsonRecords } from '../../../store/records.js'
import type { RecordStore } from '../../../store/store.js'
import type { Author, Scope } from './scope.js'

/** What a token turned out to be; only `good` lets anything be changed. */
type TokenVerdict = 'good' | 'forged' | 'expired' | 'used'

const usedKind = 'moderation-form'

/** The tokens of forms: each of one user, good for a while, and once. */
export type FormTokens = ReturnType<typeof createFormTokens>

/** Tokens are signed, so only those that were used are kept, until they would have expired anyway. */
export function createFormTokens(records: RecordStore, ttl: number, now: () => number) {
  /** It is made once, stays in the store, and is one for all processes that share it. */
  const secret = once(async () => {
    await records.put('secret', 'moderation', randomBytes(32).toString('hex'), 0)
    const kept = await records.get('secret', 'moderation')
    if (!kept) throw new Error('the secret of the forms was not kept')
    return kept.value
  })

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

/** The feed of a user: the token in its URL, and the blogs that the user may moderate. */
type Feed = Pick<Author, 'blogs'> & { readonly token: string }

const feedsIn = (records: RecordStore) => createJsonRecords<Feed>(records, 'moderation-feed')
const feedLifetime = 365 * 86_400_000
const hashOf = (text: string): Buffer => createHash('sha256').update(text).digest()
const keyOf = (user: string): string => hashOf(user).toString('base64url')

/** Gives the feed of a user a new token, in place of the one it had. */
export async function renewFeed({ user, blogs, records }: Scope, now: number): Promise<void> {
  const feed: Feed = { token: `${keyOf(user)}.${randomBytes(24).toString('base64url')}`, blogs }
  await feedsIn(records).write(keyOf(user), feed, null, now + feedLifetime)
}

/** The token of a user's feed; `null` where there is none, or where it shows other blogs than the user may see now. */
export async function feedTokenOf({ user, blogs, records }: Scope): Promise<string | null> {
  const feed = (await feedsIn(records).read(keyOf(user)))?.value
  return feed && JSON.stringify(feed.blogs) === JSON.stringify(blogs) ? feed.token : null
}

/** The feed that has a token; `null` for any other text. */
export async function findFeed(records: RecordStore, token: string): Promise<Feed | null> {
  const feed = (await feedsIn(records).read(token.split('.', 1).join('')))?.value
  return feed && timingSafeEqual(hashOf(feed.token), hashOf(token)) ? feed : null
}
