import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { blockedAddress, blockedName } from '../../src/http/address.js'

const edges: readonly [first: string, last: string, before: string | null, after: string | null][] = [
  ['0.0.0.0', '0.255.255.255', null, '1.0.0.0'],
  ['10.0.0.0', '10.255.255.255', '9.255.255.255', '11.0.0.0'],
  ['100.64.0.0', '100.127.255.255', '100.63.255.255', '100.128.0.0'],
  ['127.0.0.0', '127.255.255.255', '126.255.255.255', '128.0.0.0'],
  ['168.63.129.16', '168.63.129.16', '168.63.129.15', '168.63.129.17'],
  ['169.254.0.0', '169.254.255.255', '169.253.255.255', '169.255.0.0'],
  ['172.16.0.0', '172.31.255.255', '172.15.255.255', '172.32.0.0'],
  ['192.0.0.0', '192.0.0.255', '191.255.255.255', '192.0.1.0'],
  ['192.0.2.0', '192.0.2.255', '192.0.1.255', '192.0.3.0'],
  ['192.88.99.0', '192.88.99.255', '192.88.98.255', '192.88.100.0'],
  ['192.168.0.0', '192.168.255.255', '192.167.255.255', '192.169.0.0'],
  ['198.18.0.0', '198.19.255.255', '198.17.255.255', '198.20.0.0'],
  ['198.51.100.0', '198.51.100.255', '198.51.99.255', '198.51.101.0'],
  ['203.0.113.0', '203.0.113.255', '203.0.112.255', '203.0.114.0'],
  ['224.0.0.0', '255.255.255.255', '223.255.255.255', null],
  ['2001::', '2001:1ff:ffff:ffff:ffff:ffff:ffff:ffff', '2000:ffff::', '2001:200::'],
  ['2001:db8::', '2001:db8:ffff:ffff:ffff:ffff:ffff:ffff', '2001:db7:ffff::', '2001:db9::'],
  ['3ffe::', '3ffe:ffff::', '3ffd:ffff::', null],
  ['3fff::', '3fff:fff:ffff::', null, '3fff:1000::'],
  ['4000::', 'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff', null, null],
  ['::', '::1', null, null],
]

const blockedIpv6 = [
  '::',
  '::1',
  '::127.0.0.1',
  '::8.8.8.8',
  '::ffff:127.0.0.1',
  '::ffff:7f00:1',
  '::ffff:10.0.0.1',
  '::ffff:0:127.0.0.1',
  '64:ff9b::7f00:1',
  '64:ff9b::10.0.0.1',
  '64:ff9b::169.254.169.254',
  '64:ff9b:1::a00:1',
  '64:ff9b:1::808:808',
  '2002:7f00:1::',
  '2002:a00:1::1',
  '2002:c0a8:101::1',
  '2001:0:4136:e378:8000:63bf:3fff:fdd2',
  '2001:2::1',
  '2001:10::1',
  '2001:20::1',
  '100::1',
  '5f00::1',
  'fc00::1',
  'fd00:ec2::254',
  'fd20:ce::254',
  'fe80::1',
  'febf::1',
  'fec0::1',
  'ff02::1',
  '1::1',
]

const notAddresses = [
  '',
  'localhost',
  '127.1',
  '0x7f000001',
  '2130706433',
  '1.2.3.4.5',
  'fe80::1%lo',
  '[::1]',
  '8.8.8.8 ',
  '::g',
]

const publicAddresses = [
  '1.1.1.1',
  '8.8.8.8',
  '93.184.216.34',
  '2001:4860:4860::8888',
  '2606:4700:4700::1111',
  '2a00:1450:4001:80b::200e',
  '::ffff:8.8.8.8',
  '::ffff:808:808',
  '64:ff9b::808:808',
  '64:ff9b::8.8.8.8',
  '2002:808:808::1',
]

describe('blockedAddress', () => {
  it('THREATS S1, S4: both ends of every special range are blocked, their public neighbours are not', () => {
    for (const [first, last, before, after] of edges) {
      expect([first, blockedAddress(first)]).toEqual([first, expect.any(String)])
      expect([last, blockedAddress(last)]).toEqual([last, expect.any(String)])
      if (before) expect([before, blockedAddress(before)]).toEqual([before, null])
      if (after) expect([after, blockedAddress(after)]).toEqual([after, null])
    }
  })

  it('THREATS S4: IPv6 is public only as global unicast; embedded IPv4 is judged in its place', () => {
    for (const address of blockedIpv6)
      expect([address, blockedAddress(address)]).toEqual([address, expect.any(String)])
    for (const address of publicAddresses) expect([address, blockedAddress(address)]).toEqual([address, null])
  })

  it('what is not an address is never public', () => {
    for (const text of notAddresses) expect([text, blockedAddress(text)]).toEqual([text, 'not an address'])
  })

  it('names the RFC of the range', () => {
    expect(blockedAddress('10.1.2.3')).toBe('private, RFC 1918')
    expect(blockedAddress('::ffff:169.254.169.254')).toBe('link-local, RFC 3927')
    expect(blockedAddress('2002:a9fe:a9fe::1')).toBe('link-local, RFC 3927')
  })

  it('judges mapped, NAT64 and 6to4 forms of any IPv4 address like that address itself', () => {
    fc.assert(
      fc.property(fc.ipV4(), (address) => {
        const [a = 0, b = 0, c = 0, d = 0] = address.split('.').map(Number)
        const hex = `${((a << 8) | b).toString(16)}:${((c << 8) | d).toString(16)}`
        const expected = blockedAddress(address)
        for (const form of [`::ffff:${address}`, `::ffff:${hex}`, `64:ff9b::${address}`, `2002:${hex}::`]) {
          expect(blockedAddress(form)).toBe(expected)
        }
      }),
    )
  })

  it('judges every spelling of an IPv6 address alike', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 0xffff }), { minLength: 8, maxLength: 8 }), (words) => {
        const long = words.map((word) => word.toString(16).padStart(4, '0')).join(':')
        const short = new URL(`http://[${long}]`).hostname.slice(1, -1)
        expect(blockedAddress(short)).toBe(blockedAddress(long.toUpperCase()))
        const isGlobal = (words[0] ?? 0) >> 13 === 1
        if (
          !isGlobal &&
          !long.startsWith('0000:0000:0000:0000:0000:ffff') &&
          !long.startsWith('0064:ff9b:0000')
        ) {
          expect(blockedAddress(long)).not.toBeNull()
        }
      }),
    )
  })
})

describe('blockedName', () => {
  it('THREATS 2.2: local names and metadata names are blocked, with a final dot too', () => {
    const names = [
      'localhost',
      'a.localhost',
      'printer.local',
      'metadata.google.internal',
      'nas.home.arpa',
      'metadata.goog',
    ]
    for (const name of names) {
      expect([name, blockedName(name)]).toEqual([name, expect.any(String)])
      expect([name, blockedName(`${name}.`)]).toEqual([name, expect.any(String)])
    }
  })

  it('names that only look like them are not', () => {
    const names = [
      'localhost.example',
      'notlocalhost',
      'local.example',
      'mylocal',
      'internal.example',
      'xinternal',
      'blog.example.',
    ]
    for (const name of names) expect([name, blockedName(name)]).toEqual([name, null])
  })
})
