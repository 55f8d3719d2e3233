import { describe, expect, it, onTestFinished } from 'vitest'
import { discover } from '../../../src/discover/discover.js'
import { createReceiver } from '../../../src/receive/receiver.js'
import { sendPing } from '../../../src/send/send-ping.js'
import { createMemoryStore } from '../../../src/store/memory/store.js'
import { clientFor } from '../../support/servers.js'
import { run, type Texts } from './engine.js'
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
      const answer = await receiver.handle({
        method: 'POST',
        url: '/tb/1',
        contentType: headers['content-type'] ?? null,
        body: Buffer.from(body),
      })
      expect(answer.body).toContain('<error>0</error>')
      const { items } = await store.list({ postId: '1' })
      expect(items).toMatchObject([expected])
    },
  )

  if (engine.page) it('announces its ping URL on the page of a post', announces)

  async function announces() {
    const { host, pageUrl, pingUrl } = await run(engine)
    expect((await discover(pageUrl, { client: clientFor(host) })).pingUrl).toBe(pingUrl)
  }
})
