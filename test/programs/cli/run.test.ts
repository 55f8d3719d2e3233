import { describe, expect, it } from 'vitest'
import { version } from '../../../src/http/version.js'
import { run } from '../../../src/programs/cli/run.js'
import { columnsOf } from '../../../src/programs/cli/terminal/wrap.js'
import { serve } from '../../support/servers.js'
import { allow, controlsIn, hostile, runCli, Sink } from './running.js'

describe('run', () => {
  it('says its version', async () => {
    expect(await runCli(['--version'])).toEqual({ status: 0, out: `${version}\n`, err: '' })
  })

  it('without a command shows the help as an error', async () => {
    const { status, out, err } = await runCli([])
    expect({ status, out }).toEqual({ status: 2, out: '' })
    expect(err).toBe((await runCli(['--help'])).out)
  })

  it.each([
    [['dicover'], "trackbacks: unknown command 'dicover' (Did you mean discover?); see trackbacks --help"],
    [['frobnicate'], "trackbacks: unknown command 'frobnicate'; see trackbacks --help"],
    [
      ['--verison'],
      "trackbacks: unknown option '--verison' (Did you mean --version?); see trackbacks --help",
    ],
    [
      ['discover', '--jsno', 'http://a.example/'],
      "trackbacks discover: unknown option '--jsno' (Did you mean --json?); see trackbacks discover --help",
    ],
    [
      ['verify', 'http://a.example/'],
      "trackbacks verify: missing required argument 'target'; see trackbacks verify --help",
    ],
  ])('%j is wrong in one line', async (argv, message) => {
    expect(await runCli(argv)).toEqual({ status: 2, out: '', err: `${message}\n` })
  })

  it.each([
    ['verify', 'http://10.0.0.1/', 'http://my.example/7'],
    ['discover', 'http://10.0.0.1/'],
    ['send', 'http://10.0.0.1/x', '--url', 'http://a.example/'],
    ['moderate', 'a b'],
    ['frobnicate-the-whole-blog-and-every-trackback'],
  ])('tells a long trouble in the width of a terminal, and in one line elsewhere: %s', async (...argv) => {
    const [onTerminal, elsewhere] = [await runCli(argv, { isTTY: true }), await runCli(argv)]
    const told = (onTerminal.out + onTerminal.err)
      .replaceAll(/\r\x1B\[K(?:Reading \S+(?=\r))?/g, '')
      .replaceAll(/\x1B\[\d+m/g, '')
    expect(told.split('\n').filter((line) => columnsOf(line) > 80)).toEqual([])
    expect(told.split(/\s+/)).toEqual((elsewhere.out + elsewhere.err).split(/\s+/))
    expect(elsewhere.err.split('\n').length).toBeLessThanOrEqual(2)
  })

  it.each([
    ['help', 'snd'],
    ['snd', '--help'],
    ['snd', 'help'],
    ['-h', 'snd'],
  ])('says that there is no command whose help is asked for: %s %s', async (...argv) => {
    const message = "trackbacks: unknown command 'snd' (Did you mean send?); see trackbacks --help\n"
    expect(await runCli(argv)).toEqual({ status: 2, out: '', err: message })
  })

  it.each([
    [[], 'no command is given'],
    [['frobnicate'], "unknown command 'frobnicate'"],
    [['help', 'frobnicate'], "unknown command 'frobnicate'"],
    [['--verison'], "unknown option '--verison' (Did you mean --version?)"],
    [['verify', 'http://a.example/'], "missing required argument 'target'"],
    [['moderate', 'a.db', 'show'], 'missing id'],
    [['discover', 'http://a.example/', '--allow-host', '*'], expect.stringContaining('*')],
  ])('with --json writes a mistake in the use as a value, too: %j', async (argv, message) => {
    const [plain, json] = [await runCli(argv), await runCli([...argv, '--json'])]
    expect(json).toEqual({ ...plain, out: `${JSON.stringify(JSON.parse(json.out))}\n` })
    expect([json.status, JSON.parse(json.out)]).toEqual([2, { error: { code: 'USAGE', message } }])
  })

  it('takes no defect of the program for a mistake in its use', async () => {
    class Broken extends Sink {
      override write(text: string, done?: () => void): void {
        if (text !== '') JSON.parse('null').write(text)
        super.write(text, done)
      }
    }
    const [stdout, stderr] = [new Broken(), new Sink()]
    const server = await serve((_, response) => void response.end())
    expect(await run(['discover', server.origin, ...allow(server)], { stdout, stderr, env: {} })).toBe(1)
    expect(stderr.text).toBe("trackbacks discover: Cannot read properties of null (reading 'write')\n")
  })

  it('takes --json before and after the command', async () => {
    for (const argv of [
      ['--json', 'discover', 'http://10.0.0.1/'],
      ['discover', 'http://10.0.0.1/', '--json'],
    ])
      expect(JSON.parse((await runCli(argv)).out)).toMatchObject({ error: { code: 'BLOCKED_URL' } })
  })

  it('obeys no argument', async () => {
    const wrong = [[hostile], ['discover', hostile], ['discover', `--${hostile}`], ['moderate', hostile]]
    for (const argv of wrong) {
      const { status, err } = await runCli(argv, { isTTY: true })
      expect(status).not.toBe(0)
      expect(controlsIn(err)).toEqual([])
      expect((await runCli(argv)).err.trimEnd().split('\n')).toHaveLength(1)
    }
  })

  it('colours only where it should', async () => {
    const code = '\x1B['
    expect((await runCli(['--help'])).out).not.toContain(code)
    expect((await runCli(['--help'], { isTTY: true })).out).toContain(code)
    expect((await runCli(['--help'], { isTTY: true, env: { NO_COLOR: '1' } })).out).not.toContain(code)
    expect((await runCli(['--help'], { isTTY: true, env: { TERM: 'dumb' } })).out).not.toContain(code)
    expect((await runCli(['--help'], { env: { FORCE_COLOR: '1' } })).out).toContain(code)
  })

  it('ends with 130 where it is interrupted, and as the reason says', async () => {
    const server = await serve(() => {})
    for (const [reason, expected] of [
      [undefined, 130],
      [143, 143],
    ] as const) {
      const controller = new AbortController()
      setTimeout(() => controller.abort(reason), 200)
      const ran = await runCli(['discover', server.origin, ...allow(server)], { signal: controller.signal })
      expect(ran).toEqual({ status: expected, out: '', err: '' })
    }
  })

  it('ends quietly where nobody reads on, and with a line where nothing can be written', async () => {
    for (const [code, expected, message] of [
      ['EPIPE', 141, ''],
      ['ENOSPC', 1, 'trackbacks: cannot write: write ENOSPC\n'],
    ] as const) {
      const server = await serve(() => {})
      const [stdout, stderr] = [new Sink(), new Sink()]
      const running = run(['discover', server.origin, ...allow(server)], { stdout, stderr, env: {} })
      setTimeout(() => stdout.fail(code), 200)
      expect(await running).toBe(expected)
      expect(stderr.text).toBe(message)
    }
  })
})
