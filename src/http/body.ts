import { pipeline, Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { TrackbackError } from '../base/errors.js'

type Chunks = AsyncIterable<Uint8Array>

/** Where a body comes from: the bytes as they were sent, and how to say that no more are wanted. */
export interface BodySource {
  chunks(): Chunks
  cancel(): void
}

/**
 * The decoded body: as it is, or through one `gzip`. Throws `TOO_LARGE` once more than `limit` bytes have come, as
 * sent or decoded (the first `limit` are given), and `INVALID_RESPONSE` for another coding, for more than one, and for
 * gzip that is damaged or cut off. To stop reading cancels the rest.
 */
export async function* decodeBody(
  source: BodySource,
  coding: string | null,
  limit: number,
  host: string,
): AsyncGenerator<Uint8Array, void, void> {
  try {
    yield* capped(decoded(source.chunks(), coding, limit, host), limit, host)
  } finally {
    source.cancel()
  }
}

/** All of a body in one piece. */
export async function readAll(chunks: Chunks): Promise<Uint8Array> {
  const pieces: Uint8Array[] = []
  for await (const chunk of chunks) pieces.push(chunk)
  return pieces.length === 1 && pieces[0] ? pieces[0] : Buffer.concat(pieces)
}

/**
 * The beginning of a body: all of it, or as much as its limit lets through, or until `isEnough`, which is asked whenever
 * the size has doubled. A body that breaks off after it was enough is enough.
 */
export async function readBeginning(
  chunks: Chunks,
  isEnough: (beginning: Uint8Array) => boolean | Promise<boolean> = () => false,
): Promise<Uint8Array> {
  let pieces: Uint8Array[] = []
  let size = 0
  let nextLook = FIRST_LOOK
  try {
    for await (const chunk of chunks) {
      pieces.push(chunk)
      size += chunk.length
      if (size < nextLook) continue
      const beginning = Buffer.concat(pieces)
      pieces = [beginning]
      if (await isEnough(beginning)) break
      nextLook = size * 2
    }
  } catch (error) {
    const isCut = error instanceof TrackbackError && error.code === 'TOO_LARGE'
    if (!isCut && !(await isEnough(Buffer.concat(pieces)))) throw error
  }
  return Buffer.concat(pieces)
}

const FIRST_LOOK = 16_384

function decoded(chunks: Chunks, coding: string | null, limit: number, host: string): Chunks {
  const name = coding?.trim().toLowerCase() ?? ''
  if (name === '' || name === 'identity') return chunks
  if (name === 'gzip' || name === 'x-gzip') return gunzip(chunks, limit, host)
  throw new TrackbackError('INVALID_RESPONSE', `${host} sent an unsupported Content-Encoding`)
}

async function* gunzip(chunks: Chunks, limit: number, host: string): AsyncGenerator<Uint8Array, void, void> {
  const decoder = createGunzip()
  pipeline(Readable.from(capped(chunks, limit, host), { highWaterMark: 1 }), decoder, () => {})
  try {
    yield* decoder
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && String(error.code).startsWith('Z_'))) throw error
    // Some servers name a coding though they send no body, as after HEAD or with a 204.
    if (error.code === 'Z_BUF_ERROR' && decoder.bytesWritten === 0) return
    throw new TrackbackError('INVALID_RESPONSE', `${host} sent gzip that is damaged`, { cause: error })
  }
}

async function* capped(chunks: Chunks, limit: number, host: string): AsyncGenerator<Uint8Array, void, void> {
  let left = limit
  for await (const chunk of chunks) {
    if (chunk.length > left) {
      yield chunk.subarray(0, left)
      throw new TrackbackError('TOO_LARGE', `${host} sent more than ${limit} bytes`)
    }
    left -= chunk.length
    yield chunk
  }
}
