import { de } from './de.js'
import { en } from './en.js'
import { fr } from './fr.js'
import { ja } from './ja.js'
import { ko } from './ko.js'
import type { Messages } from './messages.js'
import { zh } from './zh.js'
import { zhHant } from './zh-hant.js'

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
