import { describe, expect, it } from 'vitest'
import { day, isAccepted, post, receiverWith, send } from '../support.js'

describe('idParameters', () => {
  it('let the ping URLs of an older engine work', async () => {
    const receiver = receiverWith({
      publish: 'always',
      onError: () => {},
      baseUrl: 'http://my.example/mt-tb.cgi',
      idParameters: ['tb_id'],
    })
    expect(isAccepted(await send(receiver, `/mt-tb.cgi?tb_id=${post.id}`))).toBe(true)
    expect(isAccepted(await send(receiver, `/mt-tb.cgi/${post.id}`))).toBe(true)
    expect(isAccepted(await send(receiver, `/mt-tb.cgi?id=${post.id}`))).toBe(false)
  })
})

describe('signedPingUrls', () => {
  it('accept only ping URLs that were given out and have not expired', async () => {
    let time = Date.now()
    const signedPingUrls = { secret: 'sixteen characters', ttl: day }
    const receiver = receiverWith({ publish: 'always', onError: () => {}, signedPingUrls, now: () => time })
    const { pathname } = new URL(receiver.pingUrl(post.id))
    expect(isAccepted(await send(receiver, pathname))).toBe(true)
    expect((await send(receiver, undefined)).status).toBe(404)
    expect(receiver.autodiscovery(post)).toContain(pathname)
    time += 2 * day
    expect((await send(receiver, pathname)).status).toBe(404)
  })
})
