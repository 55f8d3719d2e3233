import { describe, expect, it } from 'vitest'
import { createBlocks } from '../../../src/receive/policy/blocks.js'
import { createMemoryStore } from '../../../src/store/memory/store.js'

function newBlocks(records = createMemoryStore().records, now: () => number = Date.now) {
  return createBlocks(records, now)
}

async function isBlocked(
  blocks: ReturnType<typeof newBlocks>,
  ...[sourceKey, host, clientIp, blog]: [
    sourceKey: string,
    host: string,
    clientIp: string | null,
    blog?: string,
  ]
): Promise<boolean> {
  return (await blocks.matcher(blog))(sourceKey, host, clientIp)
}

describe('createBlocks', () => {
  it.each([
    ['spam.example', true],
    ['www.spam.example', true],
    ['a.b.spam.example', true],
    ['spam.example.', true],
    ['notspam.example', false],
    ['spam.example.org', false],
    ['spam.exampl', false],
    ['example', false],
    ['xspam.example', false],
    ['spam-example', false],
  ])(
    'a block of spam.example decides on %s by labels, not by parts of the text: %s',
    async (host, expected) => {
      const blocks = newBlocks()
      await blocks.add({ kind: 'host', value: 'Spam.Example' }, 'spam')
      expect(await isBlocked(blocks, `http://${host}/`, host, null)).toBe(expected)
    },
  )

  it('holds for one blog where it names one, else for all; each blog has its own list', async () => {
    const blocks = newBlocks()
    await blocks.add({ kind: 'host', value: 'a.example', blog: '1' }, 'not here')
    await blocks.add({ kind: 'host', value: 'all.example' }, 'nowhere')
    const has = (host: string, blog?: string) => isBlocked(blocks, `http://${host}/`, host, null, blog)
    expect([await has('a.example', '1'), await has('a.example', '2'), await has('a.example')]).toEqual([
      true,
      false,
      false,
    ])
    expect([await has('all.example', '1'), await has('all.example', '2'), await has('all.example')]).toEqual([
      true,
      true,
      true,
    ])
    expect(await blocks.all('1')).toMatchObject([{ value: 'a.example', blog: '1', reason: 'not here' }])
    expect(await blocks.all()).toMatchObject([{ value: 'all.example' }])
    expect(await blocks.remove({ kind: 'host', value: 'a.example' })).toBe(false)
    expect(await blocks.remove({ kind: 'host', value: 'a.example', blog: '2' })).toBe(false)
    expect(await blocks.remove({ kind: 'host', value: 'a.example', blog: '1' })).toBe(true)
    expect(await has('a.example', '1')).toBe(false)
    await expect(blocks.add({ kind: 'host', value: 'a.example', blog: 7 as never }, '')).rejects.toThrow(
      TypeError,
    )
  })

  it('of one blog takes no room from another, and more blogs than are at hand are read again', async () => {
    const blocks = newBlocks()
    for (let blog = 0; blog < 1001; blog += 1)
      await blocks.add({ kind: 'host', value: 'a.example', blog: `${blog}` }, '')
    const has = async (blog: string) => isBlocked(blocks, 'http://a.example/', 'a.example', null, blog)
    expect([await has('0'), await has('1000'), await has('1001')]).toEqual([true, true, false])
  })

  it('knows an international host by its Unicode form', async () => {
    const blocks = newBlocks()
    await blocks.add({ kind: 'host', value: '日本.example' }, 'spam')
    expect(await isBlocked(blocks, 'http://xn--wgv71a.example/', 'xn--wgv71a.example', null)).toBe(true)
  })

  it('blocks one source, whatever its fragment', async () => {
    const blocks = newBlocks()
    await blocks.add({ kind: 'source', value: 'http://a.example/post#x' }, 'spam')
    expect(await isBlocked(blocks, 'http://a.example/post', 'a.example', null)).toBe(true)
    expect(await isBlocked(blocks, 'http://a.example/other', 'a.example', null)).toBe(false)
  })

  it('blocks one source by any URL that a ping of it could name, and takes no other', async () => {
    const blocks = newBlocks()
    await blocks.add({ kind: 'source', value: 'http://user:secret@a.example./post' }, 'spam')
    expect(await blocks.all()).toMatchObject([{ value: 'http://a.example/post' }])
    for (const source of ['mailto:a@a.example', 'no URL', ''])
      await expect(blocks.add({ kind: 'source', value: source }, 'spam')).rejects.toThrow(TypeError)
  })

  it('blocks a client by its IPv4 address or its IPv6 network', async () => {
    const blocks = newBlocks()
    await blocks.add({ kind: 'address', value: '192.0.2.1' }, 'spam')
    await blocks.add({ kind: 'address', value: '2001:db8:1:2::9' }, 'spam')
    const has = (clientIp: string) => isBlocked(blocks, 'http://a.example/', 'a.example', clientIp)
    expect(await has('192.0.2.1')).toBe(true)
    expect(await has('::ffff:192.0.2.1')).toBe(true)
    expect(await has('192.0.2.10')).toBe(false)
    expect(await has('2001:db8:1:2:ffff::1')).toBe(true)
    expect(await has('[2001:db8:1:ff::1]:443')).toBe(true)
    expect(await has('2001:db8:1:100::9')).toBe(false)
  })

  it('blocks the /64 of a client where an author names it, and takes it back by its name', async () => {
    const blocks = newBlocks()
    const has = (clientIp: string) => isBlocked(blocks, 'http://a.example/', 'a.example', clientIp)
    await blocks.add({ kind: 'address', value: '2001:db8:1:2::/64' }, 'spam')
    expect([await has('2001:db8:1:2::1'), await has('2001:db8:1:3::1')]).toEqual([true, false])
    expect(await blocks.remove({ kind: 'address', value: '2001:db8:1:2::/64' })).toBe(true)
    expect(await has('2001:db8:1:2::1')).toBe(false)
    const { value } = await blocks.add({ kind: 'address', value: '2001:db8:1:2::9' }, 'spam')
    expect(await blocks.remove({ kind: 'address', value })).toBe(true)
    expect(await has('2001:db8:1:2::9')).toBe(false)
    for (const address of ['2001:db8::/129', ':::::/64', '192.0.2.1/64', 'x/64']) {
      await expect(blocks.add({ kind: 'address', value: address }, 'spam')).rejects.toThrow(
        'needs its IP address',
      )
    }
  })

  it.each([
    ['192.0.2.7/24', '192.0.2.0/24', ['192.0.2.255', '::ffff:192.0.2.1'], ['192.0.3.0', '2001:db8::1']],
    ['198.51.100.0/31', '198.51.100.0/31', ['198.51.100.1'], ['198.51.100.2']],
    ['203.0.113.9/32', '203.0.113.9/32', ['203.0.113.9'], ['203.0.113.8']],
    ['2001:DB8:a::9/32', '2001:db8::/32', ['2001:db8:ffff::1'], ['2001:db9::', '192.0.2.1']],
    ['2001:db8::1/128', '2001:db8::1/128', ['2001:db8::1'], ['2001:db8::2']],
    ['2001:db8:1::/49', '2001:db8:1::/49', ['2001:db8:1:7fff::'], ['2001:db8:1:8000::']],
  ])('blocks the range %s, kept as %s', async (range, kept, inside, outside) => {
    const blocks = newBlocks()
    expect((await blocks.add({ kind: 'address', value: range }, 'spam')).value).toBe(kept)
    const has = (clientIp: string) => isBlocked(blocks, 'http://a.example/', 'a.example', clientIp)
    for (const address of inside) expect([address, await has(address)]).toEqual([address, true])
    for (const address of outside) expect([address, await has(address)]).toEqual([address, false])
    expect(await blocks.remove({ kind: 'address', value: range })).toBe(true)
    expect(await has(inside[0] ?? '')).toBe(false)
  })

  it('refuses a range so wide that it would refuse nearly everybody', async () => {
    for (const value of ['0.0.0.0/0', '10.0.0.0/7', '::/0', '2000::/15'])
      await expect(newBlocks().add({ kind: 'address', value }, 'spam')).rejects.toThrow('at least /8')
    for (const value of ['10.0.0.0/8', '2001::/16'])
      expect(await newBlocks().add({ kind: 'address', value }, 'spam')).toMatchObject({ value })
  })

  it('refuses a public suffix, of the registries and of hosts of many blogs, and takes what is below it', async () => {
    for (const value of ['com', 'JP', 'co.jp.', '*.co.jp', 'blogspot.com', 'github.io', 'рф', 'x.kobe.jp'])
      await expect(newBlocks().add({ kind: 'host', value }, 'spam')).rejects.toThrow(
        `'${value}' is a public suffix`,
      )
    for (const value of ['a.com', 'a.blogspot.com', 'www.ck', 'localhost', 'blog.example', '192.0.2.1'])
      expect(await newBlocks().add({ kind: 'host', value }, 'spam')).toMatchObject({ value })
  })

  it('takes back a public suffix that an earlier release let in', async () => {
    const { records } = createMemoryStore()
    const old = { kind: 'host', value: 'com', reason: '', at: 1 } as const
    await records.put('block', 'host com', JSON.stringify(old), 0)
    const blocks = newBlocks(records)
    expect(await isBlocked(blocks, 'http://a.com/', 'a.com', null)).toBe(true)
    expect(await blocks.remove(old)).toBe(true)
    expect(await isBlocked(blocks, 'http://a.com/', 'a.com', null)).toBe(false)
  })

  it('blocks all pages below a path, and nothing beside it', async () => {
    const blocks = newBlocks()
    await blocks.add({ kind: 'source', value: 'https://blogs.example/~spam/*' }, 'one of many blogs')
    const has = (url: string) => isBlocked(blocks, url, 'blogs.example', null)
    for (const url of ['https://blogs.example/~spam/', 'https://blogs.example/~spam/a/b?c'])
      expect([url, await has(url)]).toEqual([url, true])
    for (const url of ['https://blogs.example/~spam', 'https://blogs.example/~spammer/', 'http://x.example/'])
      expect([url, await has(url)]).toEqual([url, false])
  })

  it('refuses what is no host, and says what is wrong with it', async () => {
    for (const host of ['https://x.example/', 'x.example:8080', 'a b', 'a/b', 'a\\b', 'a?b', 'a#b', 'me@a'])
      await expect(newBlocks().add({ kind: 'host', value: host }, 'spam')).rejects.toThrow(
        `'${host}' is not a host name (leave out scheme`,
      )
    await expect(newBlocks().add({ kind: 'host', value: '' }, 'spam')).rejects.toThrow(
      "'' is not a host name",
    )
  })

  it('can be taken back', async () => {
    const blocks = newBlocks()
    await blocks.add({ kind: 'host', value: 'a.example' }, 'a mistake')
    expect(await blocks.all()).toMatchObject([{ kind: 'host', value: 'a.example', reason: 'a mistake' }])
    expect([
      await blocks.remove({ kind: 'host', value: 'a.example' }),
      await blocks.remove({ kind: 'host', value: 'a.example' }),
    ]).toEqual([true, false])
    expect(await isBlocked(blocks, 'http://a.example/', 'a.example', null)).toBe(false)
  })

  it('hold in other processes of the store within ten seconds', async () => {
    const { records } = createMemoryStore()
    let time = Date.now()
    const [here, there] = [newBlocks(records, () => time), newBlocks(records, () => time)]
    expect((await there.matcher())('http://a.example/', 'a.example', null)).toBe(false)
    await here.add({ kind: 'host', value: 'a.example' }, 'spam')
    time += 11_000
    expect((await there.matcher())('http://a.example/', 'a.example', null)).toBe(true)
  })

  it('need something to block', async () => {
    const blocks = newBlocks()
    await expect(blocks.add({ kind: 'host', value: '' }, '')).rejects.toThrow(TypeError)
    await expect(blocks.add({ kind: 'source', value: 'nonsense' }, '')).rejects.toThrow(TypeError)
    await expect(blocks.add({ kind: 'address', value: 'nonsense' }, '')).rejects.toThrow(TypeError)
  })
})
