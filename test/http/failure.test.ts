import { errors } from 'undici'
import { describe, expect, it } from 'vitest'
import { TrackbackError } from '../../src/base/errors.js'
import { failureOf } from '../../src/http/failure.js'

describe('failureOf', () => {
  it('passes our own errors through', () => {
    const error = new TrackbackError('BLOCKED_URL', 'no')
    expect(failureOf(error, 'blog.example')).toBe(error)
  })

  it.each([
    [new errors.HeadersOverflowError(), 'TOO_LARGE'],
    [Object.assign(new errors.HTTPParserError('bad'), { code: 'HPE_INVALID_CONSTANT' }), 'INVALID_RESPONSE'],
    [new errors.ResponseContentLengthMismatchError(), 'INVALID_RESPONSE'],
    [new errors.ClientDestroyedError(), 'CLOSED'],
    [new errors.ClientClosedError(), 'CLOSED'],
    [new errors.SocketError('other side closed'), 'NETWORK'],
    [Object.assign(new Error('connect ECONNREFUSED 10.1.2.3:80'), { code: 'ECONNREFUSED' }), 'NETWORK'],
    [new Error('something else'), 'NETWORK'],
  ])('%s becomes %s and is kept as the cause', (error, code) => {
    const failure = failureOf(error, 'blog.example')
    expect(failure).toMatchObject({ name: 'TrackbackError', code, cause: error })
    expect(failure.message).toMatch(/^blog\.example /)
  })

  it('names the host and the code, not the address that was tried', () => {
    const error = Object.assign(new Error('connect ECONNREFUSED 10.1.2.3:80'), { code: 'ECONNREFUSED' })
    expect(failureOf(error, 'blog.example').message).toBe(
      'blog.example could not be reached, or closed the connection (ECONNREFUSED)',
    )
  })

  it("a request that is ill-formed is the caller's mistake", () => {
    expect(
      failureOf(new errors.InvalidArgumentError('invalid content-type header'), 'blog.example'),
    ).toBeInstanceOf(TypeError)
  })
})
