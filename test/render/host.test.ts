import { describe, expect, it } from 'vitest'
import { readableHost } from '../../src/render/host.js'

describe('a host in its own letters', () => {
  it.each([
    'http://日本語.example/',
    'http://トラックバック.日本/',
    'http://한국어.example/',
    'http://中文.example/',
    'http://bücher.example/',
    'http://łódź.example/',
    'http://журнал.example/',
    'http://δοκιμή.example/',
    'http://مثال.example/',
    'http://בלוג.example/',
    'http://हिन्दी.example/',
    'http://ตัวอย่าง.example/',
    'http://日本語2.example:8080/',
  ])('is shown for %s', (url) => {
    expect(readableHost(new URL(url))).toBe(url.slice('http://'.length, -1))
  })

  it.each([
    ['Cyrillic а among Latin letters', 'https://аpple.com/'],
    ['nothing but Cyrillic letters that look like Latin ones', 'https://аррӏе.com/'],
    ['nothing but Greek letters that look like Latin ones', 'https://ορα.com/'],
    ['a katakana ノ that passes for a slash', 'https://example.comノlogin.evil.example/'],
    ['a dotless i', 'https://wıki.example/'],
    ['Latin and Han in one label', 'https://my日本.example/'],
    ['Cherokee, which has letters for most of Latin', 'https://ꭺꮲ.example/'],
    ['nothing but digits that look like o', 'https://०००.example/'],
    ['nothing but digits that look like dots', 'https://۰۰۱.example/'],
    ['emoji', 'https://😀.example/'],
    ['one bad label among good ones', 'https://日本.аpple.example/'],
  ])('is not shown where it could deceive: %s', (_, url) => {
    const parsed = new URL(url)
    expect(parsed.hostname).toContain('xn--')
    expect(readableHost(parsed)).toBeNull()
  })

  it.each(['http://example.com/', 'http://127.0.0.1:80/', 'http://[::1]/', 'http://xnx--a.example/'])(
    'is not needed for %s',
    (url) => expect(readableHost(new URL(url))).toBeNull(),
  )
})
