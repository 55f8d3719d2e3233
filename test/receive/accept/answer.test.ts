import { describe, expect, it } from 'vitest'
import { parsePingList } from '../../../src/protocol/ping-list.js'
import { toNodeHandler } from '../../../src/receive/hosts/node-handler.js'
import { createMemoryStore } from '../../../src/store/memory/store.js'
import { form, formType, serve } from '../../support/servers.js'
import { failure, mount, ping, post, receiverWith, send, success } from '../support.js'

describe('a ping', () => {
  it('to a path that is not under the base is told apart from one for a post that takes none', async () => {
    const receiver = receiverWith()
    const { origin } = await serve(toNodeHandler(receiver))
    const fields = { url: 'http://other.example/1' }
    const notHere = { status: 404, body: failure('This is not a ping URL of this blog.') }
    for (const path of ['/', '/trackback/7', '/t/trackbacks/7', '/t/trackback/../x'])
      expect(await ping(origin + path, fields)).toEqual(notHere)
    const noPost = {
      status: 404,
      body: failure('This ping URL belongs to no post, or its post does not accept pings.'),
    }
    for (const path of ['/t/trackback', '/t/trackback/', '/t/trackback/absent'])
      expect(await ping(origin + path, fields)).toEqual(noPost)
  })

  it('PROTOCOL 16: is answered with exactly the success form', async () => {
    const url = await mount(receiverWith())
    const fields = {
      url: 'http://other.example/1',
      title: 'Foo Bar',
      excerpt: 'My Excerpt',
      blog_name: 'Foo',
    }
    expect(await ping(url, fields)).toEqual({ status: 200, body: success })
  })

  it('PROTOCOL 17: without a url is answered with exactly the failure form', async () => {
    const url = await mount(receiverWith())
    const body = failure('The source URL is missing (url).')
    expect(await ping(url, { title: 'Foo' })).toEqual({ status: 200, body })
    expect(await ping(url, {})).toEqual({ status: 200, body })
  })

  it('is answered as text/xml in UTF-8 with its length in bytes', async () => {
    const url = await mount(receiverWith())
    const body = form({ url: 'http://other.example/' })
    const response = await fetch(url, { method: 'POST', body, headers: { 'content-type': formType } })
    expect(response.headers.get('content-type')).toBe('text/xml; charset=utf-8')
    expect(response.headers.get('content-length')).toBe(String((await response.arrayBuffer()).byteLength))
  })

  it('with nothing but a url is kept, whatever else is missing (PROTOCOL 4)', async () => {
    const receiver = receiverWith({ publish: 'always' })
    await ping(await mount(receiver), { url: 'http://other.example/only' })
    const { items } = await receiver.list(post.id)
    expect(items).toMatchObject([{ url: 'http://other.example/only', title: '', excerpt: '', blogName: '' }])
  })

  it('is kept as plain text: tags stripped, references decoded once, white space collapsed', async () => {
    const receiver = receiverWith({ publish: 'always' })
    await ping(await mount(receiver), {
      url: 'http://other.example/1',
      title: '<b>K&ouml;ln</b> &amp;amp; <script>alert(1)</script>Tokyo',
      excerpt: ' many \r\n\t lines \u202e ',
      blog_name: '日記\u0007',
    })
    const [kept] = (await receiver.list(post.id)).items
    expect(kept).toMatchObject({ title: 'Köln &amp; Tokyo', excerpt: 'many lines', blogName: '日記' })
  })

  it('PROTOCOL 3, 80: in Shift_JIS and EUC-JP is read by its declared character set', async () => {
    const receiver = receiverWith({ publish: 'always' })
    const url = await mount(receiver)
    const title = { shift_jis: '%83e%83X%83g', 'euc-jp': '%A5%C6%A5%B9%A5%C8' }
    for (const [charset, bytes] of Object.entries(title)) {
      const body = `url=http://other.example/${charset}&title=${bytes}&blog_name=${bytes}&excerpt=${bytes}`
      await fetch(url, {
        method: 'POST',
        body,
        headers: { 'content-type': `application/x-www-form-urlencoded; charset=${charset}` },
      })
    }
    const { items } = await receiver.list(post.id)
    expect(items.map(({ title, charset, charsetSource }) => [title, charset, charsetSource])).toEqual([
      ['テスト', 'shift_jis', 'content-type'],
      ['テスト', 'euc-jp', 'content-type'],
    ])
  })

  it.each(['javascript:alert(1)', 'ftp://a.example/', '/relative', 'http://', 'x'])(
    'with the source %s is refused',
    async (url) => {
      const reply = await ping(await mount(receiverWith()), { url })
      expect(reply.body).toBe(failure('The source URL must be an absolute http or https URL (url).'))
    },
  )

  it('with a source URL over the limit is refused', async () => {
    const url = await mount(receiverWith({ limits: { maxUrlLength: 40 } }))
    expect((await ping(url, { url: `http://other.example/${'a'.repeat(40)}` })).body).toContain(
      '<error>1</error>',
    )
    expect((await ping(url, { url: 'http://other.example/' })).body).toBe(success)
  })

  it('loses user and password of its source URL', async () => {
    const receiver = receiverWith({ publish: 'always' })
    await ping(await mount(receiver), { url: 'http://user:pass@other.example/' })
    expect((await receiver.list(post.id)).items).toMatchObject([{ url: 'http://other.example/' }])
  })

  it('from the post itself is refused', async () => {
    const url = await mount(receiverWith())
    for (const source of [post.url, `${post.url}#comments`, 'https://my.example/2010/01/jal.html']) {
      expect((await ping(url, { url: source })).body).toBe(failure('The source is the post itself.'))
    }
  })

  it('for an absent and for a closed post gets the same answer, 404', async () => {
    const { origin } = await serve(toNodeHandler(receiverWith()))
    const replies = []
    for (const id of ['closed', 'absent', '', '%E0%A4%A']) {
      replies.push(await ping(`${origin}/t/trackback/${id}`, { url: 'http://other.example/' }))
    }
    const body = failure('This ping URL belongs to no post, or its post does not accept pings.')
    expect(new Set(replies.map(({ status, body }) => `${status} ${body}`))).toEqual(new Set([`404 ${body}`]))
  })

  it('larger than the limit is answered with 413 in XML', async () => {
    const url = await mount(receiverWith({ limits: { maxBodySize: 1000 } }))
    const reply = await ping(url, { url: 'http://other.example/', excerpt: 'x'.repeat(1000) })
    expect(reply).toEqual({ status: 413, body: failure('The ping is too large.') })
  })

  it('of more fields than the limit is refused', async () => {
    const url = await mount(receiverWith({ limits: { maxPairs: 3 } }))
    expect((await ping(url, { url: 'http://other.example/', a: '1', b: '2', c: '3' })).status).toBe(413)
  })

  it('as JSON, or multipart without a boundary, is answered with 415 in XML', async () => {
    const url = await mount(receiverWith())
    const multipart = { method: 'POST', body: 'x', headers: { 'content-type': 'multipart/form-data' } }
    const json = {
      method: 'POST',
      body: '{"url":"http://other.example/"}',
      headers: { 'content-type': 'application/json' },
    }
    for (const request of [json, multipart]) {
      const response = await fetch(url, request)
      expect([response.status, await response.text()]).toEqual([
        415,
        failure('Send pings as application/x-www-form-urlencoded.'),
      ])
    }
  })

  it('PROTOCOL 8: sent with GET is refused with 405 and not stored', async () => {
    const receiver = receiverWith({ publish: 'always' })
    const response = await fetch(`${await mount(receiver)}?title=Foo&url=http%3A%2F%2Fother.example%2F`)
    expect([response.status, response.headers.get('allow')]).toEqual([405, 'GET, HEAD, OPTIONS, POST'])
    expect(await response.text()).toBe(failure('TrackBack pings must use HTTP POST.'))
    expect((await receiver.list(post.id)).items).toEqual([])
  })

  it('whose fields are in the query of a POST is read', async () => {
    const receiver = receiverWith({ publish: 'always' })
    const url = `${await mount(receiver)}?url=http%3A%2F%2Fother.example%2Fq&title=In+the+query`
    expect(await (await fetch(url, { method: 'POST' })).text()).toBe(success)
    expect((await receiver.list(post.id)).items).toMatchObject([{ title: 'In the query' }])
  })

  it('that the store cannot keep is never answered as a success (500, error 1, no internals)', async () => {
    const errors: unknown[] = []
    const store = { ...createMemoryStore(), add: () => Promise.reject(new Error('disk full at /secret')) }
    const url = await mount(receiverWith({ store, onError: (error) => errors.push(error) }))
    const reply = await ping(url, { url: 'http://other.example/' })
    expect(reply).toEqual({
      status: 500,
      body: failure('The ping could not be saved. Please try again later.'),
    })
    expect(errors).toEqual([new Error('disk full at /secret')])
  })

  it('is answered with 500 in XML when findPost fails', async () => {
    const url = await mount(
      receiverWith({
        findPost: () => {
          throw new Error('secret')
        },
        onError: () => {},
      }),
    )
    const reply = await ping(url, { url: 'http://other.example/' })
    expect(reply).toEqual({
      status: 500,
      body: failure('The ping could not be saved. Please try again later.'),
    })
    const visit = await fetch(url)
    expect([visit.status, await visit.text()]).toEqual([
      500,
      failure('The post could not be shown. Please try again later.'),
    ])
  })
})

describe('a browser that follows a ping URL', () => {
  it('PROTOCOL 26: is sent to the post', async () => {
    const url = await mount(receiverWith())
    for (const method of ['GET', 'HEAD']) {
      const response = await fetch(url, { method, redirect: 'manual' })
      expect([response.status, response.headers.get('location')]).toEqual([302, post.url])
    }
  })

  it('of a closed or absent post gets the same 404', async () => {
    const { origin } = await serve(toNodeHandler(receiverWith()))
    const bodies = []
    for (const id of ['closed', 'absent'])
      bodies.push(await (await fetch(`${origin}/t/trackback/${id}`)).text())
    expect(bodies[0]).toBe(bodies[1])
  })
})

describe('a post that has more than one ping URL', () => {
  const findPost = (id: string) => ({ id: String(Number(id)), url: `http://my.example/${Number(id)}` })
  const ids = ['7', '07', '007']

  it('has one list, whichever of them is asked', async () => {
    const receiver = receiverWith({ findPost, publish: 'always' })
    for (const id of ids) await send(receiver, `/t/trackback/${id}`, `url=http://other.example/${id}`)
    for (const id of ids) {
      const { body } = await receiver.handle({ method: 'GET', url: `/t/trackback/${id}?__mode=rss` })
      expect(parsePingList(body).items).toHaveLength(3)
    }
  })

  it('has one limit for all of them', async () => {
    const receiver = receiverWith({ findPost, rateLimits: { perPost: 2 } })
    const statuses: number[] = []
    for (const id of ids)
      statuses.push((await send(receiver, `/t/trackback/${id}`, `url=http://${id}.example/`)).status)
    expect(statuses).toEqual([200, 200, 429])
  })
})

describe('another method', () => {
  it.each(['PUT', 'DELETE', 'PATCH'])('%s is answered with 405 in XML', async (method) => {
    const response = await fetch(await mount(receiverWith()), { method })
    expect(response.status).toBe(405)
    expect(await response.text()).toContain('<error>1</error>')
  })
})

describe('handle', () => {
  it('takes a request without any transport', async () => {
    const reply = await receiverWith().handle({
      method: 'POST',
      url: '/t/trackback/18521/60408081',
      contentType: formType,
      body: Buffer.from(form({ url: 'http://other.example/' })),
    })
    expect([reply.status, reply.body]).toEqual([200, success])
  })

  it('never rejects, whatever the request is', async () => {
    const receiver = receiverWith({ onError: () => {} })
    for (const url of [
      '',
      '?',
      '//',
      'http://my.example',
      '/t/trackback/%',
      '\0',
      '/t/trackback/../../etc',
    ]) {
      expect((await receiver.handle({ method: 'POST', url })).status).toBeGreaterThanOrEqual(400)
    }
  })
})
