import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import { createJsonRecords } from '../../../store/records.js'
import type { RecordStore } from '../../../store/store.js'
import type { Author, Scope } from './scope.js'

/** The feed of a user: the token in its URL, and the blogs that the user may moderate. */
type Feed = Pick<Author, 'blogs'> & { readonly token: string }

const feedsIn = (records: RecordStore) => createJsonRecords<Feed>(records, 'moderation-feed')
const lifetime = 365 * 86_400_000
const hashOf = (text: string): Buffer => createHash('sha256').update(text).digest()
const keyOf = (user: string): string => hashOf(user).toString('base64url')

/** Gives the feed of a user a new token, in place of the one it had. */
export async function renewFeed({ user, blogs, records }: Scope, now: number): Promise<void> {
  const feed: Feed = { token: `${keyOf(user)}.${randomBytes(24).toString('base64url')}`, blogs }
  await feedsIn(records).write(keyOf(user), feed, null, now + lifetime)
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
