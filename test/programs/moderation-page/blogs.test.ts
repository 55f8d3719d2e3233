import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readAuthorization } from '../../../src/programs/moderation-page/authorize.js'
import type { Receiver } from '../../../src/receive/receiver.js'
import { sampleTrackback } from '../../../src/testing/sample.js'
import { receiverWith } from '../../receive/support.js'
import { repeated } from '../../support/strength.js'
import { moderationWith, titlesOf, type Visitor, visit } from './support.js'

const states = ['held', 'unverified', 'published', 'rejected', 'removed'] as const
const actions = ['publish', 'hold', 'reject', 'remove', 'spam', 'notSpam', 'block'] as const

/** Two blogs with trackbacks in every state, blocks of each and of both; hanako has `a`, taro `b`, and root everything. */
async function twoBlogs() {
  const receiver = receiverWith({
    worker: false,
    findPost: (id) => ({ id, url: `http://my.example/${id}`, title: `post ${id}`, blog: id[0] }),
  })
  const { store, moderation } = receiver
  const ids: Record<string, string[]> = { a: [], b: [] }
  for (const blog of ['a', 'b']) {
    for (const state of states) {
      const url = `https://writer-of-${blog}.example/${state}`
      const texts = {
        title: `${state} of ${blog}`,
        excerpt: `common text of ${blog}`,
        blogName: `writer ${blog}`,
      }
      const { id = '' } = await store.add(
        sampleTrackback({ url, postId: `${blog}/1`, blog, state, ...texts }),
      )
      ids[blog]?.push(id)
    }
    await moderation.block({ kind: 'host', value: `blocked-by-${blog}.example`, blog })
  }
  await moderation.block({ kind: 'host', value: 'blocked-by-root.example' })
  const blogOf: Record<string, unknown> = {
    hanako: { blog: 'a' },
    taro: { blog: 'b' },
    both: { blogs: ['a', 'b'] },
  }
  const page = moderationWith(receiver, {
    authorize: (request) => {
      const user = request.headers.get('x-user') ?? ''
      return user === 'root'
        ? user
        : ({ user, ...(blogOf[user] as object) } as { user: string; blog: string })
    },
  })
  return { receiver, page, ids }
}

/** All that is of the other blog, and of all blogs. */
async function othersOf({ store, moderation }: Receiver): Promise<unknown> {
  const { items } = await store.list({ blog: 'b' })
  return [items, await moderation.blocks({ blog: 'b' }), await moderation.blocks()]
}

type World = Awaited<ReturnType<typeof twoBlogs>>

/** The pages that a stranger may try to open, and the forms that he may forge, of trackbacks and blocks that are not his. */
function tries({ ids }: World, cursor: string, undoKey: string) {
  const id = fc.constantFrom(...(ids['b'] ?? []), ...(ids['a'] ?? []), '0', '999', "1' OR 1=1 --")
  const host = fc.constantFrom('blocked-by-b.example', 'blocked-by-root.example', 'writer-of-b.example')
  const paths = fc.oneof(
    fc.constantFrom('', 'held', 'unverified', 'published', 'spam', 'removed', 'blocks'),
    id.map((each) => `trackback/${encodeURIComponent(each)}`),
    fc
      .constantFrom('of b', 'common', 'writer', '', '%', 'post b')
      .map((text) => `search?q=${encodeURIComponent(text)}`),
    fc.constantFrom('held?blog=b', 'published?post=b%2F1', 'search?q=of&blog=b', 'spam?post=b%2F1&blog=b'),
    host.map((each) => `blocks?value=${each}`),
    fc.constantFrom('blocks?blog=b', 'blocks?blog=b&value=added.example', 'blocks?blog='),
    fc
      .constantFrom('held', 'published', 'search')
      .map((list) => `${list}?q=of&after=${cursor}&done=${undoKey}`),
  )
  const commands = fc.oneof(
    fc
      .tuple(fc.constantFrom(...actions), id)
      .map(([action, each]) => `do=${action}:${encodeURIComponent(each)}`),
    fc
      .tuple(fc.constantFrom(...actions), fc.array(id, { minLength: 1, maxLength: 5 }))
      .map(
        ([action, all]) => `do=${action}&${all.map((each) => `id=${encodeURIComponent(each)}`).join('&')}`,
      ),
    host.map((each) => `do=unblock:host:${each}`),
    fc.constantFrom(...actions).map((action) => `do=${action}:*100`),
    fc.constant('do=add-block:host:added.example&blog=b'),
    fc.constant('do=add-block&kind=host&value=added.example&blog=b'),
    fc.constant(`do=undo:${undoKey}`),
  )
  return fc.record({ path: paths, command: commands, from: paths })
}

/** Opens the page, sends the form with a token of its own, and gives back everything that was shown. */
async function attempt(
  browser: Visitor,
  { path, command, from }: { path: string; command: string; from: string },
) {
  const seen = [(await browser.open(path)).html]
  await browser.open('blocks')
  const sent = await browser.post(`token=${browser.token()}&${command}&from=${encodeURIComponent(from)}`)
  return [...seen, sent.html].join('\n')
}

/** What taro did last, as its undo is called. */
async function changeOf(browser: Visitor, id: string): Promise<string> {
  await browser.open('blocks')
  const { html } = await browser.post(`token=${browser.token()}&do=hold:${id}`)
  return /value="undo:([^"]+)"/.exec(html)?.[1] ?? ''
}

const foreign = /of b\b|writer-of-b|blocked-by-b|blocked-by-root|writer b|post b/

describe('an author of one blog', () => {
  it('sees and changes nothing of another one in 200 tries with forged ids and forms', async () => {
    const world = await twoBlogs()
    const taro = visit(world.page.fetch, 'taro')
    const undoKey = await changeOf(taro, world.ids['b']?.[2] ?? '')
    const { items } = await world.receiver.store.list({ blog: 'b' })
    const cursor = `${items[0]?.receivedAt}.${items[0]?.id}`
    const before = await othersOf(world.receiver)
    const browser = visit(world.page.fetch, 'hanako')
    await fc.assert(
      fc.asyncProperty(tries(world, cursor, undoKey), async (each) => {
        const shown = await attempt(browser, each)
        // What was typed into the search or the form is said back.
        const typed = [each.path, each.command, each.from].map(decodeURIComponent).join('\n')
        const leaked = [...shown.matchAll(new RegExp(foreign, 'g'))].map(([text]) => text)
        expect(leaked.filter((text) => !typed.includes(text))).toEqual([])
        expect(await othersOf(world.receiver)).toEqual(before)
      }),
      { numRuns: repeated(200, 60) },
    )
  }, 60_000)

  it('would be found out by these tries, if there were no boundary', async () => {
    const world = await twoBlogs()
    const before = await othersOf(world.receiver)
    const root = visit(world.page.fetch, 'root')
    const shown = await attempt(root, { path: 'held', command: `do=spam:${world.ids['b']?.[0]}`, from: '' })
    expect(shown).toMatch(foreign)
    expect(await othersOf(world.receiver)).not.toEqual(before)
  })

  it('sees its own: lists, counts, search and blocks', async () => {
    const { page, receiver } = await twoBlogs()
    const hanako = visit(page.fetch, 'hanako')
    const held = await hanako.open('held')
    expect(titlesOf(held)).toEqual(['held of a'])
    expect(held.html).toMatch(/Waiting <span class="count">1</)
    expect(titlesOf(await hanako.open('search?q=common')).length).toBe(5)
    expect((await hanako.open('blocks')).html).toContain('blocked-by-a.example')
    await hanako.post(`token=${hanako.token()}&do=unblock:host:blocked-by-a.example`)
    expect(await receiver.moderation.blocks({ blog: 'a' })).toEqual([])
  })

  it('blocks for its own posts alone', async () => {
    const { page, receiver } = await twoBlogs()
    const hanako = visit(page.fetch, 'hanako')
    await hanako.open('blocks')
    await hanako.post(`token=${hanako.token()}&do=add-block:host:spam.example`)
    const block = { kind: 'host', value: 'spam.example', blog: 'a' }
    expect((await receiver.moderation.blocks({ blog: 'a' })).at(-1)).toMatchObject(block)
    expect((await receiver.moderation.blocks()).length).toBe(1)
  })
})

describe('an author of several blogs', () => {
  it('sees all of them and blocks in each; an undo takes that back in each', async () => {
    const { page, receiver } = await twoBlogs()
    const both = visit(page.fetch, 'both')
    expect(titlesOf(await both.open('held'))).toEqual(['held of a', 'held of b'])
    await both.open('blocks')
    const { html } = await both.post(`token=${both.token()}&do=add-block:host:spam.example`)
    const has = async (blog: string) =>
      (await receiver.moderation.blocks({ blog })).some(({ value }) => value === 'spam.example')
    expect([await has('a'), await has('b')]).toEqual([true, true])
    await both.press(`undo:${/value="undo:([^"]+)"/.exec(html)?.[1]}`)
    expect([await has('a'), await has('b')]).toEqual([false, false])
  })
})

describe('who may moderate all blogs', () => {
  it('sees, adds and undoes the blocks of one blog on their own page, which its lists lead to', async () => {
    const { page, receiver } = await twoBlogs()
    const root = visit(page.fetch, 'root')
    expect((await root.open('held?blog=b')).html).toContain('href="/moderation/blocks?blog=b"')
    const { html } = await root.open('blocks?blog=b')
    expect(html).toContain('blocked-by-b.example')
    expect(html).not.toMatch(/blocked-by-(a|root)\.example/)
    expect(html).toContain('href="/moderation/held?blog=b"')
    expect(html).toContain('<input type="hidden" name="blog" value="b">')
    await root.open('blocks?blog=b&value=spam.example')
    const done = await root.press('add-block:host:spam.example')
    const valuesOf = async (blog?: string) =>
      (await receiver.moderation.blocks({ blog })).map(({ value }) => value)
    expect(await valuesOf('b')).toEqual(['blocked-by-b.example', 'spam.example'])
    expect([await valuesOf('a'), await valuesOf()]).toEqual([
      ['blocked-by-a.example'],
      ['blocked-by-root.example'],
    ])
    await root.press(`undo:${/value="undo:([^"]+)"/.exec(done.html)?.[1]}`)
    expect(await valuesOf('b')).toEqual(['blocked-by-b.example'])
    await root.press('unblock:host:blocked-by-b.example')
    expect([await valuesOf('b'), await valuesOf()]).toEqual([[], ['blocked-by-root.example']])
  })
})

describe('readAuthorization', () => {
  it.each([
    { user: 'x' },
    { user: 'x', blog: '' },
    { user: 'x', blog: undefined },
    { user: 'x', blog: null },
    { user: 'x', blog: 7 },
    { user: '', blog: 'a' },
    { user: undefined, blog: 'a' },
    { user: 'x', blogs: [''] },
    { user: 'x', blogs: [7] },
    { user: 'x', blogs: 'a' },
    { user: 'x', blogs: undefined },
    { user: 'x', blog: 'a', blogs: ['b'] },
    { user: 'x', blog: 'a', role: 'admin' },
  ])('lets nobody in by mistake: %o', (said) => {
    expect(() => readAuthorization(said as never)).toThrow(TypeError)
  })

  it('takes an author without blogs as one who sees nothing', async () => {
    expect(readAuthorization({ user: 'x', blogs: [] })).toEqual({ user: 'x', blogs: [] })
    const { receiver } = await twoBlogs()
    const nobody = visit(moderationWith(receiver, { authorize: () => ({ user: 'x', blogs: [] }) }).fetch)
    for (const list of ['held', 'published', 'search?q=of', 'blocks'])
      expect((await nobody.open(list)).html).not.toMatch(/of [ab]\b|blocked-by/)
  })
})

describe('the address of a trackback on the page', () => {
  it('is absolute, below baseUrl, and leads there', async () => {
    const { page, ids } = await twoBlogs()
    const id = ids['a']?.[0] ?? ''
    expect(page.urlOf(id)).toBe(`http://my.example/moderation/trackback/${id}`)
    expect((await visit(page.fetch, 'root').open(`trackback/${id}`)).html).toContain('held of a')
  })
})
