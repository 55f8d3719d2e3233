import { describe, expect, it } from 'vitest'
import { servePages } from '../../support/servers.js'
import { runCli } from './running.js'

describe('the options of the network', () => {
  it('--allow-host takes a host with its port, more than once, and a URL of it', async () => {
    const server = await servePages({ '/1': '<link rel="trackback" href="/tb/1">' })
    const url = `${server.origin}/1`
    for (const hosts of [
      [server.host],
      ['localhost:1', server.host],
      [server.origin],
      [`${server.origin}/`],
    ]) {
      const options = hosts.flatMap((host) => ['--allow-host', host])
      expect((await runCli(['discover', url, ...options])).status).toBe(0)
    }
    expect((await runCli(['discover', url, '--allow-host', '127.0.0.1:1'])).status).toBe(1)
  })

  it.each([
    ['--allow-host', ''],
    ['--allow-host', 'a b'],
    ['--allow-host', 'http://a.example/b'],
    ['--allow-host', 'a.example:99999'],
    ['--allow-host', 'a.example:0'],
    ['--timeout', '0'],
    ['--timeout', 'x'],
    ['--timeout', '1e9'],
  ])('%s=%s is used wrongly', async (option, value) => {
    const { status, err } = await runCli(['discover', 'http://a.example/', `${option}=${value}`])
    expect(status).toBe(2)
    expect(err).toMatch(/^[^\n]+see trackbacks discover --help\n$/)
  })
})
