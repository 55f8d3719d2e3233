import { describe, expect, it } from 'vitest'
import * as library from '../../../src/index.js'
import { fetchPost } from '../../../src/programs/cli/commands/announce.js'
import { encodeText } from '../../../src/text/charset/encode.js'
import { serve } from '../../support/servers.js'

async function fetching(status: number, contentType: string, body: string | Uint8Array) {
  const server = await serve((_, response) => {
    response.writeHead(status, contentType ? { 'content-type': contentType } : {}).end(body)
  })
  const client = library.createHttpClient({ allowHosts: [server.host] })
  const { signal } = new AbortController()
  const progress = { show() {}, clear() {} }
  const context = { library, client, signal, progress }
  const post = await fetchPost(context, `${server.origin}/7`).finally(() => client.close())
  return { host: server.host, post }
}

describe('fetchPost', () => {
  it('reads a page in its own character set', async () => {
    const html =
      '<meta charset="euc-jp"><title>ある日の空港で</title><article>先日、待たされました。</article>'
    const { host, post } = await fetching(200, 'text/html', encodeText(html, 'euc-jp'))
    expect(post).toMatchObject({
      title: 'ある日の空港で',
      excerpt: '先日、待たされました。',
      blogName: host,
    })
  })

  it('takes a page that does not say what it is, and XHTML', async () => {
    for (const type of ['', 'application/xhtml+xml; charset=utf-8']) {
      expect((await fetching(200, type, '<title>a</title>')).post.title).toBe('a')
    }
  })

  it.each([
    [404, 'text/html', 'answers with HTTP 404'],
    [500, 'text/html', 'answers with HTTP 500'],
    [200, 'image/png', 'is image/png, not a page'],
    [200, 'text/htmlx', 'is text/htmlx, not a page'],
  ])('refuses HTTP %i with %s', async (status, type, message) => {
    await expect(fetching(status, type, 'x')).rejects.toThrow(message)
  })
})
