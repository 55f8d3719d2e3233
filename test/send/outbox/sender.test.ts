import { describe, expect, it } from 'vitest'
import { createHttpClient } from '../../../src/http/client.js'
import { createDeliveries } from '../../../src/send/outbox/delivery.js'
import type { SenderEvent } from '../../../src/send/outbox/options.js'
import { createSender } from '../../../src/send/outbox/sender.js'
import { openSqlite } from '../../../src/sql/sqlite/open.js'
import { createMemoryStore } from '../../../src/store/memory/store.js'
import { lazily } from '../../support/lazily.js'
import { bodyOf, serve, servePages } from '../../support/servers.js'
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

const stores = [
  ['memory', createMemoryStore],
  ['SQLite', () => openSqlite(':memory:')],
] as const

describe.each(stores)('announce, in %s', (_, create) => {
  it('pings every page the post links to, with the four fields (PROTOCOL 4, 10, 42)', async () => {
    const blogs = await serveBlogs()
    const sender = senderOf(quick([blogs], { store: create() }))
    const urls = [`${blogs.origin}/post/1`, `${blogs.origin}/post/2`]
    const post = postTo(urls, { title: 'テスト' })
    expect(await sender.announce(post)).toEqual({
      announced: true,
      reason: null,
      targets: urls.map((url) => ({ url, isPingUrl: false })),
      skipped: [],
      skippedCount: 0,
    })
    expect(await settled(sender)).toEqual({ [urls[0] ?? '']: 'accepted', [urls[1] ?? '']: 'accepted' })
    expect(blogs.requests.toSorted()).toEqual(['GET /post/1', 'GET /post/2', 'POST /tb/1', 'POST /tb/2'])
    expect(Object.fromEntries(blogs.forms[0] ?? [])).toEqual({
      url: post.url,
      title: 'テスト',
      excerpt: 'I read a post, a post.',
      blog_name: 'My blog',
      charset: 'utf-8',
    })
  })

  it('records per target: state, attempts, last answer, times', async () => {
    const blogs = await serveBlogs((request, response) => {
      if (request.url !== '/tb/2') return false
      response.end(failure('Closed &amp; sorry'))
      return true
    })
    const sender = senderOf(quick([blogs], { store: create() }))
    const start = Date.now()
    await sender.announce(postTo([`${blogs.origin}/post/1`, `${blogs.origin}/post/2`]))
    await settled(sender)
    const report = await sender.report('7')
    expect(report?.announcedAt).toBeGreaterThanOrEqual(start)
    const [accepted, refused] = report?.deliveries ?? []
    expect(accepted).toMatchObject({ postId: '7', state: 'accepted', attempts: 1, nextAt: null })
    expect(accepted?.changedAt).toBeGreaterThanOrEqual(accepted?.foundAt ?? Number.POSITIVE_INFINITY)
    expect(refused).toMatchObject({
      state: 'refused',
      pingUrl: `${blogs.origin}/tb/2`,
      answer: { outcome: 'refused', message: 'Closed & sorry', code: 1, status: 200 },
    })
  })

  it('THREATS D4: a post that is edited ten times pings nobody anew, but new links', async () => {
    const blogs = await serveBlogs()
    const sender = senderOf(quick([blogs], { store: create() }))
    const urls = [`${blogs.origin}/post/1`]
    for (let edit = 0; edit < 10; edit += 1) {
      await sender.announce(postTo(urls, { title: `Edit ${edit}`, html: `<a href="${urls[0]}">${edit}</a>` }))
      await settled(sender)
    }
    expect(blogs.requests).toEqual(['GET /post/1', 'POST /tb/1'])
    await sender.announce(postTo([...urls, `${blogs.origin}/post/2`]))
    await expect.poll(() => blogs.requests.length).toBe(4)
    expect(blogs.requests.slice(2)).toEqual(['GET /post/2', 'POST /tb/2'])
  })

  it('pings anew where that is asked for and the text has changed, with the new text', async () => {
    const blogs = await serveBlogs()
    const sender = senderOf(quick([blogs], { store: create() }))
    const urls = [`${blogs.origin}/post/1`]
    const titles = ['One', 'One', 'Two', 'Two']
    for (const [index, title] of titles.entries()) {
      await sender.announce(postTo(urls, { title }), { again: true })
      await expect.poll(() => blogs.forms.length).toBe(index < 2 ? 1 : 2)
      await settled(sender)
      await new Promise((resolve) => setTimeout(resolve, 60))
    }
    expect(blogs.forms.map((form) => form.get('title'))).toEqual(['One', 'Two'])
  })

  it.each([
    ['GET', false, ['Two']],
    ['GET', true, ['Two']],
    ['POST', false, ['One']],
    ['POST', true, ['One', 'Two']],
  ])(
    'an edit while a %s is under way, again: %s, has %j sent, and holds up no other ping to the host',
    async (method, again, titles) => {
      let release = (): void => {}
      const released = new Promise<void>((resolve) => {
        release = resolve
      })
      let isUnderWay = false
      const blogs = await serveBlogs(async (request) => {
        if (request.method !== method || isUnderWay) return false
        isUnderWay = true
        await released
        return false
      })
      const store = create()
      const sender = senderOf(quick([blogs], { store }))
      const urls = [`${blogs.origin}/post/1`]
      await sender.announce(postTo(urls, { title: 'One' }))
      const inTime = { timeout: 10_000 }
      await expect.poll(() => isUnderWay, inTime).toBe(true)
      await sender.announce(postTo(urls, { title: 'Two' }), { again })
      const { report } = createDeliveries(store.records)
      await expect.poll(() => report('7', { begun: true }), inTime).not.toBe(null)
      release()
      await expect.poll(() => blogs.forms.map((form) => form.get('title')), inTime).toEqual(titles)
      expect(await settled(sender)).toEqual({ [urls[0] ?? '']: 'accepted' })
      await sender.announce(postTo([`${blogs.origin}/post/2`], { id: '8' }))
      await settled(sender, '8')
      expect(blogs.forms).toHaveLength(titles.length + 1)
    },
  )

  it('pings a ping URL once, though several links lead to it', async () => {
    const blogs = await serveBlogs()
    const sender = senderOf(quick([blogs], { store: create() }))
    const page = `${blogs.origin}/post/1`
    const post = postTo([page, `${page}#comment-5`], { pingUrls: [`${blogs.origin}/tb/1`] })
    await sender.announce(post)
    const states = await settled(sender)
    await sender.announce(post, { again: true })
    await new Promise((resolve) => setTimeout(resolve, 100))
    expect(Object.values(states).toSorted()).toEqual(['accepted', 'duplicate', 'duplicate'])
    expect(blogs.requests.toSorted()).toEqual(['GET /post/1', 'GET /post/1', 'POST /tb/1'])
  })

  it('pings one endpoint once, however the pages spell it', async () => {
    const spellings = ['/tb/1', '/tb/1#x', '/tb/%31', '/tb/1/']
    const blogs = await serveBlogs((request, response) => {
      const [, , number] = request.url?.split('/') ?? []
      if (request.method === 'POST') return false
      const url = `http://${request.headers.host}`
      const pingUrl = url.toUpperCase() + spellings[Number(number)]
      response.setHeader('content-type', 'text/html')
      response.end(pageOf(`${url}${request.url}`, pingUrl))
      return true
    })
    const sender = senderOf(quick([blogs], { store: create() }))
    const post = postTo(spellings.map((_, number) => `${blogs.origin}/post/${number}`))
    const { targets } = await sender.preview(post)
    await sender.announce(post)
    const states = Object.values(await settled(sender)).toSorted()
    expect(states).toEqual(['accepted', 'duplicate', 'duplicate', 'duplicate'])
    expect(targets.map(({ state }) => state)).toEqual(['waiting', 'duplicate', 'duplicate', 'duplicate'])
    expect(blogs.forms).toHaveLength(1)
  })

  it.each([
    ['accepted', false, ['One']],
    ['accepted', true, ['One', 'Two']],
    ['refused', false, ['One', 'Two']],
    ['refused', true, ['One', 'Two']],
  ])(
    'an edit that corrects a link whose ping URL was %s, again: %s, has %j sent',
    async (state, again, titles) => {
      let isOpen = state === 'accepted'
      const blogs = await serveBlogs(({ method, url, headers }, response) => {
        if (method === 'POST' && isOpen) return false
        const origin = `http://${headers.host}`
        response.end(method === 'POST' ? failure('No') : pageOf(origin + url, `${origin}/tb/1`))
        return true
      })
      const sender = senderOf(quick([blogs], { store: create() }))
      const urls = ['old', 'new', 'new#c'].map((path) => `${blogs.origin}/post/${path}`)
      await sender.announce(postTo(urls.slice(0, 1), { title: 'One' }))
      await settled(sender)
      isOpen = true
      await sender.announce(postTo(urls.slice(1), { title: 'Two' }), { again })
      const { deliveries } = await sender.settled('7')
      expect(blogs.forms.map((form) => form.get('title'))).toEqual(titles)
      const ends = titles.length === 1 ? ['duplicate', 'duplicate'] : ['accepted', 'duplicate']
      expect(
        deliveries
          .slice(1)
          .map(({ state }) => state)
          .toSorted(),
      ).toEqual(ends)
    },
  )

  it('is settled only when every target of the announcement before has its end, however often it is announced', async () => {
    const blogs = await serveBlogs()
    const sender = senderOf(quick([blogs], { store: create() }))
    const urls = [1, 2, 3].map((number) => `${blogs.origin}/post/${number}`)
    for (const count of [1, 2, 3]) {
      await sender.announce(postTo(urls.slice(0, count)))
      const { deliveries } = await sender.settled('7')
      expect(deliveries.map(({ target, state }) => [target, state])).toEqual(
        urls.slice(0, count).map((url) => [url, 'accepted']),
      )
    }
  })

  it('tells what happens, each after it is recorded', async () => {
    const blogs = await serveBlogs()
    const store = create()
    const events: SenderEvent[] = []
    const sender = senderOf(quick([blogs], { store, onEvent: (event) => events.push(event) }))
    await sender.announce(postTo([`${blogs.origin}/post/1`]))
    await settled(sender)
    expect(events.map(({ type, delivery }) => [type, delivery.state, delivery.attempts])).toEqual([
      ['found', 'waiting', 0],
      ['discovered', 'waiting', 0],
      ['accepted', 'accepted', 1],
    ])
    const { deliveries = [] } = (await sender.report('7')) ?? {}
    expect(events.at(-1)?.delivery).toEqual(deliveries[0])
  })
})

describe('announce', () => {
  it('announces no draft and nothing that is published later', async () => {
    const sender = senderOf(quick([]))
    const post = postTo(['http://a.example/'])
    expect(await sender.announce({ ...post, draft: true })).toMatchObject({ announced: false })
    const publishedAt = new Date(Date.now() + 60_000)
    expect(await sender.announce({ ...post, publishedAt })).toMatchObject({
      announced: false,
      reason: { code: 'not-published-yet' },
    })
    expect(await sender.announce({ ...post, publishedAt: new Date('nonsense') })).toMatchObject({
      announced: false,
    })
    expect(await sender.report('7')).toBe(null)
  })

  it('refuses what is no post', async () => {
    const sender = senderOf(quick([]))
    const post = postTo([])
    for (const changes of [
      { url: '/7' },
      { url: 'ftp://a.example/' },
      { id: '' },
      { id: 7 },
      { html: undefined },
    ]) {
      await expect(sender.announce({ ...post, ...changes } as typeof post)).rejects.toThrow(TypeError)
    }
  })

  it('resolves only after the job is kept, and rejects where it cannot be', async () => {
    const store = createMemoryStore()
    const jobs = { ...store.jobs, add: () => Promise.reject(new Error('disk full')) }
    const sender = senderOf(quick([], { store: { ...store, jobs } }))
    await expect(sender.announce(postTo(['http://a.example/']))).rejects.toThrow('disk full')
  })

  it('skips the own site, which is the host of the post where none is named; selfPings takes it', async () => {
    const post = postTo(['http://my.example/6', 'http://b.example/1'])
    const reasons = async (options: object) =>
      (await senderOf(quick([], options)).announce({ ...post, draft: true })).skipped.map(({ url }) => url)
    expect(await reasons({})).toEqual(['http://my.example/6'])
    expect(await reasons({ site: 'http://b.example' })).toEqual(['http://b.example/1'])
    expect(await reasons({ selfPings: true })).toEqual([])
  })

  it('takes the author’s ping URLs without discovery, and a post’s own blog name and excerpt', async () => {
    const blogs = await serveBlogs()
    const sender = senderOf(quick([blogs]))
    const pingUrls = [`${blogs.origin}/tb/5?a=b`]
    await sender.announce(postTo([], { pingUrls, blogName: 'Another', excerpt: 'Short', title: undefined }))
    await settled(sender)
    expect(blogs.requests).toEqual(['POST /tb/5?a=b'])
    expect(Object.fromEntries(blogs.forms[0] ?? [])).toMatchObject({
      title: 'http://my.example/7',
      excerpt: 'Short',
      blog_name: 'Another',
    })
  })

  it('sends in the character set of the receiver (PROTOCOL 13)', async () => {
    const blogs = await serveBlogs()
    const sender = senderOf(
      quick([blogs], { charsetFor: (url) => (url.endsWith('/tb/1') ? 'euc-kr' : undefined) }),
    )
    await sender.announce(postTo([`${blogs.origin}/post/1`, `${blogs.origin}/post/2`]))
    await settled(sender)
    expect(blogs.forms.map((form) => form.get('charset')).toSorted()).toEqual(['euc-kr', 'utf-8'])
  })

  it('THREATS R6: of 10,000 links to one host it follows 50, two at a time (a page and a ping), spaced, and reports the rest', async () => {
    const blogs = await serveBlogs(async () => {
      await new Promise((resolve) => setTimeout(resolve, 15))
      return false
    })
    const sender = senderOf(quick([blogs], { limits: { spacing: 10, concurrentPings: 8 } }))
    const start = Date.now()
    await sender.announce(postTo(Array.from({ length: 10_000 }, (_, n) => `${blogs.origin}/post/${n}`)))
    expect(Object.values(await settled(sender))).toEqual(Array.from({ length: 50 }, () => 'accepted'))
    expect(blogs.requests).toHaveLength(100)
    expect(blogs.mostAtOnce).toEqual({ GET: 1, POST: 1 })
    expect(Date.now() - start).toBeGreaterThanOrEqual(99 * 10 * 0.5)
    expect((await sender.report('7'))?.skippedCount).toBe(9950)
  })

  it('three senders on one store share the turns at a host', async () => {
    const blogs = await serveBlogs(async () => {
      await new Promise((resolve) => setTimeout(resolve, 20))
      return false
    })
    const store = createMemoryStore()
    const senders = [1, 2, 3].map(() => senderOf(quick([blogs], { store, limits: { concurrentPings: 4 } })))
    await Promise.all(
      senders.map((sender, index) => {
        const urls = Array.from({ length: 8 }, (_, n) => `${blogs.origin}/post/${n}`)
        return sender.announce(postTo(urls, { id: `${index}`, url: `http://my.example/${index}` }))
      }),
    )
    for (const [index, sender] of senders.entries()) await settled(sender, `${index}`)
    expect(blogs.requests).toHaveLength(48)
    expect(blogs.mostAtOnce).toEqual({ GET: 1, POST: 1 })
  })

  it('reads pages of many hosts at once, and sends one ping at a time unless told otherwise', async () => {
    let pages = 0
    let pings = 0
    const most = { pages: 0, pings: 0 }
    const blogs = await Promise.all(
      Array.from({ length: 6 }, () =>
        serveBlogs(async ({ method }) => {
          if (method === 'GET') most.pages = Math.max(most.pages, ++pages)
          else most.pings = Math.max(most.pings, ++pings)
          await new Promise((resolve) => setTimeout(resolve, 60))
          if (method === 'GET') pages -= 1
          else pings -= 1
          return false
        }),
      ),
    )
    const urls = blogs.map(({ origin }) => `${origin}/post/1`)
    const careful = senderOf(quick(blogs, { limits: { concurrentPages: 4 } }))
    await careful.announce(postTo(urls))
    await settled(careful)
    expect(most.pages).toBeGreaterThan(1)
    expect(most.pages).toBeLessThanOrEqual(4)
    expect(most.pings).toBe(1)
    const hasty = senderOf(quick(blogs, { limits: { concurrentPings: 3 } }))
    await hasty.announce(postTo(urls.map((url) => url.replace('/post', '/post/tb'))))
    await settled(hasty)
    expect(most.pings).toBeLessThanOrEqual(3)
  })
})

describe('limits', () => {
  it('concurrentPages, concurrentPings: so many pages and pings at once, and no more', async () => {
    const [pages, pings] = [gateFor(3), gateFor(2)]
    const hold: Answer = async ({ method }, response) => {
      await (method === 'GET' ? pages : pings).pass(response)
      return false
    }
    const blogs = await Promise.all(Array.from({ length: 6 }, () => serveBlogs(hold)))
    const sender = senderOf(quick(blogs, { limits: { concurrentPages: 3, concurrentPings: 2 } }))
    await sender.announce(postTo(blogs.map(({ origin }) => `${origin}/post/1`)))
    expect(Object.values(await settled(sender))).toEqual(Array(6).fill('accepted'))
    expect([pages.most, pings.most]).toEqual([3, 2])
  })
})

describe('what a target does', () => {
  it('a page without a ping URL, and what is no page, are asked once', async () => {
    const server = await serve((request, response) => {
      if (request.url === '/gone') response.writeHead(410)
      else response.setHeader('content-type', request.url === '/film' ? 'video/mp4' : 'text/html')
      response.end('<p>nothing here</p>')
    })
    const sender = senderOf(quick([server]))
    await sender.announce(postTo(['/page', '/gone', '/film'].map((path) => server.origin + path)))
    expect(Object.values(await settled(sender))).toEqual(['no-ping-url', 'no-ping-url', 'no-ping-url'])
  })

  it('THREATS S1: a private address is not asked, in the post or as a ping URL, and that is final', async () => {
    const canary = await serveBlogs()
    const { origin, host } = await serve((request, response) => {
      response.setHeader('content-type', 'text/html')
      response.end(pageOf(`http://${request.headers.host}/`, `${canary.origin}/tb/1`))
    })
    const sender = senderOf(quick([{ origin, host }]))
    const pingUrls = [`${canary.origin}/tb/2`]
    await sender.announce(
      postTo([`${origin}/`, 'http://169.254.169.254/', `${canary.origin}/post/1`], { pingUrls }),
    )
    expect(Object.values(await settled(sender))).toEqual(['failed', 'failed', 'failed', 'failed'])
    expect(canary.requests).toEqual([])
  })

  it('a mistake in charsetFor is told, and its ping alone is tried again later', async () => {
    const blogs = await serveBlogs()
    const errors: unknown[] = []
    const charsetFor = (url: string): string | undefined => {
      if (url.endsWith('/1')) throw new Error('no table')
      return undefined
    }
    const sender = senderOf(quick([blogs], { charsetFor, onError: (error) => errors.push(error) }))
    await sender.announce(postTo([`${blogs.origin}/post/1`, `${blogs.origin}/post/2`]))
    const { deliveries } = await sender.settled('7')
    expect(deliveries.map(({ state }) => state).sort()).toEqual(['accepted', 'waiting'])
    expect(deliveries.find(({ state }) => state === 'waiting')?.reason).toEqual({ code: 'own-failure' })
    expect(errors).toMatchObject([{ message: 'no table' }])
  })

  it('an onEvent that throws harms nothing', async () => {
    const blogs = await serveBlogs()
    const errors: unknown[] = []
    const onEvent = (): void => {
      throw new Error('listener')
    }
    const sender = senderOf(quick([blogs], { onEvent, onError: (error) => errors.push(error) }))
    await sender.announce(postTo([`${blogs.origin}/post/1`]))
    expect(Object.values(await settled(sender))).toEqual(['accepted'])
    expect(errors).toHaveLength(3)
  })

  it('a ping whose answer cannot be recorded is no success: it is sent again', async () => {
    const blogs = await serveBlogs()
    const store = createMemoryStore()
    let failures = 2
    const put: typeof store.records.put = async (kind, key, value, ...rest) => {
      if (value.includes('"accepted"') && --failures >= 0) throw new Error('SQLITE_BUSY')
      return store.records.put(kind, key, value, ...rest)
    }
    let time = Date.now()
    const now = (): number => {
      time += 20_000
      return time
    }
    const lease = 30 * 24 * 3_600_000
    const errors: unknown[] = []
    const options = quick([blogs], {
      store: { ...store, records: { ...store.records, put } },
      now,
      onError: (error) => errors.push(error),
      limits: { spacing: 1 },
      queue: { lease },
    })
    const sender = senderOf(options)
    await sender.announce(postTo([`${blogs.origin}/post/1`]))
    expect(Object.values(await settled(sender))).toEqual(['accepted'])
    expect(blogs.forms).toHaveLength(3)
    expect(errors).toMatchObject([{ message: 'SQLITE_BUSY' }, { message: 'SQLITE_BUSY' }])
  })
})

describe('retry', () => {
  it('begins anew what was refused, and never what was accepted', async () => {
    let isOpen = false
    const blogs = await serveBlogs((request, response) => {
      if (request.method === 'GET' || isOpen) return false
      response.end(failure('Closed'))
      return true
    })
    const sender = senderOf(quick([blogs]))
    const target = `${blogs.origin}/post/1`
    await sender.announce(postTo([target]))
    expect(await settled(sender)).toEqual({ [target]: 'refused' })
    isOpen = true
    expect(await sender.retry('7', target)).toMatchObject({ state: 'waiting', attempts: 0, pingUrl: null })
    expect(await settled(sender)).toEqual({ [target]: 'accepted' })
    expect(await sender.retry('7', target)).toMatchObject({ state: 'accepted' })
    await new Promise((resolve) => setTimeout(resolve, 50))
    expect(blogs.forms).toHaveLength(2)
  })

  it('works from within the event, while the job that told of it still runs', async () => {
    let refusals = 3
    const blogs = await serveBlogs((request, response) => {
      if (request.method === 'GET' || --refusals < 0) return false
      response.end(failure('Closed'))
      return true
    })
    const onEvent = ({ type, delivery }: SenderEvent): void => {
      if (type === 'refused') void sender.retry('7', delivery.target)
    }
    const sender = senderOf(quick([blogs], { onEvent }))
    await sender.announce(postTo([`${blogs.origin}/post/1`]))
    await expect.poll(async () => (await sender.report('7'))?.deliveries[0]?.state).toBe('accepted')
    expect(blogs.forms).toHaveLength(4)
  })

  it('gives null for a target that is none', async () => {
    expect(await senderOf(quick([])).retry('7', 'http://a.example/')).toBe(null)
  })
})

describe('close', () => {
  it('waits for a ping under way, so that its answer is recorded', async () => {
    const store = createMemoryStore()
    let arrived = false
    const server = await serve(async (request, response) => {
      await bodyOf(request)
      arrived = true
      await new Promise((resolve) => setTimeout(resolve, 150))
      response.end('<response><error>0</error></response>')
    })
    const options = quick([server], { store })
    const sender = senderOf(options)
    await sender.announce(postTo([], { pingUrls: [`${server.origin}/tb`] }))
    await expect.poll(() => arrived, { interval: 5 }).toBe(true)
    await options.queue?.close()
    await sender.close()
    expect((await senderOf(quick([], { store })).report('7'))?.deliveries).toMatchObject([
      { state: 'accepted' },
    ])
  })

  it('leaves what waits to the next sender', async () => {
    const blogs = await serveBlogs()
    const store = openSqlite(':memory:')
    const first = quick([blogs], { store })
    const closing = senderOf(first)
    await closing.announce(postTo(Array.from({ length: 20 }, (_, n) => `${blogs.origin}/post/${n}`)))
    await expect.poll(() => blogs.forms.length, { interval: 2 }).toBeGreaterThan(3)
    await first.queue?.close()
    await closing.close()
    const sent = blogs.forms.length
    expect(sent).toBeLessThan(20)
    expect(Object.values(await settled(senderOf(quick([blogs], { store }))))).toHaveLength(20)
    expect(blogs.forms).toHaveLength(20)
  })
})

describe('settled', () => {
  it('waits until every target is done, so that a script may announce and end', async () => {
    const blog = await servePages({ '/none': 'a page without trackbacks' })
    const sender = senderOf(quick([blog]))
    await sender.announce(postTo([`${blog.origin}/none`]))
    const report = await sender.settled('7')
    expect(report.deliveries).toMatchObject([{ state: 'no-ping-url' }])
  })

  it('ends with the reason of its signal', async () => {
    const sender = senderOf(quick([]))
    await expect(sender.settled('never', { signal: AbortSignal.timeout(200) })).rejects.toThrow(/timeout/i)
  })

  it('ends with close, after which nothing is announced', async () => {
    const sender = senderOf(quick([]))
    const waiting = sender.settled('never')
    await sender.close()
    await expect(waiting).rejects.toMatchObject({ code: 'CLOSED' })
    await expect(sender.announce(postTo([]))).rejects.toMatchObject({ code: 'CLOSED' })
  })
})

describe('the own functions of a sender', () => {
  const never = new Promise<never>(() => {})
  const links = (origin: string) => ({
    id: '7',
    url: 'http://my.example/7',
    html: `<a href="${origin}/post/1">1</a>`,
  })

  it('are not waited for without end: charsetFor fails, a listener and close() are given up', async () => {
    const blogs = await serveBlogs()
    const errors: unknown[] = []
    const sender = createSender({
      ...{
        store: createMemoryStore(),
        blogName: 'B',
        client: createHttpClient({ allowHosts: [blogs.host] }),
      },
      ...{ charsetFor: () => never, onEvent: () => never, hookTimeout: 20, closeTimeout: 30 },
      onError: (error) => errors.push(error),
    })
    await sender.announce(links(blogs.origin))
    const { deliveries } = await sender.settled('7')
    expect(deliveries[0]?.reason).toEqual({ code: 'TIMEOUT', detail: 'charsetFor took more than 20 ms' })
    await sender.close()
    const messages = errors.map(String).join('\n')
    expect(messages).toContain('onEvent took more than 20 ms')
    for (const name of ['hookTimeout', 'closeTimeout']) {
      const options = { store: createMemoryStore(), blogName: 'B', [name]: 0 }
      expect(() => createSender(options)).toThrow(`${name} must be a positive integer`)
    }
  })

  it('may give what is like a promise, and close() waits for a listener that runs', async () => {
    const blogs = await serveBlogs()
    let isTold = false
    const sender = createSender({
      ...{
        store: createMemoryStore(),
        blogName: 'B',
        client: createHttpClient({ allowHosts: [blogs.host] }),
      },
      charsetFor: () => lazily(() => 'euc-jp'),
      async onEvent({ type }) {
        if (type !== 'accepted') return
        await new Promise((resolve) => setTimeout(resolve, 50))
        isTold = true
      },
    })
    await sender.announce(links(blogs.origin))
    const { deliveries } = await sender.settled('7')
    expect(deliveries[0]?.state).toBe('accepted')
    await sender.close()
    expect(isTold).toBe(true)
  })
})

describe('a clock that was ahead', () => {
  const [minute, day] = [60_000, 24 * 3_600_000]

  it.each([5000, 10 * minute, 3 * day, 1500 * day])(
    'by %i ms when a post was announced drops none of its later announcements',
    async (ahead) => {
      const [first, second, third] = await Promise.all([serveBlogs(), serveBlogs(), serveBlogs()])
      let shift = ahead
      const now = (): number => Date.now() + shift
      const sender = senderOf(quick([first, second, third], { now }))
      const urls = [first, second, third].map(({ origin }) => `${origin}/post/1`)
      await sender.announce(postTo(urls.slice(0, 1), { title: 'One' }))
      await sender.settled('7')
      shift = 0
      const start = Date.now()
      await sender.announce(postTo(urls.slice(0, 2), { title: 'Two' }))
      expect((await sender.settled('7')).deliveries).toHaveLength(2)
      await sender.announce(postTo(urls, { title: 'Three' }))
      const { announcedAt, deliveries } = await sender.settled('7')
      expect(deliveries.map(({ state }) => state)).toEqual(['accepted', 'accepted', 'accepted'])
      expect([first, second, third].map(({ forms }) => forms[0]?.get('title'))).toEqual([
        'One',
        'Two',
        'Three',
      ])
      expect(announcedAt).toBeGreaterThanOrEqual(start)
      expect(announcedAt).toBeLessThanOrEqual(Date.now())
    },
  )
})

describe('runDue of a sender', () => {
  it('announces to everything that is due, and nothing else in the process does', async () => {
    const blogs = await serveBlogs()
    const sender = senderOf(quick([blogs], { store: createMemoryStore(), worker: false }))
    const target = `${blogs.origin}/post/1`
    await sender.announce(postTo([target]))
    await new Promise((resolve) => setTimeout(resolve, 300))
    expect(blogs.requests).toEqual([])
    let failed = 0
    // The ping waits for its turn at the host of the page.
    await expect
      .poll(async () => {
        failed += (await sender.runDue()).failed
        return (await sender.report('7'))?.deliveries.map(({ state }) => state)
      })
      .toEqual(['accepted'])
    expect(failed).toBe(0)
    expect(await sender.runDue()).toEqual({ done: 0, later: 0, failed: 0 })
  })
})
