import { fork } from 'node:child_process'
import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import { generateResponse } from 'trackbacks/protocol'

const usualLoaders = 2
const connectionsOfLoader = 32
const milliseconds = 1500

/** What any receiver must do at the least: read the body, answer these bytes. */
export const bareListener: RequestListener = (request, response) => {
  const chunks: Buffer[] = []
  request.on('data', (chunk: Buffer) => chunks.push(chunk))
  request.on('end', () => {
    Buffer.concat(chunks)
    response.writeHead(200, { 'content-type': 'text/xml; charset=utf-8', 'content-length': answer.length })
    response.end(answer)
  })
}

const answer = generateResponse({ error: 0 })

/** Serves pings with a listener under load from other processes, and gives back how many a second were accepted. */
export async function acceptedPerSecond(
  listener: RequestListener,
  path: string,
  hosts?: 'apart',
): Promise<number> {
  const server = createServer(listener)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const rate = await acceptedAt(port, path, milliseconds, hosts)
  await close(server)
  return rate
}

/** Loads a server that is up with pings, and gives back how many a second were accepted. */
export async function acceptedAt(
  port: number,
  path: string,
  duration: number,
  hosts?: 'apart',
): Promise<number> {
  const counts = await loadWithPings(port, path, duration, { hosts })
  return counts.reduce((sum, { answered, seconds }) => sum + answered / seconds, 0)
}

/** What a process that sends pings counted. */
interface Count {
  readonly answered: number
  readonly failed: number
  readonly seconds: number
}

/** What is sent: to how many posts, from how many processes, and whether each ping is of a host of its own. */
interface Load {
  readonly posts?: number
  readonly loaders?: number
  readonly hosts?: 'apart' | undefined
}

/**
 * Loads a server that is up with pings, which go to one post, or to so many whose numbers follow the path, and come from one
 * host, or each from another. Throws where one was not accepted.
 */
export async function loadWithPings(
  port: number,
  path: string,
  duration: number,
  { posts = 0, loaders = usualLoaders, hosts }: Load = {},
): Promise<Count[]> {
  const args = [String(port), path, String(connectionsOfLoader), String(duration), String(posts), hosts ?? '']
  const counts = await Promise.all(Array.from({ length: loaders }, () => load(args)))
  const failed = counts.reduce((sum, count) => sum + count.failed, 0)
  if (failed > 0) throw new Error(`${failed} pings were not accepted`)
  return counts
}

function load(args: readonly string[]): Promise<Count> {
  const file = fileURLToPath(new URL('load.ts', import.meta.url))
  return new Promise((resolve, reject) => {
    const child = fork(file, args)
    child.once('message', (count) => resolve(count as Count))
    child.once('error', reject)
  })
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve())
    server.closeAllConnections()
  })
}
