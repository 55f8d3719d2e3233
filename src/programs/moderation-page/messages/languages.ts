import { en, type PageMessages } from './en.js'
import { ja } from './ja.js'

const languages = new Map<string, PageMessages>([
  ['en', en],
  ['ja', ja],
])

/** The messages to use, and the language tag they and the dates are written in. */
export interface PageWording {
  readonly messages: PageMessages
  readonly tag: string
}

/** Finds the messages for a language tag (`ja`, `ja-JP`, `ja_JP`); English where there are none. */
export function pageWordingFor(lang: string): PageWording {
  const tag = lang.replaceAll('_', '-')
  const messages = languages.get(tag.split('-', 1).join('').toLowerCase())
  return messages ? { messages, tag } : { messages: en, tag: 'en' }
}
