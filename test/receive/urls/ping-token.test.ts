import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createPingTokens } from '../../../src/receive/urls/ping-token.js'
import { createPingUrls } from '../../../src/receive/urls/ping-url.js'

const secret = 'a secret of enough characters'
const hour = 3_600_000

describe('signed ping URLs', () => {
  it('are accepted until they expire, between one and two periods later', () => {
    let time = 1_700_000_000_000
    const tokens = createPingTokens({ secret, ttl: hour }, () => time)
    const token = tokens.sign('18521/60408081')
    time += hour
    expect(tokens.accepts('18521/60408081', token)).toBe(true)
    time += hour
    expect(tokens.accepts('18521/60408081', token)).toBe(false)
  })

  it('are the same for all pages of a period, so that these can be cached', () => {
    let time = 1_700_000_000_000 - (1_700_000_000_000 % hour) + 1
    const tokens = createPingTokens({ secret, ttl: hour }, () => time)
    const token = tokens.sign('7')
    time += hour - 2
    expect(tokens.sign('7')).toBe(token)
  })

  it('are accepted by the secret that was used and by those that follow it', () => {
    const now = () => 1_700_000_000_000
    const old = createPingTokens({ secret, ttl: hour }, now).sign('7')
    const rotated = createPingTokens({ secret: ['another secret, the new one', secret], ttl: hour }, now)
    expect(rotated.accepts('7', old)).toBe(true)
    expect(rotated.sign('7')).not.toBe(old)
    expect(
      createPingTokens({ secret: 'another secret, the new one', ttl: hour }, now).accepts('7', old),
    ).toBe(false)
  })

  it('are of one id, and no change of a character makes them of another or last longer', () => {
    const tokens = createPingTokens({ secret, ttl: hour }, () => 1_700_000_000_000)
    const token = tokens.sign('7')
    expect(tokens.accepts('8', token)).toBe(false)
    for (let index = 0; index < token.length; index += 1) {
      const changed = `${token.slice(0, index)}${token[index] === 'z' ? 'y' : 'z'}${token.slice(index + 1)}`
      expect(tokens.accepts('7', changed), changed).toBe(false)
    }
  })

  it('never accept what is no token, and never throw', () => {
    const tokens = createPingTokens({ secret, ttl: hour }, () => 1_700_000_000_000)
    fc.assert(
      fc.property(fc.string(), fc.string(), (id, token) => {
        expect(tokens.accepts(id, token)).toBe(false)
      }),
    )
  })

  it('stand after the id in the path, and only such paths have an id', () => {
    const tokens = createPingTokens({ secret, ttl: hour }, () => 1_700_000_000_000)
    const urls = createPingUrls('https://my.example/tb/', { tokens })
    const { pathname } = new URL(urls.urlOf('18521/60408081'))
    expect(urls.idOf(pathname, '')).toBe('18521/60408081')
    expect(urls.idOf('/tb/18521/60408081', '')).toBeNull()
    expect(urls.idOf('/tb/7', '')).toBeNull()
  })

  it('need a secret that cannot be guessed, and a period', () => {
    expect(() => createPingTokens({ secret: 'short', ttl: hour }, Date.now)).toThrow(TypeError)
    expect(() => createPingTokens({ secret: [], ttl: hour }, Date.now)).toThrow(TypeError)
    expect(() => createPingTokens({ secret, ttl: 0 }, Date.now)).toThrow(TypeError)
  })
})
