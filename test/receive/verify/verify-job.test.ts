import { describe, expect, it, onTestFinished } from 'vitest'
import { renderJsonFeed } from '../../../src/feeds/json-feed.js'
import { createStoreQueue } from '../../../src/queue/store-queue.js'
import type { ReceiverEvent } from '../../../src/receive/options/options.js'
import { renderTrackbacks } from '../../../src/render/trackbacks.js'
import { createMemoryStore } from '../../../src/store/memory/store.js'
import type { Job } from '../../../src/store/store.js'
import { escapeHtml } from '../../../src/text/escape.js'
import { serve, servePages } from '../../support/servers.js'
import { day, mount, ping, post, receiverWith, send, success, type TestReceiverOptions } from '../support.js'

describe('verification', () => {
  const linking = `<p>I read <a href="${post.url}">this</a>.</p>`

  async function receive(page: string | undefined, options: TestReceiverOptions = {}) {
    const pages: Record<string, string | undefined> = { '/entry': page }
    const source = await servePages(pages)
    const events: ReceiverEvent[] = []
    const store = createMemoryStore()
    const onEvent = (event: ReceiverEvent) => events.push(event)
    const receiver = receiverWith({ allowHosts: [source.host], store, onEvent, ...options })
    const url = await mount(receiver)
    await ping(url, { url: `${source.origin}/entry`, title: 'My entry', blog_name: 'Other blog' })
    const types = () => events.map(({ type }) => type)
    return { receiver, url, source, pages, store, types }
  }

  it('shows a trackback once its source is seen to link to the post', async () => {
    const { receiver, types } = await receive(linking)
    expect((await receiver.list(post.id)).items).toEqual([])
    await expect.poll(types).toEqual(['received', 'verified', 'published'])
    const [shown] = (await receiver.list(post.id)).items
    expect(shown).toMatchObject({
      title: 'My entry',
      state: 'published',
      verification: { outcome: 'linked' },
    })
    expect(shown?.history).toMatchObject([{ state: 'published', by: 'policy' }])
  })

  it('keeps a trackback hidden whose source does not link to the post, and looks again later', async () => {
    let time = Date.now()
    const { receiver, pages, types, store } = await receive('<p>no link</p>', { now: () => time })
    await expect.poll(types).toEqual(['received', 'verified'])
    expect((await receiver.list(post.id)).items).toEqual([])
    pages['/entry'] = linking
    time += 11 * 60_000
    await expect.poll(types, { timeout: 5000 }).toEqual(['received', 'verified', 'verified', 'published'])
    expect(await store.count({ state: 'published' })).toBe(1)
  })

  it('fetches a source again after sourceSpacing, and after six times as long', async () => {
    const requests: number[] = []
    const source = await serve((_, response) => {
      requests.push(Date.now())
      response.setHeader('content-type', 'text/html')
      response.end('<p>no link</p>')
    })
    const store = createMemoryStore()
    const limits = { sourceSpacing: 200 }
    const receiver = receiverWith({ allowHosts: [source.host], store, limits })
    await ping(await mount(receiver), { url: source.origin })
    await expect.poll(() => store.count({ state: 'rejected' }), { timeout: 10_000 }).toBe(1)
    const [first = 0, second = 0, third = 0] = requests
    expect(requests).toHaveLength(3)
    expect(second - first).toBeGreaterThanOrEqual(190)
    expect(third - second).toBeGreaterThanOrEqual(1190)
  })

  it('rejects a trackback whose source still does not link after the last look', async () => {
    let time = Date.now()
    const { types } = await receive('<p>no link</p>', { now: () => time })
    const looks = (): number => types().filter((type) => type === 'verified').length
    for (let look = 1; look <= 3; look += 1) {
      await expect.poll(looks, { timeout: 5000 }).toBe(look)
      time += 61 * 60_000
    }
    expect(types().at(-1)).toBe('rejected')
  })

  it('holds a trackback whose source never answers: trouble with a network is no sign of spam', async () => {
    let time = Date.now()
    const { origin, host } = await serve((_, response) => response.writeHead(503).end())
    const events: ReceiverEvent[] = []
    const receiver = receiverWith({
      allowHosts: [host],
      now: () => time,
      onEvent: (event) => events.push(event),
    })
    await ping(await mount(receiver), { url: `${origin}/entry` })
    const looks = (): number => events.filter(({ type }) => type === 'verified').length
    for (let look = 1; look <= 5; look += 1) {
      await expect.poll(looks, { timeout: 5000 }).toBe(look)
      time += 25 * 60 * 60_000
    }
    expect(events.at(-1)).toMatchObject({
      type: 'held',
      trackback: { verification: { outcome: 'unreachable' } },
    })
    expect((await receiver.list(post.id)).items).toEqual([])
  })

  it.each([
    ['at an address that is never asked', 'http://127.0.0.1:80/entry', /not public/],
    ['at a port that is never asked', 'http://other.example:8080/entry', /port 8080 is not allowed/],
    ['at a name that is never asked', 'http://wiki.internal/entry', /private name/],
    ['of another scheme, by a redirect', 'ftp://other.example/', /only http and https/],
  ])(
    'PROTOCOL 142: holds a trackback for the author whose source is %s, with the reason',
    async (_, to, reason) => {
      const { origin, host } = await serve((_, response) => response.writeHead(302, { location: to }).end())
      for (const url of to.startsWith('ftp:') ? [origin] : [to, origin]) {
        const store = createMemoryStore()
        const receiver = receiverWith({ allowHosts: [host], store })
        expect(await ping(await mount(receiver), { url })).toMatchObject({ body: success })
        await expect.poll(() => store.count({ state: 'held' })).toBe(1)
        const { items } = await receiver.moderation.held()
        expect(items).toMatchObject([
          {
            verification: { outcome: 'blocked' },
            history: [{ state: 'held', by: 'policy', reason: { detail: expect.stringMatching(reason) } }],
          },
        ])
      }
    },
  )

  it('PROTOCOL 142: what is shown stays so while its source leads to an address that is never asked', async () => {
    let time = Date.now()
    let isBlocked = false
    const { origin, host } = await serve((_, response) => {
      if (isBlocked) response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end()
      else response.setHeader('content-type', 'text/html').end(linking)
    })
    const store = createMemoryStore()
    const receiver = receiverWith({ allowHosts: [host], store, now: () => time })
    await ping(await mount(receiver), { url: `${origin}/entry` })
    await expect.poll(() => store.count({ state: 'published' })).toBe(1)
    isBlocked = true
    for (let look = 1; look <= 3; look += 1) {
      time += 31 * day
      const unanswered = async () => (await store.list({})).items[0]?.verification?.unanswered
      await expect.poll(unanswered, { timeout: 5000 }).toBe(look)
    }
    const { items } = await receiver.list(post.id)
    expect(items).toMatchObject([{ state: 'published', verification: { outcome: 'linked' } }])
  })

  it('holds a trackback for the author whose source did not link and then gave no answer any more', async () => {
    let time = Date.now()
    let status = 200
    const { origin, host } = await serve((_, response) => {
      response.writeHead(status, { 'content-type': 'text/html' }).end('<p>no link</p>')
    })
    const store = createMemoryStore()
    const receiver = receiverWith({ allowHosts: [host], store, worker: false, now: () => time })
    await send(receiver, undefined, `url=${origin}/entry`)
    const states: (string | undefined)[] = []
    for (let look = 1; look <= 6; look += 1) {
      await receiver.runDue()
      states.push((await store.list({})).items[0]?.state)
      status = 503
      time += 25 * 60 * 60_000
    }
    expect(states).toEqual([...Array(5).fill('unverified'), 'held'])
    expect((await store.list({})).items).toMatchObject([
      { verification: { outcome: 'not-linked', unanswered: 5 } },
    ])
  })

  it.each([[[1]], [[]], [[1, 400]]])(
    'with looks after %o days a wait is longer than planned only after all that there are',
    async (recheckAfterDays) => {
      const store = createMemoryStore()
      const waits: number[] = []
      const { hasten } = store.jobs
      store.jobs.hasten = async (kind, latest, runAt) => {
        if (kind === 'verify') waits.push(latest - runAt)
        await hasten(kind, latest, runAt)
      }
      await receiverWith({ store, worker: false, recheckAfterDays }).runDue()
      // A month for a source that gives no answer.
      expect(waits).toEqual([(Math.max(30, ...recheckAfterDays) + 2) * day])
    },
  )

  it.each([
    ['its <title>', '<title>The  page&#39;s\u202e title</title>', "The page's title"],
    ['its og:title', '<meta property="og:title" content=" The page &amp; more ">', 'The page & more'],
    ['its host and path', '', undefined],
  ])(
    'PROTOCOL 115: a ping without a title is shown under the title of its page, or what stands for one: %s',
    async (_, head, title) => {
      const source = await servePages({ '/entry': head + linking })
      const store = createMemoryStore()
      const receiver = receiverWith({ allowHosts: [source.host], store })
      const url = `${source.origin}/entry`
      await ping(await mount(receiver), { url })
      await expect.poll(() => store.count({ state: 'published' })).toBe(1)
      const shown = title ?? `${source.host}/entry`
      const view = await receiver.view(post)
      expect([view.trackbacks[0]?.title, (await receiver.list(post.id)).items[0]?.title]).toEqual([
        title ?? '',
        title ?? '',
      ])
      for (const trackbacks of [view.trackbacks, (await store.list({ state: 'published' })).items]) {
        expect(renderTrackbacks({ ...view, trackbacks })).toContain(`>${escapeHtml(shown)}<`)
        const feed = { title: 'Trackbacks', url: 'http://my.example/', feedUrl: 'http://my.example/feed' }
        expect(JSON.parse(renderJsonFeed({ ...feed, trackbacks })).items).toMatchObject([{ title: shown }])
      }
    },
  )

  it('holds what is verified where the author publishes each', async () => {
    const { receiver, types } = await receive(linking, { publish: 'held' })
    await expect.poll(types).toEqual(['received', 'verified', 'held'])
    expect((await receiver.list(post.id)).items).toEqual([])
    const { items } = await receiver.moderation.held()
    expect((await receiver.moderation.publish(items[0]?.id ?? ''))?.state).toBe('published')
    expect((await receiver.list(post.id)).items).toHaveLength(1)
  })

  it('holds a trackback whose source links here only from what others wrote on it', async () => {
    const reason = { code: 'user-content' } as const
    const page = `<section class="trackbacks"><a href="${post.url}">Buy pills</a></section>`
    const { receiver, types } = await receive(page, { checks: [] })
    await expect.poll(types).toEqual(['received', 'verified', 'held'])
    expect((await receiver.list(post.id)).items).toEqual([])
    const [held] = (await receiver.moderation.held()).items
    expect(held).toMatchObject({
      verification: { outcome: 'linked', isUserContent: true, reason, passage: { link: 'Buy pills' } },
      history: [{ state: 'held', by: 'policy', reason }],
    })
    await receiver.moderation.publish(held?.id ?? '')
    expect((await receiver.list(post.id)).items).toHaveLength(1)
  })

  it('does not change what the author has decided before', async () => {
    const { receiver, store, types } = await receive(linking, { verifyAfter: 300 })
    const { items } = await store.list({})
    await receiver.moderation.remove(items[0]?.id ?? '')
    await new Promise((resolve) => setTimeout(resolve, 600))
    expect(types()).toEqual(['received', 'removed'])
    expect((await store.list({})).items[0]?.state).toBe('removed')
  })

  it('a removed trackback stays removed when it is sent again, and the sender is told success (PROTOCOL 28)', async () => {
    const { receiver, url, source, store, types } = await receive(linking)
    await expect.poll(() => types().at(-1)).toBe('published')
    await receiver.moderation.remove((await store.list({})).items[0]?.id ?? '')
    expect((await ping(url, { url: `${source.origin}/entry`, title: 'Again' })).body).toBe(success)
    expect((await store.list({})).items).toMatchObject([{ state: 'removed', title: 'My entry' }])
  })

  it('a forged repeat rewrites nothing that readers see', async () => {
    const { receiver, url, source, types } = await receive(linking)
    await expect.poll(() => types().at(-1)).toBe('published')
    await ping(url, { url: `${source.origin}/entry`, title: 'Buy pills' })
    expect((await receiver.list(post.id)).items).toMatchObject([{ title: 'My entry' }])
  })

  it('goes on after a restart with what waited', async () => {
    const source = await servePages({ '/entry': linking })
    const store = createMemoryStore()
    const before = receiverWith({ store, verifyAfter: 200, allowHosts: [source.host] })
    await ping(await mount(before), { url: `${source.origin}/entry` })
    await before.close()
    const after = receiverWith({ store, allowHosts: [source.host] })
    await expect.poll(async () => (await after.list(post.id)).items.length, { timeout: 5000 }).toBe(1)
  })

  it('tells of what goes wrong on our own side, and looks again', async () => {
    const errors: unknown[] = []
    let isDown = false
    const receiver = receiverWith({
      findPost: () => {
        if (isDown) throw new Error('the database is down')
        isDown = true
        return post
      },
      onError: (error) => errors.push(error),
    })
    await send(receiver)
    await expect.poll(() => errors).toEqual([new Error('the database is down')])
    expect((await receiver.store.list({})).items).toMatchObject([{ state: 'unverified' }])
    expect((await receiver.store.jobs.buried('verify')).items).toEqual([])
  })

  it.each([
    ['findPost', 'unverified', 'held'],
    ['aliases', 'unverified', 'held'],
    ['findPost', 'published', 'published'],
  ])('counts each error of %s as a look: a trackback that is %s ends as %s', async (name, before, end) => {
    let time = Date.now()
    let isDown = false
    const broken = <T>(value: T) => {
      if (isDown) throw new Error('the database is down')
      return value
    }
    const errors: unknown[] = []
    const store = createMemoryStore()
    const source = await servePages({ '/entry': linking })
    const receiver = receiverWith({
      ...{ store, now: () => time, checks: [], allowHosts: [source.host] },
      findPost: () => (name === 'findPost' ? broken(post) : post),
      aliases: () => (name === 'aliases' ? broken([]) : []),
      onError: (error) => errors.push(error),
      verifyAfter: before === 'unverified' ? 1000 : 0,
    })
    await send(receiver, undefined, `url=${source.origin}/entry`)
    const trackback = async () => (await store.list({})).items[0]
    if (before === 'published') await expect.poll(async () => (await trackback())?.state).toBe('published')
    isDown = true
    const looksBefore = (await trackback())?.verification?.attempts ?? 0
    for (let look = 1; look <= 5; look += 1) {
      time += before === 'unverified' ? 1.1 * day : 31 * day
      await expect
        .poll(async () => (await trackback())?.verification?.attempts, { timeout: 5000 })
        .toBe(looksBefore + look)
    }
    expect(errors).toHaveLength(5)
    const reason = { code: 'own-failure' }
    expect(await trackback()).toMatchObject(
      end === 'held'
        ? { state: end, history: [{ reason }] }
        : { state: end, verification: { outcome: 'linked' } },
    )
  })

  it('is harmed by no listener that throws', async () => {
    const errors: unknown[] = []
    const { receiver } = await receive(linking, {
      onEvent: () => {
        throw new Error('listener')
      },
      onError: (error) => errors.push(error),
    })
    await expect.poll(async () => (await receiver.list(post.id)).items.length).toBe(1)
    expect(errors.length).toBeGreaterThan(0)
  })
})

describe('recheckAfterDays', () => {
  it.each([
    [undefined, [1, 30]],
    [
      [2, 5],
      [2, 5],
    ],
    [[], []],
  ])('%o has a shown source looked at again after so many days', async (recheckAfterDays, days) => {
    const start = Date.now()
    let time = start
    const now = () => time
    const store = createMemoryStore()
    const { jobs } = store
    const next: (number | null)[] = []
    const watched: typeof jobs = {
      ...jobs,
      async postpone(claim, runAt, error) {
        await jobs.postpone(claim, runAt, error)
        next.push((runAt - start) / day)
      },
      async finish(claim) {
        await jobs.finish(claim)
        if ((claim as Job).kind === 'verify') next.push(null)
      },
    }
    const source = await servePages({ '/entry': `<a href="${post.url}">x</a>` })
    const queue = createStoreQueue({ jobs: watched }, { pollInterval: 5, now })
    onTestFinished(() => queue.close())
    const options = { now, store, queue, recheckAfterDays, allowHosts: [source.host], checks: [] }
    const receiver = receiverWith(options)
    await send(receiver, undefined, `url=${source.origin}/entry`)
    for (const [look, daysLater] of [...days, null].entries()) {
      await expect.poll(() => next.length, { timeout: 5000 }).toBe(look + 1)
      expect(next.at(-1)).toBe(daysLater)
      time = start + (daysLater ?? 0) * day
    }
    expect((await store.list({})).items).toMatchObject([
      { state: 'published', verification: { attempts: days.length + 1 } },
    ])
  })
})

describe('aliases', () => {
  it('count as links to the post', async () => {
    const source = await servePages({ '/entry': '<a href="http://my.example/old/18521/60408081.html">x</a>' })
    const receiver = receiverWith({
      allowHosts: [source.host],
      aliases: ({ id }) => [`http://my.example/old/${id}.html`],
    })
    await send(receiver, undefined, `url=${source.origin}/entry`)
    await expect.poll(async () => (await receiver.list(post.id)).items.length).toBe(1)
  })
})

describe('a post that is not found when its source is to be looked at', () => {
  it('is waited for, and the author is asked after some looks', async () => {
    let time = Date.now()
    let isHidden = false
    const source = await servePages({ '/entry': `<a href="${post.url}">x</a>` })
    const store = createMemoryStore()
    const receiver = receiverWith({
      ...{ store, now: () => time, verifyAfter: 100, allowHosts: [source.host] },
      findPost: () => (isHidden ? null : post),
    })
    const state = async () => (await store.list({})).items[0]?.state
    await send(receiver, undefined, `url=${source.origin}/entry`)
    isHidden = true
    const looks = async () => (await store.list({})).items[0]?.verification?.attempts
    for (let look = 1; look <= 5; look += 1) {
      expect(await state()).toBe('unverified')
      time += 25 * 3_600_000
      await expect.poll(looks, { timeout: 5000 }).toBe(look)
    }
    expect(await state()).toBe('held')
  })

  it('is verified when it is there again', async () => {
    let time = Date.now()
    let isHidden = false
    const source = await servePages({ '/entry': `<a href="${post.url}">x</a>` })
    const receiver = receiverWith({
      ...{ now: () => time, verifyAfter: 100, allowHosts: [source.host] },
      findPost: () => (isHidden ? null : post),
    })
    await send(receiver, undefined, `url=${source.origin}/entry`)
    isHidden = true
    time += 200
    await new Promise((resolve) => setTimeout(resolve, 300))
    isHidden = false
    time += 11 * 60_000
    await expect.poll(async () => (await receiver.list(post.id)).items.length, { timeout: 5000 }).toBe(1)
  })
})
