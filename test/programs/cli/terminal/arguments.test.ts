import { describe, expect, it } from 'vitest'
import { each, webUrl, wholeNumber } from '../../../../src/programs/cli/terminal/arguments.js'
import { runCli } from '../running.js'

describe('webUrl', () => {
  it('returns an http or https URL as it was written', () => {
    expect(webUrl('https://a.example/b#c')).toBe('https://a.example/b#c')
    expect(webUrl('HTTP://日本.example')).toBe('HTTP://日本.example')
  })

  it.each([
    ['a.example/b', 'It must be an absolute http or https URL (Did you mean https://a.example/b?).'],
    ['/b', 'It must be an absolute http or https URL.'],
    ['ftp://a.example/', 'It must be an absolute http or https URL.'],
    ['http:', 'It must be an absolute http or https URL.'],
    ['', 'It must be an absolute http or https URL.'],
  ])('refuses %j', (text, message) => {
    expect(() => webUrl(text)).toThrow(message)
  })
})

describe('wholeNumber', () => {
  it.each(['0', '-1', '1.5', 'x', '', '99999999999999999999', '1e3'])('refuses %j', (text) => {
    expect(() => wholeNumber(1)(text)).toThrow('It must be a whole number, 1 or more.')
  })

  it('returns numbers within their range', () => {
    expect(wholeNumber(1)('7')).toBe(7)
    expect(wholeNumber(0, 65_535)('0')).toBe(0)
    expect(() => wholeNumber(0, 65_535)('65536')).toThrow('from 0 to 65535')
  })
})

describe('each', () => {
  it('collects the values of an option that is given several times', () => {
    const parse = each(wholeNumber(1))
    expect(parse('2', parse('1'))).toEqual([1, 2])
    expect(() => parse('x', [1])).toThrow('whole number')
  })
})

describe('the command line', () => {
  const usage = async (...argv: string[]) => {
    const { status, out, err } = await runCli(argv)
    expect({ status, out }).toEqual({ status: 2, out: '' })
    return err
  }

  it.each([
    [['discover', 'http://a.example/', '--titel', 'x'], "unknown option '--titel'"],
    [['discover', 'http://a.example/', '--constructor'], "unknown option '--constructor'"],
    [['discover', 'http://a.example/', '-x'], "unknown option '-x'"],
    [['send', 'http://a.example/', '--title'], "option '--title <text>' argument missing"],
    [['discover'], "missing required argument 'url'"],
    [
      ['discover', 'http://a.example/', 'b'],
      "too many arguments for 'discover'. Expected 1 argument but got 2",
    ],
    [['listen', 'x'], "too many arguments for 'listen'. Expected 0 arguments but got 1"],
    [['listen', '--port', '70000'], 'It must be a whole number, from 0 to 65535'],
  ])('%j: %s', async (argv, message) => {
    expect(await usage(...argv)).toBe(
      `trackbacks ${argv[0]}: ${message.startsWith('It') ? "option '--port <n>' argument '70000' is invalid. " : ''}${message}; see trackbacks ${argv[0]} --help\n`,
    )
  })

  it('takes everything after -- as an argument', async () => {
    expect(await usage('discover', '--', '--json')).toContain("command-argument value '--json' is invalid")
  })
})
