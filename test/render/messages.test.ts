import { describe, expect, it } from 'vitest'
import en from '../../src/render/messages/en.json' with { type: 'json' }
import fr from '../../src/render/messages/fr.json' with { type: 'json' }
import ja from '../../src/render/messages/ja.json' with { type: 'json' }
import zh from '../../src/render/messages/zh.json' with { type: 'json' }
import zhHant from '../../src/render/messages/zh-Hant.json' with { type: 'json' }
import { languages, type Messages, wordingFor } from '../../src/render/messages.js'
import { formatMessage } from '../../src/text/message.js'

describe('the messages of a language', () => {
  it.each([
    ['ja', ja, 'ja'],
    ['ja-JP', ja, 'ja-JP'],
    ['ja_JP', ja, 'ja-JP'],
    ['JA', ja, 'JA'],
    ['en-AU', en, 'en-AU'],
    ['fr-CA', fr, 'fr-CA'],
    ['zh', zh, 'zh'],
    ['zh-CN', zh, 'zh-CN'],
    ['zh-Hans-HK', zh, 'zh-Hans-HK'],
    ['zh-TW', zhHant, 'zh-TW'],
    ['zh_HK', zhHant, 'zh-HK'],
    ['zh-Hant', zhHant, 'zh-Hant'],
    ['zh-Hant-SG', zhHant, 'zh-Hant-SG'],
    ['jav', en, 'en'],
    ['constructor', en, 'en'],
    ['__proto__', en, 'en'],
    ['-', en, 'en'],
    ['', en, 'en'],
    ['"><script>', en, 'en'],
  ])('are found for %j', (lang, messages, tag) => {
    expect(wordingFor(lang)).toEqual({ messages: { dir: 'ltr', ...messages }, tag })
  })

  it('give way to those of the blog, one by one', () => {
    expect(wordingFor('fr', { heading: 'Échos', copy: undefined })).toEqual({
      messages: { dir: 'ltr', ...fr, heading: 'Échos' },
      tag: 'fr',
    })
  })

  it('may be the blog’s own for a language that has none here', () => {
    const { messages, tag } = wordingFor('ar', { dir: 'rtl', heading: 'التعقيبات' })
    expect([tag, messages.dir, messages.heading, messages.copy]).toEqual(['ar', 'rtl', 'التعقيبات', 'Copy'])
  })

  it.each([{ intro: () => '' }, { count: 1 }, { introTitle: '' }])(
    'are refused with a TypeError: %o',
    (own) => {
      expect(() => wordingFor('en', own as object)).toThrow(TypeError)
    },
  )
})

function countText(messages: Omit<Messages, 'dir'>, lang: string, shown: number, total: number): string {
  return formatMessage(shown === total ? messages.count : messages.countShown, { shown, total }, lang)
}

/** All that a language says, as plain text. */
function wordsOf(messages: Omit<Messages, 'dir'>, lang: string): Record<string, string> {
  const { count: _, countShown: __, introTitled, ...rest } = messages
  return {
    ...rest,
    introduced: formatMessage(introTitled, { title: '@' }, lang),
    one: countText(messages, lang, 1, 1),
    some: countText(messages, lang, 2, 2),
    page: countText(messages, lang, 2, 12),
  }
}

describe.each([...languages])('in %s', (lang, messages) => {
  const words = Object.entries(wordsOf(messages, lang))

  it('nothing is left unsaid', () => {
    expect(words).toHaveLength(11)
    expect(words.filter(([, text]) => text.trim() === '' || /undefined|NaN|[{}#]/.test(text))).toEqual([])
  })

  it('the title and the numbers are said', () => {
    expect(formatMessage(messages.introTitled, { title: '@@' }, lang)).toContain('@@')
    expect(countText(messages, lang, 3, 41)).toMatch(/3/)
    expect(countText(messages, lang, 3, 41)).toMatch(/41/)
  })

  it('no English is left in', () => {
    if (lang === 'en') return
    const english = wordsOf(en, 'en')
    // German blogs call them what English ones do.
    const shared = words.filter(([name, text]) => english[name] === text)
    expect(shared.map(([name]) => name)).toEqual(lang === 'de' ? ['heading'] : [])
    expect(words.filter(([, text]) => /\b(post|copy|more|copied|yet|this|of)\b/i.test(text))).toEqual([])
  })

  it('no text holds markup', () => {
    expect(words.filter(([, text]) => /[<>&"]/.test(text))).toEqual([])
  })
})

describe('the grammar', () => {
  it.each([
    ['en', 1, '1 trackback'],
    ['en', 0, '0 trackbacks'],
    ['fr', 0, '0\u00A0rétrolien'],
    ['fr', 1, '1\u00A0rétrolien'],
    ['fr', 2, '2\u00A0rétroliens'],
    ['de', 1, '1 Trackback'],
    ['de', 0, '0 Trackbacks'],
    ['ko', 1, '트랙백 1개'],
  ])('of %s counts %s', (lang, number, text) => {
    expect(countText(languages.get(lang) ?? en, lang, number, number)).toBe(text)
  })

  it('of French keeps its punctuation on the line of the word before it', () => {
    const texts = Object.values(wordsOf(fr, 'fr'))
    expect(texts.filter((text) => /[^\u00A0][:;!?»]|«[^\u00A0]/.test(text))).toEqual([])
    expect(texts.filter((text) => text.includes('\u00A0')).length).toBeGreaterThan(3)
  })
})
