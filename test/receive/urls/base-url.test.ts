import { describe, expect, it } from 'vitest'
import { isBelow, parseBaseUrl, parseMountPath } from '../../../src/receive/urls/base-url.js'

describe('parseBaseUrl', () => {
  it('ends with a slash, whether or not it was given one', () => {
    expect(parseBaseUrl('https://my.example').href).toBe('https://my.example/')
    expect(parseBaseUrl(new URL('https://my.example/tb')).href).toBe('https://my.example/tb/')
    expect(parseBaseUrl('https://my.example/tb/').href).toBe('https://my.example/tb/')
  })

  it.each(['', '/tb/', 'ftp://my.example/', 'https://my.example/?a=1', 'https://my.example/#a'])(
    'refuses %j',
    (url) => expect(() => parseBaseUrl(url)).toThrow(TypeError),
  )
})

describe('parseMountPath', () => {
  const base = new URL('https://my.example/blog/tb/')

  it.each([
    [undefined, '/blog/tb/'],
    ['/tb/', '/tb/'],
    ['/tb', '/tb/'],
    ['/', '/'],
    ['/トラックバック', new URL('/トラックバック/', base).pathname],
    ['//evil.example/', '//evil.example/'],
  ])('%j is %j', (path, expected) => expect(parseMountPath(path, base)).toBe(expected))

  it.each(['', 'tb/', 'https://my.example/tb/', '/tb/?a=1', '/tb/#a', null])('refuses %j', (path) =>
    expect(() => parseMountPath(path as string, base)).toThrow(TypeError),
  )
})

describe('isBelow', () => {
  it.each([
    ['/tb/', true],
    ['/tb', true],
    ['/tb/7', true],
    ['/tbx', false],
    ['/t', false],
    ['', false],
  ])('%j below /tb/: %s', (path, isIt) => expect(isBelow(path, '/tb/')).toBe(isIt))
})
