import { describe, expect, it } from 'vitest'
import type { Post } from '../../../src/base/types.js'
import { isAccepted, post, receiverWith, send } from '../support.js'

const wrong: readonly [string, object][] = [
  ['whose id is no string', { ...post, id: 7 }],
  ['whose blog is no string', { ...post, blog: 3 }],
  ['whose url is no absolute http or https URL', { id: '7' }],
  ['whose url is no absolute http or https URL', { id: '7', url: '/p/7' }],
]

describe('findPost', () => {
  for (const [message, given] of wrong) {
    for (const kind of ['at once', 'later']) {
      it(`is told of by onError, and nothing is accepted, where it gives ${JSON.stringify(given)} ${kind}`, async () => {
        const errors: unknown[] = []
        const found = given as Post
        const receiver = receiverWith({
          findPost: () => (kind === 'later' ? Promise.resolve(found) : found),
          onError: (error) => errors.push(error),
        })
        const reply = await send(receiver, '/t/trackback/7')
        expect([reply.status, isAccepted(reply)]).toEqual([500, false])
        expect(errors).toEqual([new TypeError(`findPost("7") gave a post ${message}`)])
      })
    }
  }
})
