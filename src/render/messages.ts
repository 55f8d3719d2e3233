import { optionCheck } from '../base/options.js'
import de from './messages/de.json' with { type: 'json' }
import en from './messages/en.json' with { type: 'json' }
import fr from './messages/fr.json' with { type: 'json' }
import ja from './messages/ja.json' with { type: 'json' }
import ko from './messages/ko.json' with { type: 'json' }
import zh from './messages/zh.json' with { type: 'json' }
import zhHant from './messages/zh-Hant.json' with { type: 'json' }

/**
 * What the list of trackbacks says in one language. Texts with placeholders are written as in ICU MessageFormat, also
 * with plurals: `'{total, plural, one {# trackback} other {# trackbacks}}'`. All of it is plain text, escaped where it is
 * written out; only `intro` and `introTitled` are HTML, which goes out as it is.
 */
export interface Messages {
  /** The direction this language is written in. */
  readonly dir: 'ltr' | 'rtl'
  /** The heading over everything. */
  readonly heading: string
  /** Stands before the trackback URL. */
  readonly url: string
  /** Introduces the list of a post without a title. */
  readonly intro: string
  /** Introduces the list; `{title}` is the post's title as HTML. */
  readonly introTitled: string
  /** How many there are, where all are shown: `{total}`. */
  readonly count: string
  /** How many are shown, of how many: `{shown}`, `{total}`. */
  readonly countShown: string
  /** Stands in place of the list while there is none. */
  readonly empty: string
  /** On the button that copies the trackback URL. */
  readonly copy: string
  /** What is said after the button has done it. */
  readonly copied: string
  /** On the link to the rest of a long list. */
  readonly more: string
}

type Texts = Omit<Messages, 'dir'>

/** The texts of every language that has some, by its tag in lower case; all of these are written from left to right. */
export const languages: ReadonlyMap<string, Texts> = new Map(
  Object.entries({
    ...{ de, en, fr, ja, ko, zh },
    ...{ 'zh-hant': zhHant, 'zh-tw': zhHant, 'zh-hk': zhHant, 'zh-mo': zhHant },
  }),
)

const checkMessages = optionCheck('messages', { string: `dir ${Object.keys(en).join(' ')}` })

/**
 * Finds the messages for a language tag (`ja`, `ja-JP`, `ja_JP`), and the tag that they and the dates are written in: those
 * of the longest beginning that has some, English where none has. Messages of the blog's own stand before them, and are in
 * the language that the blog names. Throws a `TypeError` for a message that is not a string.
 */
export function wordingFor(lang: string, own?: Partial<Record<keyof Messages, string | undefined>>) {
  if (own) checkMessages(own)
  const tag = lang.replaceAll('_', '-')
  const known = lookUp(tag.toLowerCase())
  const given = Object.entries(own ?? {}).filter(([, message]) => message !== undefined)
  const messages: Messages = { dir: 'ltr', ...(known ?? en), ...Object.fromEntries(given) }
  return { messages, tag: known || own ? tag : 'en' }
}

function lookUp(tag: string): Texts | undefined {
  const end = tag.lastIndexOf('-')
  return languages.get(tag) ?? (end < 0 ? undefined : lookUp(tag.slice(0, end)))
}
