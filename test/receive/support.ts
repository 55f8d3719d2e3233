import { onTestFinished } from 'vitest'
import type { Post } from '../../src/base/types.js'
import { createHttpClient, type NetworkOptions } from '../../src/http/client.js'
import { toNodeHandler } from '../../src/receive/hosts/node-handler.js'
import type { ReceiverOptions } from '../../src/receive/options/options.js'
import { createReceiver, type Receiver } from '../../src/receive/receiver.js'
import { createMemoryStore } from '../../src/store/memory/store.js'
import { form, formType, serve } from '../support/servers.js'

/** A day in milliseconds. */
export const day = 86_400_000

/** The answer of the specification to a ping that was accepted (PROTOCOL 16). */
export const success = '<?xml version="1.0" encoding="utf-8"?>\n<response>\n<error>0</error>\n</response>'

/** The answer of the specification to a ping that was refused (PROTOCOL 17). */
export function failure(message: string): string {
  return `<?xml version="1.0" encoding="utf-8"?>\n<response>\n<error>1</error>\n<message>${message}</message>\n</response>`
}

/** The open post of these tests. */
export const post: Post = {
  id: '18521/60408081',
  url: 'http://my.example/2010/01/jal.html',
  title: 'JALの対応を評価する',
  publishedAt: new Date('2026-01-01'),
}

/** A post that is closed for pings. */
export const closed: Post = { id: 'closed', url: 'http://my.example/closed', acceptsPings: false }

/** Options of a receiver, and of the client that is made for it. */
export type TestReceiverOptions = Partial<ReceiverOptions> &
  Pick<NetworkOptions, 'allowHosts' | 'lookup' | 'totalTimeout'>

/** A receiver that ends with the test; sources are looked at without delay. */
export function receiverWith({
  allowHosts,
  lookup,
  totalTimeout,
  ...options
}: TestReceiverOptions = {}): Receiver {
  const client = createHttpClient({ allowHosts, lookup, totalTimeout, site: 'http://my.example/' })
  const receiver = createReceiver({
    client,
    baseUrl: 'http://my.example/t/trackback/',
    findPost: (id) => [post, closed].find((each) => each.id === id) ?? null,
    store: createMemoryStore(),
    verifyAfter: 0,
    ...options,
  })
  onTestFinished(async () => {
    await receiver.close()
    await client.close()
  })
  return receiver
}

/** Serves a receiver over HTTP, and gives back the ping URL of the post there. */
export async function mount(receiver: Receiver): Promise<string> {
  const { origin } = await serve(toNodeHandler(receiver))
  return `${origin}/t/trackback/${post.id}`
}

/** Pings over HTTP. */
export async function ping(
  url: string,
  fields: Record<string, string>,
): Promise<{ status: number; body: string }> {
  const response = await fetch(url, {
    method: 'POST',
    body: form(fields),
    headers: { 'content-type': formType },
  })
  return { status: response.status, body: await response.text() }
}

/** Pings without HTTP: a path, a form, a client. */
export function send(
  receiver: Receiver,
  url: string = `/t/trackback/${post.id}`,
  fields = 'url=http://other.example/1&title=T',
  clientIp = '192.0.2.1',
) {
  return receiver.handle({ method: 'POST', url, contentType: formType, body: Buffer.from(fields), clientIp })
}

/** Whether a reply is a success. */
export function isAccepted({ body }: { body: string }): boolean {
  return body.includes('<error>0</error>')
}
