import { parseArgs } from 'node:util'
import { parseUrl } from '../protocol/url.js'
import { type Command, commonOptions, type Options } from './command.js'
import { UsageError } from './failures.js'
import { nearest } from './nearest.js'

/** What was given on the command line. */
export interface Arguments {
  readonly positionals: readonly string[]
  /** Whether an option was given. */
  has(option: string): boolean
  /** The last value of an option. */
  text(option: string): string | undefined
  /** All values of an option. */
  all(option: string): readonly string[]
  /** A positive integer, or the fallback; throws a `UsageError` for anything else. */
  integer<T>(option: string, fallback: T, range?: { min: number; max: number }): number | T
}

/** Reads what stands after a command's name. Throws a `UsageError` for what the command does not have. */
export function parseArguments({ options, positionals: names }: Command, argv: readonly string[]): Arguments {
  const known: Options = { ...options, ...commonOptions }
  const config = Object.fromEntries(
    Object.entries(known).map(([name, { value }]) => [
      name,
      {
        type: value === undefined ? ('boolean' as const) : ('string' as const),
        ...(name === 'help' && { short: 'h' }),
      },
    ]),
  )
  const values = new Map<string, string[]>()
  const positionals: string[] = []
  // Not strict: what it throws is three sentences, and names nothing nearer.
  const { tokens } = parseArgs({ args: [...argv], options: config, strict: false, tokens: true })
  for (const token of tokens) {
    if (token.kind === 'positional') positionals.push(token.value)
    if (token.kind === 'option')
      values.set(token.name, [...(values.get(token.name) ?? []), readValue(token, known)])
  }
  if (!values.has('help')) checkPositionals(positionals, names)
  return {
    positionals,
    has: (option) => values.has(option),
    text: (option) => values.get(option)?.at(-1),
    all: (option) => values.get(option) ?? [],
    integer(option, fallback, range = { min: 1, max: Number.MAX_SAFE_INTEGER }) {
      const text = values.get(option)?.at(-1)
      return text === undefined ? fallback : toInteger(option, text, range)
    },
  }
}

interface OptionToken {
  readonly name: string
  readonly rawName: string
  readonly value?: string | undefined
  readonly inlineValue?: boolean | undefined
}

function readValue({ name, rawName, value, inlineValue }: OptionToken, known: Options): string {
  const option = Object.hasOwn(known, name) ? known[name] : undefined
  if (!option) throw new UsageError(`there is no option ${rawName}${meant(name, Object.keys(known), '--')}`)
  if (option.value === undefined) {
    if (value !== undefined) throw new UsageError(`${rawName} takes no value`)
    return ''
  }
  if (value === undefined) throw new UsageError(`${rawName} needs a value: ${option.value}`)
  if (!inlineValue && /^-./.test(value))
    throw new UsageError(`${rawName} needs a value (one that begins with - is written ${rawName}=-…)`)
  return value
}

function checkPositionals(given: readonly string[], names: readonly string[]): void {
  const missing = names[given.length]
  if (missing !== undefined && !missing.startsWith('[')) throw new UsageError(`${missing} is missing`)
  const hasRoom = given.length <= names.length || names.at(-1)?.endsWith('...]')
  if (!hasRoom) throw new UsageError(`'${given[names.length]}' is one too many`)
}

function toInteger(option: string, text: string, { min, max }: { min: number; max: number }): number {
  const number = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN
  if (number >= min && number <= max) return number
  const limit = max === Number.MAX_SAFE_INTEGER ? `from ${min} on` : `from ${min} to ${max}`
  throw new UsageError(`--${option} must be a whole number ${limit}, not '${text}'`)
}

/** The end of a sentence about a name that there is not: the one that may have been meant. */
export function meant(word: string, names: readonly string[], before = ''): string {
  const name = nearest(word, names)
  return name === null ? '' : `; did you mean ${before}${name}?`
}

/** An absolute http or https URL as it was given. Throws a `UsageError` for anything else. */
export function urlArgument(text: string | undefined, name: string): string {
  const protocol = parseUrl(text ?? '')?.protocol
  if (text !== undefined && (protocol === 'http:' || protocol === 'https:')) return text
  const isHost = /^[^\s/:@]+\.[^\s/:@]+(:\d+)?(\/|$)/.test(text ?? '')
  const guess = isHost ? `; did you mean https://${text}?` : ''
  throw new UsageError(`${name} must be an absolute http or https URL, not '${text ?? ''}'${guess}`)
}
