// The requests that every host gets, over a bare socket, so that no client changes what is sent.
import { connect } from 'node:net'
import { gunzipSync } from 'node:zlib'
import iconv from 'iconv-lite'

/** A request as it goes over the socket. */
export interface RawRequest {
  readonly method: string
  readonly path: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: Buffer
  /** Whether the body goes in chunks, without its length. */
  readonly chunked?: boolean
}

/** An answer as it came. */
export interface RawAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

const form = 'application/x-www-form-urlencoded'
const titles = {
  'UTF-8': '日本のブログ 表示ソ十 𠮷野家 – “é”',
  Shift_JIS: '日本のブログ 表示ソ十能 ｱｲｳ ～①',
  'EUC-JP': '日本のブログ 表示ソ十能 珈琲',
}
const excerpt = '珈琲の淹れ方について書きました。ソース、表、能力など。'

function ping(
  name: string,
  charset: keyof typeof titles,
  { declared = true, raw = false, chunked = false, id = '7', headers = {} } = {},
): [string, RawRequest] {
  const encode = (text: string): Buffer => {
    const bytes = iconv.encode(text, charset)
    const percent = [...bytes].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('')
    return raw ? bytes : Buffer.from(percent)
  }
  const fields = { title: titles[charset], excerpt, blog_name: 'テスト' }
  const url = `http://${name.replace(/\W+/g, '-')}.example/1`
  const texts = Object.entries(fields).flatMap(([key, text]) => [Buffer.from(`&${key}=`), encode(text)])
  const body = Buffer.concat([Buffer.from(`url=${encodeURIComponent(url)}`), ...texts])
  const type = declared ? `${form}; charset=${charset}` : form
  const path = `/trackback/${id}`
  return [name, { method: 'POST', path, headers: { 'content-type': type, ...headers }, body, chunked }]
}

function post(body: string, { type = form, path = '/trackback/7', chunked = false } = {}): RawRequest {
  return { method: 'POST', path, headers: { 'content-type': type }, body: Buffer.from(body), chunked }
}

const url = 'url=http%3A%2F%2Fother.example%2F1'
const long = `${url}&title=${'x'.repeat(70_000)}`

/** Every request by its name, in the order in which they are sent. */
export const requests: ReadonlyMap<string, RawRequest> = new Map([
  ping('UTF-8', 'UTF-8'),
  ping('UTF-8 undeclared', 'UTF-8', { declared: false, raw: true, chunked: true }),
  ping('Shift_JIS', 'Shift_JIS'),
  ping('Shift_JIS undeclared chunked', 'Shift_JIS', { declared: false, chunked: true }),
  ping('Shift_JIS raw chunked', 'Shift_JIS', { raw: true, chunked: true }),
  ping('EUC-JP', 'EUC-JP'),
  ping('EUC-JP undeclared raw', 'EUC-JP', { declared: false, raw: true }),
  ping('EUC-JP undeclared chunked', 'EUC-JP', { declared: false, chunked: true }),
  ping('foreign origin', 'UTF-8', { headers: { origin: 'http://evil.example' } }),
  ping('gzip asked for', 'UTF-8', { headers: { 'accept-encoding': 'gzip, deflate' } }),
  ping('id of two segments', 'UTF-8', { id: '18521/60408081' }),
  ping('id in Japanese', 'UTF-8', { id: encodeURIComponent('珈琲') }),
  ping('unknown id', 'UTF-8', { id: 'absent' }),
  ['over-long', post(long)],
  ['over-long chunked', post(long, { chunked: true })],
  ['no url', post('title=x')],
  ['empty body', post('')],
  ['JSON', post('{"url":"http://other.example/1"}', { type: 'application/json' })],
  ['text/plain', post(url, { type: 'text/plain' })],
  ['without an id', post(url, { path: '/trackback/' })],
  ['GET', { method: 'GET', path: '/trackback/7' }],
  ['GET as a browser', { method: 'GET', path: '/trackback/7', headers: { accept: 'text/html' } }],
  ['GET of an unknown id', { method: 'GET', path: '/trackback/absent' }],
  ['GET with a ping', { method: 'GET', path: `/trackback/7?${url}` }],
  ['list', { method: 'GET', path: '/trackback/18521/60408081?__mode=rss' }],
  ['HEAD', { method: 'HEAD', path: '/trackback/7' }],
  ['OPTIONS', { method: 'OPTIONS', path: '/trackback/7' }],
  ['PUT', { method: 'PUT', path: '/trackback/7' }],
  ['DELETE', { method: 'DELETE', path: '/trackback/7' }],
])

/** Sends a request and reads its answer to the end of the connection. Status 0 if there is none. */
export function send(port: number, { method, path, headers, body, chunked }: RawRequest): Promise<RawAnswer> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    const chunks: Buffer[] = []
    const length = chunked ? { 'transfer-encoding': 'chunked' } : { 'content-length': String(body?.length) }
    const all = { host: `127.0.0.1:${port}`, connection: 'close', ...headers, ...(body && length) }
    const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`)
    socket.write(`${method} ${path} HTTP/1.1\r\n${lines.join('')}\r\n`)
    if (body) socket.write(chunked ? inChunks(body) : body)
    socket.on('data', (chunk) => chunks.push(chunk))
    socket.on('error', () => {})
    socket.on('close', () => resolve(parseAnswer(Buffer.concat(chunks))))
    socket.setTimeout(30_000, () => socket.destroy())
  })
}

function inChunks(body: Buffer): Buffer {
  const parts: Buffer[] = []
  for (let at = 0; at < body.length; at += 997) {
    const part = body.subarray(at, at + 997)
    parts.push(Buffer.from(`${part.length.toString(16)}\r\n`), part, Buffer.from('\r\n'))
  }
  return Buffer.concat([...parts, Buffer.from('0\r\n\r\n')])
}

function parseAnswer(bytes: Buffer): RawAnswer {
  const end = bytes.indexOf('\r\n\r\n')
  if (end < 0) return { status: 0, headers: {}, body: bytes.toString() }
  const [first = '', ...lines] = bytes.subarray(0, end).toString('latin1').split('\r\n')
  const headers = Object.fromEntries(
    lines.map((line) => [
      line.slice(0, line.indexOf(':')).toLowerCase(),
      line.slice(line.indexOf(':') + 1).trim(),
    ]),
  )
  const rest = bytes.subarray(end + 4)
  const body = /chunked/.test(headers['transfer-encoding'] ?? '') ? fromChunks(rest) : rest
  const text = headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body
  return { status: Number(first.split(' ')[1]), headers, body: text.toString() }
}

function fromChunks(bytes: Buffer): Buffer {
  const parts: Buffer[] = []
  for (let at = 0; at < bytes.length; ) {
    const lineEnd = bytes.indexOf('\r\n', at)
    const size = Number.parseInt(bytes.subarray(at, lineEnd).toString(), 16)
    if (!(size > 0)) break
    parts.push(bytes.subarray(lineEnd + 2, lineEnd + 2 + size))
    at = lineEnd + 2 + size + 2
  }
  return Buffer.concat(parts)
}
