import en from './en.json' with { type: 'json' }
import ja from './ja.json' with { type: 'json' }

/**
 * What the moderation page says in one language, as `formatMessage` takes it; English also stands in for a language that
 * has no file here. All of it is plain text, escaped where it is written out.
 */
export type PageMessages = typeof en

/** A language that has messages; `reasonText` speaks it, too. */
type Language = 'en' | 'ja'

const languages: Readonly<Record<Language, PageMessages>> = { en, ja }

/** The messages to use, and the language tag they and the dates are written in. */
export interface PageWording {
  readonly messages: PageMessages
  readonly language: Language
  readonly tag: string
}

/** Finds the messages for a language tag (`ja`, `ja-JP`, `ja_JP`); English where there are none. */
export function pageWordingFor(lang: string): PageWording {
  const tag = lang.replaceAll('_', '-')
  const language = tag.split('-', 1).join('').toLowerCase()
  return language === 'en' || language === 'ja'
    ? { messages: languages[language], language, tag }
    : { messages: en, language: 'en', tag: 'en' }
}
