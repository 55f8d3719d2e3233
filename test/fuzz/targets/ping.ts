import { deepStrictEqual, ok } from 'node:assert/strict'
import { parseForm } from '../../../src/protocol/form.js'
import { generatePing, parsePing } from '../../../src/protocol/ping.js'
import { parseUrl } from '../../../src/protocol/url.js'
import { encodeText } from '../../../src/text/charset/encode.js'
import { parseCharsetLabel } from '../../../src/text/charset/label.js'
import { toPlainText } from '../../../src/text/plain.js'
import {
  europeanPings,
  japanesePings,
  koreanPings,
  type SamplePing,
  simplifiedPings,
  traditionalPings,
} from '../../text/sample-pings.js'
import type { Target } from '../fuzz.js'
import { clean, plainUtf8, wellFormed } from '../rules.js'

const FORM = 'application/x-www-form-urlencoded'
const CHARSETS = ['utf-8', 'shift_jis', 'euc-jp', 'iso-2022-jp', 'euc-kr', 'gb18030', 'big5', 'windows-1252']
const CONTENT_TYPES = [null, FORM, ...CHARSETS.map((charset) => `${FORM}; charset=${charset}`)]
const LANGUAGES = [undefined, 'ja', 'ko', 'zh-TW', 'de']

/** Pings as they are sent, percent-encoded or raw, each language in its charsets. */
const seeds = (
  [
    ['utf-8', japanesePings],
    ['shift_jis', japanesePings],
    ['euc-jp', japanesePings],
    ['iso-2022-jp', japanesePings],
    ['euc-kr', koreanPings],
    ['gb18030', simplifiedPings],
    ['big5', traditionalPings],
    ['windows-1252', europeanPings],
  ] as const
).flatMap(([charset, pings]) => pings.slice(0, 2).flatMap((ping) => asSent(ping, charset)))

function asSent(ping: SamplePing, charset: string): (string | Uint8Array)[] {
  const url = 'http://blog.example/1'
  const raw = `url=${url}&title=${ping.title}&excerpt=${ping.excerpt}&blog_name=${ping.blogName}`
  return [generatePing({ ...ping, url }, { charset }).body, encodeText(raw, charset)]
}

export const ping: Target = {
  name: 'ping',
  seeds: [...seeds, '', 'url=http://a.example/', '&&=&%&%4&%zz=+', 'charset=utf-7&url=x&title=%FE%FF'],
  words: [
    ...[
      'url=',
      'title=',
      'excerpt=',
      'blog_name=',
      'charset=',
      '&',
      '=',
      '+',
      '%',
      '%00',
      '%0A',
      '%E3%81%82',
    ],
    ...['http://a.example/', 'shift_jis', 'euc-jp', 'JIS', 'UTF-8', 'utf-16', '%1B%24B', '%1B(B', '%82%A0'],
    ...['&lt;', '&amp;', '<b>', '</p>', '<!--', '%EF%BB%BF', '%FF%FE', '%F0%9F%98%80', '%CC%81', '日本', 'é'],
    Uint8Array.of(0x1b, 0x24, 0x42, 0x46, 0x7c, 0x1b, 0x28, 0x42),
    Uint8Array.of(0x93, 0xfa),
  ],
  check(input) {
    asUrlStandard(input)
    const at = input[0] ?? 0
    const contentType = CONTENT_TYPES[at % CONTENT_TYPES.length]
    const received = parsePing(input, { contentType, lang: LANGUAGES[input.length % LANGUAGES.length] })
    if (received.ping === null) return ok(['type', 'size', 'pairs'].includes(received.reason))
    deepStrictEqual(parseCharsetLabel(received.charset), received.charset)
    Object.values(received.ping).forEach(wellFormed)
    const text = plainUtf8(input)
    if (text !== null) deepStrictEqual(parsePing(text, { contentType: CONTENT_TYPES[0] }), parsePing(input))
    comesBack(received.ping)
  },
}

function comesBack(fields: { url: string; title: string; excerpt: string; blogName: string }): void {
  const title = toPlainText(fields.title)
  const excerpt = toPlainText(fields.excerpt)
  const blogName = toPlainText(fields.blogName)
  for (const text of [title, excerpt, blogName]) clean(text)
  const url = parseUrl(fields.url)
  if (url?.protocol !== 'http:' && url?.protocol !== 'https:') return
  const sent = { url: url.href, title, excerpt, blogName }
  const { body, contentType } = generatePing(sent)
  const expected = {
    url: url.href,
    title: title || url.href,
    excerpt: excerpt || title || url.href,
    blogName: blogName || url.host,
  }
  deepStrictEqual(parsePing(Buffer.from(body), { contentType, maxBytes: 1 << 24 }).ping, expected)
}

/** The platform's own reader gives the same pairs; on Node 20 only of ASCII, as it confuses bytes with escapes. */
function asUrlStandard(input: Uint8Array): void {
  const pairs = input.every((byte) => byte < 0x80) ? parseForm(input, 1 << 20) : null
  if (pairs === null) return
  const utf8 = new TextDecoder('utf-8', { ignoreBOM: true })
  const asText = (bytes: string): string => utf8.decode(Buffer.from(bytes, 'latin1'))
  // A `?` in front would be taken off.
  const expected = [...new URLSearchParams(`&${Buffer.from(input).toString('latin1')}`)]
  deepStrictEqual(
    pairs.map(([name, value]) => [asText(name), asText(value)]),
    expected,
  )
}
