import { describe, expect, it } from 'vitest'
import { serve } from '../support/servers.js'
import { receiverWith, send, type TestReceiverOptions } from './support.js'

/** A receiver of many blogs: the first part of an id is the blog of the post. */
function platform(options: TestReceiverOptions = {}) {
  return receiverWith({
    publish: 'always',
    findPost: (id) => ({ id, url: `http://my.example/${id}`, blog: id.split('/')[0] }),
    ...options,
  })
}

type Platform = ReturnType<typeof platform>

const ping = (receiver: Platform, id: string, url: string, ip = '192.0.2.1') =>
  send(receiver, `/t/trackback/${id}`, `url=${url}`, ip)

describe('a receiver of many blogs', () => {
  it('lists and counts what is shown in one blog, in the order of receipt', async () => {
    let time = 1_800_000_000_000
    const receiver = platform({ now: () => (time += 1) })
    for (const id of ['a/1', 'b/1', 'a/2', 'a/1']) await ping(receiver, id, `http://w${time}.example/`)
    const held = (await receiver.list('a/2')).items[0]?.id ?? ''
    await receiver.moderation.hold(held)
    const { items, next } = await receiver.list({ blog: 'a' }, { order: 'newest', limit: 1 })
    const rest = await receiver.list({ blog: 'a' }, { order: 'newest', after: next })
    expect([...items, ...rest.items].map(({ postId }) => postId)).toEqual(['a/1', 'a/1'])
    expect([await receiver.count({ blog: 'a' }), await receiver.count({ blog: 'c' })]).toEqual([2, 0])
    const heldIn = async (blog: string) => (await receiver.moderation.held({ blog, limit: 5 })).items.length
    expect([await heldIn('a'), await heldIn('b')]).toEqual([1, 0])
    expect((await receiver.moderation.held()).items.length).toBe(1)
    await expect(receiver.list({ blog: 7 } as never)).rejects.toThrow(TypeError)
    await expect(receiver.list({} as never)).rejects.toThrow('a post id must be a string')
  })

  it('counts what is shown under each of several posts', async () => {
    const receiver = platform()
    for (const url of ['http://x.example/', 'http://y.example/']) await ping(receiver, 'a/1', url)
    await ping(receiver, 'b/1', 'http://x.example/')
    const counts = await receiver.counts(['a/1', 'none', 'b/1'])
    expect([...counts]).toEqual([
      ['a/1', 2],
      ['none', 0],
      ['b/1', 1],
    ])
    expect([...(await receiver.counts([]))]).toEqual([])
    await expect(receiver.counts([7] as never)).rejects.toThrow(TypeError)
  })

  it('refuses what one blog blocks there alone, and what is blocked for all everywhere', async () => {
    const receiver = platform()
    await receiver.moderation.block({ kind: 'host', value: 'a.example', blog: 'a' })
    await receiver.moderation.block({ kind: 'address', value: '192.0.2.9' })
    const isTaken = async (...given: [id: string, url: string, ip?: string]) =>
      (await ping(receiver, ...given)).body.includes('<error>0</error>')
    expect([await isTaken('a/1', 'http://a.example/'), await isTaken('b/1', 'http://a.example/')]).toEqual([
      false,
      true,
    ])
    expect(await isTaken('b/1', 'http://c.example/', '192.0.2.9')).toBe(false)
    expect(await receiver.moderation.blocks({ blog: 'a' })).toMatchObject([{ value: 'a.example', blog: 'a' }])
    expect(await receiver.moderation.blocks()).toMatchObject([{ value: '192.0.2.9' }])
    expect(await receiver.moderation.unblock({ kind: 'host', value: 'a.example', blog: 'a' })).toBe(true)
    expect(await isTaken('a/1', 'http://a.example/')).toBe(true)
  })

  it('asks for the blocks of a blog at a later look, too', async () => {
    const { origin, host } = await serve((_, response) => {
      response.setHeader('content-type', 'text/html')
      response.end('<p><a href="http://my.example/a/1">a</a> <a href="http://my.example/b/1">b</a></p>')
    })
    const receiver = platform({ publish: 'verified', allowHosts: [host], worker: false })
    await ping(receiver, 'a/1', `${origin}/for-a`)
    await ping(receiver, 'b/1', `${origin}/for-b`)
    await receiver.moderation.block({ kind: 'host', value: '127.0.0.1', blog: 'a' })
    await receiver.runDue()
    const { items } = await receiver.moderation.list({})
    expect(items.map(({ blog, state }) => [blog, state])).toEqual([
      ['a', 'rejected'],
      ['b', 'published'],
    ])
  })
})

describe('THREATS R12: a flood of pings to one blog', () => {
  it('shuts out no other blog', async () => {
    const receiver = platform({ rateLimits: { total: 50 } })
    const statuses = []
    for (let index = 0; index < 60; index += 1)
      statuses.push((await ping(receiver, `a/${index}`, `http://${index}.com/`, `192.0.2.${index}`)).status)
    expect(statuses.filter((status) => status === 200)).toHaveLength(20)
    expect((await ping(receiver, 'b/1', 'http://other.com/', '198.51.100.1')).status).toBe(200)
  })

  it('is not limited where posts name no blog, nor beyond the number that is asked for', async () => {
    const flood = async (receiver: Platform) => {
      let taken = 0
      for (let index = 0; index < 10; index += 1)
        if ((await ping(receiver, `a/${index}`, `http://${index}.com/`, `192.0.2.${index}`)).status === 200)
          taken += 1
      return taken
    }
    const findPost = (id: string) => ({ id, url: `http://my.example/${id}` })
    expect(await flood(platform({ rateLimits: { total: 10 }, findPost }))).toBe(10)
    expect(await flood(platform({ rateLimits: { total: 10, perBlog: 7 } }))).toBe(7)
  })
})
