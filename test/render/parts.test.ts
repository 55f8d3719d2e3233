import { describe, expect, it, vi } from 'vitest'
import type { RenderParts } from '../../src/render/parts.js'
import { type RenderOptions, renderTrackbacks } from '../../src/render/trackbacks.js'
import { attribute, byClass, elementsOf, pingUrl, textOf, trackback } from './page.js'

const view = { post: { title: 'A <post>' }, pingUrl, trackbacks: [trackback()], count: 3, nextUrl: '?page=2' }

function render(parts: RenderParts, options: RenderOptions = {}): string {
  return renderTrackbacks(view, { timeZone: 'UTC', ...options, parts })
}

const classes: Readonly<Record<keyof RenderParts, string>> = {
  heading: 'trackbacks-heading',
  url: 'trackbacks-url',
  intro: 'trackbacks-intro',
  count: 'trackbacks-count',
  empty: 'trackbacks-empty',
  list: 'trackbacks-list',
  more: 'trackbacks-more',
  item: 'trackback',
  title: 'trackback-title',
  excerpt: 'trackback-excerpt',
  blog: 'trackback-blog',
  host: 'trackback-host',
  date: 'trackback-date',
}
const pieces = Object.entries(classes) as [keyof RenderParts, string][]
const shown = (name: keyof RenderParts) => (name === 'empty' ? { ...view, trackbacks: [], count: 0 } : view)

describe('a part', () => {
  it.each(pieces)('%s stands in place of its element', (name, className) => {
    const standard = renderTrackbacks(shown(name))
    const own = renderTrackbacks(shown(name), { parts: { [name]: () => '<hr class="own">' } })
    expect(byClass(standard, className)).toHaveLength(1)
    expect(byClass(own, className)).toEqual([])
    expect(byClass(own, 'own')).toHaveLength(1)
  })

  it.each(pieces)('%s gets what it replaces: giving that back changes nothing', (name) => {
    const part = vi.fn((_data: unknown, { standard }: { standard: string }) => standard)
    expect(renderTrackbacks(shown(name), { parts: { [name]: part } })).toBe(renderTrackbacks(shown(name)))
    expect(part).toHaveBeenCalledOnce()
  })

  it.each(pieces)('%s may leave its piece out', (name, className) => {
    const html = renderTrackbacks(shown(name), { parts: { [name]: () => '' } })
    expect(byClass(html, className)).toEqual([])
  })

  it('of the list gets the list: post, ping URL, items, how many there are, where it goes on', () => {
    const count: RenderParts['count'] = (data, { escapeHtml }) => escapeHtml(JSON.stringify(data))
    const { items, ...rest } = JSON.parse(
      textOf(byClass(render({ count }), 'trackbacks')[0]).match(/\{.*\}/)?.[0] ?? '',
    )
    expect(rest).toEqual({
      post: view.post,
      pingUrl,
      total: 3,
      nextUrl: '?page=2',
      headingId: 'trackbacks-heading',
    })
    expect(items).toHaveLength(1)
  })

  it('of a trackback gets the trackback, its URL only where a link may lead there', () => {
    const found: unknown[] = []
    const item: RenderParts['item'] = (data, { standard }) => {
      found.push(data)
      return standard
    }
    const trackbacks = [
      trackback({ url: 'http://user:x@日本語.example/a' }),
      trackback({ id: '2', url: 'javascript:alert(1)', title: '' }),
    ]
    renderTrackbacks({ ...view, trackbacks }, { parts: { item } })
    expect(found).toEqual([
      {
        id: '1',
        url: 'http://xn--wgv71a119e.example/a',
        title: 'A reply',
        excerpt: 'What I think of it.',
        passage: null,
        blogName: 'The source',
        host: 'xn--wgv71a119e.example',
        readableHost: '日本語.example',
        receivedAt: new Date('2026-11-23T03:04:05Z'),
      },
      expect.objectContaining({ url: null, title: 'javascript:alert(1)', host: '', readableHost: null }),
    ])
  })

  it('escapes, speaks the language of the list and writes its dates', () => {
    const item: RenderParts['item'] = ({ title, receivedAt }, { escapeHtml, messages, lang, formatDate }) =>
      `<li title="${escapeHtml(title)}">${messages.heading} ${lang} ${receivedAt && formatDate(receivedAt)}</li>`
    const html = renderTrackbacks(
      { ...view, trackbacks: [trackback({ title: `"><img src=x onerror='x'>` })] },
      { lang: 'ja', timeZone: 'Asia/Tokyo', parts: { item } },
    )
    const [element] = elementsOf(html).filter(({ tagName }) => tagName === 'li')
    expect(attribute(element, 'title')).toBe(`"><img src=x onerror='x'>`)
    expect(textOf(element)).toBe('トラックバック ja 2026年11月23日 12:04')
    expect(elementsOf(html).filter(({ tagName }) => tagName === 'img')).toEqual([])
  })

  it('is called where there would be nothing, and may show something', () => {
    const blog: RenderParts['blog'] = ({ host }, { standard, escapeHtml }) =>
      standard || `<i>${escapeHtml(host)}</i>`
    const html = renderTrackbacks({ ...view, trackbacks: [trackback({ blogName: '' })] }, { parts: { blog } })
    const [meta] = byClass(html, 'trackback-meta')
    expect(textOf(meta)).toContain('source.example · source.example')
  })

  it('stands inside the part around it: an item holds the title that another part wrote', () => {
    const html = render({
      title: () => '<h3>own</h3>',
      item: (_, { standard }) => standard.replace('<li', '<li data-own'),
    })
    const [item] = byClass(html, 'trackback')
    expect(attribute(item, 'data-own')).toBe('')
    expect(textOf(item)).toContain('own')
  })

  it.each([undefined, null, 7, Promise.resolve('x')])('that returns %s is a mistake', (result) => {
    expect(() => render({ count: () => result as unknown as string })).toThrow(TypeError)
  })
})
