import { describe, expect, it } from 'vitest'
import {
  canonicalHost,
  parseUrl,
  pingReference,
  resolveUrl,
  webUrl,
  withoutWww,
} from '../../src/protocol/url.js'

describe('resolveUrl', () => {
  it.each([
    ['http://A.example:80/x y?'.replace(' ', '%20'), 'http://A.example:80/x%20y?'],
    ['HTTPS://a.example', 'HTTPS://a.example'],
    [' http://a.example/\n', 'http://a.example/'],
    ['http://日本.example/題', 'http://日本.example/題'],
    ['http://a.example/a b', 'http://a.example/a%20b'],
    ['http://a.example/a\nb', 'http://a.example/ab'],
    ['http:\\\\a.example\\x', 'http://a.example/x'],
    ['http:///a.example', 'http://a.example/'],
    ['/x', 'http://b.example/x'],
    ['x?y', 'http://b.example/a/x?y'],
    ['//c.example', 'http://c.example/'],
    ['#x', 'http://b.example/a/#x'],
    ['', null],
    ['javascript:alert(1)', null],
    ['data:text/html,x', null],
    ['ftp://a.example/', null],
    ['http://', null],
    ['http://[', null],
    ['http://%22/', null],
    ['http://{a}/', null],
  ])('%j is %j', (reference, expected) => {
    expect(resolveUrl(reference, 'http://b.example/a/')).toBe(expected)
  })

  it('without a base takes absolute URLs only', () => {
    expect(resolveUrl('/x')).toBeNull()
    expect(resolveUrl('http://a.example')).toBe('http://a.example')
  })
})

describe('PROTOCOL 140: pingReference', () => {
  const templates = [
    ...['{{ trackback_url }}', '{{trackback_url}}', '{$entry.trackback}', '#{tb}', '{trackback}'],
    ...[
      '<$MTEntryTrackbackLink$>',
      '<TrackbackURL>',
      '<?php trackback_url() ?>',
      '<%= tb %>',
      '[% tb %]',
      '{% tb %}',
    ],
    ...[
      '%trackback%',
      '%TB%',
      '[%tb%]',
      '*|TB|*',
      '(Article title)',
      'the trackback URL',
      '\\trackback',
      '^tb^',
    ],
    ...["['trackback']", 'a\\b', '/tb/%', '/tb/%2', '/tb/%zz/', '/tb/%u3042', '/tb/\u00A01', '/tb/1\u30002'],
  ]
  const quotes = `"" \`\` \u00B4\u00B4 '' “” ‘’ „“ ‚‘ «» ‹› 「」 『』 〝〟 ＂＂ ＇＇ ｢｣`.split(' ')
  const pingUrls = ['http://blog.example/tb/1', '//blog.example/tb/1', '/tb/1', 'tb/1']

  it.each(templates)('%j is none, alone or in a URL', (template) => {
    expect(pingReference(template)).toBe('')
    for (const pingUrl of pingUrls) expect(pingReference(`${pingUrl}/${template}`)).toBe('')
  })

  it.each(quotes)('a URL in %s is none', (pair) => {
    const [open = '', close = ''] = pair
    for (const pingUrl of pingUrls) {
      expect(pingReference(open + pingUrl + close)).toBe('')
      expect(pingReference(open + pingUrl)).toBe('')
      if (close !== "'") expect(pingReference(pingUrl + close)).toBe('')
    }
  })

  it.each(['\x93', '\x91', '\uFFFD', '\xE2\x80\x9C', '\xE2\x80\x98', "'"])(
    'a URL after a quote that was read in another charset is none: %j',
    (quote) => {
      for (const pingUrl of pingUrls) expect(pingReference(quote + pingUrl)).toBe('')
    },
  )

  it('passes over line breaks in a URL, as browsers do', () => {
    expect(pingReference('http://blog.example/\r\ntb/1')).toBe('http://blog.example/tb/1')
  })

  it.each(['\n', '\u2028', ' ', 'a', '%20', 'a\r\n'])(
    'one that is too long is none, whatever it is full of: %j',
    (part) => {
      const long = `http://blog.example/${part.repeat(3000 / part.length)}`
      for (const text of [long, `${part.repeat(3000)}/tb/1`]) expect(pingReference(text)).toBe('')
      expect(pingReference(long.trim(), 4000)).toBe(long.trim().replace(/[\r\n\u2028]/g, ''))
    },
  )

  it.each([
    ...[
      'http://blog.example/c.php?type=trackback&entry_id=7',
      'http://日本.example/題/trackback',
      "/it's/trackback",
    ],
    ...[
      'http://[2001:db8::1]:8080/tb/1',
      '?tb_id[]=5&b=$1',
      '/tb/%E3%81%82%20(b)/!*~',
      '#tb',
      '//b.example/@a;b=1,c/',
    ],
  ])('%j may be one', (reference) => {
    expect(pingReference(` \n${reference}\t`)).toBe(reference)
  })
})

describe('parseUrl', () => {
  it('is null for what is no URL, and goes on reading names with an umlaut (URL.canParse does not)', () => {
    expect(parseUrl('http://[')).toBeNull()
    expect(parseUrl('/x')).toBeNull()
    for (let call = 0; call < 20_000; call += 1) {
      if (parseUrl('https://b\u00FCcher.example/x')?.host !== 'xn--bcher-kva.example')
        expect.fail(`call ${call}`)
    }
  })
})

describe('webUrl', () => {
  it.each([
    ['http://a.example/x', 'http://a.example/x'],
    ['https://user:secret@日本.example:8080/?q#f', 'https://xn--wgv71a.example:8080/?q#f'],
    ['javascript:alert(1)', null],
    ['ftp://a.example/', null],
    ['/relative', null],
    ['', null],
  ])('%s is %s', (text, href) => {
    expect(webUrl(text)?.href ?? null).toBe(href)
  })
})

describe('withoutWww', () => {
  it.each([
    ['www.blog.example', 'blog.example'],
    ['blog.example', 'blog.example'],
    ['wwwx.example', 'wwwx.example'],
    ['www.www.example', 'www.example'],
    ['blog.www.example', 'blog.www.example'],
  ])('of %s leaves %s', (host, expected) => {
    expect(withoutWww(host)).toBe(expected)
  })
})

describe('canonicalHost', () => {
  it.each([
    'http://blog.example./',
    'https://BLOG.example..:8443/x',
    'http://blog%2Eexample%2e:81/',
    'http://u:p@ｂlog。example。。/',
  ])('of %s is blog.example', (url) => {
    expect(canonicalHost(new URL(url))).toBe('blog.example')
  })
})
