import { describe, expect, it } from 'vitest'
import { claimMatchesPage, linkVerified, topPage } from '../../../src/receive/checks/source.js'
import { judge, scoreOf } from './subject.js'

describe('linkVerified', () => {
  it('says nothing for a link that others may have written, and why', async () => {
    expect(await judge(linkVerified, {}, { isUserContent: true, reason: 'why' })).toEqual({
      score: 0,
      reason: 'why',
    })
  })

  it('says what verification says', async () => {
    expect(await judge(linkVerified, {}, { reason: 'why' })).toEqual({ score: 2, reason: 'why' })
  })
})

describe('PEERS 25: topPage', () => {
  it.each([
    'https://blog.example/',
    'https://blog.example',
    'https://blog.example:8080/',
    'https://blog.example/#entry',
    'https://blog.example/index.html',
    'https://blog.example/INDEX.PHP',
    'https://blog.example/default.aspx',
    'https://blog.example/?',
  ])('speaks against %s', async (url) => {
    expect(await scoreOf(topPage, { url })).toBe(-5)
    expect(await scoreOf(topPage, {}, { finalUrl: url })).toBe(-5)
  })

  it.each([
    'https://blog.example/entry',
    'https://blog.example/?p=1',
    'https://blog.example/index.php?p=1',
    'https://blog.example/index.php/entry',
    'https://blog.example/~me/',
    'https://blog.example/index.html/x',
    'https://blog.example/myindex.html',
  ])('has nothing to say of %s', async (url) => {
    expect(await judge(topPage, { url }, { finalUrl: url })).toBe(null)
  })
})

describe('claimMatchesPage', () => {
  it.each([
    ['the same', 'Hello, world', 'Hello, world', 2],
    ['with the blog after it', 'Hello, world', 'Hello, world | My blog', 2],
    ['with the blog before it', 'Hello, world', 'My blog: Hello, World!', 2],
    ['in other case and punctuation', 'HELLO — WORLD', 'hello "world"', 2],
    [
      'cut by the sender',
      'A long title about the airline and its…',
      'A long title about the airline and its crisis',
      2,
    ],
    ['longer than the page says', 'My blog » Hello, world', 'Hello, world', 2],
    ['in Japanese', 'JALの対応を評価する', 'ある日記: JALの対応を評価する', 2],
    ['in half-width kana', 'ﾄﾗｯｸﾊﾞｯｸ入門', 'トラックバック入門', 2],
    ['in Korean', '트랙백이란 무엇인가', '트랙백이란 무엇인가 - 블로그', 2],
    ['in Thai', 'สวัสดีชาวโลก', 'บล็อก – สวัสดีชาวโลก', 2],
    ['with a zero-width joiner in it', 'Hel\u200dlo, wor\u200dld', 'Hello, world', 2],
    ['quite another', 'Cheap pills online', '日本航空の再建について', -2],
    ['quite another in Japanese', '激安ブランド通販', '日本航空の再建について', -2],
  ])('a title that is %s', async (_, title, page, score) => {
    expect(await scoreOf(claimMatchesPage, { title, blogName: '' }, { title: page })).toBe(score)
  })

  it('takes the name of the blog for half a claim: old pages are titled with it alone', async () => {
    const changes = { title: 'JALの対応を評価する', blogName: 'ココログの日記帳' }
    expect(await scoreOf(claimMatchesPage, changes, { title: 'ココログの日記帳' })).toBe(1)
  })

  it.each([
    ['no title of the page', { title: 'Hello' }, {}],
    ['an empty title of the page', { title: 'Hello' }, { title: '' }],
    ['nothing claimed', { title: '', blogName: '' }, { title: 'Hello' }],
    [
      'only a URL for a title',
      { url: 'https://b.example/x', title: 'https://b.example/x', blogName: '' },
      { title: 'Hello' },
    ],
    ['a page titled with one letter', { title: 'Hello' }, { title: '嵐' }],
    ['a page titled with two letters', { title: 'Ok then' }, { title: 'Ok' }],
    ['a page titled with signs', { title: 'Hello' }, { title: '*** !!! ***' }],
  ])('has nothing to say where there is %s', async (_, changes, verification) => {
    expect(await judge(claimMatchesPage, changes, verification)).toBe(null)
  })

  it('has nothing to say of what agrees a little', async () => {
    expect(
      await judge(
        claimMatchesPage,
        { title: 'Airlines in trouble', blogName: '' },
        { title: 'Airports and trains' },
      ),
    ).toBe(null)
  })
})
