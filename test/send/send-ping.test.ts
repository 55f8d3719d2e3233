import type { IncomingHttpHeaders, RequestListener } from 'node:http'
import { describe, expect, it } from 'vitest'
import { type SendPingOptions, sendPing } from '../../src/send/send-ping.js'
import { bodyOf, clientFor, serve } from '../support/servers.js'

const ping = { url: 'http://my.example/entry', title: 'Foo Bar', excerpt: 'My Excerpt', blogName: 'Foo' }
const success = '<?xml version="1.0" encoding="utf-8"?>\n<response>\n<error>0</error>\n</response>'

function answering(
  status: number,
  body: string,
  headers: IncomingHttpHeaders = { 'content-type': 'text/xml' },
): RequestListener {
  return (_, response) => {
    response.writeHead(status, headers as Record<string, string>)
    response.end(body)
  }
}

async function sendTo(listener: RequestListener, options: SendPingOptions = {}) {
  const { origin, host } = await serve(listener)
  const { pingUrl, ...result } = await sendPing(`${origin}/tb/1`, ping, {
    client: clientFor(host),
    ...options,
  })
  expect(pingUrl.startsWith(origin)).toBe(true)
  return result
}

function failure(code: number, message: string): string {
  return `<response><error>${code}</error><message>${message}</message></response>`
}

describe('what is sent', () => {
  async function sent(options: SendPingOptions = {}, changes: Partial<typeof ping> = {}) {
    let method = ''
    let headers: IncomingHttpHeaders = {}
    let body: Buffer = Buffer.alloc(0)
    const { origin, host } = await serve(async (request, response) => {
      method = request.method ?? ''
      headers = request.headers
      body = await bodyOf(request)
      response.end(success)
    })
    await sendPing(`${origin}/tb?id=5`, { ...ping, ...changes }, { client: clientFor(host), ...options })
    return { method, headers, body: body.toString('latin1') }
  }

  it('PROTOCOL 2, 3, 12: is a form POST with the four fields, its charset in the header and as a field', async () => {
    const { method, headers, body } = await sent()
    expect(method).toBe('POST')
    expect(headers['content-type']).toBe('application/x-www-form-urlencoded; charset=utf-8')
    expect(Object.fromEntries(new URLSearchParams(body))).toEqual({
      url: 'http://my.example/entry',
      title: 'Foo Bar',
      excerpt: 'My Excerpt',
      blog_name: 'Foo',
      charset: 'utf-8',
    })
  })

  it('PROTOCOL 10: never has an empty field', async () => {
    const { body } = await sent({}, { title: '', excerpt: '', blogName: '' })
    const fields = Object.fromEntries(new URLSearchParams(body))
    expect(fields).toMatchObject({ title: 'http://my.example/entry', blog_name: 'my.example' })
    expect(fields['excerpt']).not.toBe('')
  })

  it('is in the charset that is asked for, for this ping URL or for all', async () => {
    const options = [{ charset: 'Shift_JIS' }, { charsetFor: () => 'Shift_JIS' }]
    for (const option of options) {
      const { headers, body } = await sent(option, { title: 'テスト' })
      expect(headers['content-type']).toMatch(/charset=shift_jis$/i)
      expect(body).toContain('title=%83e%83X%83g')
    }
  })

  it('keeps the query of the ping URL (PROTOCOL 8)', async () => {
    let url = ''
    await sendTo((request, response) => {
      url = request.url ?? ''
      response.end(success)
    })
    expect(url).toBe('/tb/1')
  })

  it.each([{ url: '' }, { url: '/relative' }, { url: 'javascript:alert(1)' }])(
    'refuses a ping with the url of %o as a mistake of the caller',
    async (changes) => {
      await expect(sendPing('http://127.0.0.1:1/', { ...ping, ...changes })).rejects.toThrow(TypeError)
    },
  )
})

describe('what is answered', () => {
  it('PROTOCOL 16: error 0 is accepted', async () => {
    expect(await sendTo(answering(200, success))).toEqual({ outcome: 'accepted', status: 200 })
  })

  it('a message on success is kept', async () => {
    expect(await sendTo(answering(200, failure(0, 'Thanks')))).toEqual({
      outcome: 'accepted',
      message: 'Thanks',
      status: 200,
    })
  })

  it.each([1, -1, -2, 7])(
    'PROTOCOL 23: error %i is a refusal that keeps its number and words',
    async (code) => {
      const result = await sendTo(answering(200, failure(code, 'Sorry &amp; <b>no</b>')))
      expect(result).toEqual({ outcome: 'refused', code, message: 'Sorry & no', status: 200 })
    },
  )

  it('PROTOCOL 25: error 0 with 403 is a refusal (Movable Type’s filter)', async () => {
    expect(await sendTo(answering(403, success))).toEqual({
      outcome: 'refused',
      code: 0,
      message: '',
      status: 403,
    })
  })

  it('PROTOCOL 100: error 0 with 404 is accepted (WordPress’ old ping URL)', async () => {
    expect(await sendTo(answering(404, success))).toEqual({ outcome: 'accepted', status: 404 })
  })

  it('error 0 with 500 is no success', async () => {
    expect(await sendTo(answering(500, success))).toMatchObject({ outcome: 'unrecognised', status: 500 })
  })

  it('429 is throttled, with Retry-After in seconds or as a date', async () => {
    const headers = { 'content-type': 'text/xml', 'retry-after': '120' }
    expect(await sendTo(answering(429, failure(1, 'Slow'), headers))).toEqual({
      outcome: 'throttled',
      message: 'Slow',
      retryAfter: 120,
      status: 429,
    })
    const date = new Date(Date.now() + 60_000).toUTCString()
    const result = await sendTo(answering(503, '', { 'retry-after': date }))
    expect(result).toMatchObject({ outcome: 'throttled', status: 503 })
    expect((result as { retryAfter: number }).retryAfter).toBeGreaterThan(50)
  })

  it('a Retry-After of nonsense or of years is passed over or cut to a day', async () => {
    expect(await sendTo(answering(429, '', { 'retry-after': 'soon' }))).toEqual({
      outcome: 'throttled',
      status: 429,
    })
    expect(await sendTo(answering(429, '', { 'retry-after': '99999999' }))).toMatchObject({
      retryAfter: 86_400,
    })
  })

  it('PROTOCOL 103: WordPress’ other document is read', async () => {
    const body =
      '<error><code>wp_die</code><title><![CDATA[Comment flood]]></title>' +
      '<message><![CDATA[Slow down.]]></message><data><status>429</status></data></error>'
    expect(await sendTo(answering(429, body))).toEqual({
      outcome: 'throttled',
      message: 'Slow down.',
      status: 429,
    })
    const duplicate = await sendTo(
      answering(409, body.replace('429', '409').replace('Slow down.', 'Duplicate')),
    )
    expect(duplicate).toEqual({ outcome: 'refused', code: 409, message: 'Duplicate', status: 409 })
  })

  it('PROTOCOL 109: Movable Type’s 403 with its sentence is throttled', async () => {
    const message = 'You are sending TrackBack pings too quickly. Please try again later.'
    expect(await sendTo(answering(403, failure(1, message)))).toEqual({
      outcome: 'throttled',
      message,
      status: 403,
    })
  })

  it('PROTOCOL 102: WordPress’ empty 200 is unrecognised, not a success', async () => {
    expect(await sendTo(answering(200, '', { 'content-type': 'text/html' }))).toEqual({
      outcome: 'unrecognised',
      snippet: '',
      contentType: 'text/html',
      status: 200,
    })
  })

  it('PROTOCOL 24: an HTML page is unrecognised, with the beginning of its text', async () => {
    const page = '<!DOCTYPE html><title>Oops</title><p>Page not found</p>'
    const result = await sendTo(answering(200, page, { 'content-type': 'text/html; charset=utf-8' }))
    expect(result).toMatchObject({
      outcome: 'unrecognised',
      snippet: expect.stringContaining('Page not found'),
    })
  })

  it('PROTOCOL 98: a redirected POST is sent again as a POST; 303 ends it', async () => {
    const seen: string[] = []
    const redirecting =
      (status: number): RequestListener =>
      async (request, response) => {
        seen.push(`${request.method} ${request.url} ${(await bodyOf(request)).length > 50}`)
        if (request.url === '/tb/1') response.writeHead(status, { location: '/tb/2' })
        response.end(success)
      }
    for (const status of [301, 302, 307, 308]) {
      expect(await sendTo(redirecting(status))).toEqual({ outcome: 'accepted', status: 200 })
      expect(seen.splice(0)).toEqual(['POST /tb/1 true', 'POST /tb/2 true'])
    }
    expect(await sendTo(redirecting(303))).toMatchObject({ outcome: 'unrecognised', status: 303 })
    expect(seen).toEqual(['POST /tb/1 true'])
  })
})

describe('PROTOCOL 133, 141: an answer that does not end well', () => {
  it('is judged by its beginning where it is longer than is read', async () => {
    const long = `${success}<!DOCTYPE html>${'<p>a page of the host '.repeat(5000)}`
    expect(await sendTo(answering(200, long))).toMatchObject({ outcome: 'accepted' })
    expect(await sendTo(answering(200, long), { maxAnswerSize: success.length })).toMatchObject({
      outcome: 'accepted',
    })
    expect(await sendTo(answering(404, '<p>x'.repeat(50_000)))).toMatchObject({
      outcome: 'unrecognised',
      status: 404,
    })
  })

  it.each([
    ['a length that is too large', { 'content-length': '600' }],
    ['a last chunk that is missing', { 'transfer-encoding': 'chunked' }],
  ])('is whole with %s', async (_, headers) => {
    const result = await sendTo((request, response) => {
      response.writeHead(200, headers)
      response.write(failure(1, 'Closed.'), () => request.socket.destroySoon())
    })
    expect(result).toMatchObject({ outcome: 'refused', message: 'Closed.' })
  })
})

describe('what throws', () => {
  it('a private address without leave: BLOCKED_URL', async () => {
    await expect(sendPing('http://127.0.0.1:8080/tb', ping)).rejects.toMatchObject({ code: 'BLOCKED_URL' })
  })

  it('a server that is not there: NETWORK', async () => {
    const sending = sendPing('http://127.0.0.1:1/tb', ping, { client: clientFor('127.0.0.1:1') })
    await expect(sending).rejects.toMatchObject({ code: 'NETWORK' })
  })

  it('a connection that breaks before the answer is whole: NETWORK', async () => {
    const sending = sendTo((request, response) => {
      response.writeHead(200, { 'content-length': '500' })
      response.write('<response><error>0</error>', () => request.socket.destroy())
    })
    await expect(sending).rejects.toMatchObject({ code: 'NETWORK' })
  })

  it('the caller’s own abort, as it is', async () => {
    const controller = new AbortController()
    const reason = new Error('enough')
    const sending = sendTo(() => controller.abort(reason), { signal: controller.signal })
    await expect(sending).rejects.toBe(reason)
  })
})
