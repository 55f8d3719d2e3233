import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { createHttpClient, type HttpClient, type Ping, sendPing } from 'trackbacks'
import { generatePing } from 'trackbacks/protocol'
import { Agent } from 'undici'
import { goal } from './goals.js'
import { type Contender, inTurn, ratioOf } from './harness.js'

const pings = 10_000
const concurrency = 64
const ping: Ping = {
  url: 'https://blog.example/2026/11/23/hello',
  title: 'JALの対応を評価する',
  excerpt: '日本航空の対応について、先日の記事で書かれていたことを読んで考えました。'.repeat(3),
  blogName: 'ある日の日記',
}

/** Starts processes with so many hosts each; gives back the origins of all. */
export async function startHosts(
  processes: number,
  each: number,
  kind = '',
): Promise<{ children: ChildProcess[]; origins: string[] }> {
  const children = Array.from({ length: processes }, () =>
    fork(new URL('send-hosts.ts', import.meta.url), [String(each), kind]),
  )
  const origins = await Promise.all(
    children.map(async (child) => (await once(child, 'message'))[0] as string[]),
  )
  return { children, origins: origins.flat() }
}

/** Sends to all hosts in turn, so many at a time; gives back how many were sent a second. */
async function fanOut(urls: readonly string[], send: (url: string) => Promise<void>): Promise<number> {
  let next = 0
  const worker = async () => {
    for (let index = next++; index < pings; index = next++) await send(`${urls[index % urls.length]}${index}`)
  }
  const start = performance.now()
  await Promise.all(Array.from({ length: concurrency }, worker))
  return (pings * 1000) / (performance.now() - start)
}

const { body, contentType } = generatePing(ping)

/** The yardstick: the same bytes by undici's `request`, with nothing checked and nothing limited. */
function bareRequest(agent: Agent, urls: readonly string[]): Contender {
  const headers = { 'content-type': contentType, 'user-agent': 'raw', 'accept-encoding': 'gzip' }
  return {
    name: "undici's request",
    round: () =>
      fanOut(urls, async (url) => {
        const { origin, pathname } = new URL(url)
        const answer = await agent.request({ origin, path: pathname, method: 'POST', headers, body })
        await answer.body.text()
      }),
  }
}

/** The guarded client with the same bytes: every check and limit. */
function guardedRequest(client: HttpClient, urls: readonly string[]): Contender {
  const headers = { 'content-type': contentType }
  return {
    name: 'the guarded client',
    round: () =>
      fanOut(urls, async (url) => {
        const answer = await client.request({ method: 'POST', url, headers, body })
        await answer.bytes()
      }),
  }
}

/** All of it: the form is written and the answer read for each ping, too. */
function sending(client: HttpClient, urls: readonly string[]): Contender {
  return {
    name: 'sendPing',
    round: () =>
      fanOut(urls, async (url) => {
        const { outcome } = await sendPing(url, ping, { client })
        if (outcome !== 'accepted') throw new Error(outcome)
      }),
  }
}

export default async function run(): Promise<void> {
  const { children, origins } = await startHosts(2, 25)
  const urls = origins.map((origin) => `${origin}/trackback/`)
  const agent = new Agent()
  const client = createHttpClient({ allowHosts: urls.map((url) => new URL(url).host) })
  const contenders = [bareRequest(agent, urls), guardedRequest(client, urls), sending(client, urls)] as const
  try {
    const outcomes = await inTurn(
      `send: ${pings} pings to ${urls.length} hosts, ${concurrency} at a time`,
      contenders,
    )
    goal("sendPing, of undici's request", ratioOf(outcomes, 2), { least: 0.75 })
  } finally {
    await Promise.all([client.close(), agent.close()])
    for (const child of children) child.kill()
  }
}
