import { describe, expect, it } from 'vitest'
import { en } from '../../../src/render/messages/en.js'
import { wordingFor } from '../../../src/render/messages/index.js'
import { ja } from '../../../src/render/messages/ja.js'

describe('the messages of a language', () => {
  it.each([
    ['ja', ja, 'ja'],
    ['ja-JP', ja, 'ja-JP'],
    ['ja_JP', ja, 'ja-JP'],
    ['JA', ja, 'JA'],
    ['en-AU', en, 'en-AU'],
    ['jav', en, 'en'],
    ['constructor', en, 'en'],
    ['__proto__', en, 'en'],
    ['', en, 'en'],
    ['"><script>', en, 'en'],
  ])('are found for %j', (lang, messages, tag) => {
    expect(wordingFor(lang)).toEqual({ messages, tag })
  })
})
