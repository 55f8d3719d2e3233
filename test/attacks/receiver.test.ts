import type { LookupFunction } from 'node:net'
import { describe, expect, it, onTestFinished } from 'vitest'
import { createHttpClient, type NetworkOptions } from '../../src/http/client.js'
import type { ReceiverOptions } from '../../src/receive/options/options.js'
import { createReceiver, type Receiver } from '../../src/receive/receiver.js'
import { createMemoryStore } from '../../src/store/memory/store.js'
import { openRates } from '../support/open-rates.js'
import { serve, servePages } from '../support/servers.js'

const post = { id: '7', url: 'http://my.example/7' }

function receiverWith({
  allowHosts,
  lookup,
  ...options
}: Partial<ReceiverOptions> & Pick<NetworkOptions, 'allowHosts' | 'lookup'> = {}): Receiver {
  const client = createHttpClient({ allowHosts, lookup })
  const receiver = createReceiver({
    baseUrl: 'http://my.example/tb/',
    findPost: (id) => (id === '7' ? post : null),
    store: createMemoryStore(),
    client,
    verifyAfter: 0,
    onError: () => {},
    ...options,
  })
  onTestFinished(async () => {
    await receiver.close()
    await client.close()
  })
  return receiver
}

function send(
  receiver: Receiver,
  body: string,
  clientIp = '192.0.2.1',
  contentType = 'application/x-www-form-urlencoded',
) {
  return receiver.handle({ method: 'POST', url: '/tb/7', contentType, body: Buffer.from(body), clientIp })
}

describe('THREATS I2: sources that do not link here', () => {
  it('a thousand forged pings: none is visible', async () => {
    const source = await servePages(
      Object.fromEntries(Array.from({ length: 1000 }, (_, index) => [`/${index}`, 'no link'])),
    )
    const store = createMemoryStore()
    const receiver = receiverWith({ store, rateLimits: openRates, allowHosts: [source.host] })
    for (let index = 0; index < 1000; index += 1) {
      expect((await send(receiver, `url=${source.origin}/${index}&title=x`)).status).toBe(200)
    }
    let verified = 0
    await expect
      .poll(
        async () => {
          const { items } = await store.list({ state: 'unverified' }, { limit: 500, order: 'newest' })
          verified = items.filter(({ verification }) => verification?.outcome === 'not-linked').length
          return verified
        },
        { timeout: 20_000, interval: 200 },
      )
      .toBe(500)
    expect((await receiver.list('7')).items).toEqual([])
  }, 30_000)
})

const toLoopback: LookupFunction = (_hostname, options, callback) => {
  if (options.all) callback(null, [{ address: '127.0.0.1', family: 4 }])
  else callback(null, '127.0.0.1', 4)
}

describe('THREATS R7: the receiver as a reflector', () => {
  async function attack(hosts: number) {
    let requests = 0
    let atOnce = 0
    let most = 0
    const victim = await serve((_, response) => {
      requests += 1
      atOnce += 1
      most = Math.max(most, atOnce)
      setTimeout(() => {
        atOnce -= 1
        response.end('no link')
      }, 5)
    })
    const port = victim.host.split(':')[1]
    const names = Array.from({ length: hosts }, (_, index) =>
      hosts === 1 ? 'victim.example' : `s${index}.victim.example`,
    )
    let time = Date.now()
    const receiver = receiverWith({
      now: () => time,
      lookup: toLoopback,
      allowHosts: names.map((name) => `${name}:${port}`),
      rateLimits: { total: 1e6, perPost: 1e6, perClient: 1e6 },
    })
    const statuses = new Map<number, number>()
    for (let index = 0; index < 10_000; index += 1) {
      const url = `http://${names[index % names.length]}:${port}/?x=${index}`
      const { status } = await send(
        receiver,
        `url=${encodeURIComponent(url)}`,
        `198.51.${index % 100}.${index % 10}`,
      )
      statuses.set(status, (statuses.get(status) ?? 0) + 1)
      if (index % 100 === 0) time += 20_000
    }
    await new Promise((resolve) => setTimeout(resolve, 1500))
    return { requests, most, accepted: statuses.get(200) ?? 0, refused: statuses.get(429) ?? 0 }
  }

  it('ten thousand pings that name one victim: at most 60 requests an hour reach it, 2 at a time', async () => {
    const { requests, most, accepted, refused } = await attack(1)
    expect(accepted).toBeLessThanOrEqual(60)
    expect(accepted + refused).toBe(10_000)
    expect(requests).toBeGreaterThan(0)
    expect(requests).toBeLessThanOrEqual(60)
    expect(most).toBeLessThanOrEqual(2)
  }, 30_000)

  it('with random queries on a thousand sub-domains: at most 120', async () => {
    const { requests, accepted } = await attack(1000)
    expect(accepted).toBeLessThanOrEqual(120)
    expect(requests).toBeLessThanOrEqual(120)
  }, 30_000)
})

describe('floods', () => {
  it('are answered with 429 in XML, with Retry-After in seconds', async () => {
    const receiver = receiverWith({ rateLimits: { perHost: 2 } })
    const replies = []
    for (let index = 0; index < 3; index += 1)
      replies.push(await send(receiver, `url=http://a.example/${index}`))
    expect(replies.map(({ status }) => status)).toEqual([200, 200, 429])
    expect(replies[2]?.body).toContain('<error>1</error>')
    expect(Number(replies[2]?.headers['retry-after'])).toBeGreaterThan(0)
    expect((await send(receiver, 'url=http://b.example/')).status).toBe(200)
  })

  it.each([
    ['total', (index: number) => [`http://${index}.com/`, `192.0.2.${index}`]],
    ['perPost', (index: number) => [`http://${index}.com/`, `192.0.2.${index}`]],
    ['perHost', (index: number) => [`http://a.com/${index}`, `192.0.2.${index}`]],
    ['perDomain', (index: number) => [`http://${index}.a.com/`, `192.0.2.${index}`]],
    ['perClient', (index: number) => [`http://${index}.com/`, '192.0.2.1']],
    ['perClient', (index: number) => [`http://${index}.com/`, `2001:db8::${index}`]],
  ] as const)('%s is its own limit', async (name, pingOf) => {
    const receiver = receiverWith({ rateLimits: { ...openRates, [name]: 3 } })
    const statuses = []
    for (let index = 1; index <= 5; index += 1) {
      const [url, ip] = pingOf(index)
      statuses.push((await send(receiver, `url=${url}`, ip)).status)
    }
    expect(statuses).toEqual([200, 200, 200, 429, 429])
  })

  it('of pings that are refused anyway use up nothing', async () => {
    const receiver = receiverWith({ rateLimits: { total: 1 } })
    for (let index = 0; index < 10; index += 1) await send(receiver, 'url=nonsense')
    expect((await send(receiver, 'url=http://a.example/')).status).toBe(200)
  })
})

describe('THREATS H3: names and repeats', () => {
  it.each(['__proto__', 'constructor', 'toString', 'title[]', 'title[a]', 'charset[]', 'hasOwnProperty'])(
    'a field %s changes nothing but itself',
    async (name) => {
      const receiver = receiverWith({ publish: 'always' })
      await send(receiver, `${name}=x&url=http://a.example/&${name}=y&title=T`)
      expect((await receiver.list('7')).items).toMatchObject([{ url: 'http://a.example/', title: 'T' }])
      expect(Object.hasOwn(Object.prototype, 'x')).toBe(false)
      expect(({} as Record<string, unknown>)['polluted']).toBeUndefined()
    },
  )

  it('of two values the first counts', async () => {
    const receiver = receiverWith({ publish: 'always' })
    await send(receiver, 'url=http://a.example/&url=http://b.example/&title=1&title=2')
    expect((await receiver.list('7')).items).toMatchObject([{ url: 'http://a.example/', title: '1' }])
  })

  it('the body counts before the query', async () => {
    const receiver = receiverWith({ publish: 'always' })
    const body = Buffer.from('url=http://a.example/&title=body')
    await receiver.handle({
      method: 'POST',
      url: '/tb/7?title=query&blog_name=query',
      contentType: 'application/x-www-form-urlencoded',
      body,
    })
    expect((await receiver.list('7')).items).toMatchObject([{ title: 'body', blogName: 'query' }])
  })
})

describe('THREATS C1: character set labels', () => {
  const labels = [
    'UTF-7',
    'utf-8,sjis,euc-jp',
    'x'.repeat(200_000),
    '',
    ' ',
    '"',
    'auto',
    'ISO-2022-KR',
    'HZ',
    '\0',
    '__proto__',
  ]
  it.each(labels.map((label) => [label.slice(0, 20), label]))('%s is no reason to fail', async (_, label) => {
    const receiver = receiverWith({ publish: 'always', limits: { maxBodySize: 300_000 } })
    const body = `url=http://a.example/&title=%E6%97%A5%E6%9C%AC&charset=${encodeURIComponent(label)}`
    const type = `application/x-www-form-urlencoded; charset=${label.replace(/[^\x20-\x7e]/g, '')}`
    for (const contentType of ['application/x-www-form-urlencoded', type]) {
      expect((await send(receiver, body, undefined, contentType)).status).toBe(200)
    }
    expect((await receiver.list('7')).items).toMatchObject([{ title: '日本' }])
  })
})

describe('THREATS I4: absent, draft and closed posts', () => {
  it('get the same answer, byte for byte, after the same work', async () => {
    const asked: string[] = []
    const receiver = receiverWith({
      findPost: (id) => {
        asked.push(id)
        if (id === 'closed') return { id, url: 'http://my.example/closed', acceptsPings: false }
        if (id === 'old') return { id, url: 'http://my.example/old', publishedAt: new Date(0) }
        return null
      },
      closeAfterDays: 30,
    })
    for (const method of ['POST', 'GET', 'HEAD']) {
      const replies = new Set<string>()
      for (const id of ['absent', 'closed', 'draft', 'old']) {
        const request = { method, url: `/tb/${id}`, contentType: 'application/x-www-form-urlencoded' }
        replies.add(
          JSON.stringify(await receiver.handle({ ...request, body: Buffer.from('url=http://a.example/') })),
        )
      }
      expect(replies.size).toBe(1)
    }
    expect(asked).toHaveLength(12)
  })
})

describe('THREATS I3: sources that change after they were shown', () => {
  it('are looked at after a day and after thirty, and withdrawn when the link is gone', async () => {
    let time = Date.now()
    const pages: Record<string, string | undefined> = { '/entry': `<a href="${post.url}">x</a>` }
    const source = await servePages(pages)
    const events: string[] = []
    const receiver = receiverWith({
      now: () => time,
      allowHosts: [source.host],
      onEvent: ({ type }) => events.push(type),
    })
    await send(receiver, `url=${source.origin}/entry`)
    const shown = async (): Promise<number> => (await receiver.list('7')).items.length
    await expect.poll(shown).toBe(1)
    const looks = (): number => events.filter((type) => type === 'verified').length
    time += 25 * 3_600_000
    await expect.poll(looks, { timeout: 5000 }).toBe(2)
    expect(await shown()).toBe(1)
    pages['/entry'] = 'the link is gone'
    time += 30 * 24 * 3_600_000
    await expect.poll(looks, { timeout: 5000 }).toBe(3)
    expect(await shown()).toBe(1)
    time += 11 * 60_000
    await expect.poll(shown, { timeout: 5000 }).toBe(0)
    expect(events.at(-1)).toBe('rejected')
  }, 30_000)

  it('but what the author published stays', async () => {
    let time = Date.now()
    const source = await servePages({ '/entry': 'no link' })
    const store = createMemoryStore()
    const receiver = receiverWith({ store, now: () => time, allowHosts: [source.host] })
    await send(receiver, `url=${source.origin}/entry`)
    const [kept] = (await store.list({})).items
    await receiver.moderation.publish(kept?.id ?? '')
    time += 31 * 24 * 3_600_000
    await new Promise((resolve) => setTimeout(resolve, 1500))
    expect((await receiver.list('7')).items).toHaveLength(1)
  })
})

describe('THREATS I5: what the public handler offers', () => {
  it('no moderation: only the ping URLs answer', async () => {
    const receiver = receiverWith()
    for (const path of [
      '/tb/7/moderation',
      '/tb/moderation',
      '/tb/admin',
      '/moderation',
      '/tb/7?__mode=view',
      '/tb/7?__mode=delete',
    ]) {
      for (const method of ['GET', 'POST', 'DELETE']) {
        const { status } = await receiver.handle({ method, url: path })
        expect([200, 302, 404, 405]).toContain(status)
      }
    }
    expect((await receiver.moderation.list({})).items).toEqual([])
  })
})

describe('THREATS R7: sources that redirect to a victim', () => {
  it('count as fetches from the victim, whoever names them', async () => {
    let requests = 0
    const victim = await serve((_, response) => {
      requests += 1
      response.end('no link')
    })
    const portOf = (host: string): string => host.split(':')[1] ?? ''
    const relay = await serve((request, response) => {
      const location = `http://victim.example:${portOf(victim.host)}${request.url}`
      response.writeHead(302, { location }).end()
    })
    const relays = [1, 2, 3, 4, 5].map((number) => `relay${number}.test:${portOf(relay.host)}`)
    const receiver = receiverWith({
      lookup: toLoopback,
      allowHosts: [...relays, `victim.example:${portOf(victim.host)}`],
      rateLimits: { ...openRates, perHost: 20 },
    })
    for (let index = 0; index < 100; index += 1)
      await send(receiver, `url=http://${relays[index % 5]}/${index}`)
    await new Promise((resolve) => setTimeout(resolve, 2000))
    expect(requests).toBe(20)
  })

  it('reach it no more than twice at once', async () => {
    let atOnce = 0
    let most = 0
    const victim = await serve((_, response) => {
      atOnce += 1
      most = Math.max(most, atOnce)
      setTimeout(() => {
        atOnce -= 1
        response.end('no link')
      }, 100)
    })
    const portOf = (host: string): string => host.split(':')[1] ?? ''
    const relay = await serve((request, response) => {
      response
        .writeHead(302, { location: `http://victim.example:${portOf(victim.host)}${request.url}` })
        .end()
    })
    const relays = Array.from({ length: 20 }, (_, number) => `relay${number}.test:${portOf(relay.host)}`)
    const receiver = receiverWith({
      lookup: toLoopback,
      allowHosts: [...relays, `victim.example:${portOf(victim.host)}`],
      limits: { concurrentSources: 20 },
      rateLimits: openRates,
    })
    for (const each of relays) await send(receiver, `url=http://${each}/1`)
    await new Promise((resolve) => setTimeout(resolve, 1500))
    expect(most).toBe(2)
  })
})

describe('THREATS R12: one subscriber', () => {
  it('with all addresses of a /56 shuts nobody else out', async () => {
    const receiver = receiverWith({ rateLimits: { total: 50 } })
    const statuses = []
    for (let index = 0; index < 60; index += 1) {
      const ip = `2001:db8:0:${(index % 256).toString(16)}::${index}`
      statuses.push(
        (await send(receiver, `url=http://${index}.com/`, index % 2 ? ip : `[${ip}]:${index}`)).status,
      )
    }
    expect(statuses.filter((status) => status === 200)).toHaveLength(20)
    expect((await send(receiver, 'url=http://other.com/', '2001:db8:0:100::1')).status).toBe(200)
  })
})
