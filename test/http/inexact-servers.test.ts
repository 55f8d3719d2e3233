import { gzipSync } from 'node:zlib'
import { describe, expect, it, onTestFinished } from 'vitest'
import { discover } from '../../src/discover/discover.js'
import { verifySource } from '../../src/receive/verify/verification.js'
import { sendPing } from '../../src/send/send-ping.js'
import { clientFor } from '../support/servers.js'
import { serveTcp } from './servers.js'

const target = 'http://my.example/7'
const page = `<html><head><title>K\xf6ln</title><link rel="trackback" href="/tb/1"></head><body>
<a href="${target}">x</a> ${'text '.repeat(50)}</body></html>`
const answer = '<?xml version="1.0"?><response><error>1</error><message>K\xf6ln</message></response>'
const type = 'Content-Type: text/html; charset=iso-8859-1\r\n'

/** An answer on the wire: its header lines, and the body that is sent. */
type Wire = (body: Buffer) => readonly [header: string, sent: Uint8Array]

const length = (body: Uint8Array, more = 0): string => `Content-Length: ${body.length + more}\r\n`
const chunk = (body: Uint8Array): string =>
  `${body.length.toString(16)}\r\n${Buffer.from(body).toString('latin1')}\r\n`
const encoded =
  (coding: string, encode: (body: Buffer) => Uint8Array = (body) => body): Wire =>
  (body) => [`${type}Content-Encoding: ${coding}\r\n${length(encode(body))}`, encode(body)]
const typed =
  (lines: string): Wire =>
  (body) => [lines + length(body), body]

const readable: Readonly<Record<string, Wire>> = {
  'a coding that does not exist': encoded('UTF-8'),
  'the coding none': encoded('none'),
  'two codings that do not exist': encoded('identity, binary'),
  'gzip beside a coding that does not exist': encoded('utf-8, gzip', gzipSync),
  x_gzip: encoded('x-gzip', gzipSync),
  'gzip with a comment after it': encoded('gzip', (body) =>
    Buffer.concat([gzipSync(body), Buffer.from('<!-- x -->')]),
  ),
  'gzip without its check': encoded('gzip', (body) => gzipSync(body).subarray(0, -8)),
  'a length that is too large': (body) => [type + length(body, 5), body],
  'a length that is too large for its gzip': (body) => {
    const gzip = gzipSync(body)
    return [`${type}Content-Encoding: gzip\r\n${length(gzip, 9)}`, gzip]
  },
  'no last chunk': (body) => [`${type}Transfer-Encoding: chunked\r\n`, Buffer.from(chunk(body), 'latin1')],
  'no last chunk after gzip': (body) => [
    `${type}Content-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n`,
    Buffer.from(chunk(gzipSync(body)), 'latin1'),
  ],
  'its type twice': typed(`${type}${type}`),
  'two types': typed(`${type}Content-Type: image/png\r\n`),
  'its type twice in one line': typed(
    'Content-Type: text/html; charset=latin1, text/html; charset=latin1\r\n',
  ),
  'no semicolon in its type': typed('Content-Type: text/html charset=iso-8859-1\r\n'),
  'a comma in its type': typed('Content-Type: text/html,charset=iso-8859-1\r\n'),
  'an empty type': typed('Content-Type:\r\n'),
  'only a charset for its type': typed('Content-Type: ; charset=iso-8859-1\r\n'),
  'no type': typed(''),
}

/** A server that answers everything in these bytes, and the client that asks it. */
async function serveBytes(bytes: Uint8Array) {
  const server = await serveTcp((socket) => socket.once('data', () => socket.end(bytes)))
  onTestFinished(() => server.close())
  const client = clientFor(server.host)
  onTestFinished(() => client.close())
  return { url: `${server.origin}/page`, client }
}

function answerOf(wire: Wire, text: string, connection = ''): Buffer {
  const [header, sent] = wire(Buffer.from(text, 'latin1'))
  return Buffer.concat([Buffer.from(`HTTP/1.1 200 OK\r\n${connection}${header}\r\n`), sent])
}

describe.each(['', 'Connection: close\r\n'])(
  'servers that are not exact (PROTOCOL 123, 133, 144), header %j',
  (connection) => {
    it.each(Object.entries(readable))('%s: its pages and answers are read', async (_, wire) => {
      const served = await serveBytes(answerOf(wire, page, connection))
      expect(await verifySource(served.url, target, { client: served.client })).toMatchObject({
        outcome: 'linked',
        title: 'Köln',
      })
      expect((await discover(served.url, { client: served.client })).pingUrl).toBe(
        new URL('/tb/1', served.url).href,
      )
      const answering = await serveBytes(answerOf(wire, answer, connection))
      const result = await sendPing(answering.url, { url: target }, { client: answering.client })
      expect(result).toMatchObject({ outcome: 'refused', message: 'Köln' })
    })
  },
)

it('a page that breaks off counts where it links to the post, and says nothing where it does not', async () => {
  const tooLong: Wire = (body) => [type + length(body, 500), body]
  const linking = await serveBytes(answerOf(tooLong, `<p><a href="${target}">x</a> and`))
  expect(await verifySource(linking.url, target, { client: linking.client })).toMatchObject({
    outcome: 'linked',
  })
  const other = await serveBytes(answerOf(tooLong, '<p><a href="http://other.example/">x</a> and'))
  expect(await verifySource(other.url, target, { client: other.client })).toMatchObject({
    outcome: 'unreachable',
    code: 'NETWORK',
  })
})

it.each([
  ['no status line', page],
  ['a status in words', `HTTP/1.1 two hundred\r\n\r\n${page}`],
  ['another protocol', `SSH-2.0-OpenSSH_9.6\r\n`],
  ['a version that does not exist', `HTTP/7.5 200 OK\r\n\r\n${page}`],
  ['a header line without a colon', `HTTP/1.1 200 OK\r\nMethod Not Allowed\r\n\r\n${page}`],
  ['a length in words', `HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\n${page}`],
  ['a chunk size that is no number', `HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n${page}`],
  [
    'such a chunk size after a chunk',
    `HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n?\r\n${page}`,
  ],
])('HTTP that cannot be read is INVALID_RESPONSE: %s', async (_, text) => {
  const served = await serveBytes(Buffer.from(text, 'latin1'))
  const asked = async () => (await served.client.request({ url: served.url })).bytes()
  await expect(asked()).rejects.toMatchObject({ code: 'INVALID_RESPONSE' })
})

it.each([
  ['before its status line ends', 'HTTP/1.1 20'],
  ['in its header', 'HTTP/1.1 200 OK\r\nConte'],
  ['in its body', 'HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\ntext'],
  ['in a chunk', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\ntext'],
  ['after a chunk', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\ntext\r\n'],
])('an answer that breaks off is NETWORK, and worth another try: %s', async (_, text) => {
  const served = await serveBytes(Buffer.from(text))
  const asked = async () => (await served.client.request({ url: served.url })).bytes()
  await expect(asked()).rejects.toMatchObject({ code: 'NETWORK' })
})
