import { describe, expect, it } from 'vitest'
import { generatePingList } from '../../src/protocol/ping-list.js'
import { serve } from '../support/servers.js'
import { allow, controlsIn, hostile, runCli } from './running.js'

const items = [
  { url: 'http://a.example/1', title: 'ある日の空港で', excerpt: 'E' },
  { url: 'http://b.example/2', title: 'T' },
]

async function listing(body: string, options: string[] = []) {
  const server = await serve((_, response) =>
    response.writeHead(200, { 'content-type': 'text/xml; charset=utf-8' }).end(body),
  )
  return runCli(['pings', `${server.origin}/tb/1`, ...options, ...allow(server)])
}

describe('trackbacks pings', () => {
  it('PROTOCOL 33: lists what the other server gives', async () => {
    const { status, out } = await listing(
      generatePingList({ url: 'http://blog.example/1', title: 'P' }, items),
    )
    expect(status).toBe(0)
    expect(out).toBe(`2 trackbacks of P
http://blog.example/1

  ある日の空港で
  http://a.example/1
    E

  T
  http://b.example/2
`)
  })

  it('says that there are none', async () => {
    const { status, out } = await listing(generatePingList({ url: 'http://blog.example/1', title: 'P' }, []))
    expect({ status, out }).toEqual({ status: 0, out: 'No trackbacks of P\nhttp://blog.example/1\n' })
  })

  it('writes the list as JSON', async () => {
    const { out } = await listing(generatePingList({ url: 'http://blog.example/1', title: 'P' }, items), [
      '--json',
    ])
    expect(JSON.parse(out)).toEqual({ url: 'http://blog.example/1', title: 'P', items })
  })

  it('ends with 1 where there is no list', async () => {
    const { status, out, err } = await listing('<html><p>x</html>', ['--json'])
    expect(status).toBe(1)
    expect(err).toMatch(/^trackbacks pings: http:\S+ gives no list of trackbacks\n$/)
    expect(JSON.parse(out)).toEqual({
      error: { code: null, message: expect.stringContaining('gives no list') },
    })
  })

  it('obeys no list', async () => {
    const text = `<![CDATA[${hostile.replace('\0', '')}]]>`
    const list = `<rss><channel><title>${text}</title><item><title>${text}</title><link>http://a.example/</link><description>${text}</description></item></channel></rss>`
    for (const options of [[], ['--json']]) {
      const { status, out } = await listing(list, options)
      expect(status).toBe(0)
      expect(controlsIn(out)).toEqual([])
    }
  })
})
