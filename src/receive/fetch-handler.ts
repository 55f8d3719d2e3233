import type { PingReply } from './answers.js'
import type { PingRequest } from './request.js'

/** The bridge from `Request` to a receiver and back to `Response`. */
export async function handleFetch(
  handle: (request: PingRequest) => Promise<PingReply>,
  request: Request,
  maxBodySize: number,
  clientIp: string | undefined,
): Promise<Response> {
  const { method, url } = request
  const contentType = request.headers.get('content-type')
  const reply = await handle({
    method,
    url,
    contentType,
    clientIp,
    body: await readBody(request, maxBodySize),
  })
  const hasBody = method !== 'HEAD' && reply.body !== ''
  return new Response(hasBody ? reply.body : null, { status: reply.status, headers: { ...reply.headers } })
}

/** The body, or its beginning as soon as it is larger than the limit: that is enough to refuse it. */
async function readBody({ body }: Request, maxBodySize: number): Promise<Uint8Array | null> {
  if (body === null) return null
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of body as unknown as AsyncIterable<Uint8Array>) {
    chunks.push(chunk)
    size += chunk.length
    if (size > maxBodySize) break
  }
  return Buffer.concat(chunks)
}
