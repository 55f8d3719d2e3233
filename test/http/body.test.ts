import type { ServerResponse } from 'node:http'
import { brotliCompressSync, deflateRawSync, gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { TrackbackError } from '../../src/base/errors.js'
import { decodeBody, readAll, readBeginning } from '../../src/http/body.js'
import { createHttpClient, type HttpClient } from '../../src/http/client.js'
import { repeated } from '../support/strength.js'
import { rejectionOf, serve, serveTcp, type TestServer, until } from './servers.js'

const mebibyte = 1_048_576
const zeros = gzipSync(Buffer.alloc(mebibyte))
/** 256 MiB of zeros in 260 kB: one gzip member for each MiB. */
const bomb = Buffer.concat(new Array<Buffer>(256).fill(zeros))
const page = '<html>日本語のページ</html>'.repeat(100)

function sourceOf(chunks: Iterable<Uint8Array>) {
  const source = {
    cancelled: 0,
    cancel: () => {
      source.cancelled += 1
    },
    async *chunks() {
      yield* chunks
    },
  }
  return source
}

/** The same gzip with the name of a file in its header, as gzip(1) writes it. */
function named(gzip: Buffer): Buffer {
  const header = Buffer.concat([gzip.subarray(0, 10), Buffer.from('page.html\0')])
  header[3] = 8
  return Buffer.concat([header, gzip.subarray(10)])
}

function split(bytes: Uint8Array, size: number): Uint8Array[] {
  const pieces: Uint8Array[] = []
  for (let start = 0; start < bytes.length; start += size) pieces.push(bytes.subarray(start, start + size))
  return pieces
}

describe('decodeBody', () => {
  it('gives back any bytes, as sent or gzipped, however they are cut into pieces', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uint8Array({ maxLength: 2000 }),
        fc.integer({ min: 1, max: 300 }),
        async (bytes, size) => {
          const asSent = await readAll(decodeBody(sourceOf(split(bytes, size)), null, 2000, 'h'))
          const gzipped = gzipSync(bytes)
          const decoded = await readAll(decodeBody(sourceOf(split(gzipped, size)), 'gzip', 3000, 'h'))
          expect(Buffer.compare(asSent, bytes)).toBe(0)
          expect(Buffer.compare(decoded, bytes)).toBe(0)
        },
      ),
      { numRuns: 60 },
    )
  })

  it('gives the first bytes up to the limit, then TOO_LARGE', async () => {
    for (const coding of [null, 'gzip']) {
      const bytes = coding ? gzipSync(Buffer.alloc(1000)) : Buffer.alloc(1000)
      const body = decodeBody(sourceOf(split(bytes, 300)), coding, 999, 'blog.example')
      let given = 0
      const error = await rejectionOf(
        (async () => {
          for await (const chunk of body) given += chunk.length
        })(),
      )
      expect(error).toMatchObject({ code: 'TOO_LARGE', message: 'blog.example sent more than 999 bytes' })
      expect(given).toBe(999)
    }
  })

  it('a body as large as the limit is not too large', async () => {
    expect(
      await readAll(decodeBody(sourceOf(split(Buffer.alloc(1000), 300)), 'identity', 1000, 'h')),
    ).toHaveLength(1000)
  })

  it('counts what was sent too: gzip that decodes to nothing does not go on for ever', async () => {
    const empty = gzipSync(Buffer.alloc(0))
    const body = decodeBody(sourceOf(new Array<Buffer>(1000).fill(empty)), 'gzip', 10_000, 'h')
    expect(await rejectionOf(readAll(body))).toMatchObject({ code: 'TOO_LARGE' })
  })

  it.each(['br', 'deflate', 'zstd', 'compress', 'x-compress', 'gzip, gzip', 'br, gzip', 'gzip, utf-8, gzip'])(
    'THREATS R1: the coding %s is refused and the rest cancelled',
    async (coding) => {
      const source = sourceOf([zeros])
      expect(await rejectionOf(readAll(decodeBody(source, coding, 1000, 'h')))).toMatchObject({
        code: 'INVALID_RESPONSE',
      })
      expect(source.cancelled).toBe(1)
    },
  )

  it.each(['UTF-8', 'none', '8bit', 'binary', 'identity', 'identity, none', 'x', '', ' ', ','])(
    'PROTOCOL 123: %j is no coding, and the body is read as it is',
    async (coding) => {
      const body = decodeBody(sourceOf(split(Buffer.from(page), 100)), coding, mebibyte, 'h')
      expect(String(await readAll(body))).toBe(page)
    },
  )

  it.each(['gzip', 'GZIP', ' x-gzip ', 'identity, gzip', 'gzip,', 'utf-8,gzip'])(
    'the coding %j is gzip',
    async (coding) => {
      expect(await readAll(decodeBody(sourceOf([gzipSync('text')]), coding, 100, 'h'))).toEqual(
        Buffer.from('text'),
      )
    },
  )

  it('no bytes at all are an empty body, whatever its coding', async () => {
    for (const coding of [null, 'gzip']) {
      expect(await readAll(decodeBody(sourceOf([]), coding, 100, 'h'))).toHaveLength(0)
    }
  })

  it('PROTOCOL 123: gzip is read that has lost bytes of its check, or has something after it, however it is cut into pieces', async () => {
    const after = fc.uint8Array({ minLength: 1, maxLength: 300 })
    const ends = fc.oneof(fc.integer({ min: -8, max: 0 }), after)
    const input = fc.record({
      text: fc.string({ maxLength: 3000 }),
      end: ends,
      size: fc.integer({ min: 1, max: 5000 }),
    })
    await fc.assert(
      fc.asyncProperty(input, fc.boolean(), async ({ text, end, size }, isNamed) => {
        const gzip = isNamed ? named(gzipSync(text)) : gzipSync(text)
        const bytes =
          typeof end === 'number' ? gzip.subarray(0, gzip.length + end) : Buffer.concat([gzip, end])
        const body = decodeBody(sourceOf(split(bytes, size)), 'gzip', mebibyte, 'h')
        expect(String(await readAll(body))).toBe(Buffer.from(text).toString())
      }),
      { numRuns: repeated(300, 60) },
    )
  })

  it('gives what came before the source failed, and throws its failure then', async () => {
    const failure = new TrackbackError('NETWORK', 'broke off')
    for (const [coding, bytes] of [
      [null, Buffer.from(page)],
      ['gzip', gzipSync(page)],
      ['gzip', gzipSync(page).subarray(0, -8)],
    ] as const) {
      const source = {
        cancel() {},
        async *chunks() {
          yield bytes
          throw failure
        },
      }
      let given = ''
      const read = async () => {
        for await (const chunk of decodeBody(source, coding, mebibyte, 'h')) given += chunk
      }
      expect(await rejectionOf(read())).toBe(failure)
      expect(given).toBe(page)
    }
  })

  it('damaged or cut gzip is INVALID_RESPONSE with the cause', async () => {
    const damaged = gzipSync(page)
    damaged[20] = (damaged[20] ?? 0) ^ 0xff
    for (const bytes of [
      damaged,
      gzipSync(page).subarray(0, 1),
      gzipSync(page).subarray(0, 50),
      Buffer.from('no gzip'),
      deflateRawSync(page),
    ]) {
      const error = await rejectionOf(readAll(decodeBody(sourceOf([bytes]), 'gzip', mebibyte, 'h')))
      expect(error).toMatchObject({ code: 'INVALID_RESPONSE' })
      expect((error.cause as { code: string }).code).toMatch(/^Z_/)
    }
  })

  it('throws what the source threw, an abort reason of any kind', async () => {
    for (const reason of ['stop', new Error('stop'), { stop: true }]) {
      const source = {
        cancel() {},
        async *chunks() {
          yield gzipSync(page).subarray(0, 20)
          throw reason
        },
      }
      for (const coding of [null, 'gzip']) {
        const thrown = await readAll(decodeBody(source, coding, mebibyte, 'h')).catch((error) => error)
        expect(thrown).toBe(reason)
      }
    }
  })

  it('whoever stops reading cancels the rest', async () => {
    for (const [coding, bytes] of [
      [null, Buffer.alloc(5000)],
      ['gzip', zeros],
    ] as const) {
      const source = sourceOf(split(bytes, 100))
      for await (const _ of decodeBody(source, coding, mebibyte, 'h')) break
      expect(source.cancelled).toBe(1)
    }
  })
})

describe('readBeginning', () => {
  const failing = (text: string, error: unknown) =>
    (async function* () {
      yield Buffer.from(text)
      throw error
    })()
  const broken = new TrackbackError('NETWORK', 'broke off')

  it.each(['</html>', '</HTML >\n<!-- cached -->', '</rss>', '</feed>', '</rdf:RDF>', '</response>'])(
    'PROTOCOL 133: a document that has ended by %j is whole, whatever the connection does then',
    async (end) => {
      expect(String(await readBeginning(failing(`text${end}`, broken)))).toBe(`text${end}`)
    },
  )

  it('a document that breaks off before its end is what the connection ended with', async () => {
    for (const error of [broken, new TrackbackError('TIMEOUT', 'too slow'), new Error('abort'), 'abort'])
      expect(await readBeginning(failing('<html><p>text', error)).catch((reason) => reason)).toBe(error)
  })

  it('asks whether what came before it broke off is enough', async () => {
    const isEnough = (bytes: Uint8Array, isBroken: boolean) => isBroken && String(bytes) === 'enough'
    expect(String(await readBeginning(failing('enough', broken), isEnough))).toBe('enough')
    expect(await rejectionOf(readBeginning(failing('more', broken), isEnough))).toBe(broken)
  })

  it('an abort and the end of the client are never the end of a document', async () => {
    for (const error of [new TrackbackError('CLOSED', 'closed'), new Error('abort'), 'abort'])
      expect(await readBeginning(failing('</html>', error), () => true).catch((reason) => reason)).toBe(error)
  })
})

type Answer = (response: ServerResponse) => void

const coded =
  (coding: string, bytes: Uint8Array): Answer =>
  (response) => {
    response.writeHead(200, { 'content-type': 'text/html', 'content-encoding': coding })
    response.end(bytes)
  }

const hostile: readonly [name: string, code: string, answer: Answer][] = [
  ['256 MiB in 260 kB of gzip', 'TOO_LARGE', coded('gzip', bomb)],
  ['gzip in gzip', 'INVALID_RESPONSE', coded('gzip, gzip', gzipSync(bomb))],
  ['brotli', 'INVALID_RESPONSE', coded('br', brotliCompressSync(Buffer.alloc(mebibyte)))],
  ['zstd', 'INVALID_RESPONSE', coded('zstd', Buffer.from('28b52ffd', 'hex'))],
  ['ten codings', 'INVALID_RESPONSE', coded(new Array(10).fill('gzip').join(', '), bomb)],
  ['raw deflate called gzip', 'INVALID_RESPONSE', coded('gzip', deflateRawSync(Buffer.alloc(mebibyte)))],
  ['gzip that is cut off', 'INVALID_RESPONSE', coded('gzip', gzipSync(page).subarray(0, -20))],
  ['endless bytes', 'TOO_LARGE', endless],
  [
    'a length that is too long',
    'NETWORK',
    (response) => {
      response.writeHead(200, { 'content-length': '1000' })
      response.write('short')
      setTimeout(() => response.destroy(), 20)
    },
  ],
  [
    'a length that is too short for its gzip',
    'INVALID_RESPONSE',
    (response) => {
      response.socket?.write(`HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 30\r\n\r\n`)
      response.socket?.end(gzipSync(page))
    },
  ],
]

function endless(response: ServerResponse): void {
  const chunk = Buffer.alloc(65_536, 'x')
  const write = () => {
    while (!response.destroyed && response.write(chunk));
  }
  response.on('drain', write)
  write()
}

describe('hostile bodies over a real socket', () => {
  let server: TestServer
  let client: HttpClient
  beforeAll(async () => {
    server = await serve((request, response) => hostile[Number(request.url?.slice(1))]?.[2](response))
  })
  beforeEach(() => {
    client = createHttpClient({ allowHosts: [server.host] })
  })
  afterEach(async () => {
    await client.close()
    expect(await until(() => server.sockets.size === 0)).toBe(true)
  })
  afterAll(() => server.close())

  it.each(hostile.map(([name, code], index) => [name, code, index] as const))(
    'THREATS R1: %s ends as %s, soon and in little memory',
    async (_, code, index) => {
      const memory = watchMemory()
      const started = performance.now()
      const response = await client.request({ url: `${server.origin}/${index}` })
      expect(await rejectionOf(response.bytes())).toMatchObject({ code })
      expect(performance.now() - started).toBeLessThan(3000)
      expect(memory.stop()).toBeLessThan(64 * mebibyte)
      if (code === 'TOO_LARGE') expect(await until(() => server.sockets.size === 0)).toBe(true)
    },
  )

  it('stops reading while nobody reads: a fast sender is made to wait', async () => {
    const index = hostile.findIndex(([name]) => name === 'endless bytes')
    const response = await client.request({ url: `${server.origin}/${index}`, maxSize: 512 * mebibyte })
    const memory = watchMemory()
    await new Promise((resolve) => setTimeout(resolve, 300))
    expect(memory.stop()).toBeLessThan(64 * mebibyte)
    let size = 0
    for await (const chunk of response.body) {
      size += chunk.length
      if (size > 8 * mebibyte) break
    }
    expect(size).toBeGreaterThan(8 * mebibyte)
    expect(await until(() => server.sockets.size === 0)).toBe(true)
  })
})

describe('hostile chunks', () => {
  it('THREATS R1: a megabyte in chunks of one byte costs no more than a megabyte', async () => {
    const chunks = Buffer.from(`${'1\r\nx\r\n'.repeat(900_000)}0\r\n\r\n`)
    const server = await serveTcp((socket) => {
      socket.once('data', () => {
        socket.write('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n')
        socket.end(chunks)
      })
    })
    const client = createHttpClient({ allowHosts: [server.host] })
    const memory = watchMemory()
    let pieces = 0
    let size = 0
    for await (const chunk of (await client.request({ url: server.origin })).body) {
      pieces += 1
      size += chunk.length
    }
    expect(size).toBe(900_000)
    expect(pieces).toBeLessThan(5000)
    expect(memory.stop()).toBeLessThan(64 * mebibyte)
    await client.close()
    await server.close()
  })
})

describe('hostile headers', () => {
  let server: TestServer
  afterAll(() => server.close())

  it('THREATS R3: a header larger than the limit is TOO_LARGE, one below it is read', async () => {
    server = await serveTcp((socket) =>
      socket.once('data', (data) => {
        const size = Number(/\/(\d+)/.exec(String(data))?.[1])
        socket.end(`HTTP/1.1 200 OK\r\nX-Filler: ${'x'.repeat(size)}\r\nContent-Length: 2\r\n\r\nok`)
      }),
    )
    const client = createHttpClient({ allowHosts: [server.host], maxHeaderSize: 4096 })
    expect(await rejectionOf(client.request({ url: `${server.origin}/5000` }))).toMatchObject({
      code: 'TOO_LARGE',
    })
    const response = await client.request({ url: `${server.origin}/3000` })
    expect(Buffer.from(await response.bytes()).toString()).toBe('ok')
    await client.close()
  })
})

/** How many bytes more the process holds than now, at the highest. */
function watchMemory(): { stop(): number } {
  const before = process.memoryUsage.rss()
  let highest = before
  const look = () => {
    highest = Math.max(highest, process.memoryUsage.rss())
  }
  const timer = setInterval(look, 2)
  return {
    stop() {
      clearInterval(timer)
      look()
      return highest - before
    },
  }
}
