import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, it } from 'vitest'
import { createDeliveries } from '../../src/send/outbox/delivery.js'
import { openSqlite } from '../../src/sql/sqlite/open.js'
import { repeated } from '../support/strength.js'
import { type Blogs, serveBlogs } from './blogs.js'

const script = fileURLToPath(new URL('sender.child.ts', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'trackbacks-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const kills = repeated(100)
const targetsPerPost = 50
/** Processes on so many files are killed at the same time. */
const files = 2

interface Life {
  readonly child: ChildProcess
  /** The posts that this process said to be announced. */
  readonly announced: string[]
}

async function start(file: string, blogs: readonly Blogs[], id: string): Promise<Life> {
  const targets = Array.from(
    { length: targetsPerPost },
    (_, n) => `${blogs[n % blogs.length]?.origin}/post/${n}`,
  )
  const hosts = blogs.map(({ host }) => host).join(',')
  const child = fork(script, [file, hosts, id, targets.join(',')], { execArgv: ['--import', 'tsx'] })
  const announced: string[] = []
  child.on('message', (message) => {
    if (message !== 'ready') announced.push(String(message))
  })
  await once(child, 'message')
  return { child, announced }
}

/** How often each (post, ping URL) was pinged. */
function countPings(blogs: readonly Blogs[]): Map<string, number> {
  const counts = new Map<string, number>()
  for (const { forms, pingUrls } of blogs) {
    for (const [index, form] of forms.entries()) {
      const key = `${form.get('url')} ${pingUrls[index]}`
      counts.set(key, (counts.get(key) ?? 0) + 1)
    }
  }
  return counts
}

/** Resolves when so many requests have come in, at the moment of the last: the worst one for a sender to be killed. */
async function requestsOf(blogs: readonly Blogs[], count: number): Promise<void> {
  const arrived = (): number => blogs.reduce((sum, { requests }) => sum + requests.length, 0)
  const enough = arrived() + count
  const end = Date.now() + 5000
  while (arrived() < enough && Date.now() < end) await new Promise((resolve) => setTimeout(resolve, 1))
}

/** Announces posts from processes on one file that are killed one after the other, and looks at what arrived. */
async function killAgainAndAgain(file: string, blogs: readonly Blogs[]): Promise<number> {
  const store = openSqlite(file)
  const posts: string[] = []
  const recorded = new Map<string, number>()

  async function countWaiting(): Promise<number> {
    let waiting = 0
    for (const id of posts) {
      const { deliveries = [] } = (await createDeliveries(store.records).report(id)) ?? {}
      // What was recorded as a success had arrived by now.
      const counts = countPings(blogs)
      waiting += targetsPerPost - deliveries.length
      for (const { pingUrl, state } of deliveries) {
        const key = `http://my.example/${id} ${pingUrl}`
        if (state !== 'accepted') waiting += 1
        else if (!recorded.has(key)) recorded.set(key, counts.get(key) ?? 0)
      }
    }
    return waiting
  }

  for (let kill = 0; kill < kills / files; kill += 1) {
    const { child, announced } = await start(file, blogs, `post-${kill}`)
    await requestsOf(blogs, Math.random() * 2 * targetsPerPost)
    child.kill('SIGKILL')
    await once(child, 'exit')
    posts.push(...announced)
    await countWaiting()
  }
  expect(posts.length).toBeGreaterThan(kills / files / 2)
  expect(await countWaiting()).toBeGreaterThan(0)
  const { child } = await start(file, blogs, '')
  await expect.poll(countWaiting, { timeout: 3000 * Math.max(kills, 20), interval: 100 }).toBe(0)
  child.kill('SIGKILL')
  await once(child, 'exit')
  await store.close()

  const counts = countPings(blogs)
  expect(recorded.size).toBe(posts.length * targetsPerPost)
  expect([...recorded].filter(([key, count]) => count < 1 || counts.get(key) !== count)).toEqual([])
  return [...counts.values()].reduce((sum, count) => sum + count - 1, 0)
}

it(
  `THREATS D3: through ${kills} times SIGKILL every target is pinged, and none again after a recorded success`,
  async () => {
    const chains = Array.from({ length: files }, async (_, index) => {
      const blogs = await Promise.all(Array.from({ length: 10 }, () => serveBlogs()))
      return killAgainAndAgain(join(folder, `${index}.db`), blogs)
    })
    const duplicates = (await Promise.all(chains)).reduce((sum, count) => sum + count, 0)
    console.log(`${kills} kills: ${duplicates} pings were sent twice`)
    expect(duplicates).toBeLessThanOrEqual(kills)
  },
  15_000 * kills,
)
