import { describe, expect, it } from 'vitest'
import type { ShownTrackback } from '../../src/render/item.js'
import { type RenderOptions, renderTrackbacks } from '../../src/render/trackbacks.js'
import { attribute, byClass, elementsOf, pingUrl, textOf, trackback } from './page.js'

const title = 'JALの対応を評価する'

function render(trackbacks: readonly ShownTrackback[], options?: RenderOptions, count?: number): string {
  return renderTrackbacks({ post: { title }, pingUrl, trackbacks, count }, { timeZone: 'UTC', ...options })
}

const lines = (html: string) =>
  ['trackbacks-heading', 'trackbacks-url', 'trackbacks-intro'].map((name) =>
    byClass(html, name)
      .flatMap((element) => element.childNodes)
      .filter((node) => !['button', 'output'].includes(node.nodeName))
      .map(textOf)
      .join('')
      .trim(),
  )

describe('what stands under a post', () => {
  it('is the heading, the trackback URL and the introduction of the list, in Japanese', () => {
    expect(lines(render([], { lang: 'ja' }))).toEqual([
      'トラックバック',
      `この記事のトラックバックURL: ${pingUrl}`,
      'この記事へのトラックバック一覧です: JALの対応を評価する:',
    ])
  })

  it('is the same in English, and English stands in for a language without messages', () => {
    const english = [
      'Trackbacks',
      `Trackback URL for this post: ${pingUrl}`,
      `Trackbacks to this post: ${title}:`,
    ]
    expect(lines(render([]))).toEqual(english)
    expect(lines(render([], { lang: 'tlh' }))).toEqual(english)
    expect(attribute(byClass(render([], { lang: 'tlh' }), 'trackbacks')[0], 'lang')).toBe('en')
  })

  it('has no line for the trackback URL where the post takes no pings', () => {
    const html = renderTrackbacks({ post: { title: 'A post' }, trackbacks: [] })
    expect(html).not.toContain('trackbacks-url')
    expect(html).toContain('trackbacks-empty')
  })

  it('introduces the list without a title where the post has none', () => {
    const html = renderTrackbacks({ post: {}, pingUrl, trackbacks: [] }, { lang: 'ja' })
    expect(lines(html)[2]).toBe('この記事へのトラックバック一覧です:')
  })

  it('says so while there is no trackback, and holds no empty list', () => {
    const html = render([], { lang: 'ja' })
    expect(textOf(byClass(html, 'trackbacks-empty')[0])).toBe('トラックバックはまだありません。')
    expect(byClass(html, 'trackbacks-list')).toEqual([])
    expect(byClass(html, 'trackbacks-count')).toEqual([])
  })

  it.each([
    [1, undefined, 'en', '1 trackback'],
    [2, undefined, 'en', '2 trackbacks'],
    [2, 1200, 'en', '2 of 1200 trackbacks'],
    [2, undefined, 'ja', '全2件'],
    [2, 12, 'ja', '全12件のうち2件'],
    [2, 1, 'ja', '全2件'],
  ])('counts: %s shown of %s, in %s', (shown, count, lang, text) => {
    const html = render(
      Array.from({ length: shown }, () => trackback()),
      { lang },
      count,
    )
    expect(textOf(byClass(html, 'trackbacks-count')[0])).toBe(text)
  })
})

describe('a trackback in the list', () => {
  it('shows title, excerpt, blog name, host and date, each in a part of its own', () => {
    const html = render([trackback()], { lang: 'ja', timeZone: 'Asia/Tokyo' })
    const [link] = byClass(html, 'trackback-link')
    expect(textOf(link)).toBe('A reply')
    expect(attribute(link, 'href')).toBe('http://source.example/2026/11/reply.html')
    expect(attribute(link, 'rel')).toBe('ugc nofollow noopener')
    expect(textOf(byClass(html, 'trackback-excerpt')[0])).toBe('What I think of it.')
    expect(textOf(byClass(html, 'trackback-blog')[0])).toBe('The source')
    expect(textOf(byClass(html, 'trackback-host')[0])).toBe('source.example')
    const [date] = byClass(html, 'trackback-date')
    expect(textOf(date)).toBe('2026年11月23日 12:04')
    expect(attribute(date, 'datetime')).toBe('2026-11-23T03:04:05.000Z')
  })

  it('shows the host in its own letters where they deceive nobody, and in ASCII always', () => {
    const host = (url: string) => textOf(byClass(render([trackback({ url })]), 'trackback-host')[0])
    expect(host('http://日本語.example:8080/反応')).toBe('日本語.example:8080 (xn--wgv71a119e.example:8080)')
    expect(host('https://аpple.com/')).toBe('xn--pple-43d.com')
    expect(host('https://example.com/')).toBe('example.com')
  })

  it('keeps the order it was given', () => {
    const html = render([trackback({ id: 'a', title: 'first' }), trackback({ id: 'b', title: 'second' })])
    expect(byClass(html, 'trackback-link').map(textOf)).toEqual(['first', 'second'])
    expect(byClass(html, 'trackback').map((element) => attribute(element, 'id'))).toEqual([
      'trackback-a',
      'trackback-b',
    ])
  })

  it('has no part for what the ping did not say; without a title it is called by the beginning of its URL', () => {
    const html = render([trackback({ title: '', excerpt: '', blogName: '' })])
    expect(textOf(byClass(html, 'trackback-link')[0])).toBe('source.example/2026/11/reply.html')
    expect(byClass(html, 'trackback-excerpt')).toEqual([])
    expect(byClass(html, 'trackback-blog')).toEqual([])
  })

  it('says that the texts of strangers are in a language of their own, in which fonts show them', () => {
    const verification = { passage: { before: '', link: '気象庁', after: '' } }
    for (const quote of ['excerpt', 'passage'] as const) {
      const html = renderTrackbacks(
        { post: { title: 'Own' }, trackbacks: [trackback({ verification })] },
        { lang: 'zh-TW', quote },
      )
      const foreign = elementsOf(html).filter((element) => attribute(element, 'lang') === '')
      const excerpt = quote === 'passage' ? '気象庁' : trackback().excerpt
      expect(foreign.map(textOf)).toEqual([trackback().title, excerpt, trackback().blogName])
    }
  })

  it('lets its ping URL break after each part of the path', () => {
    const html = renderTrackbacks({ post: {}, pingUrl: 'https://my.example/t/7?a=<b>', trackbacks: [] })
    expect(html).toContain('>https://<wbr>my.example/<wbr>t/<wbr>7?a=&lt;b&gt;</code>')
    expect(textOf(byClass(html, 'trackbacks-ping-url')[0])).toBe('https://my.example/t/7?a=<b>')
  })

  it('names its host once where its blog is called so', () => {
    for (const blogName of ['source.example', 'Source.Example', 'www.source.example']) {
      const html = render([trackback({ blogName })])
      expect([byClass(html, 'trackback-blog'), byClass(html, 'trackback-host').length]).toEqual([[], 1])
    }
    expect(byClass(render([trackback({ blogName: 'source' })]), 'trackback-blog')).toHaveLength(1)
  })

  it('quotes the passage with its link marked where that is asked for, and else the excerpt', () => {
    const passage = { before: 'I read <b>', link: 'this "post"', after: ' & more' }
    const trackbacks = [trackback({ verification: { passage } }), trackback({ verification: null })]
    const quotesOf = (html: string) => byClass(html, 'trackback-excerpt').map((each) => textOf(each))
    const html = renderTrackbacks({ post: {}, trackbacks }, { quote: 'passage' })
    expect(quotesOf(html)).toEqual(['I read <b>this "post" & more', 'What I think of it.'])
    expect(
      elementsOf(html)
        .filter(({ tagName }) => tagName === 'mark')
        .map(textOf),
    ).toEqual(['this "post"'])
    const excerpts = renderTrackbacks({ post: {}, trackbacks })
    expect(quotesOf(excerpts)).toEqual(['What I think of it.', 'What I think of it.'])
    const noLink = trackback({ verification: { passage: { ...passage, link: '' } } })
    expect(renderTrackbacks({ post: {}, trackbacks: [noLink] }, { quote: 'passage' })).not.toContain('<mark>')
    const options = { quote: 'both' } as unknown as { quote: 'passage' }
    expect(() => renderTrackbacks({ post: {}, trackbacks }, options)).toThrow(TypeError)
  })

  it.each([
    ['ko', '2026년 11월 23일 16:04'],
    ['ko-KR', '2026년 11월 23일 16:04'],
    ['ja', '2026年11月23日 16:04'],
    ['en', 'November 23, 2026 at 4:04'],
  ])('has a date in the words of its language: %s', (lang, date) => {
    const receivedAt = Date.UTC(2026, 10, 23, 16, 4)
    const html = renderTrackbacks(
      { post: {}, trackbacks: [trackback({ receivedAt })] },
      { lang, timeZone: 'UTC' },
    )
    expect(textOf(byClass(html, 'trackback-date')[0])).toContain(date)
  })

  it('is shown without a date where the time is none', () => {
    const html = render([trackback({ receivedAt: Number.NaN })])
    expect(byClass(html, 'trackback-date')).toEqual([])
    expect(textOf(byClass(html, 'trackback-link')[0])).toBe('A reply')
  })

  it('holds every foreign text in an element that isolates its direction (THREATS C5)', () => {
    const html = render([trackback({ title: 'שלום', excerpt: 'مرحبا', blogName: 'יומן' })])
    const isolated = elementsOf(html).filter(({ tagName }) => tagName === 'bdi')
    expect(isolated.map(textOf)).toEqual([title, 'שלום', 'مرحبا', 'יומן'])
  })
})

describe('a long list', () => {
  const page = (nextUrl: string) =>
    renderTrackbacks(
      { post: { title }, pingUrl, trackbacks: [trackback()], count: 80, nextUrl },
      { lang: 'ja' },
    )

  it('leads on to its next page, in a landmark that has a name', () => {
    const html = page('?after=a&"b"')
    const [link] = byClass(html, 'trackbacks-next')
    expect(attribute(link, 'href')).toBe('?after=a&"b"')
    expect(attribute(link, 'rel')).toBe('next')
    expect(textOf(link)).toBe('続きのトラックバックを見る')
    const [nav] = byClass(html, 'trackbacks-more')
    expect(nav?.tagName).toBe('nav')
    expect(attribute(nav, 'aria-labelledby')).toBe(attribute(byClass(html, 'trackbacks-heading')[0], 'id'))
  })

  it('leads nowhere where there is no next page', () => {
    expect(byClass(render([trackback()]), 'trackbacks-more')).toEqual([])
  })

  it.each(['javascript:alert(1)', 'data:text/html,x', '', 'http://'])('refuses %j as a next page', (url) => {
    expect(() => page(url)).toThrow(TypeError)
  })

  it('says so where a page lies past the end, and holds no empty list', () => {
    const html = render([], {}, 3)
    expect(textOf(byClass(html, 'trackbacks-count')[0])).toBe('0 of 3 trackbacks')
    expect(byClass(html, 'trackbacks-list')).toEqual([])
  })
})

describe('for those who listen to the page', () => {
  it('every label and description names an element that is there, and no id is there twice', () => {
    const elements = elementsOf(render([trackback({ id: 'a' }), trackback({ id: 'b' })]))
    const ids = elements.flatMap((element) => attribute(element, 'id') ?? [])
    expect(new Set(ids).size).toBe(ids.length)
    const named = elements.flatMap((element) =>
      ['aria-labelledby', 'aria-describedby'].flatMap((name) => attribute(element, name) ?? []),
    )
    expect(named).toHaveLength(2)
    expect(named.filter((id) => !ids.includes(id))).toEqual([])
  })

  it('the list says that it is one, and the copy button speaks through a status', () => {
    const html = render([trackback()])
    expect(attribute(byClass(html, 'trackbacks-list')[0], 'role')).toBe('list')
    expect(byClass(html, 'trackbacks-copied')[0]?.tagName).toBe('output')
  })
})

describe('the options', () => {
  it('set the level of the heading', () => {
    expect(byClass(render([]), 'trackbacks-heading')[0]?.tagName).toBe('h2')
    expect(byClass(render([], { headingLevel: 4 }), 'trackbacks-heading')[0]?.tagName).toBe('h4')
  })

  it.each([-1, 2.5, Number.NaN, '2'])('refuse %s as a count', (count) => {
    const view = { post: {}, trackbacks: [], count: count as number }
    expect(() => renderTrackbacks(view)).toThrow(new TypeError('count must be an integer of 0 or more'))
  })

  it.each([0, 7, 2.5, Number.NaN, '2'])('refuse %s as a heading level', (headingLevel) => {
    expect(() => render([], { headingLevel: headingLevel as number })).toThrow(TypeError)
  })

  it('keep two lists on one page apart by their id', () => {
    const html = render([], { id: 'trackbacks-7' })
    const [section] = byClass(html, 'trackbacks')
    const [heading] = byClass(html, 'trackbacks-heading')
    expect(attribute(section, 'id')).toBe('trackbacks-7')
    expect(attribute(section, 'aria-labelledby')).toBe(attribute(heading, 'id'))
    expect(attribute(heading, 'id')).toBe('trackbacks-7-heading')
  })

  it('write dates in the time zone and the variety of the language', () => {
    const date = (options: RenderOptions) =>
      textOf(byClass(render([trackback()], options), 'trackback-date')[0])
    expect(date({ lang: 'en-GB', timeZone: 'Europe/Berlin' })).toBe('23 November 2026 at 04:04')
    expect(date({ lang: 'ja_JP', timeZone: 'Asia/Tokyo' })).toBe('2026年11月23日 12:04')
    expect(() => date({ timeZone: 'Mars/Olympus' })).toThrow(RangeError)
    expect(() => date({ lang: 'ja-!!' })).toThrow(RangeError)
  })
})
