import type { RequestListener } from 'node:http'
import { onTestFinished } from 'vitest'
import type { Post } from '../../src/base/types.js'
import { toNodeHandler } from '../../src/receive/hosts/node-handler.js'
import type { ReceiverOptions } from '../../src/receive/options/options.js'
import { createReceiver, type Receiver } from '../../src/receive/receiver.js'
import { renderTrackbacks } from '../../src/render/trackbacks.js'
import { createMemoryStore } from '../../src/store/memory/store.js'
import type { Trackback } from '../../src/store/store.js'
import { openRates } from '../support/open-rates.js'
import { clientFor, serve } from '../support/servers.js'

/** A blog of our own on loopback with one post, until the running test ends. */
export interface Blog {
  readonly origin: string
  readonly post: Post
  readonly pingUrl: string
  /** The trackbacks that are shown under the post, newest last. */
  shown(): Promise<Trackback[]>
  /** The post's page, as a reader gets it. */
  page(): Promise<string>
}

/** Serves a blog; `hosts` are those of others on loopback that its receiver may look at. */
export async function serveBlog(
  hosts: readonly string[] = [],
  options: Partial<ReceiverOptions> = {},
): Promise<Blog> {
  let listener: RequestListener = (_, response) => response.end()
  const { origin } = await serve((request, response) => listener(request, response))
  const post = { id: '18521/60408081', url: `${origin}/2010/01/jal.html`, title: 'JALの対応を評価する' }
  const receiver = createReceiver({
    baseUrl: `${origin}/t/trackback/`,
    findPost: (id) => (id === post.id ? post : null),
    store: createMemoryStore(),
    client: clientFor(hosts),
    verifyAfter: 0,
    rateLimits: openRates,
    ...options,
  })
  onTestFinished(() => receiver.close())
  const shown = async () => (await receiver.list(post.id, { limit: 500 })).items
  const page = async () => pageOf(receiver, post, await shown())
  const answerPings = toNodeHandler(receiver)
  listener = async (request, response) => {
    if (receiver.answers(request.url ?? '')) return answerPings(request, response)
    response.setHeader('content-type', 'text/html; charset=utf-8')
    response.end(await page())
  }
  return { origin, post, pingUrl: receiver.pingUrl(post.id), shown, page }
}

function pageOf(receiver: Receiver, post: Post, trackbacks: Trackback[]): string {
  const list = renderTrackbacks({ post, pingUrl: receiver.pingUrl(post.id), trackbacks }, { lang: 'ja' })
  return `<!DOCTYPE html><head><title>${post.title}</title>${receiver.autodiscovery(post)}</head><body>${list}</body>`
}
