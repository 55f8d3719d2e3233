import { describe, expect, it, onTestFinished } from 'vitest'
import { createModerationHandler } from '../../../src/programs/moderation-page/handler.js'
import { createDeliveries, type DeliveryState, newDelivery } from '../../../src/send/outbox/delivery.js'
import { createSender } from '../../../src/send/outbox/sender.js'
import { post } from '../../receive/support.js'
import { attribute, textOf } from '../../render/page.js'
import { origin, receiverHolding, type Seen, textIn, textsOf, titlesOf, visit } from './support.js'

const answer = { outcome: 'refused', code: 1, status: 200, pingUrl: 'https://a.example/tb' } as const

/** A page with a sender whose store has deliveries, each changed a minute after the one before. */
async function pageWith(...states: DeliveryState[]) {
  const { receiver, store } = await receiverHolding()
  for (const [index, state] of states.entries()) {
    const url = `https://a.example/${index}`
    const delivery = newDelivery(post.id, { url, isPingUrl: false }, Date.UTC(2026, 10, 1, 0, index))
    const refused = { attempts: 1, pingUrl: answer.pingUrl, answer: { ...answer, message: '<b>お断り</b>' } }
    const given = state === 'refused' ? { ...refused, reason: { code: 'refused' } as const } : {}
    await createDeliveries(store.records).write({ ...delivery, state, ...given }, 0)
  }
  const sender = createSender({ store, blogName: 'My blog', worker: false })
  onTestFinished(() => sender.close())
  const handler = createModerationHandler<Request>(receiver, {
    baseUrl: `${origin}/moderation/`,
    authorize: (request) => {
      const user = request.headers.get('x-user') ?? ''
      return user === 'hanako' ? user : { user, blog: 'a' }
    },
    ...{ sender, timeZone: 'UTC', pageSize: 2 },
  })
  return { sender, handler, store, browser: visit(handler.fetch) }
}

const retries = ({ elements }: Seen) =>
  elements.map((each) => attribute(each, 'value') ?? '').filter((value) => value.startsWith('retry:'))
const tabs = ({ elements }: Seen) =>
  elements
    .filter(({ tagName, parentNode }) => tagName === 'a' && parentNode?.nodeName === 'li')
    .map((each) => textOf(each).replace(/\s+/g, ' '))

describe('the list of what was sent', () => {
  it('has what needs attention first, then what waits, then the newest; counts and turns pages', async () => {
    const { browser } = await pageWith('accepted', 'refused', 'waiting', 'failed', 'gave-up')
    const first = await browser.open('sent')
    expect(textsOf(first, 'choices')[0]).toMatch(
      /^All Failed 1 Given up 1 Refused 1 Waiting 1 Accepted 1 Takes no/,
    )
    expect(titlesOf(first)).toEqual(['https://a.example/4', 'https://a.example/3'])
    expect(textsOf(first, 'range')).toEqual(['1–2 of 5'])
    const next = first.elements.find((each) => attribute(each, 'rel') === 'next')
    const second = await browser.open(attribute(next, 'href')?.replace('/moderation/', '') ?? '')
    expect(titlesOf(second)).toEqual(['https://a.example/1', 'https://a.example/2'])
    expect(textsOf(second, 'range')).toEqual(['3–4 of 5'])
    expect(titlesOf(await browser.open('sent?state=accepted'))).toEqual(['https://a.example/0'])
    expect(titlesOf(await browser.open('sent?state=nonsense'))).toEqual(titlesOf(first))
  })

  it('is read once for its own page, and once in ten seconds for the tabs of all others', async () => {
    const { browser, store } = await pageWith('refused', 'accepted')
    const { list } = store.records
    const read: string[] = []
    store.records.list = (kind, ...rest) => list(read[read.push(kind) - 1] ?? kind, ...rest)
    for (const path of ['', 'published', 'search?q=x', 'blocks', 'sent']) {
      expect(tabs(await browser.open(path))).toContain('Sent 1')
      expect(read.filter((kind) => kind === 'delivery')).toHaveLength(path === 'sent' ? 2 : 1)
    }
  })

  it('says what became of a ping, in the words of the other side, and which post it is about', async () => {
    const { browser } = await pageWith('refused')
    const seen = await browser.open('sent')
    expect(textsOf(seen, 'meta')).toEqual([
      `Refused ← ${post.title} Nov 1, 2026, 12:00 AM 1 attempt`,
      'https://a.example/tb',
    ])
    expect(textsOf(seen, 'excerpt')).toEqual(['refused: <b>お断り</b>'])
    expect(textIn(await browser.open('sent?state=failed'), 'main')).toContain('Nothing here.')
  })

  it.each<[DeliveryState, boolean]>([
    ['failed', true],
    ['gave-up', true],
    ['refused', true],
    ['no-ping-url', true],
    ['waiting', false],
    ['accepted', false],
    ['duplicate', false],
  ])('%s: has a button that sends again: %s', async (state, has) => {
    const { browser } = await pageWith(state)
    expect(retries(await browser.open('sent'))).toHaveLength(has ? 1 : 0)
  })

  it('sends again, once, by a form of the page', async () => {
    const { browser, sender } = await pageWith('refused')
    const [retry = ''] = retries(await browser.open('sent'))
    const seen = await browser.press(retry)
    expect(textsOf(seen, 'status')).toEqual(['It will be sent again.'])
    expect((await sender.report(post.id))?.deliveries ?? (await sender.list()).items).toMatchObject([
      { state: 'waiting', attempts: 0 },
    ])
    expect(retries(seen)).toEqual([])
    const token = new URLSearchParams({ token: browser.token(), do: retry })
    expect(textsOf(await browser.post(token.toString()), 'status')).toEqual(['It will be sent again.'])
    const other = new URLSearchParams({ token: browser.token(), do: 'retry:nonsense' })
    expect(textsOf(await browser.post(other.toString()), 'status')).toEqual([
      'There was nothing to send again.',
    ])
  })

  it('is not there without a sender, nor for an author of some blogs, who sends nothing again either', async () => {
    const { handler, sender, browser: root } = await pageWith('refused')
    const author = visit(handler.fetch, 'taro')
    const seen = await author.open('')
    expect(seen.status).toBe(200)
    expect(tabs(seen).filter((tab) => tab.startsWith('Sent'))).toEqual([])
    expect((await author.open('sent')).status).toBe(404)
    await author.open('blocks?value=spam.example') // has a form, and so a token
    const [retry = ''] = retries(await root.open('sent'))
    const forged = new URLSearchParams({ token: author.token(), do: retry })
    expect(textsOf(await author.post(forged.toString()), 'status')).toEqual([
      'There was nothing to send again.',
    ])
    expect((await sender.list()).items).toMatchObject([{ state: 'refused' }])
    const { receiver } = await receiverHolding()
    const without = createModerationHandler<Request>(receiver, {
      baseUrl: origin,
      mountPath: '/',
      authorize: () => 'x',
    })
    expect((await without.fetch(new Request(`${origin}/sent`))).status).toBe(404)
  })
})
