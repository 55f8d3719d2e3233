import type { IncomingMessage, ServerResponse } from 'node:http'
import { describe, expect, it } from 'vitest'
import type { Post } from '../../../src/base/types.js'
import type { ReceiverOptions } from '../../../src/receive/options/options.js'
import { createMemoryStore } from '../../../src/store/memory/store.js'
import { serve } from '../../support/servers.js'
import { day, isAccepted, receiverWith, send } from '../support.js'

type Answer = (request: IncomingMessage, response: ServerResponse) => void

const html = (text: string): Answer => {
  return (_, response) => void response.writeHead(200, { 'content-type': 'text/html' }).end(text)
}
const redirect = (location: string): Answer => {
  return (_, response) => void response.writeHead(302, { location }).end()
}

/** A blog and other sites on one loopback server, told apart by their port and their path. */
async function site(options: Partial<ReceiverOptions> = {}) {
  const answers: Record<string, Answer> = {}
  const listener = (request: IncomingMessage, response: ServerResponse): void => {
    const answer = answers[request.url ?? '/'] ?? (() => void response.writeHead(404).end())
    answer(request, response)
  }
  const [blog, other] = [await serve(listener), await serve(listener)]
  const post: Post = { id: '7', url: `${blog.origin}/7` }
  const link = `<a href="${post.url}">this</a>`
  let time = Date.now()
  const store = createMemoryStore()
  const receiver = receiverWith({
    ...{ baseUrl: `${blog.origin}/trackback/`, findPost: () => post, store, now: () => time, checks: [] },
    allowHosts: [blog.host, other.host],
    ...options,
  })
  const ping = (url: string) => send(receiver, '/trackback/7', new URLSearchParams({ url }).toString())
  const all = async () => (await store.list({})).items
  const states = async () => (await all()).map(({ state }) => state)
  const first = async () => (await all())[0]
  const looks = async () => (await first())?.verification?.attempts
  const pass = (milliseconds: number): void => {
    time += milliseconds
  }
  const slow = { timeout: 5000 }
  return { answers, blog, other, post, link, receiver, store, ping, all, states, first, looks, pass, slow }
}

describe('the post itself as the source', () => {
  it.each([
    '/7',
    '/7#!x',
    '/7#x',
    '/7?utm_source=x',
    '/7/',
    '/trackback/7',
    '/trackback/7/',
    '/trackback/%37',
  ])('is refused as %s', async (path) => {
    const { ping, blog } = await site()
    expect((await ping(blog.origin + path)).body).toContain('<error>1</error>')
  })

  it.each([
    'http://my.blog../7',
    'https://www.my.blog./7#!x',
    'http://MY.BLOG.:80/7',
    'http://my.blog..../trackback/7',
  ])('is refused as %s', async (url) => {
    const post = { id: '7', url: 'http://my.blog/7' }
    const { ping } = await site({ baseUrl: 'http://my.blog/trackback/', findPost: () => post })
    expect(isAccepted(await ping(url))).toBe(false)
  })

  it.each(['/7', '/7#!x', '/7?a=b', '/trackback/7', '/former'])(
    'is rejected when another site redirects to %s',
    async (path) => {
      const { answers, ping, blog, other, link, first } = await site({
        aliases: ({ url }) => [new URL('/former', url).href],
      })
      answers[path] = answers['/7'] = html(link)
      answers['/away'] = redirect(blog.origin + path)
      expect(isAccepted(await ping(`${other.origin}/away`))).toBe(true)
      await expect.poll(async () => (await first())?.state).toBe('rejected')
      expect((await first())?.verification?.reason).toEqual({ code: 'own-post' })
    },
  )
})

describe('a source on the own site', () => {
  it.each([
    ['as it was pinged', '/archive'],
    ['with parameters', '/archive?page=2'],
    ['after a redirect of its own', '/moved'],
  ])('is held %s', async (_, path) => {
    const { answers, ping, blog, link, first } = await site()
    answers['/archive'] = answers['/archive?page=2'] = html(link)
    answers['/moved'] = redirect(`${blog.origin}/archive`)
    await ping(blog.origin + path)
    await expect.poll(async () => (await first())?.state).toBe('held')
    expect((await first())?.history.at(-1)?.reason).toEqual({ code: 'own-site' })
  })

  it('is held when another site redirects to it', async () => {
    const { answers, ping, blog, other, link, states } = await site()
    answers['/archive'] = html(link)
    answers['/away'] = redirect(`${blog.origin}/archive`)
    await ping(`${other.origin}/away`)
    await expect.poll(states).toEqual(['held'])
  })

  it('is published where the blog says that its own posts may ping', async () => {
    const { answers, ping, blog, link, states } = await site({ selfPings: true })
    answers['/archive'] = html(link)
    await ping(`${blog.origin}/archive`)
    await expect.poll(states).toEqual(['published'])
  })

  it('throws a TypeError for an option that is not true or false', () => {
    expect(() => receiverWith({ selfPings: 'yes' as unknown as boolean })).toThrow(TypeError)
  })
})

describe('a block', () => {
  it.each(['host', 'source', 'address'] as const)(
    'of a %s holds for a ping that came before it',
    async (kind) => {
      const { answers, receiver, ping, other, link, pass, slow, states } = await site({ verifyAfter: 100 })
      answers['/entry'] = html(link)
      await ping(`${other.origin}/entry`)
      const subjects = {
        host: { kind: 'host' as const, value: '127.0.0.1' },
        source: { kind: 'source' as const, value: `${other.origin}/entry` },
        address: { kind: 'address' as const, value: '192.0.2.1' },
      }
      await receiver.moderation.block(subjects[kind])
      pass(200)
      await expect.poll(states, slow).toEqual(['rejected'])
    },
  )

  it('holds for a URL that a source redirects to, without a request to it', async () => {
    const { answers, receiver, ping, other, states } = await site()
    let requests = 0
    answers['/bad'] = (_, response) => {
      requests += 1
      response.end()
    }
    answers['/entry'] = redirect(`${other.origin}/bad`)
    await receiver.moderation.block({ kind: 'source', value: `${other.origin}/bad` })
    await ping(`${other.origin}/entry`)
    await expect.poll(states).toEqual(['rejected'])
    expect(requests).toBe(0)
  })

  it('holds for a source that is shown, at the next look', async () => {
    const { answers, receiver, ping, other, link, pass, slow, states } = await site()
    answers['/entry'] = html(link)
    await ping(`${other.origin}/entry`)
    await expect.poll(states).toEqual(['published'])
    await receiver.moderation.block({ kind: 'host', value: '127.0.0.1' })
    pass(day)
    await expect.poll(states, slow).toEqual(['rejected'])
  })
})

describe('a later look', () => {
  it.each(['<div class="comments">', '<ol id="trackbacks">', '<section class="pingbacks">'])(
    'holds what is left only in user content: %s',
    async (start) => {
      const { answers, ping, other, link, pass, slow, states } = await site()
      answers['/entry'] = html(link)
      await ping(`${other.origin}/entry`)
      await expect.poll(states).toEqual(['published'])
      answers['/entry'] = html(start + link)
      pass(day)
      await expect.poll(states, slow).toEqual(['held'])
    },
  )

  const failures: [string, Answer][] = [
    ['500', (_, response) => void response.writeHead(500).end()],
    ['403', (_, response) => void response.writeHead(403).end()],
    ['a closed connection', (_, response) => void response.destroy()],
    ['a circle of redirects', redirect('/entry')],
  ]
  it.each(failures)('forgets no missing link at %s, and looks again until it knows', async (_, failure) => {
    const { answers, ping, other, link, pass, slow, states, looks, first } = await site()
    answers['/entry'] = html(link)
    await ping(`${other.origin}/entry`)
    await expect.poll(states).toEqual(['published'])
    answers['/entry'] = html('<p>nothing')
    pass(day)
    await expect.poll(looks, slow).toBe(2)
    answers['/entry'] = failure
    for (let look = 3; look < 6; look += 1) {
      pass(31 * day)
      await expect.poll(looks, slow).toBe(look)
      expect((await first())?.verification?.outcome).toBe('not-linked')
    }
    answers['/entry'] = html('<p>nothing')
    pass(31 * day)
    await expect.poll(states, slow).toEqual(['rejected'])
  })
})
