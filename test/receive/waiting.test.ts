import { describe, expect, it } from 'vitest'
import type { Post } from '../../src/base/types.js'
import { createHttpClient } from '../../src/http/client.js'
import { createModerationHandler } from '../../src/programs/moderation-page/handler.js'
import type { ReceiverOptions } from '../../src/receive/options/options.js'
import type { Receiver } from '../../src/receive/receiver.js'
import { createMemoryStore } from '../../src/store/memory/store.js'
import { lazily } from '../support/lazily.js'
import { serve } from '../support/servers.js'
import { isAccepted, post, receiverWith, send } from './support.js'

const never = new Promise<never>(() => {})

/** A server whose pages link to the post, and the client that may ask it. */
async function sources() {
  const { origin } = await serve((_, response) => {
    response.setHeader('content-type', 'text/html')
    response.end(`<p>text <a href="${post.url}">JAL</a></p>`)
  })
  const client = createHttpClient({ allowHosts: [new URL(origin).host] })
  return { origin, client }
}

const pingOf = (receiver: Receiver, url: string, id = post.id) =>
  send(receiver, `/t/trackback/${id}`, `url=${encodeURIComponent(url)}`)

describe('functions of the engine that never answer', () => {
  it('findPost: four of them do not stop the verification of others', async () => {
    const { origin, client } = await sources()
    const store = createMemoryStore()
    const errors: unknown[] = []
    let isAsked = false
    const findPost = (id: string): Post | Promise<Post> => {
      if (id === 'good' || !isAsked) return { ...post, id }
      return never
    }
    const receiver = receiverWith({
      store,
      client,
      findPost,
      hookTimeout: 50,
      onError: (e) => errors.push(e),
      verifyAfter: 200,
    })
    for (const id of ['a', 'b', 'c', 'd', 'good'])
      expect(isAccepted(await pingOf(receiver, `${origin}/${id}`, id))).toBe(true)
    isAsked = true
    await expect.poll(() => receiver.count('good'), { timeout: 5000 }).toBe(1)
    expect(errors).toContainEqual(expect.objectContaining({ code: 'TIMEOUT' }))
    expect(await store.count({ state: 'unverified' })).toBe(4)
  })

  const hanging: [name: string, Partial<ReceiverOptions>][] = [
    ['findPost', { findPost: () => never }],
    ['beforeAdmission', { beforeAdmission: () => never }],
    ['afterAdmission', { afterAdmission: () => never }],
  ]
  it.each(hanging)('%s: the ping is answered with a failure', async (name, options) => {
    const errors: unknown[] = []
    const receiver = receiverWith({ ...options, hookTimeout: 20, onError: (error) => errors.push(error) })
    expect((await send(receiver)).status).toBe(500)
    expect(errors).toEqual([
      expect.objectContaining({ code: 'TIMEOUT', message: `${name} took more than 20 ms` }),
    ])
  })

  it.each([
    ['aliases', { aliases: () => never }],
    ['a check', { checks: [{ name: 'slow', timeout: 20, judge: () => never }] }],
    ['onEvent', { onEvent: () => never }],
  ] as [string, Partial<ReceiverOptions>][])('%s: onError is told', async (_, options) => {
    const { origin, client } = await sources()
    const errors: unknown[] = []
    const receiver = receiverWith({
      client,
      ...options,
      hookTimeout: 20,
      onError: (error) => errors.push(error),
    })
    await pingOf(receiver, `${origin}/1`)
    await expect.poll(() => JSON.stringify(errors, ['code', 'cause']), { timeout: 5000 }).toContain('TIMEOUT')
  })

  it('learn of a check: the decision stands', async () => {
    const errors: unknown[] = []
    const checks = [{ name: 'slow', judge: () => null, learn: () => never }]
    const receiver = receiverWith({
      checks,
      publish: 'always',
      hookTimeout: 20,
      onError: (e) => errors.push(e),
    })
    await send(receiver)
    expect(await receiver.moderation.spam('1')).toMatchObject({ state: 'rejected' })
    expect(errors).toEqual([expect.objectContaining({ code: 'TIMEOUT' })])
  })

  it('authorize: nobody is let in', async () => {
    const receiver = receiverWith({ onError: () => {} })
    const page = createModerationHandler(receiver, {
      baseUrl: 'http://my.example/m/',
      authorize: () => never,
      hookTimeout: 20,
    })
    const request = new Request('http://my.example/m/') as never
    expect((await page.fetch(request)).status).toBe(500)
  })
})

describe('functions of the engine that give what is like a promise', () => {
  it('are waited for as if they gave promises', async () => {
    const { origin, client } = await sources()
    const told: string[] = []
    const seen: string[] = []
    const receiver = receiverWith({
      client,
      findPost: (id) => lazily(() => (id === post.id ? { ...post, url: 'http://my.example/new' } : null)),
      aliases: () => lazily(() => [post.url]),
      beforeAdmission: ({ url }) => lazily(() => (url.includes('bad') ? 'not this one' : null)),
      afterAdmission: ({ title }) => lazily(() => (title === 'bad' ? 'nor that' : null)),
      checks: [
        {
          name: 'own',
          judge: () => lazily(() => ({ score: 5, reason: 'fine' })),
          learn: () => lazily(() => void told.push('learn')),
        },
      ],
      onEvent: ({ type }) => lazily(() => seen.push(type)),
      onError: (error) => expect.fail(String(error)),
    })
    expect((await send(receiver, '/t/trackback/bad')).body).toContain('not this one')
    expect((await send(receiver, undefined, 'url=http://a.example/&title=bad')).body).toContain('nor that')
    await pingOf(receiver, `${origin}/1`)
    await expect.poll(() => seen, { timeout: 5000 }).toEqual(['received', 'verified', 'published'])
    await receiver.moderation.spam('1')
    expect(told).toEqual(['learn'])
  })

  it('refuse no ping for a post that is not there, and let none through that is wrong', async () => {
    const receiver = receiverWith({ findPost: () => lazily(() => null) })
    expect((await send(receiver)).status).toBe(404)
  })
})

describe('close', () => {
  it('waits for a listener that runs', async () => {
    let isSent = false
    const receiver = receiverWith({
      publish: 'always',
      async onEvent() {
        await new Promise((resolve) => setTimeout(resolve, 100))
        isSent = true
      },
    })
    await send(receiver)
    await receiver.close()
    expect(isSent).toBe(true)
  })

  it('resolves though a listener, a queue or a store never ends what it does, and tells onError', async () => {
    const store = createMemoryStore()
    const hung = [
      receiverWith({ publish: 'always', onEvent: () => never, closeTimeout: 30, onError: () => {} }),
      receiverWith({
        store: { ...store, jobs: { ...store.jobs, claim: () => never } },
        closeTimeout: 30,
        onError: () => {},
      }),
      receiverWith({
        store: { ...store, records: { ...store.records, count: () => never } },
        closeTimeout: 30,
        onError: () => {},
      }),
      receiverWith({
        store: {
          ...store,
          jobs: {
            ...store.jobs,
            claim: () => {
              throw new Error('no')
            },
          },
        },
        onError: () => {},
      }),
    ]
    for (const receiver of hung) {
      await send(receiver)
      await new Promise((resolve) => setTimeout(resolve, 20))
      await receiver.close()
    }
  })

  it('shares what a process that lived for a moment has counted', async () => {
    const store = createMemoryStore()
    const rateLimits = { total: 4 }
    const pingAt = async (receiver: Receiver, name: string) =>
      (await send(receiver, undefined, `url=http://a.example/${name}`)).status
    for (let process = 0; process < 3; process += 1) {
      const receiver = receiverWith({ store, rateLimits, worker: false })
      expect(await pingAt(receiver, String(process))).toBe(200)
      await receiver.close()
    }
    const receiver = receiverWith({ store, rateLimits, worker: false })
    expect(await pingAt(receiver, 'last')).toBe(200)
    await new Promise((resolve) => setTimeout(resolve, 1200))
    expect(await pingAt(receiver, 'one more')).toBe(429)
  })
})

describe('hookTimeout and closeTimeout', () => {
  it.each([0, -1, 1.5, Number.NaN, '5'])('of %o are argument mistakes', (value) => {
    for (const name of ['hookTimeout', 'closeTimeout']) {
      expect(() => receiverWith({ [name]: value })).toThrow(`${name} must be a positive integer`)
    }
  })
})
