/**
 * What the list of trackbacks says in one language. Strings and results are plain text and are escaped where they
 * are written out; only `intro` is given HTML and returns HTML, which goes out as it is.
 */
export interface Messages {
  /** The direction this language is written in. */
  readonly dir: 'ltr' | 'rtl'
  /** The heading over everything. */
  readonly heading: string
  /** Stands before the trackback URL. */
  readonly url: string
  /** Introduces the list; `title` is the post's title as HTML, `''` where the post has none. */
  readonly intro: (title: string) => string
  /** How many are shown, of how many. */
  readonly count: (shown: number, total: number) => string
  /** Stands in place of the list while there is none. */
  readonly empty: string
  /** On the button that copies the trackback URL. */
  readonly copy: string
  /** What is said after the button has done it. */
  readonly copied: string
  /** On the link to the rest of a long list. */
  readonly more: string
}

/** A number with its noun, in the form that the language uses with it; `space` stands between them. */
function counted(
  lang: string,
  { one, other }: { readonly one: string; readonly other: string },
  space = ' ',
): (count: number) => string {
  return (count) => `${count}${space}${new Intl.PluralRules(lang).select(count) === 'one' ? one : other}`
}

const deTrackbacks = counted('de', { one: 'Trackback', other: 'Trackbacks' })

/** German. */
export const de: Messages = {
  dir: 'ltr',
  heading: 'Trackbacks',
  url: 'Trackback-URL für diesen Eintrag:',
  intro: (title) => (title ? `Trackbacks zum Eintrag „${title}“:` : 'Trackbacks zu diesem Eintrag:'),
  count: (shown, total) => (shown === total ? deTrackbacks(total) : `${shown} von ${deTrackbacks(total)}`),
  empty: 'Noch keine Trackbacks.',
  copy: 'Kopieren',
  copied: 'Kopiert',
  more: 'Weitere Trackbacks',
}

const enTrackbacks = counted('en', { one: 'trackback', other: 'trackbacks' })

/** English, and the fallback for a language that has no messages here. */
export const en: Messages = {
  dir: 'ltr',
  heading: 'Trackbacks',
  url: 'Trackback URL for this post:',
  intro: (title) => (title ? `Trackbacks to this post: ${title}:` : 'Trackbacks to this post:'),
  count: (shown, total) => (shown === total ? enTrackbacks(total) : `${shown} of ${enTrackbacks(total)}`),
  empty: 'No trackbacks yet.',
  copy: 'Copy',
  copied: 'Copied',
  more: 'More trackbacks',
}

// French keeps its double punctuation on the line of the word before it.
const space = '\u00A0'
const frTrackbacks = counted('fr', { one: 'rétrolien', other: 'rétroliens' }, space)

/** French. */
export const fr: Messages = {
  dir: 'ltr',
  heading: 'Rétroliens',
  url: `URL de rétrolien de ce billet${space}:`,
  intro: (title) =>
    title
      ? `Rétroliens vers le billet «${space}${title}${space}»${space}:`
      : `Rétroliens vers ce billet${space}:`,
  count: (shown, total) =>
    shown === total ? frTrackbacks(total) : `${frTrackbacks(shown)} sur${space}${total}`,
  empty: 'Aucun rétrolien pour l’instant.',
  copy: 'Copier',
  copied: 'Copié',
  more: 'Rétroliens suivants',
}

/** Japanese. */
export const ja: Messages = {
  dir: 'ltr',
  heading: 'トラックバック',
  url: 'この記事のトラックバックURL:',
  intro: (title) =>
    title ? `この記事へのトラックバック一覧です: ${title}:` : 'この記事へのトラックバック一覧です:',
  count: (shown, total) => (shown === total ? `全${total}件` : `全${total}件のうち${shown}件`),
  empty: 'トラックバックはまだありません。',
  copy: 'コピー',
  copied: 'コピーしました',
  more: '続きのトラックバックを見る',
}

/** Korean. */
export const ko: Messages = {
  dir: 'ltr',
  heading: '트랙백',
  url: '이 글의 트랙백 주소:',
  intro: (title) => (title ? `이 글에 달린 트랙백 목록입니다: ${title}` : '이 글에 달린 트랙백 목록입니다:'),
  count: (shown, total) => (shown === total ? `트랙백 ${total}개` : `트랙백 ${total}개 중 ${shown}개`),
  empty: '아직 트랙백이 없습니다.',
  copy: '복사',
  copied: '복사했습니다',
  more: '트랙백 더 보기',
}

/** Chinese in simplified characters. */
export const zh: Messages = {
  dir: 'ltr',
  heading: '引用通告',
  url: '本文的引用地址：',
  intro: (title) => (title ? `引用本文《${title}》的文章：` : '引用本文的文章：'),
  count: (shown, total) => (shown === total ? `共 ${total} 条` : `共 ${total} 条，显示其中 ${shown} 条`),
  empty: '暂无引用通告。',
  copy: '复制',
  copied: '已复制',
  more: '查看更多引用通告',
}

/** Chinese in traditional characters, as in Taiwan, Hong Kong and Macau. */
export const zhHant: Messages = {
  dir: 'ltr',
  heading: '引用通告',
  url: '本文的引用網址：',
  intro: (title) => (title ? `引用本文「${title}」的文章：` : '引用本文的文章：'),
  count: (shown, total) => (shown === total ? `共 ${total} 則` : `共 ${total} 則，顯示其中 ${shown} 則`),
  empty: '尚無引用通告。',
  copy: '複製',
  copied: '已複製',
  more: '查看更多引用通告',
}

/** Every language that has messages, by its tag in lower case. */
export const languages: ReadonlyMap<string, Messages> = new Map([
  ['de', de],
  ['en', en],
  ['fr', fr],
  ['ja', ja],
  ['ko', ko],
  ['zh', zh],
  ['zh-hant', zhHant],
  ['zh-tw', zhHant],
  ['zh-hk', zhHant],
  ['zh-mo', zhHant],
])

/** The messages to use, and the language tag they and the dates are written in. */
export interface Wording {
  readonly messages: Messages
  readonly tag: string
}

/**
 * Finds the messages for a language tag (`ja`, `ja-JP`, `ja_JP`): those of the longest beginning that has some, English
 * where none has. Messages of the blog's own stand before them, and are in the language that the blog names.
 */
export function wordingFor(
  lang: string,
  own?: { readonly [Name in keyof Messages]?: Messages[Name] | undefined },
): Wording {
  const tag = lang.replaceAll('_', '-')
  const known = lookUp(tag.toLowerCase())
  if (!own) return known ? { messages: known, tag } : { messages: en, tag: 'en' }
  const given = Object.entries(own).filter(([, message]) => message !== undefined)
  return { messages: { ...(known ?? en), ...Object.fromEntries(given) }, tag }
}

function lookUp(tag: string): Messages | undefined {
  for (let rest = tag; rest !== ''; rest = rest.slice(0, Math.max(0, rest.lastIndexOf('-')))) {
    const messages = languages.get(rest)
    if (messages) return messages
  }
  return undefined
}
