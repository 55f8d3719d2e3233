import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { createFormTokens } from '../../../src/programs/moderation-page/requests/tokens.js'
import { openSqlite } from '../../../src/sql/sqlite/open.js'
import { attribute } from '../../render/page.js'
import { moderationWith, origin, receiverHolding, type Seen, textIn, visit } from './support.js'

async function opened(options: Parameters<typeof moderationWith>[1] = {}) {
  const { receiver, store, ids } = await receiverHolding({ title: 'one' }, { title: 'two' })
  const told: string[] = []
  const reporting = { ...receiver, report: (error: unknown) => void told.push((error as Error).message) }
  const moderation = moderationWith(reporting, options)
  const browser = visit(moderation.fetch)
  await browser.open('')
  const [id = ''] = ids
  const body = (token = browser.token()) => new URLSearchParams({ token, do: `publish:${id}` }).toString()
  const state = async () => (await store.get(id))?.state
  return { receiver, store, ids, moderation, browser, body, state, id, told }
}

const refused = ({ status, elements }: Seen) => [status, textIn({ elements } as Seen, 'h1')]

describe('a form of the page', () => {
  it('is taken from the page itself', async () => {
    const { browser, body, state } = await opened()
    expect((await browser.post(body(), { 'sec-fetch-site': 'same-origin' })).status).toBe(200)
    expect(await state()).toBe('published')
  })

  it.each([
    ['another site', { origin: 'http://evil.example' }],
    ['another port of this host', { origin: 'http://my.example:8080' }],
    ['the same host by https', { origin: 'https://my.example' }],
    ['a page without an origin', { origin: 'null' }],
    ['what the browser calls another site', { 'sec-fetch-site': 'cross-site' }],
    ['what the browser calls a sister site', { 'sec-fetch-site': 'same-site' }],
    ['what the browser calls nowhere', { 'sec-fetch-site': 'none' }],
  ])('is refused from %s', async (_, headers: Record<string, string>) => {
    const { browser, body, state, told } = await opened()
    expect(refused(await browser.post(body(), headers))).toEqual([
      403,
      expect.stringContaining('did not come from'),
    ])
    expect(await state()).toBe('held')
    const { origin: from } = headers
    expect(told).toEqual(
      from === undefined ? [] : [expect.stringContaining(`came from ${from}, but baseUrl's origin is`)],
    )
  })

  it('keeps what it did, to be undone, where one of many could not be done', async () => {
    const { receiver, store, ids } = await receiverHolding({ title: 'one' }, { title: 'two' })
    const errors: unknown[] = []
    const broken = new Error('the database is down')
    const { moderation } = receiver
    const spam: typeof moderation.spam = (id, ...rest) =>
      id === ids[0] ? Promise.reject(broken) : moderation.spam(id, ...rest)
    const report = (error: unknown) => void errors.push(error)
    const failing = { ...receiver, moderation: { ...moderation, spam }, report }
    const browser = visit(moderationWith(failing).fetch)
    await browser.open('')
    const seen = await browser.press(
      'spam',
      ids.map((id) => ['id', id]),
    )
    expect([seen.status, errors]).toEqual([200, [broken]])
    const states = async () => Promise.all(ids.map(async (id) => (await store.get(id))?.state))
    expect(await states()).toEqual(['held', 'rejected'])
    const undo = seen.elements.find((each) => attribute(each, 'value')?.startsWith('undo:'))
    await browser.press(attribute(undo, 'value') ?? '')
    expect(await states()).toEqual(['held', 'held'])
  })

  it('from another origin is told to onError once, with both origins; what the browser calls foreign is not', async () => {
    const errors: Error[] = []
    const { receiver } = await receiverHolding({})
    const reporting = { ...receiver, report: (error: unknown) => void errors.push(error as Error) }
    const browser = visit(moderationWith(reporting).fetch)
    await browser.post('', { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' })
    expect(errors).toEqual([])
    for (const from of ['https://my.example', 'http://other.example'])
      expect((await browser.post('', { origin: from })).status).toBe(403)
    expect(errors.map(({ message }) => message)).toEqual([
      expect.stringMatching(/came from https:\/\/my\.example, .* origin is http:\/\/my\.example\. /),
    ])
    const long = visit(moderationWith(reporting).fetch)
    await long.post('', { origin: `http://${'x'.repeat(5000)}.example` })
    expect(errors[1]?.message.length).toBeLessThan(500)
  })

  it('is refused without a token, with one that is made up, and with one that was changed', async () => {
    const { browser, body, state } = await opened()
    const [expiry = '', nonce = '', signed = ''] = browser.token().split('.')
    const later = (Number.parseInt(expiry, 36) + 1e9).toString(36)
    for (const token of [
      '',
      'x',
      '..',
      `${later}.${nonce}.${signed}`,
      `${expiry}.${nonce}x.${signed}`,
      `${expiry}.${nonce}.${signed}x`,
    ]) {
      expect(refused(await browser.post(body(token))), token).toEqual([
        403,
        expect.stringContaining('not valid for your account'),
      ])
    }
    expect(await state()).toBe('held')
  })

  it('is refused with the token of another user', async () => {
    const { moderation, browser, body, state } = await opened()
    const seen = await visit(moderation.fetch, 'mallory').post(body(browser.token()))
    expect(refused(seen)).toEqual([403, expect.stringContaining('not valid for your account')])
    expect(await state()).toBe('held')
  })

  it('is refused with a token that has expired', async () => {
    let time = Date.now()
    const { browser, body, state } = await opened({ formTtl: 1000, now: () => time })
    const sent = body()
    time += 1000
    expect(refused(await browser.post(sent))).toEqual([403, expect.stringContaining('has expired')])
    expect(await state()).toBe('held')
  })

  it('is taken once: a second time it changes nothing', async () => {
    const { receiver, browser, body, state, id } = await opened()
    const sent = body()
    await browser.post(sent)
    await receiver.moderation.hold(id)
    expect(refused(await browser.post(sent))).toEqual([409, expect.stringContaining('already submitted')])
    expect(await state()).toBe('held')
  })

  it('is taken once by many pages on one store that get it at once', async () => {
    const { receiver, body, store, id } = await opened()
    const sent = body()
    const pages = Array.from({ length: 6 }, () => visit(moderationWith(receiver).fetch))
    const statuses = (await Promise.all(pages.map((page) => page.post(sent)))).map(({ status }) => status)
    expect(statuses.sort()).toEqual([200, 409, 409, 409, 409, 409])
    expect((await store.get(id))?.history).toHaveLength(1)
  })

  it('keeps a used token no longer than it would have been good', async () => {
    const { browser, body, store } = await opened({ formTtl: 60_000 })
    await browser.post(body())
    expect((await store.records.list('moderation-form', '')).items).toHaveLength(1)
    await store.records.sweep(Date.now() + 61_000)
    expect((await store.records.list('moderation-form', '')).items).toEqual([])
  })

  it.each([
    ['an action there is none of', 'do=explode:1', 400],
    ['an undo of nothing', 'do=undo', 400],
    ['a block of no kind', 'do=add-block&kind=planet&value=x', 400],
    ['no action', '', 400],
    [
      'more trackbacks than a page has',
      `do=publish${'&id=x'.repeat(1)}${Array.from({ length: 101 }, (_, id) => `&id=${id}`).join('')}`,
      400,
    ],
  ])('with %s is answered clearly', async (_, rest, status) => {
    const { browser } = await opened()
    const seen = await browser.post(`token=${browser.token()}&${rest}`)
    expect(refused(seen)).toEqual([status, expect.stringContaining('no such action')])
  })

  it('with ids that no trackback has says that they were not found', async () => {
    const { browser, ids } = await opened()
    for (const id of ['999', '', "1' OR 1=1 --", '../../x', '0', '-1', '𠮷'].filter(Boolean)) {
      await browser.open('')
      const seen = await browser.post(
        `token=${browser.token()}&do=publish&id=${encodeURIComponent(id)}&id=${ids[0]}`,
      )
      expect([seen.status, seen.html.includes('1 trackback no longer exist')], id).toEqual([200, true])
    }
  })

  it('larger than a form can be, or of another type, is refused', async () => {
    const { browser, body, state } = await opened()
    expect((await browser.post(`${body()}&note=${'x'.repeat(70_000)}`)).status).toBe(413)
    expect((await browser.post(body(), { 'content-type': 'application/json' })).status).toBe(415)
    expect((await browser.post(body(), { 'content-type': 'text/plain' })).status).toBe(415)
    expect(await state()).toBe('held')
  })

  it('leads back to where it was, and nowhere else', async () => {
    const { moderation, browser } = await opened()
    const places = {
      'published?after=2': 'published?after=2',
      '//evil.example/': 'held',
      'http://evil.example/': 'held',
    }
    for (const [from, to] of Object.entries(places)) {
      await browser.open('')
      const response = await moderation.fetch(
        new Request(`${origin}/moderation/`, {
          method: 'POST',
          headers: { 'x-user': 'hanako', 'content-type': 'application/x-www-form-urlencoded' },
          body: new URLSearchParams({ token: browser.token(), do: 'publish', from }),
        }),
      )
      expect(response.status).toBe(303)
      expect(response.headers.get('location')).toMatch(
        `/moderation/${to}${to.includes('?') ? '&' : '?'}done=`,
      )
    }
  })
})

describe('GET and HEAD', () => {
  it('change nothing, whatever they name', async () => {
    const { browser, moderation, body, state } = await opened()
    await browser.open(`?${body()}`)
    await browser.open(`held?${body()}`)
    const headers = { 'x-user': 'hanako' }
    await moderation.fetch(new Request(`${origin}/moderation/?${body()}`, { method: 'HEAD', headers }))
    expect(await state()).toBe('held')
    expect((await browser.post(body())).status).toBe(200)
    expect(await state()).toBe('published')
  })
})

describe('createFormTokens', () => {
  it('lets one of several processes on one store use a token, and knows those of the others', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'trackbacks-'))
    onTestFinished(() => rm(folder, { recursive: true }))
    const stores = Array.from({ length: 3 }, () => openSqlite(join(folder, 'trackbacks.db')))
    const processes = stores.map(({ records }) => createFormTokens(records, 60_000, Date.now))
    const token = (await processes[0]?.issue('hanako')) ?? ''
    const verdicts = await Promise.all(processes.map((each) => each.spend(token, 'hanako')))
    expect(verdicts.sort()).toEqual(['good', 'used', 'used'])
    for (const store of stores) await store.close()
  })

  it('makes tokens that are all different and hold nothing of the user', async () => {
    const { store } = await receiverHolding()
    const tokens = createFormTokens(store.records, 1000, () => 1)
    const made = await Promise.all(Array.from({ length: 50 }, () => tokens.issue('hanako')))
    expect(new Set(made).size).toBe(50)
    expect(made.join()).not.toContain('hanako')
  })
})
