import { describe, expect, it } from 'vitest'
import { toItem } from '../../src/render/item.js'
import { trackback } from './page.js'

describe('what is shown of a trackback', () => {
  it('has a URL that a link may name, and the title where the ping was called nothing', () => {
    expect(toItem(trackback({ url: 'http://user:x@日本語.example:8080/反応', title: '' }))).toMatchObject({
      url: 'http://xn--wgv71a119e.example:8080/%E5%8F%8D%E5%BF%9C',
      title: 'xn--wgv71a119e.example:8080/%E5%8F%8D%E5%BF%9C',
      host: 'xn--wgv71a119e.example:8080',
      readableHost: '日本語.example:8080',
    })
  })

  it('is called by its host and the beginning of its path where it has no title', () => {
    const titles: [url: string, title: string][] = [
      ['https://blog.example/', 'blog.example'],
      ['https://blog.example/a?b=c', 'blog.example/a?b=c'],
      [`https://blog.example/${'long/'.repeat(20)}`, `blog.example/${'long/'.repeat(9)}l…`],
    ] as const
    for (const [url, title] of titles) expect(toItem(trackback({ url, title: '' }))).toMatchObject({ title })
  })

  it('has the passage that verification found, and none before that', () => {
    const passage = { before: 'I read ', link: 'this', after: ' today' }
    expect(toItem(trackback({ verification: { passage } })).passage).toEqual(passage)
    for (const verification of [null, {}]) expect(toItem(trackback({ verification })).passage).toBeNull()
  })

  it('has no URL and no host where the source is no web page', () => {
    expect(toItem(trackback({ url: 'javascript:alert(1)', title: '' }))).toMatchObject({
      url: null,
      title: 'javascript:alert(1)',
      host: '',
      readableHost: null,
    })
  })

  it.each([
    [0, '1970-01-01T00:00:00.000Z'],
    [Date.UTC(9999, 11, 31, 23, 59, 59, 999), '9999-12-31T23:59:59.999Z'],
    [Date.UTC(9999, 11, 31, 23, 59, 59, 999) + 1, undefined],
    [-1, undefined],
    [Number.NaN, undefined],
    [Number.POSITIVE_INFINITY, undefined],
  ])('came at %s: %s', (receivedAt, time) => {
    expect(toItem(trackback({ receivedAt })).receivedAt?.toISOString()).toBe(time)
  })
})
