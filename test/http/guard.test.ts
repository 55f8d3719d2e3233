import type { LookupAddress } from 'node:dns'
import { describe, expect, it } from 'vitest'
import { exceptionHint, Guard } from '../../src/http/guard.js'
import type { NetworkOptions } from '../../src/http/options.js'
import { rejectionOf, scriptedLookup } from './servers.js'
import { internalUrls, lookAlikeAddresses, lookAlikeNames, loopbackUrls } from './spellings.js'

function check(url: string, options: NetworkOptions = {}): string {
  try {
    new Guard(options).checkUrl(new URL(url))
    return 'allowed'
  } catch (error) {
    return (error as { code?: string }).code ?? String(error)
  }
}

function resolve(guard: Guard, url: string, all = true): Promise<LookupAddress[] | string> {
  return new Promise((fulfil, reject) => {
    guard.lookupFor(new URL(url))(new URL(url).hostname, { all }, (error, address) =>
      error ? reject(error) : fulfil(address),
    )
  })
}

describe('Guard.checkUrl', () => {
  it('THREATS S1: every spelling that URL can read and that needs no resolver is blocked', () => {
    const urls = [...loopbackUrls(80), ...internalUrls(80)].filter((url) => URL.canParse(url))
    expect(urls.length).toBeGreaterThan(200)
    for (const url of urls) expect([url, check(url)]).toEqual([url, 'BLOCKED_URL'])
  })

  it('public hosts that look like them are allowed', () => {
    const lookAlikes = [...lookAlikeAddresses, ...lookAlikeNames]
    expect(lookAlikes.length).toBeGreaterThanOrEqual(20)
    for (const host of lookAlikes) expect([host, check(`http://${host}/`)]).toEqual([host, 'allowed'])
  })

  it('only http and https, only ports 80 and 443, never user information', () => {
    expect(check('http://blog.example:443/')).toBe('allowed')
    expect(check('https://blog.example:80/')).toBe('allowed')
    for (const url of ['http://blog.example:8080/', 'http://blog.example:0/', 'https://blog.example:22/']) {
      expect([url, check(url)]).toEqual([url, 'BLOCKED_URL'])
    }
    for (const url of [
      'ftp://blog.example/',
      'ws://blog.example/',
      'https://me@blog.example/',
      'https://:x@blog.example/',
    ]) {
      expect([url, check(url)]).toEqual([url, 'BLOCKED_URL'])
    }
  })

  it('allowPorts opens a port on public hosts only', () => {
    expect(check('http://blog.example:8080/', { allowPorts: [8080] })).toBe('allowed')
    expect(check('http://127.0.0.1:8080/', { allowPorts: [8080] })).toBe('BLOCKED_URL')
  })

  it('THREATS S5: allowHosts exempts one host with one port, nothing beside it', () => {
    const options = { allowHosts: ['127.0.0.1:8080', '[::1]:8080', 'Blog.Internal'] }
    const allowed = [
      'http://127.0.0.1:8080/',
      'http://0x7f.1:8080/',
      'http://[0::1]:8080/',
      'https://blog.internal/',
      'http://blog.internal/',
    ]
    for (const url of allowed) expect([url, check(url, options)]).toEqual([url, 'allowed'])
    const blocked = [
      'http://127.0.0.1/',
      'http://127.0.0.1:8081/',
      'http://127.0.0.2:8080/',
      'http://localhost:8080/',
      'http://[::1]/',
    ]
    const names = [
      'http://blog.internal:8080/',
      'http://a.blog.internal/',
      'http://blog.internal./',
      'http://me@127.0.0.1:8080/',
    ]
    for (const url of [...blocked, ...names]) expect([url, check(url, options)]).toEqual([url, 'BLOCKED_URL'])
  })

  it('refuses options that are no host, or no port', () => {
    for (const entry of [
      '',
      'http://blog.example',
      'a/b',
      '*',
      '*.example',
      'u@h',
      'a b',
      '::1',
      'h:0',
      'h:99999',
      'h:x',
      'h?',
    ]) {
      expect(() => new Guard({ allowHosts: [entry] }), entry).toThrow(TypeError)
    }
    expect(() => new Guard({ allowHosts: ['http://localhost:4180/blog'] })).toThrow(
      "allowHosts: 'http://localhost:4180/blog' is not 'host:port': write 'localhost:4180'",
    )
    expect(() => new Guard({ allowHosts: 'h:80' as unknown as string[] })).toThrow(TypeError)
    for (const port of [0, -1, 65_536, 1.5, Number.NaN, '80' as unknown as number]) {
      expect(() => new Guard({ allowPorts: [port] }), String(port)).toThrow(TypeError)
    }
  })

  it('takes no entry of allowHosts that is not exactly a host with or without a port, and says what would be right', () => {
    const wrong = [
      'h:80 ',
      ' h:80',
      'h :80',
      'h:80\n',
      'h\t',
      'http://h',
      '//h',
      'h/p',
      '*.h',
      '*',
      'h%20',
      'h:0',
      'h:65536',
      'h:8a',
    ]
    for (const entry of [...wrong, 'h:', ':80', 'h:80:81', 'h::80', '', ' ', '[::1', '::1', 'u@h', 5, null]) {
      expect(() => new Guard({ allowHosts: [entry as string] }), String(entry)).toThrow(TypeError)
    }
    expect(() => new Guard({ allowHosts: ['127.0.0.1:18080 '] })).toThrow(
      "allowHosts: '127.0.0.1:18080 ' is not 'host:port': write '127.0.0.1:18080'",
    )
  })

  it('says the host and the rule, and what would lift it; an address only where it was in the URL itself', () => {
    const message = (url: string) => {
      try {
        new Guard({}).checkUrl(new URL(url))
      } catch (error) {
        return (error as Error).message
      }
      return 'allowed'
    }
    expect(message('http://blog.example:22/')).toBe(
      `request to blog.example blocked: port 22 is not allowed${exceptionHint}`,
    )
    expect(message('http://me:secret@blog.example/')).toBe(
      'request to blog.example blocked: the URL contains a user name or password',
    )
    expect(message('http://a.local/')).toBe(
      `request to a.local blocked: a name of the local network, RFC 6762${exceptionHint}`,
    )
    expect(message('data:text/plain,x')).toBe(
      'request to data: blocked: only http and https URLs are allowed',
    )
  })
})

describe('Guard.lookupFor', () => {
  const mixtures: string[][] = [
    ['127.0.0.1'],
    ['10.0.0.1'],
    ['::1'],
    ['fd00::1'],
    ['fe80::1%eth0'],
    ['::ffff:127.0.0.1'],
    ['8.8.8.8', '127.0.0.1'],
    ['127.0.0.1', '8.8.8.8'],
    ['8.8.8.8', '2606:4700::1', '::1'],
    ['2606:4700::1', '169.254.169.254'],
    ['8.8.8.8', '8.8.4.4', '1.1.1.1', '192.168.0.1'],
    ['64:ff9b::7f00:1'],
    ['8.8.8.8', 'blog.example'],
    ['blog.example.'],
    ['127.1'],
    ['0x7f000001'],
    [''],
    [' 8.8.8.8'],
  ]

  it.each(mixtures.map((answers) => [answers]))('THREATS S2: %j is blocked as a whole', async (answers) => {
    const guard = new Guard({ lookup: scriptedLookup(() => answers) })
    for (const all of [true, false]) {
      const error = await rejectionOf(resolve(guard, 'http://blog.example/', all))
      expect(error).toMatchObject({
        code: 'BLOCKED_URL',
        message: `request to blog.example blocked: its address is not public${exceptionHint}`,
      })
      expect((error.cause as Error).message).toMatch(/: /)
    }
  })

  it('gives on public answers, in the shape that was asked for', async () => {
    const guard = new Guard({ lookup: scriptedLookup(() => ['8.8.8.8', '2606:4700::1']) })
    expect(await resolve(guard, 'http://blog.example/')).toHaveLength(2)
    expect(await resolve(guard, 'http://blog.example/', false)).toBe('8.8.8.8')
  })

  it('understands a resolver that answers with one address, and fails on an empty or an odd answer', async () => {
    type Callback = (error: Error | null, ...rest: unknown[]) => void
    const answering = (...answer: unknown[]) =>
      new Guard({
        lookup: ((_: string, __: object, done: Callback) =>
          done(null, ...answer)) as NetworkOptions['lookup'],
      })
    expect(await resolve(answering('8.8.8.8', 4), 'http://blog.example/')).toEqual([
      { address: '8.8.8.8', family: 4 },
    ])
    expect(await resolve(answering('8.8.8.8'), 'http://blog.example/')).toMatchObject([
      { address: '8.8.8.8' },
    ])
    expect(await rejectionOf(resolve(answering('127.0.0.1', 4), 'http://blog.example/'))).toMatchObject({
      code: 'BLOCKED_URL',
    })
    for (const answer of [[], null, undefined, 7, [null], [{}]]) {
      expect(await rejectionOf(resolve(answering(answer), 'http://blog.example/'))).toBeInstanceOf(Error)
    }
  })

  it('THREATS S2: of 1,000 flips between public and private no private answer gets through', async () => {
    const lookup = scriptedLookup((_, n) => [n % 2 === 0 ? '127.0.0.1' : '8.8.8.8'])
    const guard = new Guard({ lookup })
    const outcomes = await Promise.all(
      Array.from({ length: 1000 }, () =>
        resolve(guard, 'http://rebind.example/').catch((error) => error.code),
      ),
    )
    expect(outcomes.filter((outcome) => outcome === 'BLOCKED_URL')).toHaveLength(500)
    for (const outcome of outcomes) {
      if (outcome !== 'BLOCKED_URL') expect(outcome).toEqual([{ address: '8.8.8.8', family: 4 }])
    }
  })

  it('THREATS S2: a connection whose address is not known is judged as none that may be asked', () => {
    const url = new URL('http://blog.example/')
    expect(() => new Guard({}).checkConnected(url, undefined)).toThrow('its address is not public')
    expect(() => new Guard({}).checkConnected(url, '8.8.8.8')).not.toThrow()
  })

  it('does not judge the answers for a host that is allowed', async () => {
    const guard = new Guard({ allowHosts: ['blog.example:80'], lookup: scriptedLookup(() => ['127.0.0.1']) })
    expect(await resolve(guard, 'http://blog.example/')).toEqual([{ address: '127.0.0.1', family: 4 }])
    expect(await rejectionOf(resolve(guard, 'https://blog.example/'))).toMatchObject({ code: 'BLOCKED_URL' })
  })
})
