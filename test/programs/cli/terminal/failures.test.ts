import { describe, expect, it } from 'vitest'
import { TrackbackError } from '../../../../src/base/errors.js'
import { exceptionHint } from '../../../../src/http/guard.js'
import { explain } from '../../../../src/programs/cli/terminal/failures.js'

describe('explain', () => {
  it('says of a blocked URL that private addresses are never asked, and how to make an exception', () => {
    const message = '10.0.0.1 blocked: its address is private'
    const words = explain(new TrackbackError('BLOCKED_URL', message + exceptionHint))
    expect(words).toMatch(
      /^10\.0\.0\.1 blocked: its address is private\. Private addresses .* --allow-host HOST:PORT\.$/,
    )
    expect(explain(new TrackbackError('BLOCKED_URL', 'only http is asked'))).toBe('only http is asked')
  })

  it('says why nobody answered, and how to wait longer', () => {
    const cause = Object.assign(new Error('getaddrinfo'), { code: 'ENOTFOUND' })
    expect(explain(new TrackbackError('NETWORK', 'a.example could not be reached', { cause }))).toBe(
      'a.example could not be reached: host not found',
    )
    expect(explain(new TrackbackError('TIMEOUT', 'a.example was too slow'))).toContain('--timeout')
  })

  it('leaves other errors as they are', () => {
    expect(explain(new TrackbackError('NO_SQLITE', 'Run: npm install libsql'))).toBe(
      'Run: npm install libsql',
    )
    expect(explain(new Error('disk full'))).toBe('disk full')
    expect(explain('x')).toBe('x')
  })
})
