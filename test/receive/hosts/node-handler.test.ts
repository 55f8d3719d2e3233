import { request as httpRequest } from 'node:http'
import express from 'express'
import { describe, expect, it, onTestFinished } from 'vitest'
import { patience } from '../../../src/receive/hosts/body.js'
import { toNodeHandler } from '../../../src/receive/hosts/node-handler.js'
import { createReceiver, type Receiver } from '../../../src/receive/receiver.js'
import { createMemoryStore } from '../../../src/store/memory/store.js'
import { serve } from '../../support/servers.js'

const shiftJis = 'url=http://other.example/1&title=%93%FA%96%7B&blog_name=%83u%83%8D%83O&excerpt=%83e%83X%83g'
const shiftJisType = 'application/x-www-form-urlencoded; charset=Shift_JIS'
const kept = { title: '日本', blogName: 'ブログ', excerpt: 'テスト', charset: 'shift_jis' }

function newReceiver(errors: unknown[] = []): Receiver {
  const receiver = createReceiver({
    baseUrl: 'http://my.example/tb/',
    findPost: (id) => (id === '7' ? { id, url: 'http://my.example/7' } : null),
    store: createMemoryStore(),
    publish: 'always',
    onError: (error) => errors.push(error),
  })
  onTestFinished(() => receiver.close())
  return receiver
}

function post(origin: string, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(`${origin}/tb/7`, {
    method: 'POST',
    body: shiftJis,
    headers: { 'content-type': shiftJisType, ...headers },
  })
}

describe('toNodeHandler', () => {
  it('takes the bytes of a ping as they came on node:http', async () => {
    const receiver = newReceiver()
    const { origin } = await serve(toNodeHandler(receiver))
    expect(await (await post(origin)).text()).toContain('<error>0</error>')
    expect((await receiver.list('7')).items).toMatchObject([{ ...kept, clientIp: '127.0.0.1' }])
  })

  it('takes a body that comes in many pieces', async () => {
    const receiver = newReceiver()
    const { origin } = await serve(toNodeHandler(receiver))
    const answered = new Promise<number | undefined>((resolve) => {
      const request = httpRequest(
        `${origin}/tb/7`,
        { method: 'POST', headers: { 'content-type': shiftJisType } },
        (response) => resolve(response.resume().statusCode),
      )
      const pieces = shiftJis.match(/.{1,5}/g) ?? []
      const writeNext = (): void => {
        const piece = pieces.shift()
        if (piece === undefined) request.end()
        else request.write(piece, () => setImmediate(writeNext))
      }
      writeNext()
    })
    expect(await answered).toBe(200)
    expect((await receiver.list('7')).items).toMatchObject([kept])
  })

  it('works in Express before the body parsers', async () => {
    const receiver = newReceiver()
    const app = express().use(toNodeHandler(receiver)).use(express.urlencoded())
    app.get('/other', (_, response) => {
      response.send('the blog')
    })
    const { origin } = await serve(app)
    await post(origin)
    expect((await receiver.list('7')).items).toMatchObject([kept])
    expect(await (await fetch(`${origin}/other`)).text()).toBe('the blog')
  })

  it('works in Express mounted at a path, by the original URL', async () => {
    const receiver = newReceiver()
    const { origin } = await serve(express().use('/tb', toNodeHandler(receiver)))
    await post(origin)
    expect((await receiver.list('7')).items).toMatchObject([kept])
  })

  it('works behind a body parser that keeps the raw bytes', async () => {
    const receiver = newReceiver()
    const verify = (request: unknown, _: unknown, bytes: Buffer): void => {
      Object.assign(request as object, { rawBody: bytes })
    }
    const { origin } = await serve(
      express()
        .use(express.raw({ type: () => true, verify }))
        .use(toNodeHandler(receiver)),
    )
    await post(origin)
    expect((await receiver.list('7')).items).toMatchObject([kept])
  })

  it('fails loudly behind a body parser that did not, and names the fix', async () => {
    const errors: Error[] = []
    const receiver = newReceiver(errors)
    const { origin } = await serve(express().use(express.urlencoded()).use(toNodeHandler(receiver)))
    const response = await post(origin, { 'content-type': 'application/x-www-form-urlencoded' })
    expect([response.status, await response.text()]).toEqual([
      500,
      expect.stringContaining('<error>1</error>'),
    ])
    expect(errors[0]?.message).toMatch(/before the parser.*rawBody/s)
    expect((await receiver.list('7')).items).toEqual([])
  })

  it('reads no forwarded header (THREATS I1)', async () => {
    const receiver = newReceiver()
    const { origin } = await serve(toNodeHandler(receiver))
    const names = [
      'x-forwarded-for',
      'forwarded',
      'x-real-ip',
      'cf-connecting-ip',
      'true-client-ip',
      'x-client-ip',
    ]
    await post(origin, Object.fromEntries(names.map((name) => [name, '198.51.100.1'])))
    expect((await receiver.list('7')).items).toMatchObject([{ clientIp: '127.0.0.1' }])
  })

  it('takes the client’s address from where the host says', async () => {
    const receiver = newReceiver()
    const { origin } = await serve(toNodeHandler(receiver, { clientIp: () => '198.51.100.1' }))
    await post(origin)
    expect((await receiver.list('7')).items).toMatchObject([{ clientIp: '198.51.100.1' }])
  })

  it.each<[string, () => string | null | undefined]>([
    ['undefined', () => undefined],
    ['null', () => null],
    ['an empty text', () => ''],
    ['a list of addresses', () => '198.51.100.1, 198.51.100.2'],
    ['a value that is not text', () => 7 as never],
    [
      'an error',
      () => {
        throw new Error('no header')
      },
    ],
  ])('takes the address of the socket where the host has %s', async (_, clientIp) => {
    const receiver = newReceiver()
    const { origin } = await serve(toNodeHandler(receiver, { clientIp }))
    await post(origin)
    expect((await receiver.list('7')).items).toMatchObject([{ clientIp: '127.0.0.1' }])
  })

  it('asks by the request of the host, as the host types it', async () => {
    const receiver = newReceiver()
    const app = express().set('trust proxy', 'loopback')
    app.use(toNodeHandler(receiver, { clientIp: (request: express.Request) => request.ip }))
    const { origin } = await serve(app)
    await post(origin, { 'x-forwarded-for': '198.51.100.7' })
    expect((await receiver.list('7')).items).toMatchObject([{ clientIp: '198.51.100.7' }])
  })

  it('answers 413 to a body beyond sixteen times the limit before it has ended', async () => {
    const { origin } = await serve(toNodeHandler(newReceiver()))
    const answered = new Promise<number | undefined>((resolve, reject) => {
      const request = httpRequest(
        `${origin}/tb/7`,
        { method: 'POST', headers: { 'content-type': shiftJisType } },
        (response) => resolve(response.resume().statusCode),
      )
      request.on('error', reject)
      request.write(`url=${'x'.repeat(patience * 65_536)}`)
    })
    expect(await answered).toBe(413)
  })

  it('ends a connection that goes on sending what is thrown away', async () => {
    const { origin } = await serve(toNodeHandler(newReceiver()))
    const ended = new Promise<number>((resolve) => {
      const request = httpRequest(`${origin}/tb/7`, {
        method: 'POST',
        headers: { 'content-type': shiftJisType },
      })
      const piece = 'x'.repeat(65_536)
      let sent = 0
      request.on('error', () => resolve(sent))
      request.on('close', () => resolve(sent))
      const writeOn = (): void => {
        if (request.destroyed) return
        sent += piece.length
        request.write(piece, () => setImmediate(writeOn))
      }
      writeOn()
    })
    expect(await ended).toBeLessThan(64 * 1024 * 1024)
  })

  it('is harmed by no client that goes away in the middle of its ping', async () => {
    const errors: unknown[] = []
    const receiver = newReceiver(errors)
    const { origin } = await serve(toNodeHandler(receiver))
    for (let index = 0; index < 5; index += 1) {
      const request = httpRequest(`${origin}/tb/7`, { method: 'POST', headers: { 'content-length': '1000' } })
      request.on('error', () => {})
      request.write('url=')
      await new Promise((resolve) => setTimeout(resolve, 20))
      request.destroy()
    }
    expect((await post(origin)).status).toBe(200)
    expect(errors).toEqual([])
  })
})

describe('what a blog engine may get wrong', () => {
  it('a permalink in Japanese leads a browser on all the same', async () => {
    const receiver = createReceiver({
      baseUrl: 'http://my.example/tb/',
      findPost: (id) => ({ id, url: 'http://my.example/2026/日本語' }),
      store: createMemoryStore(),
    })
    onTestFinished(() => receiver.close())
    const { origin } = await serve(toNodeHandler(receiver))
    const response = await fetch(`${origin}/tb/7`, { redirect: 'manual' })
    expect([response.status, response.headers.get('location')]).toEqual([
      302,
      new URL('http://my.example/2026/日本語').href,
    ])
  })

  it('a post without a URL, a clientIp that throws and an onError that throws are a failure of ours, and no crash', async () => {
    const receiver = createReceiver({
      baseUrl: 'http://my.example/tb/',
      findPost: (id) => ({ id }) as never,
      store: createMemoryStore(),
      onError: () => {
        throw new Error('onError')
      },
    })
    onTestFinished(() => receiver.close())
    const clientIp = (): string => {
      throw new Error('clientIp')
    }
    const { origin } = await serve(toNodeHandler(receiver, { clientIp }))
    expect((await fetch(`${origin}/tb/7`, { redirect: 'manual' })).status).toBe(500)
    expect((await post(origin)).status).toBe(500)
  })

  it('a handle that throws costs only its own request its answer', async () => {
    const errors: unknown[] = []
    const receiver = newReceiver(errors)
    const handle: Receiver['handle'] = (request) => {
      if (request.url.endsWith('/8')) throw new Error('not mine')
      return receiver.handle(request)
    }
    const { origin } = await serve(toNodeHandler({ ...receiver, handle }))
    const asked = ['8', '7', '7'].map((id) => fetch(`${origin}/tb/${id}`, { method: 'POST', body: shiftJis }))
    const answered = await Promise.allSettled(asked)
    expect(answered.map(({ status }) => status)).toEqual(['rejected', 'fulfilled', 'fulfilled'])
    expect(errors).toEqual([new Error('not mine')])
  })

  it('something that is no receiver is a mistake at once', () => {
    expect(() => toNodeHandler({} as Receiver)).toThrow(TypeError)
  })
})
