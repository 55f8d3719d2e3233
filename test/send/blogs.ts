import type { IncomingMessage, ServerResponse } from 'node:http'
import { expect, onTestFinished } from 'vitest'
import type { NetworkOptions } from '../../src/http/client.js'
import { createStoreQueue, type StoreQueueOptions } from '../../src/queue/store-queue.js'
import type { AnnouncedPost, SenderLimits, SenderOptions } from '../../src/send/outbox/options.js'
import { createSender, type Sender } from '../../src/send/outbox/sender.js'
import { createMemoryStore } from '../../src/store/memory/store.js'
import { bodyOf, clientFor, serve, type TestServer } from '../support/servers.js'

/** A server of many posts, `/post/N`, whose ping URLs are `/tb/N`. */
export interface Blogs extends TestServer {
  /** `GET /post/1`, `POST /tb/1`, … in their order. */
  readonly requests: string[]
  /** The forms of the pings. */
  readonly forms: URLSearchParams[]
  /** The ping URL of each of the forms. */
  readonly pingUrls: string[]
  /** How many requests of each method were under way at once, at the most. */
  readonly mostAtOnce: Record<string, number>
}

/** Answers a request otherwise than by success; `false`: it is answered as ever. */
export type Answer = (request: IncomingMessage, response: ServerResponse) => boolean | Promise<boolean>

export const success = '<?xml version="1.0" encoding="utf-8"?>\n<response>\n<error>0</error>\n</response>'

/** An answer of error 1. */
export function failure(message: string): string {
  return `<response><error>1</error><message>${message}</message></response>`
}

/** A page that announces its ping URL in RDF. */
export function pageOf(url: string, pingUrl: string): string {
  return `<html><head><title>A post</title></head><body><!--
    <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
      xmlns:dc="http://purl.org/dc/elements/1.1/"
      xmlns:trackback="http://madskills.com/public/xml/rss/module/trackback/">
    <rdf:Description rdf:about="${url}" dc:identifier="${url}" dc:title="A post" trackback:ping="${pingUrl}" />
    </rdf:RDF> --></body></html>`
}

/** Holds up requests until so many are under way at once, then each a little longer, so that one more would be seen. */
export function gateFor(count: number): {
  readonly most: number
  pass(response: ServerResponse): Promise<void>
} {
  let open = (): void => {}
  const opened = new Promise<void>((resolve) => {
    open = resolve
  })
  const under = new Set<ServerResponse>()
  let most = 0
  return {
    get most() {
      return most
    },
    async pass(response) {
      response.on('close', () => under.delete(response))
      most = Math.max(most, under.add(response).size)
      if (under.size === count) open()
      await opened
      await new Promise((resolve) => setTimeout(resolve, 40))
      under.delete(response)
    },
  }
}

/** Serves posts that take pings, until the test ends. */
export async function serveBlogs(answer: Answer = () => false): Promise<Blogs> {
  const requests: string[] = []
  const forms: URLSearchParams[] = []
  const pingUrls: string[] = []
  const atOnce: Record<string, number> = {}
  const mostAtOnce: Record<string, number> = {}
  const server = await serve(async (request, response) => {
    const { method = '', url = '' } = request
    const count = (atOnce[method] ?? 0) + 1
    atOnce[method] = count
    mostAtOnce[method] = Math.max(mostAtOnce[method] ?? 0, count)
    response.on('close', () => {
      atOnce[method] = (atOnce[method] ?? 0) - 1
    })
    requests.push(`${method} ${url}`)
    const origin = `http://${request.headers.host}`
    if (method === 'POST') {
      forms.push(new URLSearchParams((await bodyOf(request)).toString()))
      pingUrls.push(origin + url)
    }
    if (await answer(request, response)) return
    if (method === 'POST') return void response.end(success)
    response.setHeader('content-type', 'text/html; charset=utf-8')
    response.end(pageOf(`${origin}${url}`, `${origin}${url.replace('post', 'tb')}`))
  })
  return { ...server, requests, forms, pingUrls, mostAtOnce }
}

/** Options for a sender whose jobs do not wait; `queue` are options of its queue. */
export function quick(
  blogs: readonly TestServer[],
  {
    queue,
    limits,
    network,
    ...options
  }: Partial<Omit<SenderOptions, 'queue'>> & { queue?: StoreQueueOptions; network?: NetworkOptions } = {},
): SenderOptions {
  const { store = createMemoryStore(), now } = options
  const spaced: SenderLimits = { spacing: 1, ...limits }
  return {
    blogName: 'My blog',
    client: clientFor(
      blogs.map(({ host }) => host),
      network,
    ),
    ...options,
    store,
    limits: spaced,
    queue: createStoreQueue(store, { pollInterval: 5, now, ...queue }),
  }
}

/** A sender that ends with the test, and its queue with it. */
export function senderOf(options: SenderOptions): Sender {
  const sender = createSender(options)
  onTestFinished(async () => {
    await options.queue?.close()
    await sender.close()
  })
  return sender
}

/** A post of the own blog that links to these URLs. */
export function postTo(urls: readonly string[], changes: Partial<AnnouncedPost> = {}): AnnouncedPost {
  const links = urls.map((url) => `<a href="${url}">a post</a>`).join(', ')
  return {
    id: '7',
    url: 'http://my.example/7',
    title: 'My post',
    html: `<p>I read ${links}.</p>`,
    ...changes,
  }
}

/** Waits until nothing of a post is under way, and gives the states of its targets by URL. */
export async function settled(sender: Sender, postId = '7'): Promise<Record<string, string>> {
  const read = async (): Promise<readonly (readonly [string, string])[]> =>
    ((await sender.report(postId))?.deliveries ?? []).map(({ target, state }) => [target, state] as const)
  await expect
    .poll(
      async () => {
        const states = await read()
        return states.length > 0 && states.every(([, state]) => state !== 'waiting')
      },
      { timeout: 20_000, interval: 5 },
    )
    .toBe(true)
  return Object.fromEntries(await read())
}
