import { describe, expect, it } from 'vitest'
import {
  type Answer,
  failure,
  gateFor,
  pageOf,
  postTo,
  quick,
  senderOf,
  serveBlogs,
  settled,
} from '../blogs.js'

describe('preview', () => {
  it('says what would be pinged and why, what is skipped and why, and sends nothing', async () => {
    const blogs = await serveBlogs((request, response) => {
      if (request.url === '/post/2') response.end('<p>no trackbacks here</p>')
      else if (request.url === '/post/3') response.writeHead(503).end()
      else return false
      return true
    })
    const sender = senderOf(quick([blogs]))
    const urls = ['/post/1', '/post/2', '/post/3', '/post/1#c'].map((path) => blogs.origin + path)
    const post = postTo([...urls, 'http://my.example/6', 'http://169.254.169.254/'], {
      pingUrls: ['http://b.example/tb'],
      draft: true,
    })
    const pingUrl = `${blogs.origin}/tb/1`
    const { targets, skipped, skippedCount } = await sender.preview(post)
    expect(targets).toEqual([
      {
        target: 'http://b.example/tb',
        state: 'waiting',
        reason: { code: 'given-by-author' },
        pingUrl: 'http://b.example/tb',
      },
      {
        target: urls[0],
        state: 'waiting',
        reason: { code: 'ping-url-found', detail: expect.stringContaining('same URL') },
        pingUrl,
      },
      { target: urls[1], state: 'no-ping-url', reason: { code: 'no-ping-url' }, pingUrl: null },
      { target: urls[2], state: 'waiting', reason: { code: 'http-status', status: 503 }, pingUrl: null },
      { target: urls[3], state: 'duplicate', reason: { code: 'same-ping-url' }, pingUrl },
      {
        target: 'http://169.254.169.254/',
        state: 'failed',
        reason: { code: 'BLOCKED_URL', detail: expect.any(String) },
        pingUrl: null,
      },
    ])
    expect({ skipped, skippedCount }).toEqual({
      skipped: [{ url: 'http://my.example/6', reason: 'own-site' }],
      skippedCount: 1,
    })
    expect(blogs.requests.every((request) => request.startsWith('GET '))).toBe(true)
    expect(await sender.report('7')).toBe(null)
  })

  it('of an announced post says what is known, and reads new pages only', async () => {
    const blogs = await serveBlogs((request, response) => {
      if (request.url !== '/tb/2') return false
      response.end(failure('Closed'))
      return true
    })
    const sender = senderOf(quick([blogs]))
    const urls = ['/post/1', '/post/2'].map((path) => blogs.origin + path)
    await sender.announce(postTo(urls))
    await settled(sender)
    blogs.requests.length = 0
    const { targets } = await sender.preview(postTo([...urls, `${blogs.origin}/post/3`, `${urls[0]}#more`]))
    expect(targets.map(({ state }) => state)).toEqual(['accepted', 'refused', 'waiting', 'duplicate'])
    expect(blogs.requests.toSorted()).toEqual(['GET /post/1', 'GET /post/3'])
  })

  it('keeps to the limits of the sender: pages at once, the length of a ping URL', async () => {
    const pages = gateFor(3)
    const pingUrl = `http://a.example/${'x'.repeat(100)}`
    const answer: Answer = async (request, response) => {
      await pages.pass(response)
      response.setHeader('content-type', 'text/html')
      response.end(pageOf(`http://${request.headers.host}${request.url}`, pingUrl))
      return true
    }
    const blogs = await Promise.all(Array.from({ length: 6 }, () => serveBlogs(answer)))
    const sender = senderOf(quick(blogs, { limits: { concurrentPages: 3, maxUrlLength: 100 } }))
    const { targets } = await sender.preview(postTo(blogs.map(({ origin }) => `${origin}/post/1`)))
    const reason = { code: 'ping-url-too-long', limit: 100 }
    expect(targets).toMatchObject(Array(6).fill({ state: 'failed', reason }))
    expect(pages.most).toBe(3)
  })

  it('THREATS R6: reads one page of a host at a time, and others meanwhile', async () => {
    const underWay = new Map<string, number>()
    let mostOfOne = 0
    let mostInAll = 0
    const answer: Answer = async (request, response) => {
      const host = request.headers.host ?? ''
      underWay.set(host, (underWay.get(host) ?? 0) + 1)
      mostOfOne = Math.max(mostOfOne, ...underWay.values())
      mostInAll = Math.max(
        mostInAll,
        [...underWay.values()].reduce((sum, count) => sum + count),
      )
      await new Promise((resolve) => setTimeout(resolve, 10))
      underWay.set(host, (underWay.get(host) ?? 0) - 1)
      response.end('<p>no trackbacks here</p>')
      return true
    }
    const blogs = await Promise.all([serveBlogs(answer), serveBlogs(answer)])
    const urls = Array.from({ length: 12 }, (_, index) => `${blogs[index % 2]?.origin}/post/${index}`)
    const { targets } = await senderOf(quick(blogs)).preview(postTo(urls))
    expect(targets.map(({ target, state }) => [target, state])).toEqual(
      urls.map((url) => [url, 'no-ping-url']),
    )
    expect({ mostOfOne, mostInAll }).toEqual({ mostOfOne: 1, mostInAll: 2 })
  })
})
