import { en } from './en.js'
import { ja } from './ja.js'
import type { Messages } from './messages.js'

const languages = new Map<string, Messages>([
  ['en', en],
  ['ja', ja],
])

/** The messages to use, and the language tag they and the dates are written in. */
export interface Wording {
  readonly messages: Messages
  readonly tag: string
}

/** Finds the messages for a language tag (`ja`, `ja-JP`, `ja_JP`); English where there are none. */
export function wordingFor(lang: string): Wording {
  const tag = lang.replaceAll('_', '-')
  const messages = languages.get(tag.toLowerCase()) ?? languages.get(tag.split('-', 1).join('').toLowerCase())
  return messages ? { messages, tag } : { messages: en, tag: 'en' }
}
