import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { renderTrackbacks } from '../../src/render/trackbacks.js'
import { tokenizeHtml } from '../../src/text/html.js'
import { createEnclosure, isUserContent, without } from '../../src/text/user-content.js'
import { difficult, slow } from './hostile.js'

/** The page as it is written where nothing is inside, and its tags alone. */
function left(html: string): string {
  let text = ''
  const handler = without(isUserContent, {
    startTag: (name) => {
      text += `<${name}>`
    },
    endTag: (name) => {
      text += `</${name}>`
    },
    text: (piece) => {
      text += piece
    },
    rawText: (piece) => {
      text += piece
    },
  })
  tokenizeHtml(html, handler)
  return text
}

describe('isUserContent', () => {
  it.each([
    ['Movable Type', '<div id="trackbacks" class="trackbacks">'],
    ['Movable Type 3', '<div class="comments-body">'],
    ['WordPress', '<div id="comments" class="comments-area">'],
    ['WordPress, a list', '<ol class="commentlist">'],
    ['WordPress, a list of today', '<ol class="comment-list">'],
    ['WordPress, a pingback', '<li class="pingback even thread-even">'],
    ['Serendipity', '<section id="trackbacks">'],
    ['tDiary', '<div class="comment">'],
    ['Dotclear', '<div id="pings">'],
    ['microformats', '<div class="u-comment h-cite">'],
    ['a table', '<table class=comments><tr><td>'],
  ])('knows the comments and trackbacks of %s', (_, tag) => {
    expect(left(`a${tag}x`)).toBe('a')
  })

  it('knows what renderTrackbacks writes, whatever its id', () => {
    const trackback = {
      id: '1',
      url: 'https://other.example/1',
      title: 'T',
      excerpt: 'E',
      blogName: 'B',
      receivedAt: 0,
    }
    const html = renderTrackbacks(
      { post: { title: 'Mine' }, pingUrl: 'https://my.example/tb/1', trackbacks: [trackback] },
      { id: 'tb' },
    )
    expect(left(`<p>a</p>${html}<p>b</p>`)).toBe('<p>a</p>\n<p>b</p>')
  })

  it('knows a link that is marked as one by users', () => {
    expect(left('a<a rel="ugc nofollow">x</a>b<a REL=UGC>x</a>c')).toBe('abc')
    expect(left('<a rel="nofollow">a</a><a rel="ugcx">b</a>')).toBe('<a>a</a><a>b</a>')
  })

  it.each([
    '<h2 id="comments">a</h2>',
    '<a id="comments">a</a>',
    '<code><span class="token comment">a</span></code>',
    '<body class="comments">a',
    '<main class="comments">a',
    '<div class="post-comments-off commented">a</div>',
  ])('takes %s for what it is', (html) => {
    expect(left(html)).toContain('a')
  })
})

describe('createEnclosure', () => {
  const inside = (html: string): string => {
    const enclosure = createEnclosure(isUserContent)
    let text = ''
    tokenizeHtml(html, {
      startTag: enclosure.startTag,
      endTag: enclosure.endTag,
      text: (piece) => {
        if (enclosure.isInside) text += piece
      },
    })
    return text
  }

  it.each([
    ['nested elements of its name', '<div class=comment>a<div>b</div>c</div>d', 'abc'],
    ['one in another', '<div class=comments>a<div class=comment>b</div>c</div>d', 'abc'],
    ['one after another', '<div class=comment>a</div>b<div class=comment>c</div>d', 'ac'],
    ['a forgotten end tag', '<ol><li class=comment>a<li class=comment>b</ol>c', 'ab'],
    ['forgotten ends inside', '<div class=comment><ul><li>a</div>b', 'a'],
    ['stray end tags', '<p>x<div class=comment>a</p>b</b></section>c</div>d', 'abc'],
    ['void elements', '<div class=comment>a<br>b<hr><img></div>c', 'ab'],
    ['a link without its end', '<p><a rel=ugc>a<a>b</a>c<p>d', 'a'],
    ['a link in a block that ends', '<div><a rel=ugc>a</div>b', 'a'],
  ])('ends where it ends: %s', (_, html, text) => {
    expect(inside(html)).toBe(text)
  })

  it('leaves out what is in such elements, and nothing else', () => {
    interface Page {
      html: string
      outside: string
    }
    const { page } = fc.letrec<{ page: Page; element: Page; text: Page }>((tie) => ({
      text: fc.constantFrom('a', 'b').map((text) => ({ html: text, outside: text })),
      element: fc
        .tuple(
          fc.constantFrom('div', 'ul', 'li', 'section', 'p', 'b'),
          fc.boolean(),
          fc.array(tie('page'), { maxLength: 4 }),
        )
        .map(([name, isTheirs, children]) => {
          const [html, outside] = [children.map((it) => it.html), children.map((it) => it.outside)]
          const isLeftOut = isTheirs && name !== 'p' && name !== 'b'
          return {
            html: `<${name}${isTheirs ? ' class="comment"' : ''}>${html.join('')}</${name}>`,
            outside: isLeftOut ? '' : `<${name}>${outside.join('')}</${name}>`,
          }
        }),
      page: fc.oneof({ maxDepth: 6 }, tie('text'), tie('element')),
    }))
    fc.assert(
      fc.property(page, ({ html, outside }) => {
        expect(left(html)).toBe(outside)
      }),
    )
  })

  it('never throws, and changes no page without comments', () => {
    fc.assert(
      fc.property(difficult, (text) => {
        let all = ''
        const add = (piece: string) => {
          all += piece
        }
        tokenizeHtml(text, {
          startTag: (name) => add(`<${name}>`),
          endTag: (name) => add(`</${name}>`),
          text: add,
          rawText: add,
        })
        expect(left(text)).toBe(all)
      }),
    )
  })

  it('takes linear time for what is opened and never closed', () => {
    const start = performance.now()
    inside(`${'<div>'.repeat(200_000)}${'<li class=comment></b></p></ul>'.repeat(100_000)}`)
    expect(performance.now() - start).toBeLessThan(10_000)
  })

  it.each(Object.keys(slow))('takes linear time: %s', (name) => {
    const start = performance.now()
    inside(`<div class=comment>${slow[name]?.(500_000) ?? ''}`)
    expect(performance.now() - start).toBeLessThan(10_000)
  })
})
