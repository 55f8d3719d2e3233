import { createRequire } from 'node:module'
import fc from 'fast-check'

/** The strings of big-list-of-naughty-strings, and what it lacks: lone surrogates, and NUL in a line end. */
export const naughty: readonly string[] = [
  ...(createRequire(import.meta.url)('big-list-of-naughty-strings') as string[]),
  'a\uD83Db',
  '\uDC00',
  'x\uDC00\uD83D',
  'a\r\0\nb',
]

/** What an HTML reader makes of text: CR becomes LF, and then NUL is dropped. */
export function asRead(text: string): string {
  return text.replace(/\r\n?/g, '\n').replaceAll('\0', '')
}

const pieces = [
  'e',
  ' ',
  '\u3000',
  'あ',
  'ﾊﾞ',
  '日',
  '가',
  '\u1100\u1161',
  '\u0301',
  '\u0344',
  '\u0316',
  '\u200D',
  '👨‍👩‍👧',
  '🇯🇵',
  '🏴\u{E0067}\u{E007F}',
  '\uD800',
  '\uDFFF',
  '\u202E',
  '\u2066',
  '\uFEFF',
  '\uFFFE',
  '\0',
  '\x1B',
  '\x85',
  '\r\n',
  '&amp;',
  '&#x202e;',
  '&lt;',
  '<b>',
  '</p>',
  '<script>',
  '</script>',
  '<!--',
  '-->',
  '"',
  "'",
  '©',
  '\u0600',
]

/** Strings made to be difficult: marks, joiners, controls, half pairs, pieces of markup. */
export const difficult: fc.Arbitrary<string> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.array(fc.constantFrom(...pieces), { maxLength: 40 }).map((parts) => parts.join('')),
  },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 60 }) },
  { weight: 1, arbitrary: fc.array(fc.nat(0xffff)).map((units) => String.fromCharCode(...units)) },
)

const MEBIBYTE = 1 << 20
const repeated = (text: string) => (length: number) =>
  text.repeat(Math.ceil(length / text.length)).slice(0, length)

/** Text of a given length made to be slow to read. */
export const slow: Readonly<Record<string, (length?: number) => string>> = Object.fromEntries(
  Object.entries({
    'comment openings': repeated('<!--'),
    'nested comments': repeated('<!-- <!-- --!'),
    'less-than signs': repeated('<'),
    'unfinished tags': repeated('<a '),
    'unfinished attributes': (length: number) => `<a ${repeated('b="')(length)}`,
    'one attribute again and again': (length: number) => `<a ${repeated('x ')(length)}>`,
    'many different attributes': (length: number) => {
      let tag = '<a'
      for (let i = 0; tag.length < length; i += 1) tag += ` a${i.toString(36)}`
      return `${tag}>`
    },
    'script end tags': (length: number) => `<script><!--${repeated('</scrip')(length)}`,
    'script openings': (length: number) => `<script><!--${repeated('<script>')(length)}`,
    ampersands: repeated('&'),
    'almost references': repeated('&notit;&#1114112;'),
    'one long number': (length: number) => `&#${repeated('9')(length)}`,
    'CDATA openings': repeated('<![CDATA['),
    'combining marks': repeated('\u0301\u0316'),
    'one mark': (length: number) => `e${repeated('\u0301')(length)}`,
    'half pairs': repeated('\uD800'),
    'family emoji': repeated('👨‍👩‍👧‍👦'),
    flags: repeated('🇯🇵'),
    joiners: repeated('\u200D'),
    'bidi controls': repeated('\u202E'),
    'white space': repeated(' \u3000\t'),
    'one long word': repeated('a'),
    'Japanese text': repeated('日本語の文章。'),
    nulls: repeated('\0'),
  }).map(([name, make]) => [name, (length = MEBIBYTE): string => make(length)]),
)

/** What no cleaned text may hold. */
export const FORBIDDEN =
  /[\0-\x08\x0A-\x1F\x7F-\x9F\u061C\u200B\u200E\u200F\u2028-\u202E\u2060-\u206F\uFEFF\uFFF9-\uFFFB\uFFFE\uFFFF\u{E0000}-\u{E007F}\p{Cs}]/u
