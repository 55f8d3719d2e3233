import { once } from 'node:events'
import { request as httpRequest, type IncomingMessage } from 'node:http'
import { describe, expect, it, onTestFinished } from 'vitest'
import { discover } from '../../../src/discover/discover.js'
import { discoverInFeed } from '../../../src/discover/feed.js'
import { toNodeHandler } from '../../../src/receive/hosts/node-handler.js'
import { createReceiver } from '../../../src/receive/receiver.js'
import { sendPing } from '../../../src/send/send-ping.js'
import { createMemoryStore } from '../../../src/store/memory/store.js'
import { bodyOf, clientFor, serve } from '../../support/servers.js'
import { type Engine, run, type Texts } from './engine.js'
import { engines } from './engines.js'

const samples: Readonly<Record<string, Texts>> = {
  English: {
    url: 'http://my.example/7',
    title: 'Tom & Jerry',
    excerpt: 'I read "it" today.',
    blogName: 'My blog',
  },
  Japanese: {
    url: 'http://my.example/7',
    title: '峯の記事',
    excerpt: '今日はとても良い天気でした。',
    blogName: 'ある日の日記',
  },
  Latvian: {
    url: 'http://my.example/7',
    title: 'Rīga',
    excerpt: 'Tiếng Việt ở đây',
    blogName: 'Kölner Blog',
  },
}
const korean: Texts = {
  url: 'http://my.example/7',
  title: '안녕하세요 여러분',
  excerpt: '오늘 글을 읽었습니다.',
  blogName: '나의 블로그',
}

describe.each(engines.map((engine) => [engine.name, engine] as const))('%s', (name, engine) => {
  it.each(Object.entries(samples))('keeps what is sent to it: %s', async (_, texts) => {
    const { host, pingUrl, kept } = await run(engine)
    const result = await sendPing(pingUrl, texts, { client: clientFor(host) })
    expect(result).toMatchObject({ outcome: 'accepted', pingUrl })
    expect(kept).toEqual([texts])
  })

  it.each(Object.entries(name.startsWith('Textcube') ? { Korean: korean } : samples))(
    'is read as it sends: %s',
    async (_, texts) => {
      const { headers, body, expected } = engine.send(texts)
      const store = createMemoryStore()
      const receiver = createReceiver({
        baseUrl: 'http://other.example/tb/',
        findPost: (id) => ({ id, url: `http://other.example/${id}` }),
        store,
        worker: false,
      })
      onTestFinished(() => receiver.close())
      const { origin } = await serve(toNodeHandler(receiver))
      const request = httpRequest(`${origin}/tb/1`, { method: 'POST', headers }).end(body)
      const [response] = (await once(request, 'response')) as [IncomingMessage]
      expect(String(await bodyOf(response))).toContain('<error>0</error>')
      const { items } = await store.list({ postId: '1' })
      expect(items).toMatchObject([expected])
    },
  )

  it.each(engine.refusals ?? [])(
    'is understood when it does not take a ping: $when',
    async ({ answer, means }) => {
      const { host, pingUrl, kept } = await run({ ...engine, receive: () => answer })
      const result = await sendPing(pingUrl, { url: 'http://my.example/7' }, { client: clientFor(host) })
      expect(result).toMatchObject({ ...means, status: answer.status ?? 200 })
      expect(kept).toEqual([])
    },
  )

  if (engine.page) it('announces its ping URL on the page of a post', announces)

  async function announces() {
    const { host, pageUrl, pingUrl } = await run(engine)
    expect((await discover(pageUrl, { client: clientFor(host) })).pingUrl).toBe(pingUrl)
  }
})

describe('what an engine loses (PROTOCOL 111-113)', () => {
  const [wordpress6, wordpress7] = engines
  const serendipity = engines.find(({ name }) => name.startsWith('Serendipity'))

  it('Serendipity destroys the text of a ping that names its charset, unless its own field says the same', async () => {
    const { pingUrl, kept } = await run(serendipity as Engine)
    const send = (fields: string) =>
      fetch(pingUrl, {
        method: 'POST',
        body: new URLSearchParams(`url=http://my.example/7&title=%E5%B3%AF${fields}`),
      })
    for (const fields of ['&charset=utf-8', '', '&charset=utf-8&serendipity[charset]=UTF-8/'])
      await send(fields)
    expect(kept.map(({ title }) => title)).toEqual(['???', '峯', '峯'])
  })

  it('WordPress guesses wrongly without the field charset', async () => {
    const { pingUrl, kept } = await run(wordpress7 as Engine)
    await fetch(pingUrl, {
      method: 'POST',
      body: new URLSearchParams({ url: 'http://my.example/7', title: '峯' }),
    })
    expect(kept.map(({ title }) => title)).toEqual(['蟲ｯ'])
  })

  it.each([
    ['euc-jp', 'unrecognised'],
    ['shift_jis', 'unrecognised'],
    ['euc-kr', 'unrecognised'],
    ['iso-2022-jp', 'accepted'],
    ['utf-8', 'accepted'],
  ])('WordPress since 6.9 and %s: %s, and the version before takes it', async (charset, outcome) => {
    const texts = { url: 'http://my.example/7', title: '日本', excerpt: '日本', blogName: '日本' }
    for (const [engine, means] of [
      [wordpress6, 'accepted'],
      [wordpress7, outcome],
    ] as const) {
      const { host, pingUrl, kept } = await run(engine as Engine)
      const result = await sendPing(pingUrl, texts, { client: clientFor(host), charset })
      expect(result.outcome).toBe(means)
      expect(kept).toEqual(means === 'accepted' ? [texts] : [])
    }
  })
})

it('the feed of Geeklog names the ping URLs of its items (PROTOCOL 116)', () => {
  const feed = `<?xml version="1.0" encoding="iso-8859-1"?><rss version="2.0" \
xmlns:trackback="http://madskills.com/public/xml/rss/module/trackback/"><channel><title>Geeklog</title><item>\
<title>ようこそ</title><link>http://other.example/article.php/welcome</link>\
<trackback:ping>http://other.example/trackback.php?id=welcome</trackback:ping></item></channel></rss>`
  const { items } = discoverInFeed(Buffer.from(feed), { url: 'http://other.example/backend/geeklog.rss' })
  expect(items).toMatchObject([
    {
      link: 'http://other.example/article.php/welcome',
      pingUrl: 'http://other.example/trackback.php?id=welcome',
    },
  ])
})
