import { describe, expect, it } from 'vitest'
import { fetchPings } from '../../src/discover/pings.js'
import { generatePingList } from '../../src/protocol/ping-list.js'
import { clientFor, serve } from '../support/servers.js'

const items = [{ url: 'http://a.example/1', title: 'T', excerpt: 'E' }]
const list = generatePingList({ url: 'http://blog.example/1', title: 'P' }, items)

async function asking(path: string, status: number, body: string) {
  let asked = ''
  const { origin, host } = await serve((request, response) => {
    asked = `${request.method} ${request.url}`
    response.writeHead(status, { 'content-type': 'text/xml' }).end(body)
  })
  const pings = await fetchPings(origin + path, { client: clientFor(host) })
  return { asked, pings }
}

describe('fetchPings', () => {
  it.each([
    ['/tb/1', 'GET /tb/1?__mode=rss'],
    ['/tb?id=1', 'GET /tb?id=1&__mode=rss'],
    ['/tb?id=%E3%81%82#x', 'GET /tb?id=%E3%81%82&__mode=rss'],
  ])('PROTOCOL 33: %s is asked as %s', async (path, asked) => {
    expect(await asking(path, 200, list)).toEqual({
      asked,
      pings: { url: 'http://blog.example/1', title: 'P', items },
    })
  })

  it.each([
    ['PROTOCOL 36: an unknown post', 200, '<response><error>1</error><message>x</message></response>'],
    ['PROTOCOL 38: a page', 200, '<html><p>x</html>'],
    ['PROTOCOL 38: nothing', 200, ''],
    ['an HTTP error', 404, 'not found'],
  ])('%s is null', async (_, status, body) => {
    expect((await asking('/tb/1', status, body)).pings).toBeNull()
  })

  it('throws where there is no answer, and where the URL is none', async () => {
    await expect(fetchPings('http://127.0.0.1/tb/1')).rejects.toMatchObject({ code: 'BLOCKED_URL' })
    await expect(fetchPings('/tb/1')).rejects.toThrow(TypeError)
  })

  it('reads a list as large as maxResponseSize allows, and no larger', async () => {
    const long = generatePingList(
      { url: 'http://b.example/' },
      Array.from({ length: 20_000 }, () => items[0] ?? { url: '' }),
    )
    const { origin, host } = await serve((_, response) => response.end(long))
    const options = { client: clientFor(host, { maxResponseSize: long.length }) }
    expect((await fetchPings(origin, options))?.items).toHaveLength(20_000)
    await expect(
      fetchPings(origin, { client: clientFor(host, { maxResponseSize: 1000 }) }),
    ).rejects.toMatchObject({
      code: 'TOO_LARGE',
    })
  })
})
