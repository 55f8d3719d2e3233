import { describe, expect, it } from 'vitest'
import { clientKey, loadDomains, registeredDomain } from '../../../src/receive/policy/flood-keys.js'

describe('clientKey', () => {
  it.each([
    ['192.0.2.1', '192.0.2.1'],
    ['192.0.2.1:5678', '192.0.2.1'],
    ['::ffff:192.0.2.1', '192.0.2.1'],
    ['[::ffff:192.0.2.1]:80', '192.0.2.1'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:0::/56'],
    ['2001:DB8:1:2::1', '2001:db8:1:0::/56'],
    ['2001:db8:1:2ff::1', '2001:db8:1:200::/56'],
    ['[2001:db8:1:2ff::1]', '2001:db8:1:200::/56'],
    ['[2001:db8:1:2ff::1]:443', '2001:db8:1:200::/56'],
    ['2001:db8::1', '2001:db8:0:0::/56'],
    ['2001:0db8:0001:ff02::', '2001:db8:1:ff00::/56'],
    ['::1', '0:0:0:0::/56'],
    ['fe80::1%eth0', 'fe80:0:0:0::/56'],
    ['', ''],
    ['unix:', 'unix:'],
    ['1.2.3.4:x', '1.2.3.4:x'],
  ])('of %s is %s', (address, key) => {
    expect(clientKey(address)).toBe(key)
  })
})

describe('registeredDomain', () => {
  it.each([
    ['a.b.blog.example.co.jp', 'example.co.jp'],
    ['x.example.com', 'example.com'],
    ['example.com', 'example.com'],
    ['192.0.2.1', '192.0.2.1'],
    ['[2001:db8::1]', '[2001:db8::1]'],
    ['localhost', 'localhost'],
    ['xn--wgv71a.jp', 'xn--wgv71a.jp'],
  ])('of %s is %s', async (host, domain) => {
    expect(registeredDomain(host, await loadDomains())).toBe(domain)
  })
})
