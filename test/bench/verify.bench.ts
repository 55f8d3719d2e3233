import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { load } from 'cheerio'
import {
  createHttpClient,
  createMemoryStore,
  createReceiver,
  type HttpClient,
  verifySource,
} from 'trackbacks'
import { generatePing } from 'trackbacks/protocol'
import { Agent } from 'undici'
import { openRates } from '../support/open-rates.js'
import { goal } from './goals.js'
import { type Contender, collectGarbage, inTurn, ratioOf } from './harness.js'

const target = 'https://my.example/2010/01/jal.html'
const milliseconds = 300
const together = 8
const links = 480

/** A source of about 60 KB with so many links; one of them, in its middle, may lead to the target. */
function sourceOf(isLinked: boolean): string {
  const paragraphs = Array.from({ length: links / 2 }, (_, index) => {
    const url =
      isLinked && index === links / 4 ? target : `https://other-${index % 40}.example/2026/11/${index}.html`
    return `<div class="entry" id="e${index}"><p>Back to work on the desk, a word &amp; <a href="${url}">more of them ${index}</a>, \
as it was said before. <a class="more" rel="bookmark" href="/archive/${index}?a=1&amp;b=2#more">Read on</a></p></div>\n`
  })
  return `<!DOCTYPE html><html><head><meta charset="utf-8"><title>A page</title><link rel="canonical" href="#"></head>
<body><main><article><h1>A page</h1>${paragraphs.join('')}</article></main></body></html>`
}

async function startSources(): Promise<{ server: Server; origin: string }> {
  const pages = [sourceOf(false), sourceOf(true)].map((page) => Buffer.from(page))
  const server = createServer((request, response) => {
    const page = pages[Number(request.url?.startsWith('/linked'))] ?? Buffer.alloc(0)
    response.writeHead(200, { 'content-type': 'text/html; charset=utf-8', 'content-length': page.length })
    response.end(page)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return { server, origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }
}

/** Looks at sources, some at a time; gives back how many a second of CPU time, the server's part included. */
async function looksPerSecond(look: (path: string) => Promise<unknown>): Promise<number> {
  let done = 0
  collectGarbage()
  const start = performance.now()
  const before = process.cpuUsage()
  await Promise.all(
    Array.from({ length: together }, async () => {
      while (performance.now() - start < milliseconds) {
        done += 1
        await look(`${done}`)
      }
    }),
  )
  const { user, system } = process.cpuUsage(before)
  return (done * 1_000_000) / (user + system)
}

function contenders(origin: string, isLinked: boolean, client: HttpClient, agent: Agent) {
  const urlOf = (path: string) => `${origin}/${isLinked ? 'linked' : 'other'}/${path}`
  const fetchPage = async (path: string) => {
    const { body } = await agent.request({ origin, path: urlOf(path).slice(origin.length), method: 'GET' })
    return body.text()
  }
  const cheerio: Contender = {
    name: 'undici with cheerio',
    round: () =>
      looksPerSecond(async (path) => {
        const page = load(await fetchPage(path))
        const found = page('a[href]').filter(
          (_, a) => new URL(page(a).attr('href') ?? '', origin).href === target,
        )
        if (found.length > 0 !== isLinked) throw new Error('cheerio is wrong')
      }),
  }
  const verify: Contender = {
    name: 'verifySource',
    round: () =>
      looksPerSecond(async (path) => {
        const { outcome } = await verifySource(urlOf(path), target, { client })
        if (outcome !== (isLinked ? 'linked' : 'not-linked')) throw new Error(outcome)
      }),
  }
  const bare: Contender = { name: 'undici alone', round: () => looksPerSecond(fetchPage) }
  const receiver: Contender = {
    name: 'a receiver: ping, source, checks, stored',
    round: () => received(urlOf, client),
  }
  return [cheerio, verify, receiver, bare] as const
}

let rounds = 0

/** The whole job: a ping comes, its source is fetched and searched, checks run, and what they said is stored. */
async function received(urlOf: (path: string) => string, client: HttpClient): Promise<number> {
  rounds += 1
  const waiting = new Map<string, () => void>()
  const store = createMemoryStore()
  const receiver = createReceiver({
    baseUrl: 'https://my.example/trackback/',
    findPost: (id) => ({ id, url: target }),
    ...{ store, client, verifyAfter: 0, rateLimits: openRates },
    onEvent: ({ type, trackback }) => type === 'verified' && waiting.get(trackback.url)?.(),
  })
  const rate = await looksPerSecond(async (path) => {
    const url = urlOf(`${rounds}/${path}`)
    const verified = new Promise<void>((resolve) => waiting.set(url, resolve))
    const { body, contentType } = generatePing({ url, title: 'T', excerpt: 'E', blogName: 'B' })
    const request = new Request('https://my.example/trackback/5', {
      ...{ method: 'POST', body, headers: { 'content-type': contentType } },
    })
    await receiver.fetch(request, { clientIp: '203.0.113.5' })
    await verified
  })
  await receiver.close()
  return rate
}

export default async function run(): Promise<void> {
  const { server, origin } = await startSources()
  const client = createHttpClient({ allowHosts: [new URL(origin).host] })
  const agent = new Agent()
  try {
    for (const isLinked of [true, false]) {
      const what = isLinked ? 'with the link' : 'without the link'
      const outcomes = await inTurn(
        `verify: sources of 60 KB with ${links} links, ${what}, a second of CPU`,
        contenders(origin, isLinked, client, agent),
      )
      goal(`verifySource, a page ${what}, of undici with cheerio`, ratioOf(outcomes, 1), {
        least: isLinked ? 5 : 10,
      })
    }
  } finally {
    await Promise.all([client.close(), agent.close()])
    server.close()
  }
}
