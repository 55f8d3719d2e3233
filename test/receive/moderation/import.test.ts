import { describe, expect, it } from 'vitest'
import type { ImportedTrackback } from '../../../src/receive/moderation/import.js'
import { createMemoryStore } from '../../../src/store/memory/store.js'
import { post, receiverWith } from '../support.js'

const old: ImportedTrackback = {
  postId: post.id,
  url: 'http://old.example/1',
  receivedAt: new Date('2004-05-06T07:08:09Z'),
}

describe('moderation.import', () => {
  it('takes over the trackbacks of another engine, once, as those of a ping', async () => {
    const events: unknown[] = []
    const receiver = receiverWith({
      onEvent: (event) => events.push(event),
      findPost: () => ({ ...post, blog: 'a' }),
    })
    const { moderation } = receiver
    const list = [{ ...old, url: ' http://old.example/1#c ', title: '<b>昔の</b>記事', blogName: null }]
    expect(await moderation.import(list, { user: 'hanako', reason: 'moved in' })).toEqual([
      { outcome: 'added' },
    ])
    const [imported] = (await receiver.list(post.id)).items
    expect(imported).toMatchObject({
      ...{
        url: 'http://old.example/1#c',
        title: '昔の記事',
        excerpt: '',
        blogName: '',
        state: 'published',
        blog: 'a',
      },
      receivedAt: Date.UTC(2004, 4, 6, 7, 8, 9),
      history: [{ by: 'author', action: 'publish', reason: 'moved in', user: 'hanako' }],
    })
    await moderation.remove(imported?.id ?? '')
    expect(await moderation.import([{ ...old, title: 'again' }])).toEqual([{ outcome: 'known' }])
    expect((await receiver.list(post.id)).items).toEqual([])
    expect(events).toMatchObject([{ type: 'removed' }])
  })

  it('says of each what became of it, in their order, and takes the others', async () => {
    const receiver = receiverWith()
    const list = [old, { ...old, url: 'ftp://old.example/' }, old, { ...old, url: 'http://old.example/2' }]
    const outcomes = (await receiver.moderation.import(list)).map(({ outcome }) => outcome)
    expect(outcomes).toEqual(['added', 'invalid', 'known', 'added'])
    expect(await receiver.count(post.id)).toBe(2)
    const again = await receiver.moderation.import(list)
    expect(again.map(({ outcome }) => outcome)).toEqual(['known', 'invalid', 'known', 'known'])
  })

  it.each([
    ['a name of another engine', { blog_name: 'x' }, "unknown name 'blog_name'; use postId, url,"],
    ['no post', { postId: 'none' }, "there is no post 'none'"],
    ['a post by a number', { postId: 7 }, 'postId must be a string'],
    ['no URL', { url: undefined }, 'url must be a string'],
    ['a URL of no page', { url: 'mailto:a@b.example' }, 'is no URL that a trackback can have'],
    ['a URL that is too long', { url: `http://old.example/${'x'.repeat(2048)}` }, 'is no URL'],
    ['a state that there is none of', { state: 'spam' }, "unknown state 'spam'; use unverified, held,"],
    ['no date', { receivedAt: undefined }, 'receivedAt must be given'],
    ['a date that is none', { receivedAt: new Date('no date') }, 'is no date'],
    ['a date in words', { receivedAt: '2005/01/02' }, '"2005/01/02" is no date'],
    ['a day that is none', { receivedAt: '2005-02-40' }, 'is no date'],
    ['Unix seconds', { receivedAt: 1_104_624_000 }, 'would be 1970-01-13T18:50:24.000Z'],
    ['microseconds', { receivedAt: 1_104_624_000_000_000 }, 'give a Date, or milliseconds'],
    ['more than any date', { receivedAt: 1e300 }, 'is no date'],
    ['a title that is no text', { title: 7 }, 'a text must be a string'],
    [
      'a history that is none',
      { history: [{ at: 'x', state: 'held', by: 'author', reason: '' }] },
      'at must be a number',
    ],
    ['a result that is none', { checks: ['x'] }, 'checks must be an object'],
    ['a fact that is none', { verification: { outcome: 'linked' } }, 'checkedAt must be a number'],
    ['nothing', null, 'trackback must be an object'],
  ])('names the mistake in %s', async (_, wrong, problem) => {
    const { moderation, store } = receiverWith()
    const item = wrong === null ? null : { ...old, ...wrong }
    expect(await moderation.import([item as never])).toEqual([
      { outcome: 'invalid', problem: expect.stringContaining(problem) },
    ])
    expect(await store.count({})).toBe(0)
  })

  it.each([
    ['2005-01-02', '2005-01-02T00:00:00.000Z'],
    ['2005-01-02 10:30', '2005-01-02T10:30:00.000Z'],
    ['2005-01-02T10:30:15.250Z', '2005-01-02T10:30:15.250Z'],
    ['2005-01-02 10:30:15+09:00', '2005-01-02T01:30:15.000Z'],
    [1_104_624_000_000, '2005-01-02T00:00:00.000Z'],
  ])('takes %s for %s, wherever it runs', async (receivedAt, expected) => {
    const receiver = receiverWith()
    await receiver.moderation.import([{ ...old, receivedAt }])
    const [item] = (await receiver.list(post.id)).items
    expect(new Date(item?.receivedAt ?? 0).toISOString()).toBe(expected)
  })

  it('keeps each in its state, as decided by the author; what is not verified is looked at', async () => {
    const receiver = receiverWith({ worker: false })
    for (const state of ['held', 'rejected', 'removed', 'unverified'] as const)
      await receiver.moderation.import([{ ...old, url: `http://old.example/${state}`, state }])
    const { items } = await receiver.moderation.list({})
    expect(items.map(({ state, history }) => [state, history.at(-1)?.action])).toEqual([
      ['held', 'hold'],
      ['rejected', 'reject'],
      ['removed', 'remove'],
      ['unverified', undefined],
    ])
    expect(await receiver.runDue()).toMatchObject({ later: 1 })
  })

  it('adds what is not verified in one step with its job, so that no crash parts them', async () => {
    const store = createMemoryStore()
    const { add } = store
    const jobs: unknown[] = []
    store.add = async (trackback, job) => {
      jobs.push(job?.key)
      return add(trackback, job)
    }
    const { moderation } = receiverWith({ worker: false, store })
    await moderation.import([
      { ...old, state: 'unverified' },
      { ...old, url: 'http://old.example/2' },
    ])
    expect(jobs).toEqual([`verify ${post.id}\n${old.url}`, undefined])
  })

  it('says in a dry run what would become of each, and keeps nothing', async () => {
    const receiver = receiverWith()
    const results = await receiver.moderation.import([old, { ...old, state: 'spam' as never }], {
      dryRun: true,
    })
    expect(results.map(({ outcome }) => outcome)).toEqual(['added', 'invalid'])
    expect(await receiver.count(post.id)).toBe(0)
  })

  it('takes plain text as it is, where that is said', async () => {
    const receiver = receiverWith()
    const title = '<b>5 &lt; 6</b>'
    await receiver.moderation.import([{ ...old, title }], { texts: 'plain' })
    await receiver.moderation.import([{ ...old, title, url: 'http://old.example/2' }])
    expect((await receiver.list(post.id)).items.map((item) => item.title)).toEqual([title, '5 < 6'])
  })

  it('keeps plain text and its URL whole, up to the size of a ping, and refuses what is longer', async () => {
    const limits = { maxBodySize: 4000, maxUrlLength: 100, maxTitleLength: 5, maxExcerptLength: 5 }
    const { list, moderation } = receiverWith({ limits: { ...limits, maxBlogNameLength: 5 } })
    const long = 'x'.repeat(4000)
    const url = `http://old.example/${'x'.repeat(3981)}`
    const whole = { title: long, excerpt: long, blogName: long, url }
    const plain = { texts: 'plain' } as const
    expect(await moderation.import([{ ...old, ...whole }], plain)).toEqual([{ outcome: 'added' }])
    expect((await list(post.id)).items).toMatchObject([whole])
    for (const name of ['title', 'excerpt', 'blogName', 'url'] as const) {
      const tooLong = { ...old, url: 'http://old.example/2', [name]: `${whole[name]}x` }
      const problem = 'a text is longer than limits.maxBodySize (4000)'
      expect(await moderation.import([tooLong], plain)).toEqual([{ outcome: 'invalid', problem }])
    }
    expect(await moderation.import([{ ...old, title: long }])).toEqual([{ outcome: 'added' }])
    expect((await list(post.id)).items.map(({ title }) => title)).toContain('xxxx…')
  })

  it('rejects with an error of the store, and with a mistake in its options', async () => {
    const { moderation } = receiverWith()
    await expect(moderation.import(old as never)).rejects.toThrow('a list of trackbacks')
    await expect(moderation.import([old], { dry: true } as never)).rejects.toThrow("unknown name 'dry'")
    await expect(moderation.import([old], { texts: 'xml' as never })).rejects.toThrow('use html, plain')
    const receiver = receiverWith()
    await receiver.store.close()
    await expect(receiver.moderation.import([old])).rejects.toMatchObject({ code: 'CLOSED' })
  })
})
