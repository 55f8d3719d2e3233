import { describe, expect, it } from 'vitest'
import { addressOfHost, createAddressList, plainAddress } from '../../src/base/address.js'

describe('plainAddress', () => {
  it.each([
    ['192.0.2.1', '192.0.2.1'],
    ['::ffff:192.0.2.1', '192.0.2.1'],
    ['::FFFF:c000:0201', '192.0.2.1'],
    ['0:0:0:0:0:ffff:192.0.2.1', '192.0.2.1'],
    ['2001:DB8:0:0:0:0:0:1', '2001:db8::1'],
    ['fe80::1%eth0', 'fe80::1'],
    ['::', '::'],
  ])('%s is %s', (given, plain) => expect(plainAddress(given)).toBe(plain))

  it.each([
    null,
    '',
    'localhost',
    '1.2.3',
    '01.2.3.4',
    '1.2.3.4.5',
    ':::',
    'ab34cd',
    '1.2.3.4%eth0',
    '::1%',
    '%',
  ])('%s is none', (given) => expect(plainAddress(given)).toBe(null))

  it('is found in the host of a URL', () => {
    expect(addressOfHost(new URL('http://[::ffff:192.0.2.1]/').hostname)).toBe('192.0.2.1')
    expect(addressOfHost(new URL('http://0xC0000201/').hostname)).toBe('192.0.2.1')
    expect(addressOfHost('blog.example')).toBe(null)
  })
})

describe('createAddressList', () => {
  const isOn = createAddressList(['192.0.2.1', '198.51.100.0/24', '2001:db8::/32', '2001:4860::8888'])

  it.each([
    '192.0.2.1',
    '::ffff:192.0.2.1',
    '::ffff:c000:201',
    '198.51.100.0',
    '198.51.100.255',
    '2001:db8::1',
    '2001:0DB8:ffff::',
    '2001:db8::1%eth0',
    '2001:4860:0::8888',
  ])('holds %s', (address) => expect(isOn(address)).toBe(true))

  it.each([
    null,
    '',
    'x',
    '192.0.2.10',
    '192.0.2',
    '198.51.101.0',
    '2001:db9::1',
    '2001:4860::8889',
    '::192.0.2.1',
  ])('does not hold %s', (address) => expect(isOn(address)).toBe(false))

  it('keeps the families apart', () => {
    const isIpv6 = createAddressList(['::/0'])
    expect([isIpv6('8.8.8.8'), isIpv6('::ffff:8.8.8.8'), isIpv6('2001:db8::1')]).toEqual([false, false, true])
    const isIpv4 = createAddressList(['0.0.0.0/0'])
    expect([isIpv4('8.8.8.8'), isIpv4('::ffff:8.8.8.8'), isIpv4('2001:db8::1')]).toEqual([true, true, false])
  })

  it.each([
    '',
    'localhost',
    '10.0.0.0/',
    '10.0.0.0/33',
    '10.0.0.0/-1',
    '10.0.0.0/8/8',
    '10.0.0.0/x',
    '10.0.0.0/ 8',
    '10.0.0/8',
    '::/129',
    '::ffff:10.0.0.0/104',
    'fe80::1%eth0',
    '10.0.0.1-10.0.0.9',
  ])("refuses the entry '%s'", (entry) => {
    expect(() => createAddressList([entry])).toThrow(TypeError)
  })

  it('is empty without entries', () => expect(createAddressList([])('192.0.2.1')).toBe(false))
})
