import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { onTestFinished } from 'vitest'
import { parseForm } from '../../../src/protocol/form.js'
import { mediaTypeOf, parameterOf } from '../../../src/protocol/media-type.js'
import { parseMultipart } from '../../../src/protocol/multipart.js'
import type { PingResult } from '../../../src/send/result.js'

/** The four texts of a ping, as an engine keeps or sends them. */
export interface Texts {
  readonly url: string
  readonly title: string
  readonly excerpt: string
  readonly blogName: string
}

/** A POST as it arrives at an engine: its fields are byte strings. */
export interface EngineRequest {
  readonly headers: Readonly<Record<string, string | undefined>>
  readonly fields: ReadonlyMap<string, string>
}

/** What an engine answers, and what it keeps of a ping. */
export interface EngineAnswer {
  readonly status?: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | Uint8Array
  readonly stored?: Texts
}

/** A request as an engine sends it. */
export interface SentPing {
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | Uint8Array
  /** What the receiver should keep: the engine may leave out or change a text itself. */
  readonly expected: Partial<Texts>
}

/** What an engine answers where it does not take a ping, and what that means to the sender. */
export interface Refusal {
  readonly when: string
  readonly answer: Omit<EngineAnswer, 'stored'>
  readonly means: Partial<PingResult>
}

/** A blog engine as its facts describe it: how it receives, answers, announces and sends. */
export interface Engine {
  readonly name: string
  /** The path and query of its ping URL. */
  readonly path: string
  /** What a ping is answered with, and what is kept of it. */
  receive(request: EngineRequest): EngineAnswer
  /** The page of its post; absent where it announces no ping URL. */
  page?(
    pageUrl: string,
    pingUrl: string,
  ): { readonly headers: Readonly<Record<string, string>>; readonly body: string }
  readonly refusals?: readonly Refusal[]
  /** A ping as it sends one. */
  send(texts: Texts): SentPing
}

/** An engine's server, its URLs, and what it has kept. */
export interface RunningEngine {
  readonly host: string
  readonly pageUrl: string
  readonly pingUrl: string
  readonly kept: Texts[]
}

/** Runs the server of an engine until the test ends. */
export async function run(engine: Engine): Promise<RunningEngine> {
  const kept: Texts[] = []
  const server = createServer(async (request, response) => {
    if (request.method !== 'POST') return servePage(engine, request, response)
    const answer = engine.receive({ headers: request.headers as never, fields: await fieldsOf(request) })
    if (answer.stored) kept.push(answer.stored)
    response.writeHead(answer.status ?? 200, answer.headers)
    response.end(answer.body)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`
  return { host, pageUrl: `http://${host}/entry/1`, pingUrl: `http://${host}${engine.path}`, kept }
}

function servePage(engine: Engine, request: IncomingMessage, response: ServerResponse): void {
  const origin = `http://${request.headers.host}`
  const page = engine.page?.(`${origin}${request.url}`, `${origin}${engine.path}`)
  response.writeHead(page ? 200 : 404, page?.headers ?? {}).end(page?.body)
}

/** The fields of a form as PHP reads them; of a repeated one the last counts. */
async function fieldsOf(request: IncomingMessage): Promise<Map<string, string>> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk)
  const body = Buffer.concat(chunks)
  const type = request.headers['content-type']
  const query = Buffer.from(request.url?.split('?')[1] ?? '')
  const pairs =
    mediaTypeOf(type) === 'multipart/form-data'
      ? parseMultipart(body, parameterOf(type, 'boundary') ?? '', 99)
      : parseForm(body, 99)
  return new Map([...(parseForm(query, 99) ?? []), ...(pairs ?? [])])
}

/** The texts of a request, each field decoded. */
export function textsOf({ fields }: EngineRequest, decode: (bytes: Buffer) => string): Texts {
  const text = (name: string): string => decode(Buffer.from(fields.get(name) ?? '', 'latin1'))
  return { url: text('url'), title: text('title'), excerpt: text('excerpt'), blogName: text('blog_name') }
}

/** Whether bytes are UTF-8. */
export function isUtf8(bytes: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    return true
  } catch {
    return false
  }
}

/** An answer of the specification, as most engines write it. */
export function xmlAnswer(error: number, message = '', encoding = 'utf-8'): string {
  const said = message && `\n<message>${message}</message>`
  return `<?xml version="1.0" encoding="${encoding}"?>\n<response>\n<error>${error}</error>${said}\n</response>`
}

/** A body with `%20` for a space, as PHP's `rawurlencode` and Perl write it. */
export function rawForm(pairs: readonly (readonly [string, string])[]): string {
  const encode = (text: string) =>
    encodeURIComponent(text).replace(
      /[!'()*]/g,
      (found) => `%${found.charCodeAt(0).toString(16).toUpperCase()}`,
    )
  return pairs.map(([name, value]) => `${name}=${encode(value)}`).join('&')
}

/** HTML references in place of the characters that HTML needs, as PHP's `htmlspecialchars` writes them. */
export function escapeHtml(text: string): string {
  return text.replace(
    /[&<>"]/g,
    (found) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[found] ?? found,
  )
}

/** An autodiscovery block with its attributes in an order of the engine's own. */
export function rdf(attributes: Readonly<Record<string, string>>): string {
  const namespaces = {
    'xmlns:rdf': 'http://www.w3.org/1999/02/22-rdf-syntax-ns#',
    'xmlns:dc': 'http://purl.org/dc/elements/1.1/',
    'xmlns:trackback': 'http://madskills.com/public/xml/rss/module/trackback/',
  }
  const write = (all: Readonly<Record<string, string>>) =>
    Object.entries(all)
      .map(([name, value]) => `${name}="${value}"`)
      .join('\n\t')
  return `<rdf:RDF ${write(namespaces)}>\n<rdf:Description\n\t${write(attributes)} />\n</rdf:RDF>`
}
