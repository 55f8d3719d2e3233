import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { trackbacksScript, trackbacksStyle } from 'trackbacks'
import { toNodeHandler } from 'trackbacks/node'
import type { Blog, Draft } from './blog.js'

const maxForm = 65_536
const style = readFileSync(new URL('style.css', import.meta.url), 'utf8') + trackbacksStyle

/** A server on this machine's own address, where nobody else can reach it. */
export async function listen(port: number): Promise<Server> {
  const server = createServer().listen(port, '127.0.0.1')
  await once(server, 'listening')
  return server
}

export function hostOf(server: Server): string {
  return `127.0.0.1:${(server.address() as AddressInfo).port}`
}

/** Lets a server answer for a blog: trackbacks and their moderation have handlers, everything else is the blog's own. */
export function serve(server: Server, blog: Blog): void {
  const trackbacks = toNodeHandler(blog.receiver)
  const moderation = toNodeHandler(blog.moderation)
  server.on('request', (request, response) => {
    const own = () => {
      answer(blog, request, response).catch((error: unknown) => {
        console.error(error)
        response.writeHead(500).end()
      })
    }
    trackbacks(request, response, () => moderation(request, response, own))
  })
}

async function answer(blog: Blog, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const path = request.url ?? '/'
  if (request.method === 'POST' && path === '/posts') return publish(blog, request, response)
  if (path === '/') return reply(response, 200, 'text/html', blog.indexPage())
  if (path === '/style.css') return reply(response, 200, 'text/css', style)
  if (path === '/trackbacks.js') return reply(response, 200, 'text/javascript', trackbacksScript)
  const page = path.startsWith('/posts/') ? await blog.postPage(path.slice('/posts/'.length)) : null
  if (page === null) return reply(response, 404, 'text/plain', 'Not found')
  reply(response, 200, 'text/html', page)
}

async function publish(blog: Blog, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const body = await readBody(request)
  const draft = body === null ? null : parseDraft(body)
  if (draft === null) return reply(response, 400, 'text/plain', 'A post has a title, a text and a link.')
  const { url } = await blog.publish(draft)
  response.writeHead(303, { location: url }).end()
}

function parseDraft(body: string): Draft | null {
  const form = new URLSearchParams(body)
  const [title = '', text = '', link = ''] = ['title', 'text', 'link'].map((name) => form.get(name)?.trim())
  if (!title || !text || !isWebAddress(link)) return null
  return { title: title.replace(/\s+/g, ' '), text, link: new URL(link).href }
}

function isWebAddress(text: string): boolean {
  try {
    return /^https?:$/.test(new URL(text).protocol)
  } catch {
    return false
  }
}

/** The body of a form, or `null` for one that is too long to be a post. */
async function readBody(request: IncomingMessage): Promise<string | null> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request.iterator({ destroyOnReturn: false })) {
    size += chunk.length
    if (size > maxForm) return null
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString()
}

function reply(response: ServerResponse, status: number, type: string, body: string): void {
  response.writeHead(status, { 'content-type': `${type}; charset=utf-8` }).end(body)
}
