import type { IncomingHttpHeaders, OutgoingHttpHeaders } from 'node:http'
import { describe, expect, it, onTestFinished } from 'vitest'
import { type AkismetOptions, akismet } from '../../../src/receive/checks/akismet.js'
import { runChecks } from '../../../src/receive/checks/check.js'
import type { Trackback } from '../../../src/store/store.js'
import { bodyOf, serve } from '../../support/servers.js'
import { clientFor, contextOf, subjectOf } from './subject.js'

interface Asked {
  readonly path: string
  readonly headers: IncomingHttpHeaders
  readonly fields: Record<string, string>
}

interface Answer {
  readonly status?: number
  readonly headers?: OutgoingHttpHeaders
  readonly body: string
}

/** A server that speaks the protocol: it knows one key, and one blog name that is spam for sure. */
async function service(answer?: Answer) {
  const asked: Asked[] = []
  const { origin, host } = await serve(async (request, response) => {
    const fields = Object.fromEntries(new URLSearchParams((await bodyOf(request)).toString()))
    asked.push({ path: `${request.method} ${request.url}`, headers: request.headers, fields })
    const { status = 200, headers = {}, body } = answer ?? answerTo(request.url ?? '', fields)
    response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8', ...headers })
    response.end(body)
  })
  const client = clientFor(host)
  onTestFinished(() => client.close())
  return { asked, endpoint: `${origin}/1.1/`, client }
}

function answerTo(path: string, fields: Record<string, string>): Answer {
  if (fields['api_key'] !== 'sesame') return { body: 'invalid' }
  const missing = ['blog', 'user_ip'].find((name) => !fields[name])
  const help = `Empty "${missing}" value`
  if (missing) return { body: 'Missing required field', headers: { 'x-akismet-debug-help': help } }
  if (path !== '/1.1/comment-check') return { body: 'Thanks for making the web a better place.' }
  return { body: String(fields['comment_author'] === 'akismet-guaranteed-spam') }
}

const details: Partial<Trackback> = {
  url: 'https://blog.example/entry?a=1&b=2',
  title: 'JALの対応を評価する',
  excerpt: '100% & more + ☃',
  blogName: '日記',
  clientIp: '::ffff:192.0.2.1',
  receivedAt: Date.UTC(2010, 0, 20, 3, 4, 5),
}

async function judge(options: Partial<AkismetOptions>, changes = {}, answer?: Answer) {
  const { asked, endpoint, client } = await service(answer)
  const check = akismet({ key: 'sesame', blog: 'https://my.example', endpoint, ...options })
  const errors: Error[] = []
  const subject = subjectOf({ ...details, ...changes })
  const summary = await runChecks([check], subject, contextOf({ client }), (error) =>
    errors.push(error as Error),
  )
  return { asked, errors, result: summary.results[0] }
}

describe('akismet', () => {
  it('asks as the service wants to be asked', async () => {
    const { asked, result } = await judge({ lang: 'ja' })
    expect(result).toEqual({ check: 'akismet', score: 2, reason: { code: 'not-spam' } })
    expect(asked).toHaveLength(1)
    expect(asked[0]?.path).toBe('POST /1.1/comment-check')
    expect(asked[0]?.headers['content-type']).toBe('application/x-www-form-urlencoded; charset=utf-8')
    expect(asked[0]?.headers['user-agent']).toMatch(/^trackbacks\//)
    expect(asked[0]?.fields).toEqual({
      api_key: 'sesame',
      blog: 'https://my.example/',
      blog_lang: 'ja',
      blog_charset: 'UTF-8',
      user_ip: '192.0.2.1',
      permalink: 'https://my.example/2010/01/jal.html',
      comment_type: 'trackback',
      comment_author: '日記',
      comment_author_url: 'https://blog.example/entry?a=1&b=2',
      comment_content: 'JALの対応を評価する\n\n100% & more + ☃',
      comment_date_gmt: '2010-01-20T03:04:05.000Z',
    })
  })

  it('speaks against what is spam', async () => {
    const { result } = await judge({}, { blogName: 'akismet-guaranteed-spam' })
    expect(result).toEqual({ check: 'akismet', score: -8, reason: { code: 'spam' } })
  })

  it('speaks against blatant spam with all its weight', async () => {
    const discard = { body: 'true', headers: { 'X-akismet-pro-tip': 'discard' } }
    expect((await judge({}, {}, discard)).result).toMatchObject({ score: -10 })
    expect((await judge({}, {}, { ...discard, body: 'false' })).result).toMatchObject({ score: 2 })
  })

  it.each([null, '', 'c0ffee', '0123456789abcdef'])(
    'asks nothing where the client is not known: %s',
    async (clientIp) => {
      const { asked, result } = await judge({}, { clientIp })
      expect(result).toEqual({ check: 'akismet', score: null, reason: { code: 'no-result' } })
      expect(asked).toEqual([])
    },
  )

  it('abstains with a wrong key, and says so to the operator alone', async () => {
    const { result, errors } = await judge({ key: 'wrong-KEY' })
    expect(result).toEqual({
      check: 'akismet',
      score: null,
      reason: { code: 'check-failed', error: 'INVALID_RESPONSE' },
    })
    expect(errors[0]?.cause).toMatchObject({ message: 'the service gives no answer: status 200' })
  })

  it.each([
    ['an error of the server', { status: 500, body: 'true' }, /status 500/],
    ['words', { body: 'true or false' }, /status 200/],
    ['nothing', { body: '' }, /status 200/],
    [
      'a reason',
      { body: 'invalid', headers: { 'X-Akismet-Debug-Help': 'We need your blog' } },
      /We need your blog/,
    ],
    ['a page', { body: '<html>true</html>', headers: { 'content-type': 'text/html' } }, /status 200/],
  ])('abstains where the answer is %s', async (_, answer, message) => {
    const { result, errors } = await judge({}, {}, answer)
    expect(result).toMatchObject({ score: null, reason: { code: 'check-failed', error: expect.any(String) } })
    expect(errors[0]?.cause).toMatchObject({ message: expect.stringMatching(message) })
  })

  it('reads no more than a short answer', async () => {
    const { result } = await judge({}, {}, { body: `true${' '.repeat(5000)}` })
    expect(result).toMatchObject({ score: null, reason: { code: 'check-failed', error: 'TOO_LARGE' } })
  })

  it('abstains where nobody answers', async () => {
    const { host } = await serve((request) => request.socket.destroy())
    const client = clientFor(host)
    onTestFinished(() => client.close())
    const check = akismet({ key: 'k', blog: 'https://my.example', endpoint: `http://${host}/1.1/` })
    const { results } = await runChecks([check], subjectOf(details), contextOf({ client }), () => {})
    expect(results[0]).toMatchObject({ score: null, reason: { code: 'check-failed', error: 'NETWORK' } })
  })

  it('ends when the receiver closes', async () => {
    const { host } = await serve(() => {})
    const client = clientFor(host)
    onTestFinished(() => client.close())
    const controller = new AbortController()
    const check = akismet({ key: 'k', blog: 'https://my.example', endpoint: `http://${host}/1.1/` })
    const context = contextOf({ client, signal: controller.signal })
    const judging = runChecks([check], subjectOf(details), context, () => {})
    setTimeout(() => controller.abort(new Error('closing')), 50)
    await expect(judging).rejects.toThrow('closing')
  })

  it.each([
    [true, 'submit-spam'],
    [false, 'submit-ham'],
  ])('tells the service what the author says: spam is %s', async (isSpam, method) => {
    const { asked, endpoint, client } = await service()
    const check = akismet({ key: 'sesame', blog: 'https://my.example', endpoint, client })
    const { trackback, post } = subjectOf(details)
    await check.learn?.(trackback, post, isSpam)
    expect(asked.map(({ path }) => path)).toEqual([`POST /1.1/${method}`])
    expect(asked[0]?.fields).toMatchObject({
      api_key: 'sesame',
      comment_type: 'trackback',
      comment_author: '日記',
      user_ip: '192.0.2.1',
    })
  })

  it('throws where feedback is not taken, as for a client whose address is forgotten', async () => {
    const { endpoint, client } = await service()
    const check = akismet({ key: 'sesame', blog: 'https://my.example', endpoint, client })
    const { trackback, post } = subjectOf({ ...details, clientIp: null })
    await expect(check.learn?.(trackback, post, true)).rejects.toMatchObject({
      code: 'INVALID_RESPONSE',
      message: 'the service gives no answer: Empty "user_ip" value',
    })
  })

  it('refuses an empty key and what is no URL', () => {
    expect(() => akismet({ key: '', blog: 'https://my.example' })).toThrow(TypeError)
    expect(() => akismet({ key: undefined as unknown as string, blog: 'https://my.example' })).toThrow(
      TypeError,
    )
    expect(() => akismet({ key: 'k', blog: 'my.example' })).toThrow(TypeError)
    expect(() => akismet({ key: 'k', blog: 'https://my.example', endpoint: 'x' })).toThrow(TypeError)
  })
})
