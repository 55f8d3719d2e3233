import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseMovableType } from '../../../src/programs/exchange/movable-type.js'

const post = { id: 'hello_world', url: 'http://my.example/hello_world.html', title: 'Hello: world' }
const own = [`TITLE: ${post.title}`, `BASENAME: ${post.id}`, `UNIQUE URL: ${post.url}`]
// What the format allows beside them, and what exporters write although it does not.
const others = [
  ...['AUTHOR: Foo Bar', 'STATUS: Publish', 'ALLOW PINGS: 1', 'CONVERT BREAKS: __default__', 'NO ENTRY: 1'],
  ...['DATE: 01/31/2002 03:31:05 PM', 'PRIMARY CATEGORY: Media', 'CATEGORY: News', 'CATEGORY: Media'],
  ...['CATEGORY:', 'TAGS: "Movable Type",foo', 'cf50_mood: fine', 'the second line of a title', '', ' \t'],
]
const ping = ['PING:', 'TITLE: A', 'URL: http://a.example/', 'IP: 192.0.2.1', 'BLOG NAME: B']

function fileOf(head: readonly string[], section: readonly string[], lineBreak = '\n'): string {
  return [...head, '-----', 'BODY:', 'TITLE: x', '-----', ...section, '-----', '--------', ''].join(lineBreak)
}

function pingIn(section: readonly string[], lineBreak?: string) {
  return parseMovableType(fileOf(own, section, lineBreak))[0]?.trackback
}

describe('parseMovableType', () => {
  it('finds the post in any order of its fields, whatever stands between them, on lines of any system', () => {
    const lines = fc.array(fc.constantFrom(...others), { maxLength: 20 })
    const heads = lines.chain((between) => {
      const all = [...own, ...between]
      return fc.shuffledSubarray(all, { minLength: all.length })
    })
    fc.assert(
      fc.property(heads, fc.constantFrom('\n', '\r\n', '\r'), (head, lineBreak) => {
        const [found, ...more] = parseMovableType(fileOf(head, [...ping, 'C'], lineBreak))
        expect(found?.post).toEqual(post)
        expect(found?.trackback).toMatchObject({ url: 'http://a.example/', title: 'A', excerpt: 'C' })
        expect(more).toEqual([])
      }),
    )
  })

  it('keeps the first of two values of a field', () => {
    const [found] = parseMovableType(fileOf([...own, 'TITLE: x', 'BASENAME: x', 'UNIQUE URL: x'], ping))
    expect(found?.post).toEqual(post)
  })

  it('takes the excerpt of a ping for text, from the first line that repeats a field or has none', () => {
    for (const excerpt of ['TITLE: b', 'URL: http://b.example/', 'CATEGORY: x\nTITLE: b', 'a\nIP: b', 'DATE'])
      expect(pingIn([...ping, excerpt])).toMatchObject({
        ...{ url: 'http://a.example/', title: 'A', excerpt, blogName: 'B', clientIp: '192.0.2.1' },
      })
  })

  it('keeps a value with a line separator of Unicode on its line', () => {
    const [, , ...rest] = ping
    expect(pingIn(['PING:', 'TITLE: a\u2028b', ...rest])).toMatchObject({
      ...{ title: 'a\u2028b', url: 'http://a.example/' },
    })
  })

  it.each([
    ['01/31/2002 03:31:05 PM', '2002-01-31 15:31:05+09:00'],
    ['01/31/2002 12:31:05 AM', '2002-01-31 00:31:05+09:00'],
    ['01/31/2002 15:31:05', '2002-01-31 15:31:05+09:00'],
    ['1/3/2002 3:31:05 pm', '2002-01-03 15:31:05+09:00'],
    ['yesterday', 'yesterday'],
  ])('reads the date %s', (date, receivedAt) => {
    const [found] = parseMovableType(fileOf(own, [...ping, `DATE: ${date}`]), '+09:00')
    expect(found?.trackback.receivedAt).toBe(receivedAt)
  })

  it('takes linear time', () => {
    for (const part of [' ', '\n', '-----\n', '--------\n', 'TITLE:', 'TITLE:\n', 'PING:\n', '-', '\r'])
      expect(parseMovableType(part.repeat(500_000))).toBeInstanceOf(Array)
  }, 20_000)
})
