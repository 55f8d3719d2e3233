import { type Command, InvalidArgumentError } from 'commander'
import type { NetworkOptions } from '../../../index.js'
import type { Options } from './command.js'

/** An absolute http or https URL, as it was given. */
export function webUrl(text: string): string {
  try {
    // Not by `URL.canParse`, which has a bug in Node 20 for names with an umlaut.
    if (/^\s*https?:/i.test(text) && new URL(text)) return text
  } catch {
    // What is wrong is said below.
  }
  const isHost = /^[^\s/:@]+\.[^\s/:@]+(:\d+)?(\/|$)/.test(text)
  const guess = isHost ? ` (Did you mean https://${text}?)` : ''
  throw new InvalidArgumentError(`It must be an absolute http or https URL${guess}.`)
}

/** Makes the parser of a whole number in a range. */
export function wholeNumber(min: number, max: number = Number.MAX_SAFE_INTEGER): (text: string) => number {
  const range = max === Number.MAX_SAFE_INTEGER ? `${min} or more` : `from ${min} to ${max}`
  return (text) => {
    const number = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN
    if (number >= min && number <= max) return number
    throw new InvalidArgumentError(`It must be a whole number, ${range}.`)
  }
}

/** Makes the parser of an option that can be repeated. */
export function each<T>(parse: (text: string) => T): (text: string, before?: readonly T[]) => readonly T[] {
  return (text, before = []) => [...before, parse(text)]
}

/** Declares the options of a command that uses the network. */
export function addNetworkOptions(command: Command): void {
  const allowHost = 'allow this server despite its private address or unusual port (repeatable)'
  command.option('--allow-host <host:port>', allowHost, each(hostOf))
  command.option('--timeout <seconds>', 'how long a response may take (default: 10)', seconds)
}

/** The options of the library's client. */
export function networkOptions({ allowHost, timeout }: Options): NetworkOptions {
  const timeouts = { connectTimeout: timeout, headersTimeout: timeout, idleTimeout: timeout }
  return { allowHosts: allowHost, ...timeouts, totalTimeout: timeout }
}

/** A host as the client takes it, which checks it; of a URL its host. */
function hostOf(text: string): string {
  return /^https?:\/\/([^/?#]+)\/?$/i.exec(text)?.[1] ?? text
}

function seconds(text: string): number {
  const number = /^\d{1,6}(\.\d{1,3})?$/.test(text) ? Number(text) : 0
  if (number > 0) return Math.ceil(number * 1000)
  throw new InvalidArgumentError('It must be a number of seconds.')
}
