import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { FoundLink, Lead } from '../../../src/receive/verify/passage.js'
import { decodeText, tokenizeHtml } from '../../../src/text/html.js'

/** The passage of a page whose link is the first element of a name. */
function passageOf(html: string, element = 'a') {
  const lead = new Lead()
  let passage: FoundLink | undefined
  tokenizeHtml(html, {
    startTag(name) {
      lead.tag(name, false)
      passage?.startTag(name, true)
      if (name === element) passage ??= new FoundLink('https://my.example/', name, lead.read())
    },
    endTag(name) {
      lead.tag(name, true)
      passage?.endTag(name)
    },
    sourceText(source) {
      lead.text(source)
      passage?.text(decodeText(source))
    },
  })
  if (!passage) throw new Error(`no <${element}>`)
  return { ...passage.read(), isComplete: passage.isComplete }
}

describe('a passage', () => {
  it('has a space between its parts where the page has one', () => {
    expect(passageOf('a<a>b</a>c')).toMatchObject({ before: 'a', link: 'b', after: 'c' })
    expect(passageOf('a <a>b</a>\nc')).toMatchObject({ before: 'a ', link: 'b', after: ' c' })
    expect(passageOf('a<a> b </a>c')).toMatchObject({ before: 'a ', link: 'b', after: ' c' })
    expect(passageOf('<p>a</p><p><a>b</a></p><p>c</p>')).toMatchObject({
      before: 'a ',
      link: 'b',
      after: ' c',
    })
    expect(passageOf('<a>b</a>')).toMatchObject({ before: '', link: 'b', after: '' })
  })

  it('begins with the same text however often that was asked for before', () => {
    const piece = fc.constantFrom('a &amp;lt; b', ' ', 'x'.repeat(900), '<div>', '</h2>', '<aside>', '?')
    const leadOf = (pieces: readonly string[]): string => {
      const lead = new Lead()
      for (const each of pieces) {
        if (each === '?') lead.read()
        else if (each.startsWith('<')) lead.tag(each.replace(/\W/g, ''), each.startsWith('</'))
        else lead.text(each)
      }
      return lead.read()
    }
    fc.assert(
      fc.property(fc.array(piece), (pieces) => {
        expect(leadOf(pieces)).toBe(leadOf(pieces.filter((each) => each !== '?')))
      }),
    )
  })

  it('is cut to a hundred graphemes on each side, between words', () => {
    const { before, link, after } = passageOf(
      `${'word '.repeat(90)}<a>${'link '.repeat(90)}</a>${' then'.repeat(90)}`,
    )
    expect(before).toMatch(/^…(word )+$/)
    expect(link).toMatch(/^(link )+link…$/)
    expect(after).toMatch(/^( then)+…$/)
    for (const part of [before, link, after]) expect(part.length).toBeGreaterThan(90)
    for (const part of [before, link, after]) expect(part.length).toBeLessThanOrEqual(101)
  })

  it('is cut between characters in Japanese, and never inside one', () => {
    const { before, after } = passageOf(`${'👨‍👩‍👧字'.repeat(80)}<a>x</a>${'話が'.repeat(80)}`)
    expect(before).toMatch(/^…(👨‍👩‍👧|字)(👨‍👩‍👧字)*$/u)
    expect(after).toBe(`${'話が'.repeat(50).slice(0, 99)}…`)
  })

  it('ends the link at its end tag, at the next link, or with its block', () => {
    expect(passageOf('<a>b</b>c</a>d')).toMatchObject({ link: 'bc', after: 'd' })
    expect(passageOf('<a>b<a>c</a>d')).toMatchObject({ link: 'b', after: 'cd' })
    expect(passageOf('<p><a>b</p><p>c</p>')).toMatchObject({ link: 'b', after: ' c' })
    expect(passageOf('a<area>b', 'area')).toMatchObject({ before: 'a', link: '', after: 'b' })
  })

  it('stays in the part of the page that the link is in, and begins after a heading', () => {
    const page =
      '<header>Blog</header><nav>About</nav><article><h1>Title</h1><p>I read <a>b</a> today.</p></article>'
    expect(passageOf(`${page}<footer>©</footer>`)).toEqual({
      before: 'I read ',
      link: 'b',
      after: ' today.',
      isComplete: true,
    })
    expect(passageOf('<h2>c <a>b</a></h2><p>d</p>')).toMatchObject({ before: 'c ', link: 'b', after: ' d' })
  })

  it('of a quotation is what is quoted', () => {
    expect(passageOf('he: <blockquote><p>b</p><p>c</p></blockquote>d', 'blockquote')).toMatchObject({
      before: 'he: ',
      link: 'b c',
      after: ' d',
    })
  })

  it('has nothing in it that steers a screen', () => {
    const { before, link, after } = passageOf('a\u202e\0b<a>\u2066c\u001b[1m</a>\ud800d')
    expect(before + link + after).toBe('abc[1md')
  })

  it('is there however much white space stands in the page', () => {
    const indentation = '\n '.repeat(3000)
    const page = `before${indentation}<a>${indentation}link</a>${indentation}after`
    expect(passageOf(page)).toMatchObject({ before: 'before ', link: 'link', after: ' after' })
    expect(passageOf('a\u3000<a>b</a>')).toMatchObject({ before: 'a ' })
  })

  it('needs no more of a page than a few thousand characters after the link', () => {
    expect(passageOf(`<a>b</a>${'c'.repeat(1999)}`).isComplete).toBe(false)
    expect(passageOf(`<a>b</a>${'c'.repeat(2000)}`).isComplete).toBe(true)
    expect(passageOf(`<a>${'b'.repeat(2000)}`).isComplete).toBe(true)
  })

  it('takes time in proportion to the page', () => {
    const timeOf = (page: string): number => {
      const start = performance.now()
      passageOf(page)
      return performance.now() - start
    }
    const page = '<p>x</p>&amp;'.repeat(20_000)
    timeOf(`${page}<a>`)
    expect(timeOf(`${page.repeat(8)}<a>`)).toBeLessThan(40 * timeOf(`${page}<a>`) + 200)
  })
})
