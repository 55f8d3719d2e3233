import { IncomingBody } from './body.js'
import type { Mountable } from './mountable.js'

/** The bridge from `Request` to what is mounted and back to `Response`; it never rejects. */
export async function handleFetch<HostRequest>(
  mounted: Mountable<HostRequest>,
  request: HostRequest & Request,
  clientIp: string | null | undefined,
): Promise<Response> {
  const { method, url } = request
  let reply = mounted.bodyConsumed
  try {
    if (request.bodyUsed || request.body?.locked)
      throw new Error('the body of the request was read before the TrackBack handler got it')
    const contentType = request.headers.get('content-type')
    // A client that goes away in the middle of its ping hears no answer, and is no error of ours.
    const body = await readBody(request, mounted.maxBodySize).catch(() => undefined)
    if (body !== undefined)
      reply = await mounted.handle({ method, url, contentType, clientIp, body }, request)
  } catch (error) {
    mounted.report(error)
  }
  const body = method === 'HEAD' || reply.body === '' ? null : reply.body
  return new Response(body, { status: reply.status, headers: { ...reply.headers } })
}

async function readBody({ body }: Request, maxBodySize: number): Promise<Uint8Array | null> {
  if (body === null) return null
  const read = new IncomingBody(maxBodySize)
  for await (const piece of body as unknown as AsyncIterable<Uint8Array>) if (!read.add(piece)) break
  return read.bytes()
}
