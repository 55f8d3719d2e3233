import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createHtmlTokenizer, type HtmlHandler, tokenizeHtml } from '../../src/text/html.js'
import { difficult, slow } from './hostile.js'

type Token = readonly string[]

// Neighbouring pieces of text joined, because how text is cut into pieces is not promised.
function recorder(): { handler: HtmlHandler; tokens: Token[] } {
  const tokens: string[][] = []
  const add = (kind: string, text: string, more = ''): void => {
    const last = tokens.at(-1)
    if (last?.[0] === kind && last[2] === more) last[1] += text
    else tokens.push([kind, text, more])
  }
  const handler: HtmlHandler = {
    startTag: (name, attributes, selfClosing) =>
      tokens.push([
        'start',
        name,
        ...attributes.map(({ name, value }) => `${name}=${value}`),
        `${selfClosing}`,
      ]),
    endTag: (name) => tokens.push(['end', name]),
    text: (text) => add('text', text),
    rawText: (text, element) => add('raw', text, element),
    comment: (data) => tokens.push(['comment', data]),
  }
  return { handler, tokens }
}

function tokensOf(html: string): Token[] {
  const { handler, tokens } = recorder()
  tokenizeHtml(html, handler)
  return tokens
}

function linksIn(html: string): string[] {
  const links: string[] = []
  tokenizeHtml(html, { startTag: (_name, attributes) => links.push(...attributes.map(({ value }) => value)) })
  return links
}

describe('tokenizeHtml', () => {
  it('reports tags, text, references and comments in their order', () => {
    expect(tokensOf('<P CLASS="a &amp; b">K&ouml;ln &#38; Bonn<br/><!-- note --></P>')).toEqual([
      ['start', 'p', 'class=a & b', 'false'],
      ['text', 'Köln & Bonn', ''],
      ['start', 'br', 'true'],
      ['comment', ' note '],
      ['end', 'p'],
    ])
  })

  it('PROTOCOL 126: an emoji of two references is one character, wherever a piece of the document ends', () => {
    const html = `${'x'.repeat(16_380)}&#55356;&#57225;&#xd83d;&#xde00;`
    for (let end = 16_380; end <= html.length; end += 1) {
      const { handler, tokens } = recorder()
      const tokenizer = createHtmlTokenizer(handler)
      tokenizer.write(html.slice(0, end))
      tokenizer.write(html.slice(end))
      tokenizer.end()
      expect(tokens.map(([, text]) => text?.slice(-4))).toEqual(['🎉😀'])
    }
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

  it('reports nothing more after stop(), not even the token that was at hand', () => {
    const seen: string[] = []
    const tokenizer = createHtmlTokenizer({
      text(text) {
        seen.push(text)
        tokenizer.stop()
      },
      startTag: (name) => seen.push(name),
    })
    tokenizer.write('one<b>two')
    tokenizer.end()
    tokenizer.write('<i>')
    tokenizer.end()
    expect(seen).toEqual(['one'])
  })
})

describe('createHtmlTokenizer', () => {
  const page =
    '<!DOCTYPE html><title>K&ouml;ln &amp</title>\r\n<a href="x&amp;y" HREF=2>é😀&hellip;</a><!-- a -- b --><script>if (a<b) "</scrip"</script><svg><style/></svg>&notin;&#x1F600;\r\r\n</p'

  it('gives the same tokens wherever the document is cut in two', () => {
    const whole = tokensOf(page)
    for (let cut = 0; cut <= page.length; cut += 1) {
      // Beyond what waits for more, so that the cut reaches the tokenizer.
      const padding = ' '.repeat(20_000 - cut)
      const { handler, tokens } = recorder()
      const tokenizer = createHtmlTokenizer(handler)
      tokenizer.write(padding + page.slice(0, cut))
      tokenizer.write(page.slice(cut))
      tokenizer.end()
      expect(tokens).toEqual(tokensOf(padding + page))
    }
    expect(whole.length).toBeGreaterThan(8)
  })

  it('gives the same tokens for any document in any pieces', () => {
    fc.assert(
      fc.property(fc.array(difficult), fc.nat(3), (parts, factor) => {
        const { handler, tokens } = recorder()
        const tokenizer = createHtmlTokenizer(handler)
        const padded = parts.map((part) => part.padEnd(factor * 6_000))
        for (const part of padded) tokenizer.write(part)
        tokenizer.end()
        expect(tokens).toEqual(tokensOf(padded.join('')))
      }),
      { numRuns: 150 },
    )
  })

  it.each(Object.keys(slow))(
    'THREATS R4: a mebibyte of %s takes no long time, whole or in pieces',
    (name) => {
      const html = slow[name]?.() ?? ''
      const start = performance.now()
      let length = 0
      const handler: HtmlHandler = {
        startTag: (tag, attributes) => {
          length += tag.length + attributes.length
        },
        text: (text) => {
          length += text.length
        },
      }
      tokenizeHtml(html, handler)
      const whole = length
      const tokenizer = createHtmlTokenizer(handler)
      for (let i = 0; i < html.length; i += 700) tokenizer.write(html.slice(i, i + 700))
      tokenizer.end()
      expect(length).toBe(2 * whole)
      expect(performance.now() - start).toBeLessThan(15_000)
    },
  )
})
