import { pipeline, Readable } from 'node:stream'
import { createGunzip, inflateRawSync } from 'node:zlib'
import { TrackbackError } from '../base/errors.js'

type Chunks = AsyncIterable<Uint8Array>

/** Where a body comes from: the bytes as they were sent, and how to say that no more are wanted. */
export interface BodySource {
  chunks(): Chunks
  cancel(): void
}

/**
 * The decoded body: as it is, or through one `gzip`; what follows the gzip, and its last eight bytes, may be anything
 * (PROTOCOL 123). A coding that does not exist (`utf-8`, `none`) is passed over. Throws `TOO_LARGE` once more than `limit`
 * bytes have come, as sent or decoded (the first `limit` are given), and `INVALID_RESPONSE` for another coding, for more
 * than one, and for gzip that is damaged or cut off earlier. Breaking out of the loop cancels the rest.
 */
export async function* decodeBody(
  source: BodySource,
  coding: string | null,
  limit: number,
  host: string,
): AsyncGenerator<Uint8Array, void, void> {
  let left = limit
  try {
    for await (const chunk of decoded(source.chunks(), coding, limit, host)) {
      if (chunk.length > left) {
        yield chunk.subarray(0, left)
        throw new TrackbackError('TOO_LARGE', `${host} sent more than ${limit} bytes`)
      }
      left -= chunk.length
      yield chunk
    }
  } finally {
    source.cancel()
  }
}

/** All of a body in one piece. */
export async function readAll(chunks: Chunks): Promise<Uint8Array> {
  const pieces: Uint8Array[] = []
  for await (const chunk of chunks) pieces.push(chunk)
  return joined(pieces)
}

/** Pieces as one, which is not copied where it is one already. */
function joined(pieces: readonly Uint8Array[]): Uint8Array {
  return pieces.length === 1 && pieces[0] ? pieces[0] : Buffer.concat(pieces)
}

/**
 * The beginning of a body: all of it, or as much as its limit lets through, or until `isEnough`, which is asked whenever
 * the size has doubled, and where the body breaks off. Servers end a complete answer early (PROTOCOL 133): one that breaks
 * off after its document has ended, or that `isEnough` takes, counts as whole.
 */
export async function readBeginning(
  chunks: Chunks,
  isEnough: (beginning: Uint8Array, isBroken: boolean) => boolean | Promise<boolean> = () => false,
): Promise<Uint8Array> {
  let pieces: Uint8Array[] = []
  let size = 0
  let nextLook = FIRST_LOOK
  try {
    for await (const chunk of chunks) {
      pieces.push(chunk)
      size += chunk.length
      if (size < nextLook) continue
      const beginning = joined(pieces)
      pieces = [beginning]
      if (await isEnough(beginning, false)) break
      nextLook = size * 2
    }
  } catch (error) {
    if (!(error instanceof TrackbackError) || error.code === 'CLOSED') throw error
    const beginning = Buffer.concat(pieces)
    const isWhole = error.code === 'TOO_LARGE' || documentEnd.test(beginning.toString('latin1'))
    if (!isWhole && !(await isEnough(beginning, true))) throw error
  }
  return joined(pieces)
}

/** The end tag of a page, a feed or an answer to a ping. */
const documentEnd = /<\/(?:html|rss|feed|rdf:rdf|response)\s*>/i

const FIRST_LOOK = 16_384

/** The codings that exist; servers write anything else over a plain body. */
const codings = /\b(?:gzip|compress|deflate|br|zstd|dcb|dcz|exi|aes128gcm)\b/g

function decoded(chunks: Chunks, coding: string | null, limit: number, host: string): Chunks {
  const names = coding?.toLowerCase().match(codings) ?? []
  if (names.length === 0) return chunks
  if (names.length === 1 && names[0] === 'gzip') return gunzip(chunks, limit, host)
  throw new TrackbackError('INVALID_RESPONSE', `${host} sent an unsupported Content-Encoding`)
}

async function* gunzip(chunks: Chunks, limit: number, host: string): AsyncGenerator<Uint8Array, void, void> {
  const sent: Uint8Array[] = []
  const failures: unknown[] = []
  // It ends without an error, so that what came before the error is decoded.
  async function* source(): AsyncGenerator<Uint8Array, void, void> {
    try {
      for await (const chunk of decodeBody({ chunks: () => chunks, cancel() {} }, null, limit, host)) {
        sent.push(chunk)
        yield chunk
      }
    } catch (reason) {
      failures.push(reason)
    }
  }
  let given = 0
  const decoder = pipeline(Readable.from(source(), { highWaterMark: 1 }), createGunzip(), () => {})
  try {
    for await (const chunk of decoder) {
      given += chunk.length
      yield chunk
    }
  } catch (cause) {
    // Some servers name a coding though they send no body, as after HEAD or with a 204.
    const data = sent.length === 0 ? Buffer.alloc(0) : dataOf(Buffer.concat(sent), 2 * limit)
    if (data) yield data.subarray(given)
    else failures.push(new TrackbackError('INVALID_RESPONSE', `${host} sent gzip that is damaged`, { cause }))
  }
  if (failures.length > 0) throw failures[0]
}

/** What gzip holds, whatever follows its data (RFC 1952, 2.3); `null` if the data is damaged or cut off. */
function dataOf(gzip: Buffer, maxOutputLength: number): Buffer | null {
  const header = /^\x1f\x8b\x08(?:\0.{6}|\x08.{6}[^\0]*\0)/s.exec(gzip.toString('latin1', 0, longestHeader))
  try {
    return header && inflateRawSync(gzip.subarray(header[0].length), { maxOutputLength })
  } catch {
    return null
  }
}

/** The header of gzip with the name of a file. */
const longestHeader = 1024
