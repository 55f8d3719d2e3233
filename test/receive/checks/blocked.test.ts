import { describe, expect, it } from 'vitest'
import { blocked } from '../../../src/receive/checks/blocked.js'
import { judge } from './subject.js'

const check = blocked({
  words: ['viagra', 'バイアグラ'],
  hosts: ['casino.example', 'お買い得.jp'],
  addresses: ['192.0.2.0/24', '2001:db8::/32'],
})
const clean = { clientIp: '198.51.100.1', title: 'A title', excerpt: 'Some text', blogName: 'A blog' }

describe('blocked', () => {
  it('has nothing to say of what is on no list, nor without lists', async () => {
    expect(await judge(check, clean)).toBe(null)
    expect(await judge(blocked(), { ...clean, excerpt: 'viagra http://casino.example/' })).toBe(null)
  })

  it.each([
    ['the client', { clientIp: '192.0.2.77' }, { code: 'blocked-address' }],
    ['the client in IPv6', { clientIp: '2001:db8::1' }, { code: 'blocked-address' }],
    ['the client as a socket names it', { clientIp: '::ffff:192.0.2.77' }, { code: 'blocked-address' }],
    [
      'the source',
      { url: 'https://www.casino.example/x' },
      { code: 'blocked-host', host: 'www.casino.example' },
    ],
    [
      'the source in Unicode',
      { url: 'https://お買い得.jp/x' },
      { code: 'blocked-host', host: 'xn--n8jl2447agzzb.jp' },
    ],
    ['the address of the source', { url: 'http://192.0.2.5/x' }, { code: 'blocked-host', host: '192.0.2.5' }],
    [
      'the address of the source in IPv6',
      { url: 'http://[2001:db8::5]/x' },
      { code: 'blocked-host', host: '[2001:db8::5]' },
    ],
    [
      'a URL in the text',
      { excerpt: 'go to http://casino.example/x' },
      { code: 'blocked-host', host: 'casino.example' },
    ],
    [
      'a URL in the title',
      { title: 'www.casino.example' },
      { code: 'blocked-host', host: 'www.casino.example' },
    ],
    [
      'a URL in Japanese text',
      { excerpt: '詳細はhttp://casino.exampleへ' },
      { code: 'blocked-host', host: 'casino.example' },
    ],
    ['a word in the excerpt', { excerpt: 'Cheap Viagra' }, { code: 'blocked-word', word: 'viagra' }],
    ['a word in the title', { title: '激安ﾊﾞｲｱｸﾞﾗ' }, { code: 'blocked-word', word: 'バイアグラ' }],
    ['a word in the blog name', { blogName: 'VIAGRA' }, { code: 'blocked-word', word: 'viagra' }],
    [
      'a word in the URL',
      { url: 'https://blog.example/buy-%76iagra.html' },
      { code: 'blocked-word', word: 'viagra' },
    ],
  ])('speaks against %s', async (_, changes, reason) => {
    const { reason: said, score } = (await judge(check, { ...clean, ...changes })) ?? {}
    expect(score).toBe(-10)
    expect(said).toEqual(reason)
  })

  it('PROTOCOL 92: speaks against where the source leads', async () => {
    expect(await judge(check, clean, { finalUrl: 'https://casino.example/' })).toMatchObject({ score: -10 })
  })

  it.each([
    ['a host that ends like one', { url: 'https://notcasino.example/' }],
    ['a host that begins like one', { url: 'https://casino.example.evil.test/' }],
    ['a host in the path', { url: 'https://blog.example/casino.example/' }],
    ['a client whose address is hashed', { clientIp: 'c0000201' }],
    ['a client whose address is not kept', { clientIp: null }],
  ])('THREATS I2: has nothing to say of %s', async (_, changes) => {
    expect(await judge(check, { ...clean, ...changes })).toBe(null)
  })

  it('is not evaded by long fields before the word', async () => {
    const zalgo = `a${'\u0336'.repeat(15)}`.repeat(250)
    expect(
      await judge(check, { ...clean, title: zalgo, blogName: zalgo, excerpt: `${zalgo} viagra` }),
    ).toMatchObject({
      score: -10,
    })
  })

  it('refuses entries that are not of their kind', () => {
    for (const wrong of [{ words: [''] }, { hosts: ['a b'] }, { addresses: ['example.com'] }]) {
      expect(() => blocked(wrong)).toThrow(TypeError)
    }
  })
})
