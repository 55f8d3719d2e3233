import { describe, expect, it } from 'vitest'
import { patience } from '../../../src/receive/hosts/body.js'
import { form, formType } from '../../support/servers.js'
import { post, receiverWith, success } from '../support.js'

describe('fetch', () => {
  it('answers a Request with a Response', async () => {
    const receiver = receiverWith({ publish: 'always' })
    const url = receiver.pingUrl(post.id)
    const headers = { 'content-type': formType }
    const request = new Request(url, {
      method: 'POST',
      headers,
      body: form({ url: 'http://other.example/' }),
    })
    const response = await receiver.fetch(request, { clientIp: '192.0.2.7' })
    expect([response.status, await response.text()]).toEqual([200, success])
    expect((await receiver.list(post.id)).items).toMatchObject([{ clientIp: '192.0.2.7' }])
  })

  it('stops reading a body beyond sixteen times the limit', async () => {
    const receiver = receiverWith({ limits: { maxBodySize: 1000 } })
    let pulled = 0
    const body = new ReadableStream({
      pull(controller) {
        pulled += 1
        controller.enqueue(new Uint8Array(500))
      },
    })
    const request = new Request(receiver.pingUrl(post.id), {
      method: 'POST',
      body,
      duplex: 'half',
    } as RequestInit)
    expect((await receiver.fetch(request)).status).toBe(413)
    expect(pulled).toBeGreaterThanOrEqual((patience * 1000) / 500)
    expect(pulled).toBeLessThan((patience * 1000) / 500 + 10)
  })

  it('tells onError of a body that the host has taken, not of a client that goes away', async () => {
    const errors: unknown[] = []
    const receiver = receiverWith({ onError: (error) => errors.push(error) })
    const requestWith = (body: ReadableStream) =>
      new Request(receiver.pingUrl(post.id), { method: 'POST', body, duplex: 'half' } as RequestInit)
    const broken = new ReadableStream({ pull: (controller) => controller.error(new Error('aborted')) })
    expect((await receiver.fetch(requestWith(broken))).status).toBe(500)
    expect(errors).toEqual([])
    const taken = requestWith(new ReadableStream())
    taken.body?.getReader()
    expect((await receiver.fetch(taken)).status).toBe(500)
    expect(errors).toMatchObject([{ message: expect.stringContaining('was read before') }])
  })

  it('sends a browser to the post and answers HEAD without a body', async () => {
    const receiver = receiverWith()
    const response = await receiver.fetch(new Request(receiver.pingUrl(post.id), { method: 'HEAD' }))
    expect([response.status, response.headers.get('location'), await response.text()]).toEqual([
      302,
      post.url,
      '',
    ])
  })
})
