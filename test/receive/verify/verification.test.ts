import { describe, expect, it } from 'vitest'
import { createHttpClient } from '../../../src/http/client.js'
import { verifySource } from '../../../src/receive/verify/verification.js'
import { renderTrackbacks } from '../../../src/render/trackbacks.js'
import { clientFor, serve, servePages } from '../../support/servers.js'

const target = 'http://my.example/2010/01/jal.html'

async function verify(page: string, to = target) {
  const { origin, host } = await servePages({ '/entry': page })
  return verifySource(`${origin}/entry`, to, { client: clientFor(host) })
}

describe('verifySource', () => {
  it.each([
    ['an <a>', `<a href="${target}">x</a>`],
    ['an <area>', `<area href="${target}">`],
    ['a quotation', `<blockquote cite="${target}">x</blockquote>`],
    ['an unquoted attribute after others', `<a class=x rel=nofollow href=${target}>x</a>`],
    ['a link with a fragment', `<a href="${target}#comments">x</a>`],
    ['a link by https', `<a href="https://my.example/2010/01/jal.html">x</a>`],
    ['a link resolved against <base>', `<base href="http://my.example/2010/"><a href="01/jal.html">x</a>`],
    ['a picture as a link', `<a href="${target}"><img src="a.png"></a>`],
    ['a link after an empty one', `<a href="${target}"></a><a href="${target}">x</a>`],
    ['a link after a hidden one', `<a hidden href="${target}">x</a><a href="${target}">x</a>`],
    ['a link with marked text', `<a href="${target}"><b>x</b></a>`],
    [
      'a link in an element that is clipped but has room',
      `<p style="overflow:hidden;width:100px"><a href="${target}">x</a>`,
    ],
    ['a link that is moved a little', `<p style="margin-left:-15px;left:-9px"><a href="${target}">x</a>`],
    ['a link in small letters', `<a style="font-size:10px;min-height:0;width:0" href="${target}">x</a>`],
    ['a link that readers of a screen pass over', `<a aria-hidden="true" href="${target}">x</a>`],
    ['a link in closed details', `<details><summary>s</summary><a href="${target}">x</a></details>`],
    ['a thin picture as a link', `<a href="${target}"><img src="a.png" width="1" height="100"></a>`],
    ['a link of a joined emoji', `<a href="${target}">❤&#xfe0f;&#x200d;🔥</a>`],
    ['a link that is faint', `<a style="opacity:0.5;font-size:0.8em" href="${target}">x</a>`],
  ])('finds %s', async (_, page) => {
    expect(await verify(page)).toMatchObject({ outcome: 'linked', status: 200 })
  })

  it.each([
    ['no link', '<p>nothing</p>'],
    ['the URL as text', target],
    ['a link in a comment', `<!-- <a href="${target}">x</a> -->`],
    ['a link in a script', `<script>'<a href="${target}">x</a>'</script>`],
    ['a link in a style', `<style><a href="${target}">x</a></style>`],
    ['a link in a textarea', `<textarea><a href="${target}">x</a></textarea>`],
    ['a link in a title', `<title><a href="${target}">x</a></title>`],
    ['a link in a template', `<template><a href="${target}">x</a></template>`],
    ['a link in a noscript', `<noscript><a href="${target}">x</a></noscript>`],
    ['a hidden link', `<a hidden href="${target}">x</a>`],
    ['a link in a hidden element', `<div hidden><p><a href="${target}">x</a></div>`],
    ['a link that is not displayed', `<p style="color: red; display : none"><a href="${target}">x</a></p>`],
    ['an invisible link', `<a style="visibility:hidden" href="${target}">x</a>`],
    ['a transparent link', `<a style="opacity:0.0" href="${target}">x</a>`],
    ['a link in letters without a size', `<span style="font-size: 0px"><a href="${target}">x</a></span>`],
    ['a link in a closed dialog', `<dialog><a href="${target}">x</a></dialog>`],
    ['an empty link', `<a href="${target}"></a>text`],
    ['an empty link that is not closed', `<a href="${target}">`],
    ['a link of white space', `<a href="${target}"> &nbsp;\n</a>text`],
    [
      'a link of characters that show nothing',
      `<a href="${target}">&#x3164;&#x2800;&shy;&#x200d;&#xfe0f;</a>text`,
    ],
    ['a link with hidden text', `<a href="${target}"><span hidden>x</span></a>text`],
    ['a link with a hidden picture', `<a href="${target}"><img hidden src="a.png"></a>text`],
    ['a link in upper case that is hidden', `<A HREF='${target}' HIDDEN=HIDDEN>x</A>`],
    [
      'a link that is not displayed, with a comment',
      `<a style='DISPLAY:/* x */NONE!important' href="${target}">x</a>`,
    ],
    ['a link in letters of a pixel', `<p style="font-size:1px"><a href="${target}">x</a>`],
    ['a link in an element without room', `<p style="height:0; overflow: hidden"><a href="${target}">x</a>`],
    [
      'a link clipped to one pixel',
      `<p style="overflow:hidden;width:1px;height:1px"><a href="${target}">x</a>`,
    ],
    ['a link off the screen', `<p style="position:absolute; left: -9999px"><a href="${target}">x</a>`],
    ['a link far above the screen', `<p style="text-indent:-999em"><a href="${target}">x</a>`],
    ['a link that is cut out', `<p style="clip: rect(0 0 0 0)"><a href="${target}">x</a>`],
    [
      'a link that is cut out, with commas',
      `<p style="clip:rect(1px, 1px, 1px, 1px)"><a href="${target}">x</a>`,
    ],
    ['a link that is cut out by a path', `<p style="clip-path: inset(50%)"><a href="${target}">x</a>`],
    ['a link that is scaled to nothing', `<p style="transform:scale(0)"><a href="${target}">x</a>`],
    ['a link in the description of a drawing', `<svg><desc><a href="${target}">x</a></desc></svg>`],
    ['a link in a field', `<select><option><a href="${target}">x</a></select>`],
    [
      'a link with a picture of one pixel',
      `<a href="${target}"><img width="1" height="1" src="a.png"></a>text`,
    ],
    [
      'a link with a picture of no size',
      `<a href="${target}"><img height='0px' width=0 src="a.png"></a>text`,
    ],
    ['a link of fillers', `<a href="${target}">&#x115f;<b>\u1160</b>\uffa0\ufe0f\u{e0041}</a>text`],
    ['a quotation of nothing', `<blockquote cite="${target}"> <p>&#x2800;</blockquote>text`],
    ['a hidden area', `<map><area hidden href="${target}"></map>`],
    ['a canonical link alone', `<link rel="canonical" href="${target}">`],
    ['a link to another post', '<a href="http://my.example/2010/01/ana.html">x</a>'],
    ['a link to a longer URL', `<a href="${target}.evil.example">x</a>`],
    ['a link to another host', '<a href="http://my.example.evil.example/2010/01/jal.html">x</a>'],
    ['the target in a query', `<a href="http://evil.example/?u=${target}">x</a>`],
  ])('does not count %s', async (_, page) => {
    expect(await verify(page)).toMatchObject({ outcome: 'not-linked' })
  })

  it('gives the title of the page as plain text', async () => {
    const found = await verify(`<title>K&ouml;ln \n 日記</title><a href="${target}">x</a>`)
    expect(found).toMatchObject({ title: 'Köln 日記', link: target })
  })

  it('takes the titles of pictures for none of the page', async () => {
    const found = await verify(
      `<title>日記</title><svg><title>Menu</title></svg><svg><title>Search</title></svg><a href="${target}">x</a>`,
    )
    expect(found).toMatchObject({ title: '日記', link: target })
  })

  it('throws where its own client is closed: that says nothing of the source', async () => {
    const client = createHttpClient()
    await client.close()
    await expect(verifySource('http://a.example/', target, { client })).rejects.toMatchObject({
      code: 'CLOSED',
    })
  })

  const xhtml = (link: string) =>
    `<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml">${link}</html>`
  const visible = `<a href="${target}">x</a>`

  it.each([
    ['text/plain', visible],
    ['text/plain; charset=utf-8', visible],
    ['text/plain,text/html', visible],
    ['text/css', visible],
    ['text/csv', visible],
    ['text/markdown', visible],
    ['text/javascript', visible],
    ['text/htmlx', visible],
    ['application/json', visible],
    ['application/rss+xml', visible],
    ['application/atom+xml', xhtml(visible)],
    ['image/svg+xml', visible],
    ['text/xml', `<rss>${visible}</rss>`],
    ['application/xml', `<html>${visible}</html>`],
    ['multipart/mixed', visible],
  ])('does not take %s for a page', async (type, page) => {
    const { origin, host } = await serve((_, response) =>
      response.writeHead(200, { 'content-type': type }).end(page),
    )
    const found = await verifySource(origin, target, { client: clientFor(host) })
    expect(found).toMatchObject({ outcome: 'not-linked', reason: { code: 'not-a-page' } })
  })

  it('does not take a download for a page', async () => {
    const headers = { 'content-type': 'text/html', 'content-disposition': 'attachment; filename=a.html' }
    const { origin, host } = await serve((_, response) => response.writeHead(200, headers).end(visible))
    expect(await verifySource(origin, target, { client: clientFor(host) })).toMatchObject({
      outcome: 'not-linked',
    })
  })

  it.each([
    ['TEXT/HTML ;charset=utf-8', visible],
    ['text/html charset=utf-8', visible],
    ['text/html,text/plain', visible],
    ['', visible],
    ['application/xhtml+xml', xhtml(visible)],
    ['application/xml', xhtml(visible)],
    ['text/xml; charset=utf-8', xhtml(visible)],
  ])('takes %j for a page', async (type, page) => {
    const { origin, host } = await serve((_, response) =>
      response.writeHead(200, { 'content-type': type }).end(page),
    )
    expect(await verifySource(origin, target, { client: clientFor(host) })).toMatchObject({
      outcome: 'linked',
    })
  })

  it('reads a page in Shift_JIS that says so', async () => {
    const title = Buffer.from('836583588367', 'hex')
    const { origin, host } = await serve((_, response) => {
      response.writeHead(200, { 'content-type': 'text/html; charset=Shift_JIS' })
      response.end(
        Buffer.concat([Buffer.from('<title>'), title, Buffer.from(`</title><a href="${target}">x</a>`)]),
      )
    })
    expect(await verifySource(origin, target, { client: clientFor(host) })).toMatchObject({
      title: 'テスト',
      outcome: 'linked',
    })
  })

  it.each([404, 410])('says that a page with %i is gone', async (status) => {
    const { origin, host } = await serve((_, response) => response.writeHead(status).end())
    expect(await verifySource(origin, target, { client: clientFor(host) })).toMatchObject({
      outcome: 'gone',
      status,
    })
  })

  it.each([401, 403, 500, 503])('says that a page with %i could not be reached', async (status) => {
    const { origin, host } = await serve((_, response) => response.writeHead(status).end())
    expect(await verifySource(origin, target, { client: clientFor(host) })).toMatchObject({
      outcome: 'unreachable',
      status,
    })
  })

  it('says where the source ended up', async () => {
    const { origin, host } = await serve((request, response) => {
      if (request.url === '/old') response.writeHead(301, { location: '/new' })
      else response.writeHead(200, { 'content-type': 'text/html' })
      response.end(`<a href="${target}">x</a>`)
    })
    const found = await verifySource(`${origin}/old`, target, { client: clientFor(host) })
    expect(found).toMatchObject({ outcome: 'linked', finalUrl: `${origin}/new` })
  })

  it('says that a private address is blocked, and asks it nothing', async () => {
    let asked = 0
    const { origin } = await serve((_, response) => {
      asked += 1
      response.end()
    })
    expect(await verifySource(origin, target)).toMatchObject({ outcome: 'blocked', code: 'BLOCKED_URL' })
    expect(asked).toBe(0)
  })

  it('says that a server that is not there could not be reached', async () => {
    const found = await verifySource('http://127.0.0.1:1/', target, { client: clientFor('127.0.0.1:1') })
    expect(found).toMatchObject({ outcome: 'unreachable', code: 'NETWORK' })
  })

  it('does not read what is not a page', async () => {
    const { origin, host } = await serve((_, response) => {
      response.writeHead(200, { 'content-type': 'image/png' })
      response.end(`<a href="${target}">`)
    })
    expect(await verifySource(origin, target, { client: clientFor(host) })).toMatchObject({
      outcome: 'not-linked',
    })
  })

  it('reads the beginning of a page that is too large', async () => {
    const page = `<a href="${target}">x</a>${' '.repeat(200_000)}`
    const { origin, host } = await servePages({ '/entry': page })
    const options = { client: clientFor(host, { maxResponseSize: 100_000 }) }
    expect(await verifySource(`${origin}/entry`, target, options)).toMatchObject({ outcome: 'linked' })
  })

  it('gives the passage around the link, as one who reads the page sees it', async () => {
    const page = `<script>no()</script><p>昨日の <b>空港</b>の話。</p><p>I read <a href="${target}"> what
      he <i>says</i></a>, &amp; agree.</p><!-- no --><p>More</p>`
    expect((await verify(page)).passage).toEqual({
      before: '昨日の 空港の話。 I read ',
      link: 'what he says',
      after: ', & agree. More',
    })
  })

  it('keeps in the passage what stands before an empty link', async () => {
    const found = await verify(`<p>I read <a href="${target}"></a>it: <a href="${target}">x</a></p>`)
    expect(found.passage?.before).toBe('I read it: ')
  })

  it.each([
    ['capital letters', 'HTTP://MY.EXAMPLE/2010/01/jal.html'],
    ['an escape in the host', 'http://%6dy.example/2010/01/jal.html'],
    ['wide letters', 'http://ｍy.example/2010/01/jal.html'],
    ['a reference', 'http://m&#121;.example/2010/01/jal.html'],
    ['a soft hyphen', 'http://my.exam&shy;ple/2010/01/jal.html'],
    ['a line break', 'http://m\ny.example/2010/01/jal.html'],
    ['no scheme', '//my.example/2010/01/jal.html'],
    ['backslashes', 'http:\\\\my.example\\2010/01/jal.html'],
    ['one slash', 'https:/my.example/2010/01/jal.html'],
    ['a final dot', 'http://www.my.example./2010/01/jal.html'],
  ])('resolves a link to the host of the post that is written with %s', async (_, url) => {
    expect(await verify(`<a href="${url}">x</a>`)).toMatchObject({ outcome: 'linked' })
  })

  it('gives no passage where there is no link', async () => {
    expect(await verify('<p>nothing</p>')).not.toHaveProperty('passage')
  })

  const ugc = `<a rel="ugc nofollow" href="${target}">theirs</a>`
  const plain = `<a href="${target}#own">own</a>`
  const list = renderTrackbacks({
    post: {},
    pingUrl: 'http://other.example/tb/1',
    trackbacks: [{ id: '1', url: target, title: 'JAL', excerpt: '', blogName: '', receivedAt: 0 }],
  })

  it.each([
    ['a link marked as user content', ugc],
    ['several', `${ugc}<p>${ugc}`],
    ['its list of trackbacks', list],
    ['a comment', `<div id="comments"><p>${plain}</div>`],
    ['a pingback', `<ol class="commentlist"><li class="pingback">${plain}</ol>`],
  ])('says so where only others may have written the link: %s', async (_, page) => {
    const found = await verify(`<title>T</title><p>before</p>${page}`)
    expect(found).toMatchObject({ outcome: 'linked', isUserContent: true, title: 'T' })
    expect(found.reason).toEqual({ code: 'user-content' })
    expect(found.passage?.link).not.toBe('')
  })

  it.each([
    ['before them', `${plain}${ugc}${list}`],
    ['after them', `${list}${'<p>x</p>'.repeat(20_000)}${ugc}<p>${plain}`],
    ['after one without an end tag', `<a rel=ugc href="${target}">theirs ${plain}`],
    [
      'beside comments with forgotten end tags',
      `<ol class="commentlist"><li class="comment">${ugc}</ol>${plain}`,
    ],
    ['in an answer to the post', `<div class="u-in-reply-to h-cite">${plain}</div>${ugc}`],
  ])('is content with one link of its own, %s', async (_, page) => {
    const found = await verify(page)
    expect(found).toMatchObject({
      outcome: 'linked',
      reason: { code: 'linked' },
      link: `${target}#own`,
    })
    expect(found).not.toHaveProperty('isUserContent')
    expect(found.passage?.link).toBe('own')
  })

  it('throws for a target that is no URL', async () => {
    await expect(verifySource('http://other.example/', 'nonsense')).rejects.toThrow(TypeError)
  })
})
