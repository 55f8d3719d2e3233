import { createSocket } from 'node:dgram'
import { Resolver } from 'node:dns/promises'
import { describe, expect, it, onTestFinished } from 'vitest'
import { runChecks } from '../../../src/receive/checks/check.js'
import { type DnsListOptions, dnsList } from '../../../src/receive/checks/dns-list.js'
import { contextOf, judge, subjectOf } from './subject.js'

/** A name server on loopback that knows these names, some without an address; `null` is one it never answers for. */
async function nameServer(names: Record<string, string[] | null>) {
  const asked: string[] = []
  const socket = createSocket('udp4')
  socket.on('message', (query, { port }) => {
    const name = nameIn(query)
    asked.push(name)
    const addresses = names[name]
    if (addresses !== null) socket.send(answerTo(query, addresses), port, '127.0.0.1')
  })
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve))
  const resolver = new Resolver({ timeout: 2000, tries: 1 })
  resolver.setServers([`127.0.0.1:${socket.address().port}`])
  onTestFinished(() => {
    resolver.cancel()
    socket.close()
  })
  return { asked, resolve4: (name: string) => resolver.resolve4(name) }
}

function nameIn(query: Buffer): string {
  const labels: string[] = []
  for (let at = 12; query[at]; at += (query[at] ?? 0) + 1) {
    labels.push(query.toString('latin1', at + 1, at + 1 + (query[at] ?? 0)))
  }
  return labels.join('.').toLowerCase()
}

/** The query with its answers: type A, class IN, a minute to live; NXDOMAIN for a name that is not known. */
function answerTo(query: Buffer, known: readonly string[] | undefined): Buffer {
  const addresses = known ?? []
  const end = query.indexOf(0, 12) + 5
  const header = Buffer.from(query.subarray(0, 12))
  header.writeUInt16BE(known ? 0x8180 : 0x8183, 2)
  header.writeUInt16BE(addresses.length, 6)
  header.writeUInt32BE(0, 8)
  const records = addresses.map((address) =>
    Buffer.from([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, ...address.split('.').map(Number)]),
  )
  return Buffer.concat([header, query.subarray(12, end), ...records])
}

const url = 'https://www.blog.example.co.jp/entry'

describe('dnsList', () => {
  it('asks for the host and its registered domain, and says which is listed', async () => {
    const server = await nameServer({ 'example.co.jp.uribl.test': ['127.0.0.2'] })
    const check = dnsList({ hostZones: ['uribl.test'], resolve4: server.resolve4 })
    expect(await judge(check, { url })).toEqual({
      score: -8,
      reason: { code: 'listed', name: 'example.co.jp.uribl.test' },
    })
    expect(server.asked.sort()).toEqual(['example.co.jp.uribl.test', 'www.blog.example.co.jp.uribl.test'])
  })

  it('asks for where the source leads too, each name once', async () => {
    const server = await nameServer({ 'evil.test.uribl.test': ['127.0.0.64'] })
    const check = dnsList({ hostZones: ['uribl.test'], resolve4: server.resolve4 })
    const found = await judge(check, { url: 'https://t.test/x' }, { finalUrl: 'https://evil.test/' })
    expect(found).toMatchObject({ score: -8 })
    expect(server.asked.sort()).toEqual(['evil.test.uribl.test', 't.test.uribl.test'])
  })

  it.each([
    ['192.0.2.7', '7.2.0.192'],
    ['::ffff:192.0.2.7', '7.2.0.192'],
    ['2001:db8::5', '5.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2'],
    ['1:2:3:4:5:6:7:8', '8.0.0.0.7.0.0.0.6.0.0.0.5.0.0.0.4.0.0.0.3.0.0.0.2.0.0.0.1.0.0.0'],
  ])('RFC 5782: asks for the client %s as %s', async (clientIp, reversed) => {
    const server = await nameServer({ [`${reversed}.dnsbl.test`]: ['127.0.0.4'] })
    const check = dnsList({ addressZones: ['dnsbl.test'], resolve4: server.resolve4 })
    expect(await judge(check, { clientIp })).toEqual({
      score: -8,
      reason: { code: 'listed', name: `${reversed}.dnsbl.test` },
    })
  })

  it('has nothing to say of what no list names', async () => {
    const { resolve4 } = await nameServer({ 'example.co.jp.a.test': [] })
    const check = dnsList({ hostZones: ['a.test', 'b.test'], addressZones: ['c.test'], resolve4 })
    expect(await judge(check, { url, clientIp: '192.0.2.7' })).toBe(null)
  })

  it.each([
    ['no zones', {}, { url }],
    ['a source that is an address', { hostZones: ['uribl.test'] }, { url: 'http://192.0.2.7/x' }],
    ['a client that is not known', { addressZones: ['dnsbl.test'] }, { clientIp: null }],
    ['a client that is a hash', { addressZones: ['dnsbl.test'] }, { clientIp: '00ff00ff00ff00ff' }],
    [
      'a name too long for DNS',
      { hostZones: ['uribl.test'] },
      { url: `https://${'a.'.repeat(200)}${'b'.repeat(300)}/` },
    ],
  ])('asks nothing where there is %s', async (_, zones: DnsListOptions, changes) => {
    const { asked, resolve4 } = await nameServer({})
    expect(await judge(dnsList({ ...zones, resolve4 }), changes)).toBe(null)
    expect(asked).toEqual([])
  })

  it.each(['127.0.0.1', '127.0.1.255', '127.255.255.254', '127.255.255.255', '192.0.2.1', '0.0.0.0'])(
    'takes the answer %s for no verdict',
    async (address) => {
      const { resolve4 } = await nameServer({ 'evil.test.uribl.test': [address] })
      const check = dnsList({ hostZones: ['uribl.test'], resolve4 })
      await expect(judge(check, { url: 'https://evil.test/x' })).rejects.toMatchObject({
        code: 'INVALID_RESPONSE',
      })
    },
  )

  it.each(['127.0.0.2', '127.0.0.127', '127.0.1.2', '127.255.254.1'])(
    'takes %s for a listing',
    async (address) => {
      const { resolve4 } = await nameServer({ 'evil.test.uribl.test': [address] })
      expect(
        await judge(dnsList({ hostZones: ['uribl.test'], resolve4 }), { url: 'https://evil.test/x' }),
      ).toMatchObject({
        score: -8,
      })
    },
  )

  it('goes by the list that answers where another one fails', async () => {
    const { resolve4 } = await nameServer({
      'evil.test.a.test': ['127.0.0.1'],
      'evil.test.b.test': ['127.0.0.2'],
    })
    const check = dnsList({ hostZones: ['a.test', 'b.test'], resolve4 })
    expect(await judge(check, { url: 'https://evil.test/x' })).toMatchObject({
      reason: { code: 'listed', name: 'evil.test.b.test' },
    })
  })

  it('abstains within its time where nothing answers', async () => {
    const { resolve4 } = await nameServer({ 'evil.test.uribl.test': null })
    const check = dnsList({ hostZones: ['uribl.test'], timeout: 100, resolve4 })
    const errors: unknown[] = []
    const started = performance.now()
    const subject = subjectOf({ url: 'https://evil.test/x' })
    const { results, score } = await runChecks([check], subject, contextOf(), (error) => errors.push(error))
    expect(performance.now() - started).toBeLessThan(1500)
    expect(results).toEqual([
      { check: 'dns-list', score: null, reason: { code: 'check-failed', error: 'TIMEOUT' } },
    ])
    expect([score, errors.length]).toEqual([null, 1])
  })

  it('has a time limit of five seconds, and refuses what is none', () => {
    expect(dnsList({}).timeout).toBe(5000)
    for (const timeout of [0, -1, Number.NaN]) expect(() => dnsList({ timeout })).toThrow(TypeError)
  })
})
