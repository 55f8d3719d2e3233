import { describe, expect, it } from 'vitest'
import { form } from '../../support/servers.js'
import { day, isAccepted, post, receiverWith, send } from '../support.js'

describe('accepting', () => {
  it('set to false refuses every ping at once, to old posts too, and announces nothing', async () => {
    const receiver = receiverWith({ publish: 'always' })
    receiver.accepting = false
    const reply = await send(receiver, undefined)
    expect([reply.status, isAccepted(reply)]).toEqual([200, false])
    expect(reply.body).toContain('accepts no TrackBack pings')
    expect(receiver.autodiscovery(post)).toBe('')
    receiver.accepting = true
    expect(isAccepted(await send(receiver, undefined))).toBe(true)
  })
})

describe('closeAfterDays', () => {
  it('closes a post at that age, with the answer of an absent one', async () => {
    let time = Date.parse('2026-01-30')
    const receiver = receiverWith({
      publish: 'always',
      onError: () => {},
      closeAfterDays: 30,
      now: () => time,
    })
    expect(isAccepted(await send(receiver, undefined))).toBe(true)
    time += 2 * day
    expect(await send(receiver, undefined)).toEqual(await send(receiver, '/t/trackback/absent'))
    expect(receiver.autodiscovery(post)).toBe('')
  })
})

describe('hooks', () => {
  it('refuse before and after admission with words of the blog’s own, escaped', async () => {
    const before = receiverWith({
      publish: 'always',
      onError: () => {},
      beforeAdmission: ({ clientIp }) => (clientIp === '192.0.2.1' ? 'A & B' : null),
    })
    expect((await send(before, '/t/trackback/absent')).body).toContain('<message>A &amp; B</message>')
    const after = receiverWith({
      publish: 'always',
      onError: () => {},
      afterAdmission: async (ping, { id }) => (ping.title === 'T' ? `No T to ${id}` : undefined),
    })
    expect((await send(after, undefined)).body).toContain('<message>No T to 18521/60408081</message>')
    expect(isAccepted(await send(after, undefined, 'url=http://a.example/&title=U'))).toBe(true)
  })

  it('that throw are a failure of ours, with no words of theirs', async () => {
    const receiver = receiverWith({
      publish: 'always',
      onError: () => {},
      beforeAdmission: () => {
        throw new Error('secret')
      },
    })
    const reply = await send(receiver, undefined)
    expect([reply.status, reply.body.includes('secret')]).toEqual([500, false])
  })
})

describe('sources', () => {
  it('that are the post itself with more parameters are refused: every page links to itself', async () => {
    const receiver = receiverWith({ publish: 'always' })
    for (const url of [`${post.url}?x=1`, `${post.url}?utm_source=a%26b`]) {
      expect(isAccepted(await send(receiver, undefined, `url=${encodeURIComponent(url)}`))).toBe(false)
    }
  })

  it('are one whatever fragment, empty fragment or final dot they are sent with', async () => {
    const receiver = receiverWith({ publish: 'always' })
    for (const url of [
      'http://a.example/1',
      'http://a.example/1#',
      'http://a.example/1#x',
      'http://a.example./1',
    ]) {
      expect(isAccepted(await send(receiver, undefined, `url=${encodeURIComponent(url)}`))).toBe(true)
    }
    expect((await receiver.list(post.id)).items).toHaveLength(1)
  })
})

describe('texts that are too long', () => {
  const thumb = '👍🏽' // a grapheme of 4 code units
  const thumbs = (count: number): string => thumb.repeat(count)

  it.each([
    [undefined, [250, 500, 120]],
    [{ maxTitleLength: 7, maxExcerptLength: 9, maxBlogNameLength: 5 }, [7, 9, 5]],
  ] as const)('are cut by graphemes, with the limits %o', async (limits, mosts) => {
    const receiver = receiverWith({ publish: 'always', limits })
    for (const more of [0, 1]) {
      const [title = '', excerpt = '', blog_name = ''] = mosts.map((most) => thumbs(most + more))
      const url = `http://a.example/${more}`
      expect(isAccepted(await send(receiver, undefined, form({ url, title, excerpt, blog_name })))).toBe(true)
    }
    const { items } = await receiver.list(post.id)
    const texts = items.map(({ title, excerpt, blogName }) => [title, excerpt, blogName])
    expect(texts).toEqual([mosts.map(thumbs), mosts.map((most) => `${thumbs(most - 1)}…`)])
  })
})
