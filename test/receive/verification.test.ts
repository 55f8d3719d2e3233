import { describe, expect, it } from 'vitest'
import { createHttpClient } from '../../src/http/client.js'
import { verifySource } from '../../src/receive/verification.js'
import { renderTrackbacks } from '../../src/render/trackbacks.js'
import { clientFor, serve, servePages } from '../support/servers.js'

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

  it('reads a page in Shift_JIS that says so', async () => {
    const title = Buffer.from('836583588367', 'hex')
    const { origin, host } = await serve((_, response) => {
      response.writeHead(200, { 'content-type': 'text/html; charset=Shift_JIS' })
      response.end(
        Buffer.concat([Buffer.from('<title>'), title, Buffer.from(`</title><a href="${target}">`)]),
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
    expect(found).toMatchObject({ outcome: 'linked', isByOthers: true, title: 'T' })
    expect(found.reason).toBe(
      'the page links to the post only from comments, trackbacks or other user content',
    )
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
      reason: 'the page links to the post',
      link: `${target}#own`,
    })
    expect(found).not.toHaveProperty('isByOthers')
    expect(found.passage?.link).toBe('own')
  })

  it('throws for a target that is no URL', async () => {
    await expect(verifySource('http://other.example/', 'nonsense')).rejects.toThrow(TypeError)
  })
})
