import { describe, expect, it } from 'vitest'
import { newDelivery } from '../../../src/send/outbox/delivery.js'
import { createMemoryStore } from '../../../src/store/memory/store.js'
import type { Store } from '../../../src/store/store.js'
import { post, receiverWith } from '../../receive/support.js'
import { attribute, payloads, textOf } from '../../render/page.js'
import { moderationWith, origin, receiverHolding, type Seen, visit } from './support.js'

/** What a page consists of, without what it says. */
const skeletonOf = ({ elements }: Seen) =>
  elements.map(({ tagName, attrs }) => [tagName, ...attrs.map(({ name }) => name)].join(' '))

/** The pages that show a trackback, and a ping that was sent, all of whose texts are one text. */
async function pagesWith(text: string): Promise<Seen[]> {
  const verification = {
    outcome: 'linked',
    reason: text,
    checkedAt: 1,
    attempts: 1,
    title: text,
    finalUrl: 'https://b.example/',
    passage: { before: text, link: text, after: text },
  }
  const { receiver } = await receiverHolding({
    url: 'https://a.example/',
    ...{
      title: text,
      excerpt: text,
      blogName: text,
      charset: text,
      charsetSource: text,
      clientIp: text,
      postId: text,
      verification,
    },
    checks: [{ check: text, score: -1, reason: text }],
    history: [{ at: 1, state: 'held', by: 'author', reason: text, user: text }],
  })
  await receiver.moderation.block({ kind: 'host', value: 'a.example' }, text, text)
  const named = {
    ...receiver,
    findPost: async (id: string) => ({ id, url: 'https://my.example/', title: text }),
  }
  const answer = { outcome: 'refused', message: text, code: 1, status: 200, pingUrl: text } as const
  const delivery = newDelivery(text, { url: 'https://a.example/', isPingUrl: false }, 1)
  const sent = { ...delivery, state: 'refused', pingUrl: text, answer, reason: text } as const
  const sender = { list: async () => ({ items: [sent], total: 1, counts: {} }), retry: async () => null }
  const browser = visit(moderationWith(named, { sender }).fetch, 'hanako')
  const paths = ['held', 'trackback/1', 'sent', 'blocks', `search?q=${encodeURIComponent('https://a')}`]
  const pages: Seen[] = []
  for (const path of paths) pages.push(await browser.open(path))
  return pages
}

describe('THREATS X1: hostile text changes nothing but the text', () => {
  it('in any part of a trackback, on any page', async () => {
    const harmless = (await pagesWith('harmless')).map(skeletonOf)
    for (const payload of payloads) {
      const pages = await pagesWith(payload)
      expect(pages.map(skeletonOf), JSON.stringify(payload)).toEqual(harmless)
    }
  }, 120_000)

  it('in a search', async () => {
    const { receiver } = await receiverHolding()
    const browser = visit(moderationWith(receiver).fetch)
    const harmless = skeletonOf(await browser.open('search?q=harmless'))
    for (const payload of payloads.filter((text) => text.trim() !== '')) {
      const seen = await browser.open(`search?q=${encodeURIComponent(payload.toWellFormed())}`)
      const isEmpty = textOf(seen.elements.find(({ tagName }) => tagName === 'h1')) === 'Search'
      if (!isEmpty) expect(skeletonOf(seen), JSON.stringify(payload)).toEqual(harmless)
    }
  })
})

describe('THREATS X2: what is no web page is shown without a link', () => {
  it.each([
    'javascript:alert(1)',
    'data:text/html,x',
    'JaVaScRiPt://a.example/%0aalert(1)',
    '//a.example/',
    '',
  ])('%j', async (url) => {
    const verification = {
      outcome: 'linked',
      reason: '',
      checkedAt: 1,
      attempts: 1,
      finalUrl: url,
      passage: { before: '', link: 'x', after: '' },
    }
    const { receiver, ids } = await receiverHolding({ url, sourceKey: 'k', verification })
    const named = { ...receiver, findPost: async (id: string) => ({ id, url, title: 'post' }) }
    const browser = visit(moderationWith(named).fetch)
    for (const path of ['', `trackback/${ids[0]}`]) {
      const { elements } = await browser.open(path)
      const leads = elements.flatMap((each) => [
        attribute(each, 'href'),
        attribute(each, 'cite'),
        attribute(each, 'action'),
      ])
      expect(leads.filter((each) => each && !/^(\/moderation\/|#main|data:,$)/.test(each))).toEqual([])
    }
  })

  it('and links to strangers say so', async () => {
    const { receiver } = await receiverHolding({ url: 'http://user:secret@source.example/"><script>' })
    const { elements } = await visit(moderationWith(receiver).fetch).open('')
    const link = elements.find((each) => attribute(each, 'href')?.startsWith('http://source'))
    expect([attribute(link, 'href'), attribute(link, 'rel'), textOf(link)]).toEqual([
      'http://source.example/%22%3E%3Cscript%3E',
      'ugc nofollow noopener noreferrer',
      'source.example',
    ])
  })
})

describe('every answer', () => {
  it('forbids frames, caches and foreign parts, and allows its own style and script by their hashes', async () => {
    const { receiver } = await receiverHolding({})
    const browser = visit(moderationWith(receiver).fetch)
    const answers = [
      await browser.open(''),
      await browser.open('nothing'),
      await visit(moderationWith(receiver).fetch, '').open(''),
    ]
    const scripts: string[] = []
    for (const { headers, html } of answers) {
      const policy = headers.get('content-security-policy') ?? ''
      const hashOf = async (text: string) =>
        Buffer.from(await crypto.subtle.digest('SHA-256', Buffer.from(text))).toString('base64')
      const style = await hashOf(/<style>([\s\S]*)<\/style>/.exec(html)?.[1] ?? '')
      scripts.push(...[...html.matchAll(/<script>([\s\S]*?)<\/script>/g)].map(([, text = '']) => text))
      const script = await hashOf(scripts[0] ?? '')
      expect(policy).toBe(
        `default-src 'none'; style-src 'sha256-${style}'; script-src 'sha256-${script}'; img-src data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'`,
      )
      expect(headers.get('cache-control')).toBe('no-store')
      expect(headers.get('x-frame-options')).toBe('DENY')
      expect(headers.get('referrer-policy')).toBe('same-origin')
      expect(headers.get('x-content-type-options')).toBe('nosniff')
      expect(html).not.toMatch(/<script | style=| on\w+=/)
    }
    expect([scripts.length, scripts[0]]).toEqual([1, expect.not.stringMatching(/<\/|<!--|innerHTML|fetch/)])
  })
})

describe('without a mouse and without sight', () => {
  it('every field has a label, every button says what it is about, headings follow on each other', async () => {
    for (const { elements } of await pagesWith('text')) {
      const ids = elements.map((each) => attribute(each, 'id')).filter((id) => id !== undefined)
      expect(new Set(ids).size).toBe(ids.length)
      for (const name of ['aria-describedby', 'aria-labelledby', 'for']) {
        const named = elements.map((each) => attribute(each, name)).filter((id) => id !== undefined)
        expect(named.filter((id) => !ids.includes(id))).toEqual([])
      }
      const levels = elements
        .filter(({ tagName }) => /^h\d$/.test(tagName))
        .map(({ tagName }) => Number(tagName[1]))
      expect(levels[0]).toBe(1)
      expect(levels.filter((level) => level === 1)).toHaveLength(1)
      levels.forEach((level, index) => void expect(level - (levels[index - 1] ?? 0)).toBeLessThanOrEqual(1))
      expect(
        attribute(
          elements.find(({ tagName }) => tagName === 'a'),
          'href',
        ),
      ).toBe('#main')
    }
  })
})

describe('a store that throws at once', () => {
  const broken = [
    ['count', { count: () => fail() }],
    ['list', { list: () => fail() }],
    ['records', { records: { get: () => fail(), put: () => Promise.reject(new Error('the secret')) } }],
    [
      'count, while the secret is not to be had',
      {
        count: () => fail(),
        records: { get: () => Promise.reject(new Error('no')), put: () => Promise.reject(new Error('no')) },
      },
    ],
  ] as unknown as [string, Partial<Store>][]
  const fail = (): never => {
    throw new Error('at once')
  }

  it.each(broken)('gives a 500, and leaves no promise that nobody waits for: %s', async (_, methods) => {
    const unhandled: unknown[] = []
    const listener = (error: unknown) => void unhandled.push(error)
    process.on('unhandledRejection', listener)
    const store = createMemoryStore()
    const records = { ...store.records, ...methods.records }
    const receiver = receiverWith({
      store: { ...store, ...methods, records },
      worker: false,
      onError: () => {},
    })
    const page = moderationWith(receiver)
    const request = new Request(`${origin}/moderation/`, { headers: { 'x-user': 'me' } })
    expect((await page.fetch(request)).status).toBe(500)
    await receiver.view(post).catch(() => {})
    await new Promise((resolve) => setTimeout(resolve, 20))
    process.off('unhandledRejection', listener)
    expect(unhandled).toEqual([])
  })
})

describe('the lists of what waits', () => {
  it.each([
    ['en', 'Without a decision they are deleted after 7 days.'],
    ['ja', '7日以内に判断されなかったものは消去されます。'],
  ])('say when it is deleted, in %s', async (lang, deadline) => {
    const page = moderationWith(receiverWith({ worker: false, limits: { maxHeldDays: 7 } }), { lang })
    const bodies = ['', 'unverified', 'published'].map(async (path) => {
      const request = new Request(`${origin}/moderation/${path}`, { headers: { 'x-user': 'me' } })
      return (await page.fetch(request)).text()
    })
    const [waiting, pending, published] = await Promise.all(bodies)
    expect([waiting, pending, published].map((body) => body?.includes(deadline))).toEqual([true, true, false])
  })
})
