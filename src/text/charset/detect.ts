import { toByteString } from './decode.js'
import type { Charset } from './label.js'
import { likeness, sampleOf } from './likeness.js'

/** What is known about where bytes come from. */
export interface DetectOptions {
  /**
   * The language of the site, as in HTML's `lang`: `'ja'`, `'ko'`, `'zh-TW'`. Its charsets are preferred.
   * @default undefined
   */
  readonly lang?: string | undefined
  /**
   * Charsets that are likelier than others, by the names that `parseCharsetLabel` returns.
   * @default []
   */
  readonly expected?: readonly Charset[] | undefined
}

const LATIN: Charset = 'windows-1252'
const CANDIDATES = ['utf-8', 'shift_jis', 'euc-jp', 'euc-kr', 'gb18030', 'big5', LATIN] as const
const HINT = 0.3
const DECLARED = 1.5
// Only what cannot be told from the bytes alone needs a language.
const CHARSETS_OF: ReadonlyMap<string, readonly Charset[]> = new Map([
  ['ja', ['shift_jis', 'euc-jp']],
  ['ko', ['euc-kr']],
  ['zh', ['gb18030', 'big5']],
  ['zh-tw', ['big5']],
  ['zh-hk', ['big5']],
  ['zh-hant', ['big5']],
  ['ru', ['windows-1251', 'koi8-r']],
  ['uk', ['windows-1251', 'koi8-u']],
  ['pl', ['iso-8859-2']],
  ['cs', ['windows-1250']],
  ['el', ['windows-1253']],
  ['tr', ['windows-1254']],
])

/** Whether the bytes are ISO-2022-JP: seven bits each, with escape sequences into its Japanese sets. */
export function hasIso2022JpEscapes(bytes: Uint8Array): boolean {
  if (!bytes.includes(0x1b)) return false
  const text = toByteString(bytes)
  return !/[\x80-\xFF]/.test(text) && /\x1B(?:\$[@B]|\(I)/.test(text)
}

/**
 * The charset that bytes which are not valid UTF-8 look most like, and how much (see `likeness`): damaged UTF-8, Shift_JIS,
 * EUC-JP, EUC-KR, GB18030, Big5, Windows-1252 or an expected one. `declared` is believed more than others. Give it as
 * much text as there is (all fields of a ping joined: PROTOCOL 79).
 */
export function likeliest(
  bytes: Uint8Array,
  { lang = '', expected = [] }: DetectOptions = {},
  declared: readonly Charset[] = [],
): { charset: Charset; likeness: number } {
  const hinted = [...expected, ...charsetsOf(lang.toLowerCase())]
  const sample = sampleOf(bytes)
  let best = { charset: LATIN, likeness: Number.NEGATIVE_INFINITY }
  for (const charset of new Set([...declared, ...hinted, ...CANDIDATES])) {
    const bonus = (declared.includes(charset) ? DECLARED : 0) + (hinted.includes(charset) ? HINT : 0)
    const score = likeness(sample, charset) + bonus
    if (score > best.likeness) best = { charset, likeness: score }
  }
  return best
}

function charsetsOf(lang: string): readonly Charset[] {
  const [language = '', ...subtags] = lang.split('-')
  const names = [...subtags.map((subtag) => `${language}-${subtag}`), language]
  return CHARSETS_OF.get(names.find((name) => CHARSETS_OF.has(name)) ?? '') ?? []
}
