import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readPostPage } from '../../src/programs/post-page.js'
import { renderTrackbacks } from '../../src/render/trackbacks.js'
import { findLinks } from '../../src/send/outbox/links.js'
import { encodeText } from '../../src/text/charset/encode.js'
import { toPlainText } from '../../src/text/plain.js'
import { difficult, slow } from '../text/hostile.js'

const url = 'https://my.example/2026/hello'
const read = (html: string) => readPostPage(html, { url })
const targetsOf = (html: string) =>
  findLinks(html, url, { maxTargets: 50, maxSkipped: 50, maxUrlLength: 2048 }).targets.map(
    (target) => target.url,
  )

describe('readPostPage', () => {
  it.each([
    ['.e-content', '<article>a <div class="x e-content">b <div>c</div> d</div> e</article>', 'b c d'],
    [
      '<article>',
      '<main>a <article>b <article>c</article> d</article> e <article>f</article></main>',
      'b c d',
    ],
    ['<main>', '<body>a <main>b <section>c</section></main> d', 'b c'],
    ['page', '<head><title>x</title></head><body>a <p>b</p></body>', 'a b'],
    ['page', '<title>x</title><p>b', 'b'],
  ])('finds the main text in %s of %s', (mainText, html, text) => {
    const page = read(html)
    expect({ mainText: page.mainText, text: toPlainText(page.html) }).toEqual({ mainText, text })
  })

  it('leaves out what heads, ends or accompanies the text, but nothing of .e-content', () => {
    const besides = ['header', 'h1', 'nav', 'aside', 'footer'].map((name) => `<${name}>x</${name}>`).join('')
    for (const element of ['article', 'main', 'body']) {
      expect(toPlainText(read(`<${element}>a${besides} b</${element}>`).html)).toBe('a b')
    }
    // HTML lets a page leave out the tags of its body.
    expect(toPlainText(read(`<title>t</title><p>a${besides} b`).html)).toBe('a b')
    expect(toPlainText(read(`<div class="e-content">a<aside>x</aside> b</div>`).html)).toBe('a x b')
  })

  it('keeps links and quotations, resolved by the base of the page', () => {
    const { html } = read(
      '<base href="/blog/"><article><a href="b?c&amp;d">e</a><q cite="f">g</q><img src="h"><a>i</a><a href="http://[">j</a></article>',
    )
    expect(targetsOf(html)).toEqual(['https://my.example/blog/b?c&d', 'https://my.example/blog/f'])
  })

  it('reads bytes in their own character set, and begins the excerpt with the main text', () => {
    const html =
      '<meta charset="euc-jp"><title>ある日の空港で</title><article>先日、待たされました。</article>'
    const expected = { title: 'ある日の空港で', excerpt: '先日、待たされました。', blogName: 'my.example' }
    expect(readPostPage(encodeText(html, 'euc-jp'), { url })).toMatchObject(expected)
    const undeclared = encodeText(html.replace(/<meta[^>]*>/, ''), 'shift_jis')
    const contentType = 'text/html; charset=Shift_JIS'
    expect(readPostPage(undeclared, { url, contentType })).toMatchObject(expected)
  })

  it('takes title, excerpt and blog name from Open Graph', () => {
    const page = read(
      `<title>x</title><meta property="og:title" content="JAL の<b> 対応"><meta property="og:site_name" content="日記">
      <meta property="OG:Description" content="短い"><meta property="og:title" content="second"><p class="p-name">y</p>`,
    )
    expect(page).toMatchObject({ title: 'JAL の<b> 対応', blogName: '日記', excerpt: '短い' })
  })

  it('takes the title from h-entry, else from <title>, else the URL', () => {
    expect(read('<title>x</title><h2 class="p-name">a &amp; <i>b</i></h2>').title).toBe('a & b')
    expect(read('<title> x\n y </title>')).toMatchObject({
      title: 'x y',
      excerpt: '',
      blogName: 'my.example',
    })
    expect(read('<p>x').title).toBe(url)
  })

  it('takes the titles of pictures for none of the page', () => {
    const page = '<title>日記</title><svg><title>Menu</title></svg><main>a</main>'
    expect(read(page).title).toBe('日記')
  })

  it('takes neither text, title nor links from the trackbacks under the post', () => {
    const list = renderTrackbacks({
      post: { title: 'Mine' },
      pingUrl: 'https://my.example/tb/7',
      trackbacks: [
        {
          id: '1',
          url: 'https://stranger.example/1',
          title: 'Theirs',
          excerpt: 'They say',
          blogName: 'B',
          receivedAt: 0,
        },
      ],
    })
    const text = '<p>Mine, of <a href="https://other.example/2">it</a>.</p>'
    const pages = {
      page: `<title>My own title</title>${text}${list}`,
      '<article>': `<title>My own title</title><article>${list}${text}</article>`,
      '.e-content': `<title>My own title</title>${list}<div class="e-content">${text}${list}</div>${list}`,
    }
    for (const [mainText, html] of Object.entries(pages)) {
      const page = read(html)
      expect(page).toMatchObject({ title: 'My own title', mainText })
      expect(toPlainText(page.html)).toBe('Mine, of it.')
      expect(targetsOf(page.html)).toEqual(['https://other.example/2'])
    }
  })

  it('takes no comment for the post', () => {
    const comment = '<li><article class="comment-body"><a href="https://c.example/">c</a> said</article>'
    const page = read(
      `<ol class="comment-list">${comment}${comment}</ol><article>mine <a rel="nofollow ugc" href="https://c.example/">c</a></article>`,
    )
    expect([page.mainText, toPlainText(page.html), targetsOf(page.html)]).toEqual(['<article>', 'mine', []])
  })

  it('takes what the post answers for a part of it, and other citations for none', () => {
    const cite = (property: string, host: string) =>
      `<cite class="${property} h-cite"><a class="u-url p-name" href="https://${host}.example/">${host}</a></cite>`
    const page = read(
      `<article>re ${cite('u-in-reply-to', 'a')} ${cite('u-repost-of', 'b')} ${cite('u-like', 'c')}${cite('', 'd')}</article>`,
    )
    expect(targetsOf(page.html)).toEqual(['https://a.example/', 'https://b.example/'])
  })

  it('takes the name of the entry, not of what else has one', () => {
    const named = (root: string) => `<div class="${root}"><b class="p-name">x</b></div>`
    const own = '<h1 class="p-name">own</h1>'
    const foreign = ['h-cite', 'u-in-reply-to h-cite', 'h-card', 'u-comment h-entry', 'h-entry', 'h-review']
    for (const root of foreign) {
      expect(read(`<div class="h-feed"><div class="h-entry">${named(root)}${own}</div></div>`).title).toBe(
        'own',
      )
    }
    expect(read(`${named('h-card')}<div class="h-full">${own}</div>`).title).toBe('own')
    expect(read(`<title>own</title>${named('h-cite')}`).title).toBe('own')
  })

  it('takes the canonical URL on its own host only, and no fragment', () => {
    expect(read('<link rel="canonical" href="/7">').url).toBe('https://my.example/7')
    expect(read('<link rel="canonical" href="https://other.example/7">').url).toBe(url)
    expect(readPostPage('', { url: `${url}#c` }).url).toBe(url)
    expect(() => readPostPage('', { url: '/7' })).toThrow(TypeError)
  })

  it('cuts what is too long', () => {
    const page = read(
      `<meta property="og:title" content="${'a'.repeat(999)}"><meta property="og:description" content="${'b'.repeat(999)}">`,
    )
    expect([page.title.length, page.excerpt.length]).toEqual([250, 500])
  })

  it('never throws, and finds no other links than the page has', () => {
    fc.assert(
      fc.property(difficult, (text) => {
        const html = `<article>${text}</article>`
        const all = new Set(targetsOf(html))
        for (const target of targetsOf(read(html).html)) expect(all).toContain(target)
      }),
    )
  })

  it.each(Object.keys(slow))('takes linear time: %s', (name) => {
    const start = performance.now()
    read(`<article>${slow[name]?.(500_000) ?? ''}`)
    expect(performance.now() - start).toBeLessThan(10_000)
  })
})
