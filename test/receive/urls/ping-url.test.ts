import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createPingUrls } from '../../../src/receive/urls/ping-url.js'

describe('createPingUrls', () => {
  const urls = createPingUrls('https://my.example/t/trackback/')

  it('puts an id of several segments after the base', () => {
    expect(urls.urlOf('18521/60408081')).toBe('https://my.example/t/trackback/18521/60408081')
  })

  it('adds the slash that a base lacks', () => {
    expect(createPingUrls('https://my.example/tb').urlOf('7')).toBe('https://my.example/tb/7')
  })

  it('PROTOCOL 110: holds no & whatever the id', () => {
    expect(urls.urlOf('a&b?c#d')).toBe('https://my.example/t/trackback/a%26b%3Fc%23d')
  })

  it('finds any id again that it has made a URL of, and says which it makes none of', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('a', '/', '.', '%', '\0', '\x7f', '\x9f', '日', '\ud800') }),
        (id) => {
          let url: string
          try {
            url = urls.urlOf(id)
          } catch (error) {
            expect(error).toBeInstanceOf(TypeError)
            return
          }
          expect(urls.idOf(new URL(url).pathname, '')).toBe(id)
        },
      ),
    )
    fc.assert(
      fc.property(fc.stringMatching(/^[^\p{C}./]+$/u), (id) => {
        expect(urls.idOf(new URL(urls.urlOf(id)).pathname, '')).toBe(id)
      }),
    )
  })

  it('refuses ids that no URL can carry', () => {
    for (const id of ['', '.', '..', 'a/../b', 'a/', 'a\0', '\x7f', '\ud800', 'a\udfff/b'])
      expect(() => urls.urlOf(id)).toThrow(TypeError)
  })

  it('finds no id outside the base or in a broken escape', () => {
    for (const path of [
      '/',
      '/other/7',
      '/t/trackback',
      '/t/trackback/%E0%A4%A',
      '/t/trackback/7//',
      '/t/trackback/%1B',
    ])
      expect(urls.idOf(path, '')).toBeNull()
  })

  it('finds an id in the query only where the option names its parameter', () => {
    const old = createPingUrls('https://my.example/mt-tb.cgi', { idParameters: ['tb_id', 'p'] })
    expect(old.idOf('/mt-tb.cgi', 'tb_id=5&__mode=rss')).toBe('5')
    expect(old.idOf('/mt-tb.cgi/', 'p=7')).toBe('7')
    expect(old.idOf('/mt-tb.cgi/8', 'p=7')).toBe('8')
    expect(old.idOf('/mt-tb.cgi', 'id=7')).toBeNull()
    expect(urls.idOf('/t/trackback/', 'tb_id=5')).toBeNull()
  })

  it('PROTOCOL 134: finds an id in the body of a ping whose URL has no query, in any place of the form', () => {
    const old = createPingUrls('https://my.example/mt-tb.cgi', { idParameters: ['tb_id', 'p'] })
    const idIn = (body: string, query = '') => old.idOf('/mt-tb.cgi', query, Buffer.from(body))
    expect(idIn('url=http%3A%2F%2Fa.example%2F&title=x&tb_id=7')).toBe('7')
    expect(idIn('p=7&title=%93%FA%96%7B')).toBe('7')
    expect(idIn('title=\xff\xfe&tb_id=a%26b')).toBe('a&b')
    expect(idIn('tb_id=8', 'tb_id=7')).toBe('7')
    expect(idIn('tb_id=8', '__mode=rss')).toBe('8')
    expect(idIn('id=7&url=tb_id%3D5')).toBeNull()
    expect(idIn('tb_id=..%2Fx')).toBeNull()
    expect(old.idOf('/mt-tb.cgi/9', '', Buffer.from('tb_id=7'))).toBe('9')
    expect(urls.idOf('/t/trackback/', '', Buffer.from('tb_id=7'))).toBeNull()
    const signed = { accepts: () => true, sign: () => 'x' }
    const strict = createPingUrls('https://my.example/tb', { idParameters: ['tb_id'], tokens: signed })
    expect(strict.idOf('/tb', '', Buffer.from('tb_id=7'))).toBeNull()
  })

  it('takes no id from the query that it would not take from the path', () => {
    const old = createPingUrls('https://my.example/tb', { idParameters: ['tb_id'] })
    const ids = [
      '../../etc/passwd',
      '..',
      '.',
      'a/../b',
      '..\\x',
      'a\0',
      '\x1b[2J',
      'a\nb',
      'a\r',
      '\x7f',
      '\x85',
      'a/',
    ]
    for (const id of ids) {
      expect([id, old.idOf('/tb', `tb_id=${encodeURIComponent(id)}`)]).toEqual([id, null])
      expect([id, old.idOf(`/tb/${encodeURIComponent(id)}`, '')]).toEqual([id, null])
      expect(() => old.urlOf(id)).toThrow(TypeError)
    }
  })

  it('finds ids below the mount path, and still makes URLs of the base', () => {
    const behind = createPingUrls('https://my.example/blog/tb/', { mountPath: '/tb' })
    expect([behind.path, behind.urlOf('7'), behind.idOf('/tb/7', '')]).toEqual([
      '/tb/',
      'https://my.example/blog/tb/7',
      '7',
    ])
    expect([behind.idOf('/blog/tb/7', ''), behind.covers('/blog/tb/7')]).toEqual([null, false])
  })

  it('passes over a slash at the end', () => {
    expect(urls.idOf('/t/trackback/7/', '')).toBe('7')
  })
})
