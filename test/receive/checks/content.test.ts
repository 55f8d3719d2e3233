import { describe, expect, it } from 'vitest'
import { type RepeatedTextOptions, repeatedText, urlCount } from '../../../src/receive/checks/content.js'
import type { Trackback } from '../../../src/store/store.js'
import { contextOf, judge, scoreOf, subjectOf } from './subject.js'

const urls = (count: number) => Array.from({ length: count }, (_, n) => `http://s${n}.example/x`)

describe('PEERS 23: urlCount', () => {
  const words = 'words '.repeat(200)

  it.each([
    [0, null],
    [2, null],
    [3, -5],
    [9, -5],
    [10, -10],
    [40, -10],
  ])('of %d URLs says %s', async (count, score) => {
    expect(await scoreOf(urlCount(), { excerpt: words + urls(count).join(' ') })).toBe(score)
  })

  it('counts in title, excerpt and blog name together', async () => {
    const [title = '', excerpt = '', blogName = ''] = urls(3)
    expect(await judge(urlCount(), { title, excerpt: words + excerpt, blogName })).toEqual({
      score: -5,
      reason: { code: 'urls-in-text', count: 3 },
    })
  })

  it.each([
    ['without spaces', 'http://a.example,http://b.example,http://c.example'],
    ['run together', 'http://http://http://'],
    ['in any case', 'HTTP://A.EXAMPLE hTTps://b.example WWW.C.EXAMPLE'],
    ['in full width', 'ｈｔｔｐ：／／ａ．ｅｘａｍｐｌｅ ｗｗｗ．ｂ．ｅｘａｍｐｌｅ http://c.example'],
    ['in Japanese', '詳細はhttp://a.jpへ、またはhttp://b.jpへ、それともhttp://c.jpへ'],
    [
      'in the code of forums',
      '[url=http://a.example]a[/url][link=http://b.example]b[/link] http://c.example',
    ],
  ])('counts URLs %s', async (_, text) => {
    expect(await scoreOf(urlCount(), { excerpt: words + text })).toBe(-5)
  })

  it('counts http://www. once, and no word that ends in www.', async () => {
    expect(
      await judge(urlCount(), { excerpt: `${words} http://www.a.example http://www.b.example awww. ` }),
    ).toBe(null)
  })

  it('PEERS 22: speaks against an excerpt that is mostly URL', async () => {
    expect(await judge(urlCount(), { excerpt: 'see http://casino.example/now' })).toEqual({
      score: -5,
      reason: { code: 'mostly-url' },
    })
    expect(await judge(urlCount({ share: 0.9 }), { excerpt: 'see http://casino.example/now' })).toBe(null)
    expect(
      await judge(urlCount(), { excerpt: '詳細はhttp://a.jpへ、今日のところはここまでにしておきます' }),
    ).toBe(null)
    expect(await judge(urlCount(), { title: 'http://blog.example/entry', excerpt: '' })).toBe(null)
  })

  it('takes other limits, and refuses what is none', async () => {
    expect(await scoreOf(urlCount({ few: 1, many: 2 }), { excerpt: words + urls(1).join() })).toBe(-5)
    expect(await scoreOf(urlCount({ few: 1, many: 2 }), { excerpt: words + urls(2).join() })).toBe(-10)
    for (const wrong of [
      { few: 0 },
      { many: Number.NaN },
      { share: 2 },
      { share: Number.NaN },
      { share: -0.1 },
    ]) {
      expect(() => urlCount(wrong)).toThrow(TypeError)
    }
  })
})

describe('repeatedText', () => {
  const text = 'Buy our very good and very cheap watches today'

  function counting(options?: RepeatedTextOptions, context = contextOf()) {
    const check = repeatedText(options)
    return async (changes: Partial<Trackback>) =>
      (await check.judge(subjectOf(changes), context))?.score ?? null
  }

  it('speaks against a text from the fourth (post, source) on, and surely from the tenth', async () => {
    const score = counting()
    const scores = []
    for (let n = 0; n < 11; n += 1) scores.push(await score({ excerpt: text, postId: `${n}` }))
    expect(scores).toEqual([null, null, null, -5, -5, -5, -5, -5, -5, -10, -10])
  })

  it('counts across sources as across posts', async () => {
    const score = counting({ few: 2 })
    expect(await score({ excerpt: text, url: 'https://a.example/1' })).toBe(null)
    expect(await score({ excerpt: text, url: 'https://b.example/1' })).toBe(-5)
  })

  it('counts a (post, source) once, however often it is verified', async () => {
    const score = counting({ few: 2 })
    for (let n = 0; n < 5; n += 1) expect(await score({ excerpt: text })).toBe(null)
  })

  it('is not led astray by a line feed in a post id', async () => {
    const score = counting({ few: 2 })
    expect(await score({ excerpt: text, postId: 'a', sourceKey: 'https://b.example/' })).toBe(null)
    expect(await score({ excerpt: text, postId: 'a2', sourceKey: 'https://b.example/' })).toBe(-5)
  })

  it.each([
    ['case', text.toUpperCase()],
    ['punctuation', text.replaceAll(' ', ' - ')],
    ['white space', text.replaceAll(' ', '')],
    ['width', 'Ｂｕｙ our very good and very cheap watches today'],
    ['zero-width joiners', text.replaceAll('e', 'e\u200d')],
    ['soft hyphens', text.replaceAll('a', 'a\u00ad')],
    ['mathematical letters', text.replace('Buy', '𝐁𝐮𝐲')],
    ['struck letters', text.replaceAll('w', 'w\u0336')],
  ])('knows the text again in other %s', async (_, other) => {
    const score = counting({ few: 2 })
    expect(await score({ excerpt: text, postId: '1' })).toBe(null)
    expect(await score({ excerpt: other, postId: '2' })).toBe(-5)
  })

  it('tells different texts apart', async () => {
    const score = counting({ few: 2 })
    expect(await score({ excerpt: text, postId: '1' })).toBe(null)
    expect(await score({ excerpt: `${text}!?x`, postId: '2' })).toBe(null)
  })

  it('looks at the title where the excerpt is short, and at nothing where both are', async () => {
    const score = counting({ few: 2 })
    const changes = { title: 'トラックバックを送ってみました、よろしく', excerpt: 'はい' }
    expect(await score({ ...changes, postId: '1' })).toBe(null)
    expect(await score({ ...changes, postId: '2' })).toBe(-5)
    for (const postId of ['1', '2', '3'])
      expect(await score({ title: 'Re: hello', excerpt: '', postId })).toBe(null)
  })

  it('counts those that come at once, each once', async () => {
    const score = counting({ few: 20, many: 21 })
    const scores = await Promise.all(
      Array.from({ length: 20 }, (_, n) => score({ excerpt: text, postId: `${n}` })),
    )
    expect(scores.filter((each) => each === -5)).toHaveLength(1)
  })

  it('forgets after its days', async () => {
    const yesterday = Date.now() - 86_400_000
    const context = contextOf({ now: () => yesterday })
    const score = counting({ few: 2, days: 1 }, context)
    for (const postId of ['1', '2', '3']) expect(await score({ excerpt: text, postId })).toBe(null)
    expect(await context.store.records.sweep(Date.now())).toBeGreaterThan(0)
    expect((await context.store.records.list('text', '')).items).toEqual([])
  })

  it('keeps no text', async () => {
    const context = contextOf()
    await counting({}, context)({ excerpt: text })
    const { items } = await context.store.records.list('text', '')
    expect(items).toHaveLength(2)
    for (const { key, value } of items)
      expect([key, value]).toEqual([expect.stringMatching(/^[\w/-]{22,45}$/), expect.stringMatching(/^1?$/)])
  })

  it('refuses limits that are none', () => {
    for (const wrong of [{ few: 0 }, { many: -1 }, { minLength: 0.5 }, { days: Number.NaN }]) {
      expect(() => repeatedText(wrong)).toThrow(TypeError)
    }
  })
})
