import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createHttpClient, createMemoryStore, createSender, type HttpClient, type Store } from 'trackbacks'
import { generatePing } from 'trackbacks/protocol'
import { openSqlite } from 'trackbacks/sqlite'
import { Agent } from 'undici'
import { ownCpu } from './cpu.js'
import { goal } from './goals.js'
import { type Contender, collectGarbage, inTurn, ratioOf } from './harness.js'
import { startHosts } from './send.bench.js'

const posts = 300
const links = 5
const hosts = 50
const together = 16

let names = 0
/** Posts whose links lead to five hosts each. */
function newPosts(origins: readonly string[]): { id: string; targets: string[] }[] {
  return Array.from({ length: posts }, (_, index) => {
    names += 1
    const id = String(names)
    const targets = Array.from(
      { length: links },
      (_, link) => `${origins[(index * links + link) % origins.length]}/${id}`,
    )
    return { id, targets }
  })
}

const text = '日本航空の対応について、先日の記事で書かれていたことを読んで考えました。'.repeat(10)

/** Posts announced a second of processor time of this process; the hosts are in another. */
async function perCpuSecond(work: () => Promise<void>): Promise<number> {
  collectGarbage()
  const before = ownCpu()
  await work()
  return posts / (ownCpu() - before)
}

/** The yardstick: each page is got and each ping sent by undici alone, with the ping URL known beforehand. */
function raw(origins: readonly string[], agent: Agent): Contender {
  const ask = async (
    url: string,
    ping?: { body: string | Uint8Array; contentType: string },
  ): Promise<void> => {
    const { origin, pathname } = new URL(url)
    const headers = { 'user-agent': 'raw', ...(ping && { 'content-type': ping.contentType }) }
    const options = { origin, path: pathname, headers, body: ping?.body ?? null }
    const answer = await agent.request({ ...options, method: ping ? 'POST' : 'GET' })
    await answer.body.text()
  }
  return {
    name: 'undici: the same requests',
    round: () =>
      perCpuSecond(async () => {
        const targets = newPosts(origins).flatMap((post) => post.targets.map((target) => ({ post, target })))
        const worker = async (): Promise<void> => {
          for (let next = targets.pop(); next; next = targets.pop()) {
            const { origin, pathname } = new URL(next.target)
            const url = `https://blog.example/${next.post.id}`
            const ping = generatePing({
              url,
              title: 'A post',
              excerpt: text.slice(0, 200),
              blogName: 'A blog',
            })
            await ask(next.target)
            await ask(`${origin}/trackback${pathname}`, ping)
          }
        }
        await Promise.all(Array.from({ length: together }, worker))
      }),
  }
}

/**
 * The whole job: links found, pages read, pings sent, and each step kept. One sender does all rounds, as it lives as long as
 * its process.
 */
function announcing(
  name: string,
  origins: readonly string[],
  client: HttpClient,
  store: Store,
): Contender & { close(): Promise<void> } {
  let accepted = 0
  let allDone = () => {}
  const sender = createSender({
    ...{ store, client, blogName: 'A blog' },
    limits: { spacing: 1, concurrentPages: together, concurrentPings: together },
    onEvent({ type, delivery }) {
      if (type === 'refused' || type === 'failed') throw new Error(`${delivery.target}: ${type}`)
      if (type === 'accepted') accepted += 1
      if (type === 'accepted' && accepted % (posts * links) === 0) allDone()
    },
  })
  return {
    name,
    round: () =>
      perCpuSecond(async () => {
        const done = new Promise<void>((resolve) => {
          allDone = resolve
        })
        for (const { id, targets } of newPosts(origins)) {
          const anchors = targets.map((url) => `<p>${text} <a href="${url}">a post</a>.</p>`)
          await sender.announce({
            id,
            url: `https://blog.example/${id}`,
            title: 'A post',
            html: anchors.join('\n'),
          })
        }
        await done
      }),
    async close() {
      await sender.close()
      await store.close()
    },
  }
}

/** Announcing, from the post's HTML to the last answer, beside the requests alone. */
export default async function run(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'trackbacks-bench-'))
  // Where libsql is loaded beside open connections, it looks up the names of their addresses.
  await openSqlite(join(folder, 'first.db')).close()
  const { children, origins } = await startHosts(1, hosts, 'apart')
  const agent = new Agent()
  const client = createHttpClient({ allowHosts: origins.map((origin) => new URL(origin).host) })
  const senders = [
    announcing('createSender, memory store', origins, client, createMemoryStore()),
    announcing('createSender, SQLite', origins, client, openSqlite(join(folder, 'announce.db'))),
  ]
  try {
    const outcomes = await inTurn(`announce: posts with ${links} links to ${links} hosts, a second of CPU`, [
      raw(origins, agent),
      ...senders,
    ])
    goal('announce, memory store, of the same requests by undici', ratioOf(outcomes, 1), { least: 0.6 })
  } finally {
    await Promise.all([...senders.map((sender) => sender.close()), agent.close()])
    await client.close()
    for (const child of children) child.kill()
    rmSync(folder, { recursive: true, force: true })
  }
}
