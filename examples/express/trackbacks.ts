// trackbacks.ts
import type { IncomingHttpHeaders } from 'node:http'
import { createReceiver, createSender } from 'trackbacks'
import { createModerationHandler } from 'trackbacks/moderation'
import { openSqlite } from 'trackbacks/sqlite'
import { posts, site } from './posts.ts'

function open() {
  const store = openSqlite('trackbacks.db')
  const receiver = createReceiver({
    baseUrl: `${site}/trackback/`,
    findPost: (id) => posts.get(id) ?? null,
    store,
  })
  const sender = createSender({ store, blogName: 'My blog' })
  const moderation = createModerationHandler(receiver, { baseUrl: `${site}/moderation/`, authorize })
  for (const post of posts.values()) sender.announce(post).catch(console.error)
  async function close() {
    await receiver.close()
    await sender.close()
    await store.close()
  }
  return { receiver, sender, moderation, close }
}

const kept = globalThis as typeof globalThis & { trackbacks?: ReturnType<typeof open> }
export const trackbacks = () => (kept.trackbacks ??= open())

/** Who may moderate: here whoever knows a password, in your blog the user of the session. */
function authorize({ headers }: { headers: Headers | IncomingHttpHeaders }) {
  const given = headers instanceof Headers ? headers.get('authorization') : headers.authorization
  const password = process.env['PASSWORD']
  const isAuthor = password && given === `Basic ${btoa(`author:${password}`)}`
  return isAuthor ? 'author' : { status: 401, headers: { 'www-authenticate': 'Basic' } }
}
