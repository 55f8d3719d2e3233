import type { ReceiverResponse } from '../accept/answers.js'
import type { Mountable } from './mountable.js'

/** The bridge from `Request` to what is mounted and back to `Response`; it never rejects. */
export async function handleFetch<HostRequest>(
  mounted: Mountable<HostRequest>,
  request: HostRequest & Request,
  clientIp: string | null | undefined,
): Promise<Response> {
  const { method, url } = request
  try {
    if (request.bodyUsed || request.body?.locked)
      throw new Error('the body of the request was read before the TrackBack handler got it')
    const contentType = request.headers.get('content-type')
    const body = await readBody(request, mounted.maxBodySize).catch(() => undefined)
    // A client that goes away in the middle of its ping hears no answer, and is no error of ours.
    if (body === undefined) return toResponse(mounted.bodyConsumed, method)
    return toResponse(await mounted.handle({ method, url, contentType, clientIp, body }, request), method)
  } catch (error) {
    mounted.report(error)
    return toResponse(mounted.bodyConsumed, method)
  }
}

function toResponse({ status, headers, body }: ReceiverResponse, method: string): Response {
  return new Response(method === 'HEAD' || body === '' ? null : body, { status, headers: { ...headers } })
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
