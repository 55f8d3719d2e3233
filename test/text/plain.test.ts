import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { makeExcerpt } from '../../src/text/excerpt.js'
import { cleanText, SIMPLE_CHARACTERS, toPlainText } from '../../src/text/plain.js'
import { FORBIDDEN, naughty, slow } from './hostile.js'

function expectClean(text: string): void {
  expect(text).not.toMatch(FORBIDDEN)
  expect(text).toBe(text.normalize('NFC'))
  expect(text).toBe(text.trim())
  expect(text).not.toMatch(/\p{M}{31}/u)
}

describe('toPlainText', () => {
  it('strips tags and decodes references once', () => {
    expect(toPlainText('<b>Caf&eacute;</b> &amp; <i>Bar</i>')).toBe('Café & Bar')
    expect(toPlainText('K&amp;ouml;ln')).toBe('K&ouml;ln')
    expect(toPlainText('&lt;b&gt;')).toBe('<b>')
  })

  it('PROTOCOL 105: the references that WordPress sends are decoded', () => {
    expect(toPlainText('Köln &amp; Bonn &#8211; &#8220;hi&#8221; [&hellip;]')).toBe('Köln & Bonn – “hi” […]')
  })

  it.each([
    ['?a=1&copy=2&region=eu', '?a=1&copy=2&region=eu'],
    ['?a&not=1&para2&sect', '?a&not=1&para2§'],
    ['Blog &raquo Post', 'Blog » Post'],
    ['&copyright &copy 2005 &copy;2005', '&copyright © 2005 ©2005'],
    ['AT&T, R&B and Q&a', 'AT&T, R&B and Q&a'],
    ['a &notit; b', 'a &notit; b'],
    ['5 &lt 6 &ampx', '5 < 6 &ampx'],
  ])('PROTOCOL 137: %j holds references only where HTML sees them in an attribute', (html, text) => {
    expect(toPlainText(html)).toBe(text)
  })

  it('PROTOCOL 126: two references to the halves of a surrogate pair are one character', () => {
    for (const point of [0x1f600, 0x1f389, 0x20bb7, 0x10000, 0x10ffff]) {
      const emoji = String.fromCodePoint(point)
      const units = [emoji.charCodeAt(0), emoji.charCodeAt(1)]
      if (/\p{NChar}/u.test(emoji)) continue
      expect(toPlainText(`a ${units.map((unit) => `&#${unit};`).join('')} b`)).toBe(`a ${emoji} b`)
      expect(toPlainText(`a ${units.map((unit) => `&#X${unit.toString(16)};`).join('')} b`)).toBe(
        `a ${emoji} b`,
      )
    }
    expect(toPlainText('&#55356; &#57225; &#44032;&#55356;&#57225;')).toBe('\uFFFD \uFFFD 가🎉')
  })

  it.each(['&#82', '&#8217', '&#x201', '&am', '&hel', '&hellip', '&quo', '&eac'])(
    'PROTOCOL 137: the reference %s that is cut off at the end goes',
    (cut) => {
      expect(toPlainText(`日本 Foo ${cut}`)).toBe('日本 Foo')
      expect(toPlainText(`日本 Foo ${cut}...`)).toBe('日本 Foo ...')
      expect(toPlainText(`日本 Foo${cut} [&hellip;]`)).toBe('日本 Foo […]')
      expect(toPlainText(`Foo ${cut} bar`)).not.toBe('Foo bar')
    },
  )

  it('leaves out the content of scripts and style sheets', () => {
    expect(toPlainText('a<script>alert("</p>")</script><style>p{}</style>b')).toBe('ab')
  })

  it('makes a space of the edge of a block and nothing of inline tags', () => {
    expect(toPlainText('<p>one</p><p>two</p>th<b>r</b>ee<br>four<li>five')).toBe('one two three four five')
  })

  it('keeps a less-than sign that begins no tag', () => {
    expect(toPlainText('a < b <3 c && d')).toBe('a < b <3 c && d')
  })

  it('removes controls that come as references', () => {
    expect(toPlainText('a&#x202E;b&#8206;&#0;c&#xFEFF;d&#x1b;')).toBe('ab\uFFFDcd')
  })
})

describe('cleanText', () => {
  it('makes single spaces of white space and keeps a single ideographic space', () => {
    expect(cleanText(' a \t\r\n\u00A0b\u2028c ')).toBe('a b c')
    expect(cleanText('山田\u3000太郎')).toBe('山田\u3000太郎')
    expect(cleanText('\u3000\u3000山田\u3000\u3000太郎\u3000')).toBe('山田 太郎')
  })

  it('THREATS C5: removes bidi controls, invisible characters, tags and half pairs', () => {
    const bad =
      '\0\x07\x1B\x7F\x85\u061C\u200B\u200E\u200F\u202A\u202E\u2060\u2066\u2069\uFEFF\uFFF9\uFFFE\uFFFF\uFDD0'
    for (const character of [...bad, '\u{E0041}', '\u{1FFFE}', '\uD800', '\uDC00']) {
      expect(cleanText(`a${character}b`)).toBe('ab')
    }
  })

  it('keeps emoji families, Persian and Indic joiners, and what cannot be composed', () => {
    for (const text of ['👨‍👩‍👧‍👦', 'می‌خواهم', 'क्‍ष', 'ｶﾞｷﾞ', '髙﨑①～', '\u{20BB7}野家', 'שלום', 'ﷺ']) {
      expect(cleanText(text)).toBe(text.normalize('NFC'))
    }
  })

  it('PROTOCOL 136: what is left of a character that was cut goes, at the end and before an ellipsis', () => {
    for (const end of ['', '…', '...', ' […]', ' [...]'])
      expect(cleanText(`日本\uFFFD\uFFFD${end}`)).toBe(`日本${end}`)
    expect(cleanText('日\uFFFD本 \uFFFD \uFFFD%9')).toBe('日\uFFFD本')
    expect(cleanText('100% \uFFFD.')).toBe('100% \uFFFD.')
  })

  it('THREATS 2.2: brings text to NFC, never to NFKC', () => {
    expect(cleanText('か\u3099e\u0301')).toBe('がé')
    expect(cleanText('①ﬁ\uFDFA')).toBe('①ﬁ\uFDFA')
  })

  it('keeps at most 30 marks in a row', () => {
    expect(cleanText(`x${'\u0316'.repeat(100)}y`)).toBe(`x${'\u0316'.repeat(30)}y`)
    // Each of these becomes two.
    expect(cleanText(`q${'\u0344'.repeat(25)}y`)).toBe(`q${'\u0308\u0301'.repeat(15)}y`)
  })

  it('agrees about simple text with what it does to any text', () => {
    const simple = new RegExp(`[${SIMPLE_CHARACTERS}]`)
    let count = 0
    for (let unit = 0; unit <= 0xffff; unit += 1) {
      const character = String.fromCharCode(unit)
      if (!simple.test(character) || character === ' ') continue
      count += 1
      // The zero-width space sends the text the long way.
      if (cleanText(`${character}\u200Ba`) !== `${character}a`) expect(character).toBe('unchanged')
    }
    expect(count).toBeGreaterThan(39_000)
  })
})

describe('PROTOCOL 127, 138: a text that shows nothing', () => {
  const fillers = [0x3164, 0x115f, 0x1160, 0xffa0, 0x2800, 0x16fe4, 0x1d159]
  const marks = [
    0xad, 0x34f, 0x61c, 0x17b4, 0x17b5, 0x180b, 0x180e, 0x180f, 0x1bca0, 0x1d173, 0xfe00, 0xfe0f, 0xe0100,
  ]
  const formats = [
    0x200b, 0x200c, 0x200d, 0x200e, 0x202e, 0x2060, 0x2064, 0x2066, 0xfeff, 0xe0001, 0xe0041, 0xe007f,
  ]
  const blanks = [0x09, 0x0a, 0x20, 0x85, 0xa0, 0x1680, 0x2003, 0x2028, 0x202f, 0x205f, 0x3000, 0x00, 0x1b]
  const points = [...fillers, ...marks, ...formats, ...blanks]
  const unseen = fc.array(fc.constantFrom(...points), { minLength: 1, maxLength: 12 })

  it.each(points)('U+%i alone is empty, and no part of a word is lost to it', (point) => {
    const character = String.fromCodePoint(point)
    expect(cleanText(character)).toBe('')
    expect(cleanText(`ㅤ ${character}x`)).toContain('x')
  })

  it('is empty, however it is written', () => {
    fc.assert(
      fc.property(unseen, fc.constantFrom('', '<b>', '<p>', '<br>', '<!-- x -->'), (all, tag) => {
        const text = String.fromCodePoint(...all)
        const references = all.filter((point) => point > 0xa0).map((point) => `&#${point};${tag}`)
        expect(cleanText(text)).toBe('')
        expect(toPlainText(`${tag}${text}`)).toBe('')
        expect(toPlainText(references.join(''))).toBe('')
        expect(makeExcerpt(`${text}<p>${text}`)).toBe('')
      }),
    )
  })

  it.each(['a', '.', '日', '가', '😀', '👨\u200D👩\u200D👧', '❤\uFE0F', '\u0301', '⠁', '\uFF9E', 'ᄀ', '�x'])(
    'is not one that holds %s',
    (shown) => {
      fc.assert(
        fc.property(unseen, unseen, (before, after) => {
          const text = `${String.fromCodePoint(...before)}${shown}${String.fromCodePoint(...after)}`
          expect(cleanText(text)).not.toBe('')
        }),
        { numRuns: 50 },
      )
    },
  )
})

describe('every text', () => {
  it('of the naughty list comes out clean, and clean text stays as it is', () => {
    for (const text of naughty) {
      const clean = cleanText(text)
      expectClean(clean)
      expectClean(toPlainText(text))
      expect(cleanText(clean)).toBe(clean)
    }
  })

  it.each(Object.keys(slow))('THREATS R4: a mebibyte of %s takes no long time', (name) => {
    const text = slow[name]?.() ?? ''
    const start = performance.now()
    expectClean(toPlainText(text))
    expectClean(cleanText(text))
    expect(performance.now() - start).toBeLessThan(15_000)
  })
})
