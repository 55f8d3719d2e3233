import { deepStrictEqual, ok } from 'node:assert/strict'
import { compareUrls } from '../../../src/discover/identifier.js'
import { parseUrl, resolveUrl } from '../../../src/protocol/url.js'
import { decode } from '../../../src/text/charset/decode.js'
import { decodeDeclared, decodeDocument } from '../../../src/text/charset/document.js'
import { encodeText } from '../../../src/text/charset/encode.js'
import { parseCharsetLabel } from '../../../src/text/charset/label.js'
import { escapeAttribute, escapeHtml, escapeJson, escapeXml } from '../../../src/text/escape.js'
import { cutText, makeExcerpt } from '../../../src/text/excerpt.js'
import { tokenizeHtml } from '../../../src/text/html.js'
import { cleanText, toPlainText } from '../../../src/text/plain.js'
import { naughty } from '../../text/hostile.js'
import type { Target } from '../fuzz.js'
import { clean, linesOf, webUrl, wellFormed } from '../rules.js'

const CHARSETS = [
  'utf-8',
  'shift_jis',
  'euc-jp',
  'iso-2022-jp',
  'euc-kr',
  'gb18030',
  'gbk',
  'big5',
  'windows-1252',
  'koi8-r',
]
const MARKUP = /[<>"'&]/g
const sample = 'テスト「日本語」のﾃｽﾄ、café — 한국어 中文 русский <b title="x">&amp;</b>'

/** Makes bytes of text, reads them again, and sees that no piece of markup is swallowed or made up. */
function readIn(charset: string, input: Uint8Array): void {
  const text = decode(input, charset)
  wellFormed(text)
  if (charset !== 'iso-2022-jp')
    deepStrictEqual(text.match(MARKUP), Buffer.from(input).toString('latin1').match(MARKUP), charset)
  // The platform's Shift_JIS lets these change places.
  const again = decode(encodeText(text, charset), charset).replace(/[\x1A\x1C\x7F]/g, '')
  deepStrictEqual(decode(encodeText(again, charset), charset), again, charset)
}

export const charset: Target = {
  name: 'charset',
  seeds: [
    ...CHARSETS.map((name) => encodeText(sample, name)),
    '<?xml version="1.0" encoding="EUC-JP"?>',
    '<meta http-equiv="Content-Type" content="text/html; charset=Shift_JIS">',
    Buffer.from('\uFEFFabc', 'utf16le'),
  ],
  words: [
    ...CHARSETS.map((name) => encodeText('日本 é', name)),
    ...[
      '<meta charset="',
      '">',
      '<?xml encoding="',
      '"?>',
      'shift_jis',
      'x-sjis',
      'utf-16',
      'big5',
      '<',
      '"',
      '\x1B$B',
      '\x1B(B',
      '\x1B(I',
    ],
    ...[0x80, 0x81, 0x8e, 0x8f, 0xa0, 0xa1, 0xed, 0xfc, 0xfe, 0xff].map((lead) => Uint8Array.of(lead)),
    ...['é', 'あ', 'ｱ', '가', '😀', '\uFEFF', 'я'],
  ],
  check(input) {
    const charsets = [input[0] ?? 0, input.length].map((at) => CHARSETS[at % CHARSETS.length] ?? 'utf-8')
    for (const name of charsets) readIn(name, input)
    const declared = CHARSETS[(input[0] ?? 0) % (2 * CHARSETS.length)]
    const contentType = declared === undefined ? null : `text/html; charset=${declared}`
    for (const kind of ['html', 'xml'] as const) {
      const { text, charset } = decodeDocument(input, { kind, contentType })
      deepStrictEqual(parseCharsetLabel(charset), charset)
      // ASCII is read as such, whatever was declared.
      if (input.some((byte) => byte >= 0x80)) deepStrictEqual(decode(input, charset), text)
    }
    const detected = decodeDeclared(input, []).charset
    deepStrictEqual(parseCharsetLabel(detected), detected)
    const label = Buffer.from(input).toString('utf8')
    const named = parseCharsetLabel(label)
    if (named !== null) deepStrictEqual(parseCharsetLabel(named), named)
  },
}

export const text: Target = {
  name: 'text',
  seeds: [
    ...naughty.filter((_, index) => index % 20 === 0).map((line) => line.toWellFormed()),
    '<p>The <b>quick</b> brown&nbsp;fox <!-- x --> jumps over the lazy dog, again and again, &amp; again</p>',
    '👨‍👩‍👧‍👦 🇯🇵 e\u0301 \u1100\u1161\u11A8 日本語の文章。とても長い。',
  ],
  words: [
    ...[
      '<b>',
      '</p>',
      '<br/>',
      '<script>',
      '</script>',
      '<!--',
      '-->',
      '<',
      '>',
      '&',
      '&amp;',
      '&lt;',
      '&#x202e;',
      '&#55357;',
    ],
    ...[
      ' ',
      '\n',
      '\u3000',
      '\u00A0',
      'a',
      'word',
      '日',
      'あ',
      'ﾊﾞ',
      '가',
      '\u1100\u1161',
      '\u0301',
      '\u0344',
      '\u0316',
      '\u200D',
    ],
    ...[
      '👨‍👩‍👧',
      '🇯',
      '🇵',
      '🏴\u{E0067}\u{E007F}',
      '\u202E',
      '\u2066',
      '\uFEFF',
      '\uFFFE',
      '\0',
      '\x1B',
      '\x85',
      '\u0600',
      'ไทย',
    ],
  ],
  check(input) {
    const html = Buffer.from(input).toString('utf8')
    const plain = toPlainText(html)
    clean(plain)
    deepStrictEqual(cleanText(plain), plain)
    clean(cleanText(html))
    const maxGraphemes = 1 + ((input[0] ?? 0) % 60)
    for (const cut of [makeExcerpt(html, { maxGraphemes }), cutText(plain, maxGraphemes)])
      isCut(cut, plain, maxGraphemes)
    comesBackEscaped(html)
  },
}

const graphemes = new Intl.Segmenter('und', { granularity: 'grapheme' })

function isCut(cut: string, whole: string, maxGraphemes: number): void {
  wellFormed(cut)
  ok(cut === whole || (cut.endsWith('…') && whole.startsWith(cut.slice(0, -1))), `${cut} is no beginning`)
  ok(cut.length <= 16 * maxGraphemes + 1, 'too many units')
  ok(Array.from(graphemes.segment(cut)).length <= maxGraphemes, 'too many graphemes')
}

function comesBackEscaped(text: string): void {
  const parsed = (html: string): string => {
    let seen = ''
    tokenizeHtml(html, {
      text: (piece) => (seen += piece),
      startTag: (_, [attribute]) => (seen += attribute?.[1]),
    })
    return seen
  }
  const lines = text.replace(/\r\n?/g, '\n')
  deepStrictEqual(parsed(escapeHtml(text)), lines.replaceAll('\0', ''))
  const value = escapeAttribute(text)
  const [found, sent] = [parsed(`<a b="${value}">`), lines.replaceAll('\0', '\uFFFD')]
  // Of a value its beginning is read, and a reference may be cut.
  if (value.length > 65_536) ok(found.length > 8192 && sent.startsWith(found.slice(0, -8)))
  else deepStrictEqual(found, sent)
  ok(!/[<>"'\0-\x08\x0E-\x1F\uFFFE\uFFFF]/.test(escapeXml(text)))
  deepStrictEqual(JSON.parse(escapeJson(text)), text)
  ok(!/[<>&\u2028\u2029]/.test(escapeJson(text)))
}

export const url: Target = {
  name: 'url',
  seeds: [
    'http://a.example/1\nhttps://www.a.example:443/1/index.html?a=%7e&amp;b#c\n/x?y',
    'HTTP://User@EXAMPLE.org:80/%41/default.aspx#!/post\nhttp://example.org/a\n//b',
    'javascript:alert(1)\n http://[::1]/\t\nhttp://日本.example/ｘ',
  ],
  words: [
    ...[
      '\n',
      'http://',
      'https://',
      'HTTP:',
      '//',
      '/',
      '\\',
      '?',
      '#',
      '#!/',
      '&',
      '&amp;',
      '&#38;',
      '%',
      '%7e',
      '%2F',
      '%zz',
      ':80',
      ':443',
      ':',
    ],
    ...[
      '@',
      'www.',
      'a.example',
      'A.Example',
      '[::1]',
      '127.0.0.1',
      '/index.html',
      '/default.aspx',
      '.',
      '..',
      ' ',
      '\t',
      '日本',
      'ß',
      '\u00AD',
      'javascript:',
    ],
  ],
  check(input) {
    const [first = '', second = '', reference = ''] = linesOf(input, 3)
    const resolved = resolveUrl(reference, parseUrl(first)?.href)
    if (resolved !== null) {
      webUrl(resolved)
      deepStrictEqual(resolveUrl(resolved), resolved)
    }
    const match = compareUrls(first, second)
    deepStrictEqual(compareUrls(second, first)?.match, match?.match)
    if (resolveUrl(first) !== null && !first.includes('&')) ok(compareUrls(first, first)?.match === 'exact')
    if (match) ok(match.reason !== '')
  },
}
