import { describe, expect, it } from 'vitest'
import { parsePingList } from '../../../src/protocol/ping-list.js'
import {
  accepted,
  listing,
  type Refusal,
  redirectTo,
  refuse,
  refuseInWords,
} from '../../../src/receive/accept/answers.js'
import { trackback } from '../../render/page.js'

describe('answers', () => {
  it.each<[Refusal, number]>([
    ['not-accepting', 200],
    ['no-url', 200],
    ['bad-url', 200],
    ['own-url', 200],
    ['blocked', 200],
    ['get-ping', 405],
    ['bad-method', 405],
    ['no-ping-url', 404],
    ['no-post', 404],
    ['too-large', 413],
    ['bad-type', 415],
    ['flood', 429],
    ['body-consumed', 500],
    ['failure', 500],
    ['visit-failure', 500],
  ])('%s has the status %i, and says in XML why', (refusal, status) => {
    const reply = refuse(refusal)
    expect([reply.status, reply.headers['content-type']]).toEqual([status, 'text/xml; charset=utf-8'])
    expect(reply.body).toMatch(/<error>1<\/error>\n<message>[A-Z].*\.<\/message>/)
    expect(reply.headers['allow']).toBe(status === 405 ? 'GET, HEAD, OPTIONS, POST' : undefined)
  })

  it('have their length in bytes, whatever the words are', () => {
    const reply = refuseInWords('日本 & <b>')
    expect(reply.headers['content-length']).toBe(String(Buffer.byteLength(reply.body)))
    expect(reply.body).toContain('<message>日本 &amp; &lt;b&gt;</message>')
    expect(accepted.headers['content-length']).toBe(String(accepted.body.length))
  })

  it('lead a browser on with its URL as text', () => {
    expect(redirectTo('http://my.example/7')).toMatchObject({
      status: 302,
      headers: { location: 'http://my.example/7' },
    })
  })

  it('PROTOCOL 34: list what the HTML and the feeds show, with URLs as a link may name them', () => {
    const trackbacks = ['http://user:x@日本語.example/', 'javascript:alert(1)'].map((url) =>
      trackback({ url, title: '', excerpt: '' }),
    )
    const { body } = listing({ id: '7', url: 'http://my.example/7' }, trackbacks)
    const url = 'http://xn--wgv71a119e.example/'
    expect(parsePingList(body)).toEqual({
      title: 'http://my.example/7',
      url: 'http://my.example/7',
      items: [{ url, title: 'xn--wgv71a119e.example' }],
    })
  })
})
