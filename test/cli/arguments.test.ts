import { describe, expect, it } from 'vitest'
import { parseArguments, urlArgument } from '../../src/cli/arguments.js'
import type { Command } from '../../src/cli/command.js'
import { UsageError } from '../../src/cli/failures.js'

const command: Command = {
  name: 'try',
  positionals: ['FILE', '[ACTION]', '[ID...]'],
  summary: '',
  about: [],
  options: {
    title: { value: 'TEXT', about: '' },
    host: { value: 'HOST', isMany: true, about: '' },
    limit: { value: 'N', about: '' },
    'dry-run': { about: '' },
  },
  json: [],
  examples: [],
  run: async () => true,
}
const parse = (...argv: string[]) => parseArguments(command, argv)

describe('parseArguments', () => {
  it('reads options before, between and after what stands alone', () => {
    const given = parse(
      '--title=a b',
      'file',
      '--dry-run',
      'show',
      '--host',
      'x',
      '1',
      '2',
      '--host',
      'y',
      '--json',
    )
    expect(given.positionals).toEqual(['file', 'show', '1', '2'])
    expect(given.text('title')).toBe('a b')
    expect(given.all('host')).toEqual(['x', 'y'])
    expect(given.has('dry-run') && given.has('json')).toBe(true)
    expect(given.has('limit')).toBe(false)
  })

  it('takes the last of an option given twice, an empty value, and everything after -- as it is', () => {
    expect(parse('f', '--title', 'a', '--title', 'b').text('title')).toBe('b')
    expect(parse('f', '--title', '').text('title')).toBe('')
    expect(parse('f', '--', '--title').positionals).toEqual(['f', '--title'])
    expect(parse('f', '--title=-5 degrees').text('title')).toBe('-5 degrees')
  })

  it('asks for nothing where help is asked for', () => {
    expect(parse('--help').has('help')).toBe(true)
    expect(parse('-h').has('help')).toBe(true)
  })

  it.each([
    [['--titel', 'x'], 'there is no option --titel; did you mean --title?'],
    [['f', '--constructor'], 'there is no option --constructor'],
    [['f', '-x'], 'there is no option -x'],
    [['f', '--title'], '--title needs a value: TEXT'],
    [['f', '--title', '--json'], '--title needs a value (one that begins with - is written --title=-…)'],
    [['f', '--dry-run=yes'], '--dry-run takes no value'],
    [[], 'FILE is missing'],
  ])('%j: %s', (argv, message) => {
    expect(() => parse(...argv)).toThrow(new UsageError(message))
  })

  it('refuses more than a command takes', () => {
    const one = { ...command, positionals: ['FILE'] }
    expect(() => parseArguments(one, ['a', 'b'])).toThrow("'b' is one too many")
  })

  it.each(['0', '-1', '1.5', 'x', '', '99999999999999999999'])('takes --limit=%s for no number', (text) => {
    expect(() => parse('f', `--limit=${text}`).integer('limit', 5)).toThrow(UsageError)
  })

  it('gives numbers within their range, and the fallback', () => {
    expect(parse('f', '--limit', '7').integer('limit', 5)).toBe(7)
    expect(parse('f').integer('limit', 5)).toBe(5)
    expect(() => parse('f', '--limit', '70000').integer('limit', 1, { min: 0, max: 65_535 })).toThrow(
      'from 0 to 65535',
    )
  })
})

describe('urlArgument', () => {
  it('gives an http or https URL as it was written', () => {
    expect(urlArgument('https://a.example/b#c', 'URL')).toBe('https://a.example/b#c')
  })

  it.each([
    [
      'a.example/b',
      "URL must be an absolute http or https URL, not 'a.example/b'; did you mean https://a.example/b?",
    ],
    ['/b', "URL must be an absolute http or https URL, not '/b'"],
    ['ftp://a.example/', "URL must be an absolute http or https URL, not 'ftp://a.example/'"],
    [undefined, "URL must be an absolute http or https URL, not ''"],
  ])('refuses %s', (text, message) => {
    expect(() => urlArgument(text, 'URL')).toThrow(new UsageError(message))
  })
})
