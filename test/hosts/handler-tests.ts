import { expect, it, onTestFinished } from 'vitest'
import { createReceiver, type Receiver } from '../../src/receive/receiver.js'
import { createMemoryStore } from '../../src/store/memory/store.js'

/** Mounts a receiver in a host, and gives back how to send it a request. */
export type Mount = (receiver: Receiver) => Promise<(request: Request) => Promise<Response>>

const success = '<?xml version="1.0" encoding="utf-8"?>\n<response>\n<error>0</error>\n</response>'
const formType = 'application/x-www-form-urlencoded'

function newReceiver(): Receiver {
  const receiver = createReceiver({
    baseUrl: 'http://127.0.0.1/tb/',
    findPost: (id) => (id === '18521/60408081' ? { id, url: 'http://my.example/post' } : null),
    store: createMemoryStore(),
    publish: 'always',
  })
  onTestFinished(() => receiver.close())
  return receiver
}

/** The tests that every host must pass, whatever stands in front of the handler. */
export function addHandlerTests(mount: Mount): void {
  const texts = {
    Shift_JIS: { title: '%93%FA%96%7B%82%CC%83u%83%8D%83O', means: '日本のブログ' },
    'EUC-JP': { title: '%C6%FC%CB%DC%A4%CE%A5%D6%A5%ED%A5%B0', means: '日本のブログ' },
    'ISO-2022-JP': { title: '%1B%24BF%7CK%5C%1B%28B', means: '日本' },
    'EUC-KR': { title: '%C7%D1%B1%B9', means: '한국' },
    'ISO-8859-1': { title: 'K%F6ln', means: 'Köln' },
    'UTF-8': { title: '%F0%A0%AE%B7%E9%87%8E%E5%AE%B6', means: '𠮷野家' },
  }

  for (const [charset, { title, means }] of Object.entries(texts)) {
    it(`takes a ping in ${charset} byte for byte`, async () => {
      const receiver = newReceiver()
      const send = await mount(receiver)
      const body = `url=http://other.example/1&title=${title}&excerpt=${title}&blog_name=${title}`
      const response = await send(post(body, `${formType}; charset=${charset}`))
      expect([response.status, await response.text()]).toEqual([200, success])
      const { items } = await receiver.list('18521/60408081')
      expect(items).toMatchObject([{ title: means, excerpt: means, blogName: means }])
    })
  }

  it('refuses what is no ping in XML, each with its status', async () => {
    const send = await mount(newReceiver())
    const refusals: [Request, number][] = [
      [post('title=x'), 200],
      [post('url=http://other.example/', formType, '/tb/absent'), 404],
      [post('{"url":"http://other.example/"}', 'application/json'), 415],
      [post(`url=${'x'.repeat(70_000)}`), 413],
      [new Request('http://127.0.0.1/tb/18521/60408081', { method: 'DELETE' }), 405],
      [new Request('http://127.0.0.1/tb/18521/60408081?url=http%3A%2F%2Fother.example'), 405],
    ]
    for (const [request, status] of refusals) {
      const response = await send(request)
      expect([response.status, response.headers.get('content-type')]).toEqual([
        status,
        'text/xml; charset=utf-8',
      ])
      expect(await response.text()).toContain('<error>1</error>')
    }
  })

  it('sends a browser to the post, and answers HEAD and OPTIONS', async () => {
    const send = await mount(newReceiver())
    const url = 'http://127.0.0.1/tb/18521/60408081'
    for (const method of ['GET', 'HEAD']) {
      const response = await send(new Request(url, { method, redirect: 'manual' }))
      expect([response.status, response.headers.get('location')]).toEqual([302, 'http://my.example/post'])
    }
    const options = await send(new Request(url, { method: 'OPTIONS' }))
    expect([options.status, options.headers.get('allow')]).toEqual([204, 'GET, HEAD, OPTIONS, POST'])
  })

  it('lists the trackbacks in Movable Type’s shape (PROTOCOL 34)', async () => {
    const send = await mount(newReceiver())
    await send(post('url=http://other.example/1&title=A+%26+B&excerpt=x'))
    const response = await send(new Request('http://127.0.0.1/tb/18521/60408081?__mode=rss'))
    expect(await response.text()).toContain(
      '<item>\n<title>A &amp; B</title>\n<link>http://other.example/1</link>',
    )
  })
}

function post(body: string, contentType = formType, path = '/tb/18521/60408081'): Request {
  return new Request(`http://127.0.0.1${path}`, {
    method: 'POST',
    body,
    headers: { 'content-type': contentType },
  })
}
