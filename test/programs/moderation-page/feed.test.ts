import { parseAtomFeed } from 'feedsmith'
import { describe, expect, it } from 'vitest'
import { createModerationHandler } from '../../../src/programs/moderation-page/handler.js'
import type { ModerationHandlerOptions } from '../../../src/programs/moderation-page/options.js'
import { post } from '../../receive/support.js'
import { attribute } from '../../render/page.js'
import { origin, receiverHolding, type Seen, textsOf, type Visitor, visit } from './support.js'

const page = `${origin}/moderation/`

/** A page for hanako, who may moderate everything, and for taro, who has the blogs in `blogs`; two blogs have one that waits. */
async function opened(options: Partial<ModerationHandlerOptions<Request>> = {}) {
  const { receiver, ids } = await receiverHolding(
    { title: '待合室 <の> & 時計', blog: 'a', blogName: '' },
    { title: 'Of b', blog: 'b' },
    { title: 'Shown', blog: 'a', state: 'published' },
  )
  const blogs = ['a']
  const handler = createModerationHandler<Request>(receiver, {
    baseUrl: page,
    authorize: (request) => {
      const user = request.headers.get('x-user') ?? ''
      return user === 'taro' ? { user, blogs } : user
    },
    ...options,
  })
  const read = async (url: string | undefined) => {
    const answer = await handler.fetch(new Request(url ?? `${page}feed`))
    return { status: answer.status, headers: answer.headers, text: await answer.text() }
  }
  const titles = async (url: string | undefined) =>
    parseAtomFeed((await read(url)).text).entries?.map(({ title }) =>
      typeof title === 'string' ? title : title?.value,
    )
  return {
    ids,
    blogs,
    handler,
    read,
    titles,
    hanako: visit(handler.fetch),
    taro: visit(handler.fetch, 'taro'),
  }
}

const urlIn = ({ elements }: Seen) =>
  elements.map((each) => attribute(each, 'href') ?? '').find((href) => href.includes('/feed?'))

async function made(browser: Visitor): Promise<string | undefined> {
  await browser.open('')
  return urlIn(await browser.press('feed'))
}

describe('the feed of what waits', () => {
  it('has what waits, the newest first, and leads to the page of each; it asks for no session', async () => {
    const { hanako, read, titles, ids } = await opened()
    expect(urlIn(await hanako.open(''))).toBeUndefined()
    const url = await made(hanako)
    const { status, headers, text } = await read(url)
    expect([status, headers.get('content-type'), headers.get('cache-control')]).toEqual([
      200,
      'application/atom+xml; charset=utf-8',
      'no-store',
    ])
    expect(await titles(url)).toEqual(['Of b', '待合室 <の> & 時計'])
    const entry = parseAtomFeed(text).entries?.[1]
    expect(entry?.links?.[0]?.href).toBe(`${page}trackback/${ids[0]}`)
    expect(entry?.authors?.[0]?.name).toBe('blog0.example')
    expect(entry?.summary).toMatchObject({ value: expect.stringContaining(post.title ?? '') })
    expect(text).not.toMatch(/<form|<button|value="/)
  })

  it('has the URL that the page shows, until the page makes a new one', async () => {
    const { hanako, read } = await opened()
    const first = await made(hanako)
    expect(urlIn(await hanako.open('held'))).toBe(first)
    const seen = await hanako.press('feed')
    expect(textsOf(seen, 'status')).toEqual(['The feed has a new URL. The old one no longer works.'])
    expect(urlIn(seen)).not.toBe(first)
    expect([(await read(first)).status, (await read(urlIn(seen))).status]).toEqual([403, 200])
  })

  it('is shown for its own token alone, and changes nothing', async () => {
    const { hanako, read, handler } = await opened()
    const url = (await made(hanako)) ?? ''
    const [user = '', secret = ''] = new URL(url).searchParams.get('token')?.split('.') ?? []
    const others = [
      `${user}.`,
      user,
      `.${secret}`,
      `${user}.${secret}x`,
      `${user}.${secret.slice(1)}`,
      '',
      '.',
      'x'.repeat(9999),
    ]
    for (const token of others) {
      const { status, text } = await read(`${page}feed?token=${token}`)
      expect([token, status, text.includes('Of b')]).toEqual([token, 403, false])
    }
    const sent = await handler.fetch(new Request(url, { method: 'POST', body: 'do=feed' }))
    expect(sent.status).toBe(403)
  })

  it('has the blogs of who made it, and is made anew for other blogs', async () => {
    const { hanako, taro, read, titles, blogs } = await opened()
    const [all, own] = [await made(hanako), await made(taro)]
    expect(await titles(own)).toEqual(['待合室 <の> & 時計'])
    expect(await titles(all)).toHaveLength(2)
    blogs.splice(0, 1, 'b')
    expect(urlIn(await taro.open(''))).toBeUndefined()
    expect(await titles(await made(taro))).toEqual(['Of b'])
    expect((await read(own)).status).toBe(403)
  })

  it('ends after a year', async () => {
    const day = 86_400_000
    for (const [days, status] of [
      [364, 200],
      [366, 403],
    ] as const) {
      const { hanako, read } = await opened({ now: () => Date.now() - days * day, formTtl: 999 * day })
      await hanako.open('')
      const { elements } = await hanako.press('feed')
      const url = urlIn({ elements } as Seen)
      if (status === 200) expect((await read(url)).status).toBe(status)
      else expect(url).toBeUndefined()
    }
  })
})
