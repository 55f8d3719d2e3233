import type { PingResult } from '../index.js'
import { parseCharsetLabel } from '../text/label.js'
import { type Arguments, urlArgument } from './arguments.js'
import { type Command, type Context, networkOptions, type Options } from './command.js'
import { UsageError } from './failures.js'
import { withNetwork } from './network.js'
import type { Printer } from './printer.js'
import { green, red, type Styled, yellow } from './style.js'

/** The options that say what a ping holds. */
export const pingOptions: Options = {
  title: { value: 'TEXT', about: 'the title in the ping' },
  excerpt: { value: 'TEXT', about: 'the excerpt in the ping' },
  'blog-name': { value: 'TEXT', about: 'the name of the blog in the ping' },
  charset: { value: 'NAME', about: 'the character set to send in, such as euc-jp (default utf-8)' },
}

/** `trackbacks send`: one ping. */
export const send: Command = {
  name: 'send',
  positionals: ['PING-URL'],
  summary: 'send one ping, and say what the other side answers',
  about: [
    'Tells the post behind a ping URL that a page of yours links to it. What is not given is filled in: the title by the URL, the excerpt by the title, the blog name by the host. Exit status 0 where the other side accepts the ping, 1 otherwise.',
  ],
  options: {
    url: { value: 'URL', about: 'the page of yours that links to the post; needed' },
    ...pingOptions,
    ...networkOptions,
  },
  json: [
    "{ outcome: 'accepted', status, pingUrl, message? }",
    "{ outcome: 'refused', status, pingUrl, message, code }",
    "{ outcome: 'throttled', status, pingUrl, message?, retryAfter? } (seconds)",
    "{ outcome: 'unrecognised', status, pingUrl, snippet, contentType }",
  ],
  examples: [
    'trackbacks send https://a.example/tb/5 --url https://my.blog/7 --title Hello',
    'trackbacks send https://b.example/5 --url https://my.blog/7 --charset euc-jp',
  ],
  async run({ given, out, signal }: Context) {
    const pingUrl = urlArgument(given.positionals[0], 'PING-URL')
    if (!given.has('url')) throw new UsageError('--url is missing: the page of yours that links to the post')
    const ping = {
      url: urlArgument(given.text('url'), '--url'),
      title: given.text('title'),
      excerpt: given.text('excerpt'),
      blogName: given.text('blog-name'),
    }
    const charset = charsetOption(given)
    const { sendPing } = await import('../index.js')
    const result = await withNetwork(given, (client) => sendPing(pingUrl, ping, { client, charset, signal }))
    if (given.has('json')) out.json(result)
    else print(out, result)
    return result.outcome === 'accepted'
  },
}

/** The character set that was asked for. Throws a `UsageError` for one that is not known. */
export function charsetOption(given: Arguments): string | undefined {
  const charset = given.text('charset')
  if (charset === undefined || parseCharsetLabel(charset) !== null) return charset
  throw new UsageError(`no character set is called '${charset}'`)
}

function print(out: Printer, result: PingResult): void {
  out.line(headlineOf(result), ` (${httpOf(result)}): ${result.pingUrl}`)
  printWords(out, result, 2)
}

/** What the other side said, where it said anything. */
export function printWords(out: Printer, result: PingResult, indent: number): void {
  const words = 'message' in result ? result.message : 'snippet' in result ? result.snippet : ''
  if (words) out.text(words, { indent, label: 'they say' })
}

function headlineOf(result: PingResult): Styled {
  if (result.outcome === 'accepted') return green('Accepted')
  if (result.outcome === 'refused') return red('Refused')
  if (result.outcome === 'unrecognised') return red('No TrackBack answer')
  return yellow('Not now')
}

function httpOf(result: PingResult): string {
  const http = `HTTP ${result.status}`
  if (result.outcome === 'refused') return `${http}, error ${result.code}`
  if (result.outcome === 'unrecognised') return `${http}, ${result.contentType ?? 'no content type'}`
  const isTimed = result.outcome === 'throttled' && result.retryAfter !== undefined
  return isTimed ? `${http}, try again in ${result.retryAfter} seconds` : http
}
