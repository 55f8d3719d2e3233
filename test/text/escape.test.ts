import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { escapeAttribute, escapeHtml, escapeJson, escapeXml } from '../../src/text/escape.js'
import { tokenizeHtml } from '../../src/text/html.js'
import { asRead, difficult, naughty } from './hostile.js'

function textOf(html: string): string {
  let seen = ''
  const markup = (): never => {
    throw new Error('markup came through')
  }
  tokenizeHtml(html, {
    text: (text) => {
      seen += text
    },
    startTag: markup,
    endTag: markup,
    comment: markup,
  })
  return seen
}

describe('escapeHtml', () => {
  it('escapes what would begin markup and nothing else', () => {
    expect(escapeHtml(`a < b & c > "d" 'e' 日本`)).toBe(`a &lt; b &amp; c &gt; "d" 'e' 日本`)
  })

  it('THREATS X1: any text is read back as that text, without markup', () => {
    for (const text of naughty) expect(textOf(escapeHtml(text))).toBe(asRead(text))
    fc.assert(
      fc.property(difficult, (text) => {
        expect(textOf(escapeHtml(text))).toBe(asRead(text))
      }),
    )
  })
})

describe('escapeAttribute', () => {
  it('THREATS X1: any text is one attribute of one tag, in either quotes', () => {
    const read = (html: string): void => {
      const attributes: string[] = []
      tokenizeHtml(html, {
        startTag: (_, all) => attributes.push(...Array.from(all, ([name, value]) => name + value)),
      })
      expect(attributes).toHaveLength(1)
      expect(attributes[0]).toBe(`title${asRead(attributeText)}`)
    }
    let attributeText = ''
    for (const text of naughty) {
      if (text.includes('\0')) continue
      attributeText = text
      read(`<a title="${escapeAttribute(text)}">`)
      read(`<a title='${escapeAttribute(text)}'>`)
    }
    expect(escapeAttribute(`"'<>&`)).toBe('&quot;&#39;&lt;&gt;&amp;')
  })
})

describe('escapeXml', () => {
  it('THREATS X3: leaves out what XML 1.0 does not have and keeps the rest', () => {
    expect(escapeXml('a\0\x08\x0B\x1B\uFFFE\uFFFF\uD800b\t\n\r日😀\x85')).toBe('ab\t\n\r日😀\x85')
    expect(escapeXml(`<a b="c" d='e'>&`)).toBe('&lt;a b=&quot;c&quot; d=&#39;e&#39;&gt;&amp;')
    expect(escapeXml(']]>')).toBe(']]&gt;')
  })

  it('gives only characters of XML for any text', () => {
    fc.assert(
      fc.property(difficult, (text) => {
        const xml = escapeXml(text)
        expect(xml).not.toMatch(/[\0-\x08\x0B\x0C\x0E-\x1F<>"'\uFFFE\uFFFF\p{Cs}]/u)
        expect(xml.replaceAll(/&(?:amp|lt|gt|quot|#39);/g, '')).not.toContain('&')
      }),
    )
  })
})

describe('escapeJson', () => {
  it('THREATS X4: holds nothing that ends a script and is the same value', () => {
    for (const value of [...naughty, '</script><!--\u2028\u2029&', { a: ['<', 1, null] }]) {
      const json = escapeJson(value)
      expect(json).not.toMatch(/[<>&\u2028\u2029]/)
      expect(JSON.parse(json)).toEqual(value)
    }
    expect(escapeJson(undefined)).toBe('null')
  })
})
