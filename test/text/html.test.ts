import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import fc from 'fast-check'
import { describe, expect, it, vi } from 'vitest'
import { rootOf, tokenizeHtml, tokenizeInSlices } from '../../src/text/html.js'
import { ElementNames } from '../../src/text/markup.js'
import { repeated } from '../support/strength.js'
import { difficult, slow } from './hostile.js'
import { recorder, tokenizeByParse5, tokensOf } from './tokens.js'

function linksIn(html: string): string[] {
  const links: string[] = []
  tokenizeHtml(html, {
    startTag: (_name, attributes) => links.push(...Array.from(attributes, ([, value]) => value)),
  })
  return links
}

describe('tokenizeHtml', () => {
  it.each(['\0', '&', 'a', '\r'])(
    'reads 65,536 characters of a comment or a value, of a megabyte of %j',
    (filling) => {
      const long = filling.repeat(1_048_576)
      for (const html of [`<!--${long}`, `<!--${long}-->`, `<?${long}>`, `<a href="${long}">`]) {
        const lengths: number[] = []
        tokenizeHtml(html, {
          comment: (data) => lengths.push(data.length),
          startTag: (_, attributes) => lengths.push(attributes.get('href')?.length ?? 0),
        })
        expect(lengths.length, html.slice(0, 4)).toBe(1)
        expect(lengths[0], html.slice(0, 4)).toBeLessThanOrEqual(65_536)
        expect(lengths[0], html.slice(0, 4)).toBeGreaterThan(65_500)
      }
    },
  )

  it('reports tags, text, references and comments in their order', () => {
    expect(tokensOf('<P CLASS="a &amp; b">K&ouml;ln &#38; Bonn<br/><!-- note --></P>')).toEqual([
      ['start', 'p', 'class=a & b', 'false'],
      ['text', 'Köln & Bonn', ''],
      ['start', 'br', 'true'],
      ['comment', ' note '],
      ['end', 'p'],
    ])
  })

  it('PROTOCOL 126: an emoji of two references is one character', () => {
    expect(tokensOf('&#55356;&#57225;&#xd83d;&#xde00;')).toEqual([['text', '🎉😀', '']])
    expect(tokensOf('<title>&#55356;&#57225;</title><a b="&#55356&#57225">')).toContainEqual([
      'start',
      'a',
      'b=🎉',
      'false',
    ])
  })

  it('PROTOCOL 66: of an attribute given twice the first counts', () => {
    expect(linksIn('<a href=one HREF="two">')).toEqual(['one'])
  })

  it('THREATS 3: a link inside a title or a script is text', () => {
    const html = `<title>a<b href=x></title><script>var x="<a href='http://evil.example/'>"</script><a href=real>`
    expect(linksIn(html)).toEqual(['real'])
  })

  it.each(['title', 'textarea', 'style', 'xmp', 'iframe', 'noembed', 'noframes', 'script'])(
    'PROTOCOL 95: what stands in %s is text up to its end tag',
    (element) => {
      const tokens = tokensOf(`<${element}><a href=x></b></${element}><i>`)
      expect(tokens).toEqual([
        ['start', element, 'false'],
        ['raw', '<a href=x></b>', element],
        ['end', element],
        ['start', 'i', 'false'],
      ])
    },
  )

  it('everything after plaintext is text', () => {
    expect(tokensOf('<plaintext></plaintext><a>')).toEqual([
      ['start', 'plaintext', 'false'],
      ['raw', '</plaintext><a>', 'plaintext'],
    ])
  })

  it('decodes references in title and textarea, not in script and style', () => {
    expect(tokensOf('<title>a &amp; b</title>')[1]).toEqual(['raw', 'a & b', 'title'])
    expect(tokensOf('<style>a &amp; b</style>')[1]).toEqual(['raw', 'a & b'.replace('&', '&amp;'), 'style'])
  })

  it('a script with a comment in it ends where the standard says', () => {
    expect(linksIn('<script><!-- <script></script> <a href=x> --></script><a href=real>')).toEqual(['real'])
  })

  it('a self-closed style is empty inside SVG and opens a style sheet outside', () => {
    expect(linksIn('<svg><style/></svg><a href=seen>')).toEqual(['seen'])
    expect(linksIn('<style/><a href=unseen>')).toEqual([])
    expect(linksIn('<svg/><style/><a href=unseen>')).toEqual([])
  })

  it('PROTOCOL 57: a comment ends at --> or --!>, not at --', () => {
    expect(tokensOf('<!-- a -- b --><!-- c --!>d')).toEqual([
      ['comment', ' a -- b '],
      ['comment', ' c '],
      ['text', 'd', ''],
    ])
  })

  it('leaves out a tag that never ends', () => {
    expect(tokensOf('text <a href="http://a.example')).toEqual([['text', 'text ', '']])
  })

  it('reports nothing more once the handler is done, not even the token that follows', () => {
    const seen: string[] = []
    tokenizeHtml('one<b>two', {
      text: (text) => seen.push(text),
      startTag: (name) => seen.push(name),
      get isDone() {
        return seen.length > 0
      },
    })
    expect(seen).toEqual(['one'])
  })

  it('gives text as it is written to a handler that asks for its source', () => {
    const sources: string[] = []
    tokenizeHtml('a &amp; b<i>\r\n', { sourceText: (source) => sources.push(source) })
    expect(sources).toEqual(['a &amp; b', '\r\n'])
  })

  it('finds an attribute by its name alone, however it is written', () => {
    const { attributes } = rootOf(`<p Hidden STYLE='x' titel=1 title = "2" data-title=3 s\0yle=4>`) ?? {}
    expect(
      ['hidden', 'style', 'title', 'data-title', 'itle', 'class'].map((name) => attributes?.get(name)),
    ).toEqual([...['', 'x', '2', '3', undefined, undefined]])
  })
})

describe('a tag of unusual size', () => {
  const numbered = (count: number, value: string): string =>
    Array.from({ length: count }, (_, index) => `a${index}${value} `).join('')

  it.each(['', '=b', '="b"', "='>'"])(
    'ends the document where it has more than 1,000 attributes, such as a0%s',
    (value) => {
      for (const [count, expected] of [
        [1000, ['p', 1000, 'a999', '/b', 'i']],
        [1001, []],
        [100_000, []],
      ] as const) {
        const found: unknown[] = []
        tokenizeHtml(`<p ${numbered(count, value)}></b ${numbered(count, value)}><i>`, {
          startTag: (name, attributes) => {
            const names = Array.from(attributes, ([each]) => each)
            found.push(name, ...(name === 'p' ? [names.length, names.at(-1)] : []))
          },
          endTag: (name) => found.push(`/${name}`),
        })
        expect(found).toEqual(expected)
        const only: string[] = []
        tokenizeHtml(`<p ${numbered(count, value)}></b ${numbered(count, value)}><i>`, {
          only: new ElementNames(['i']),
          startTag: (name) => only.push(name),
        })
        expect(only).toEqual(count > 1000 ? [] : ['i'])
      }
    },
  )

  it('is looped over for 65,536 characters; what stands further on is found by its name', () => {
    const long = 'b'.repeat(40_000)
    const { attributes } = rootOf(`<p x="${long}" y="${long}" z="c" href=d>`) ?? {}
    expect(Array.from(attributes ?? [], ([name]) => name)).toEqual(['x', 'y'])
    expect(attributes?.get('href')).toBe('d')
  })

  it.each(['\0', 'A', 'aB', 'İ'])(
    'has a name of 65,536 characters at the most, of a megabyte of %j',
    (filling) => {
      const long = filling.repeat(1_048_576)
      const lengths: number[] = []
      tokenizeHtml(`<a${long}><a:${long}></a${long}><a ${long}>`, {
        startTag: (name, attributes) =>
          lengths.push(name.length, ...Array.from(attributes, ([each]) => each.length)),
        endTag: (name) => lengths.push(name.length),
      })
      expect(lengths).toEqual([65_536, 65_536, 65_536, 1, 65_536])
    },
  )
})

function heapUsed(): number {
  setFlagsFromString('--expose-gc')
  runInNewContext('gc')()
  return process.memoryUsage().heapUsed
}

/** Pieces that documents of all kinds are made of. */
const piece = fc.oneof(
  fc.constantFrom(
    ...'< > / " \' = \n \r \r\n \f \v \0 - -- ! ? <!-- --> --!> <! </ /> </> x X é İ ; == ]]>'.split(' '),
    ' ',
  ),
  fc.constantFrom(
    ...'&lt; &amp &notit; &#x41; &#65 &#0; &#128; &copy= &copy &hellip; &nbsp; & <!--> <!---> <![CDATA['.split(
      ' ',
    ),
  ),
  fc.constantFrom(
    '<a ',
    '<A HREF=',
    'href="x"',
    "href='y&amp;z'",
    'HREF=z',
    'class=a/',
    '<p title="',
    '<br/>',
    '<br / >',
  ),
  fc.constantFrom(
    '<title>',
    '</title>',
    '<title/>',
    '</TITLE ',
    '<script>',
    '</script>',
    '<script',
    '</script/',
    '<style>',
  ),
  fc.constantFrom(
    '</style',
    '<textarea',
    '</textarea>',
    '<svg>',
    '</svg>',
    '<math/>',
    '<plaintext>',
    '<xmp>',
    '</xmp>',
  ),
  fc.constantFrom(
    '<!DOCTYPE html>',
    '<!doctype x "',
    '<?php',
    '<iframe>',
    '</iframe\t',
    '<noscript>',
    '\ud800',
    '😀',
    '\u00A0',
  ),
)

describe('a tokenizer beside that of parse5', () => {
  it.each([
    '<p "><!-- x -->">',
    '<p a= "><!-- x -->">x<a rel=trackback>',
    '<p a==" ><!-- x -->">',
    '<p a="b"="><!-- x -->">',
    '<script><!-- <script> </script> x --></script><a rel=trackback href=2>',
    '<script><!--><script></script><b>',
    '<script><!-- <scripts> </script ><b>',
    '<title>x</title ><a>',
    '<textarea>x</textareas></textarea/>y',
    '<!-- --!>x-->',
    '<!-- <!-- x -->y-->',
    '<!-- x --!',
    '<!-- x -',
    '</ x></>y',
    '</p title=">"x',
    '<title\u00A0>x</title>',
  ])('gives the same tokens: %s', (html) => {
    expect(tokensOf(html)).toEqual(tokensOf(html, tokenizeByParse5))
  })

  it('takes the same names for references: all of three letters, and beginnings of longer ones', () => {
    const letters = [...'abcdefghijklmnopqrstuvwxyz']
    const longer =
      'BreveZ Gcedil Gdot Ocy PlusMinus1 Tcy Ubrevel YUcy1 Yumlx acy1 alpha1 bepsix epsivx notit timesb umacrl'
    const names = letters.flatMap((a) => letters.flatMap((b) => letters.map((c) => a + b + c)))
    const broken = [...names, ...longer.split(' ')].filter((name) => {
      const html = ['', ';', '=', '1', ' ', '&']
        .map((end) => `<a b="&${name}${end}">&${name}${end}<p>`)
        .join('')
      return JSON.stringify(tokensOf(html)) !== JSON.stringify(tokensOf(html, tokenizeByParse5))
    })
    expect(broken).toEqual([])
  })

  it('gives the same tokens, whatever comes', () => {
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
        const html = pieces.join('')
        expect(tokensOf(html)).toEqual(tokensOf(html, tokenizeByParse5))
      }),
      { numRuns: repeated(20_000) },
    )
  })
})

describe('a handler that wants only some elements', () => {
  const names = ['a', 'link', 'title']
  const only = new ElementNames(names)
  const isWanted = ([kind, name = '']: readonly string[]): boolean => {
    if (kind === 'start') return names.includes(name) || name.includes(':')
    if (kind === 'end') return name.includes(':')
    return kind === 'comment' || kind === 'raw'
  }

  it('is told where these begin, of names with a prefix, comments and raw text, as if it wanted all', () => {
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
        const html = pieces.join('')
        const { handler, tokens } = recorder()
        tokenizeHtml(html, { ...handler, only })
        expect(tokens.filter(isWanted)).toEqual(tokensOf(html).filter(isWanted))
      }),
      { numRuns: repeated(20_000) },
    )
  })

  it('is not told of others', () => {
    const { handler, tokens } = recorder()
    tokenizeHtml('<p class="x>y">text<b>more</b></p><a href=/x>link</a>', { ...handler, only })
    expect(tokens.filter((token) => !isWanted(token))).toEqual([])
  })
})

describe('tokenizeInSlices', () => {
  it('gives the same tokens as in one go, and lets others have their turn', () => {
    fc.assert(
      fc.property(fc.array(difficult), (parts) => {
        const html = parts.map((part) => part.padEnd(20_000)).join('')
        const { handler, tokens } = recorder()
        const turns = Array.from(tokenizeInSlices(html, handler)).length
        expect(tokens).toEqual(tokensOf(html))
        expect(turns).toBeLessThanOrEqual(html.length / 16_384)
      }),
      { numRuns: 150 },
    )
    const turns = (html: string) => Array.from(tokenizeInSlices(html, {})).length
    expect(turns('<p>x</p>'.repeat(131_072))).toBeGreaterThanOrEqual(60)
  })

  it.each(['a', '\0', '\r', '&amp;'])(
    'CDATA comes in pieces, between which others have their turn, of %j',
    (part) => {
      const pieces: string[] = []
      const html = `<![CDATA[]]>x<![CDATA[${part.repeat(200_000)}]]>y<![CDATA[${part}`
      const steps = tokenizeInSlices(html, { isXml: true, text: (text) => pieces.push(text) })
      expect(Array.from(steps).length).toBeGreaterThanOrEqual(12)
      const read = part.replace('\0', '\uFFFD').replace('\r', '\n')
      expect(pieces.join('')).toBe(`x${read.repeat(200_000)}y${read}`)
      expect(Math.max(...pieces.map((text) => text.length))).toBeLessThanOrEqual(16_384)
    },
  )

  it.each(['&a', '&amp;', '&#38;', '&x;'])(
    'what is decoded of %s takes little more memory than its characters',
    (part) => {
      const source = part.repeat(200_000)
      const before = heapUsed()
      const kept: unknown[] = []
      tokenizeHtml(source, { isXml: true, text: (text) => kept.push(text) })
      for (let each = 0; each < 10; each += 1)
        kept.push(rootOf(`<a b="${source.slice(0, 60_000)}">`)?.attributes.get('b'))
      const taken = heapUsed() - before
      expect(kept.join('').length).toBeGreaterThan(200_000)
      expect(taken).toBeLessThan(4_000_000)
    },
  )

  it.each(['<', '< ', '<あ', '<1<', '-', '--a', '--あ', '--!'])(
    'looks for what ends a text or a comment, not at each %j',
    (part) => {
      const text = part.repeat(50_000)
      const search = vi.spyOn(String.prototype, 'indexOf')
      tokenizeHtml(text, { text() {} })
      tokenizeHtml(`<!--${text}`, { comment() {} })
      const searches = search.mock.calls.length
      vi.restoreAllMocks()
      expect(searches).toBeLessThan(1000)
    },
  )

  it.each(Object.keys(slow))('THREATS R4: a mebibyte of %s takes no long time', (name) => {
    const html = slow[name]?.() ?? ''
    const start = performance.now()
    let length = 0
    tokenizeHtml(html, {
      startTag: (tag, attributes) => {
        length += tag.length + [...attributes].length
      },
      text: (text) => {
        length += text.length
      },
    })
    expect(length).toBeGreaterThanOrEqual(0)
    expect(performance.now() - start).toBeLessThan(15_000)
  })
})
